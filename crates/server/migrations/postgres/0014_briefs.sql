-- Monthly briefs as they were made, one for each agency and month; never changed afterwards.
CREATE TABLE briefs (
    agency  TEXT COLLATE "C" NOT NULL,
    month   TEXT COLLATE "C" NOT NULL,
    made_at TEXT COLLATE "C" NOT NULL,
    content TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (agency, month)
);
