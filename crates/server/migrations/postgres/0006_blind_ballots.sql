-- Ratings that entered together share everything but their answers; `handle` is a hash of the ballot's number under the
-- key of a week, and a random name once that key is erased. An empty text is a part of the label made coarser away.
DROP TABLE ratings;
CREATE TABLE ratings (
    handle            BYTEA PRIMARY KEY,
    period            TEXT COLLATE "C" NOT NULL,
    agency            TEXT COLLATE "C" NOT NULL,
    level             TEXT COLLATE "C" NOT NULL,
    procedure         TEXT COLLATE "C" NOT NULL,
    field             TEXT COLLATE "C" NOT NULL,
    outcome           TEXT COLLATE "C" NOT NULL,
    timeliness        TEXT COLLATE "C" NOT NULL,
    instrument        TEXT COLLATE "C" NOT NULL,
    language          TEXT COLLATE "C" NOT NULL,
    overall           SMALLINT NOT NULL CHECK (overall BETWEEN 1 AND 5),
    access            SMALLINT CHECK (access BETWEEN 1 AND 5),
    procedures        SMALLINT CHECK (procedures BETWEEN 1 AND 5),
    officials         SMALLINT CHECK (officials BETWEEN 1 AND 5),
    outcomes          SMALLINT CHECK (outcomes BETWEEN 1 AND 5),
    feedback_handling SMALLINT CHECK (feedback_handling BETWEEN 1 AND 5),
    wrong             INTEGER CHECK (wrong BETWEEN 0 AND 65535)
);
CREATE INDEX ratings_by_cell ON ratings (period, agency);

-- Ballots that have been used: keyed hashes of their numbers, beside nothing.
CREATE TABLE spent (
    number_hash BYTEA PRIMARY KEY,
    quarter     TEXT COLLATE "C" NOT NULL
);

-- How many cases have ballots out, by label and by every coarser one.
CREATE TABLE ballots_out (
    label TEXT COLLATE "C" PRIMARY KEY,
    cases BIGINT NOT NULL
);

-- Comments in batches, by agency: no case, day or procedure.
CREATE TABLE comments (
    id       BYTEA PRIMARY KEY,
    agency   TEXT COLLATE "C" NOT NULL,
    level    TEXT COLLATE "C" NOT NULL,
    batch    INTEGER NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    text     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX comments_by_agency ON comments (agency, level, batch);
