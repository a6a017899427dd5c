-- How many results of an agency and month of reception grant and how many refuse, as it was told to the public: once, and
-- never changed. All noughts: looked at, and nothing is told of it.
CREATE TABLE results_told (
    month        TEXT NOT NULL,
    agency       TEXT NOT NULL,
    granted      INTEGER NOT NULL,
    granted_late INTEGER NOT NULL,
    refused      INTEGER NOT NULL,
    refused_late INTEGER NOT NULL,
    PRIMARY KEY (month, agency)
) STRICT, WITHOUT ROWID;
