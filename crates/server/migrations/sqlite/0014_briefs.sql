-- Monthly briefs as they were made, one for each agency and month; never changed afterwards.
CREATE TABLE briefs (
    agency  TEXT NOT NULL,
    month   TEXT NOT NULL,
    made_at TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (agency, month)
) STRICT, WITHOUT ROWID;
