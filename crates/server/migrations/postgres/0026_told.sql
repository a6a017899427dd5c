-- How many results of an agency and month of reception grant and how many refuse, as it was told to the public: once, and
-- never changed. All noughts: looked at, and nothing is told of it.
CREATE TABLE results_told (
    month        TEXT COLLATE "C" NOT NULL,
    agency       TEXT COLLATE "C" NOT NULL,
    granted      BIGINT NOT NULL,
    granted_late BIGINT NOT NULL,
    refused      BIGINT NOT NULL,
    refused_late BIGINT NOT NULL,
    PRIMARY KEY (month, agency)
);
