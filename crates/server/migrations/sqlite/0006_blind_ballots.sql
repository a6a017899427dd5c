-- Ratings that entered together share everything but their answers; `handle` is a hash of the ballot's number under the
-- key of a week, and a random name once that key is erased. An empty text is a part of the label made coarser away.
DROP TABLE ratings;
CREATE TABLE ratings (
    handle            BLOB PRIMARY KEY,
    period            TEXT NOT NULL,
    agency            TEXT NOT NULL,
    level             TEXT NOT NULL,
    procedure         TEXT NOT NULL,
    field             TEXT NOT NULL,
    outcome           TEXT NOT NULL,
    timeliness        TEXT NOT NULL,
    instrument        TEXT NOT NULL,
    language          TEXT NOT NULL,
    overall           INTEGER NOT NULL CHECK (overall BETWEEN 1 AND 5),
    access            INTEGER CHECK (access BETWEEN 1 AND 5),
    procedures        INTEGER CHECK (procedures BETWEEN 1 AND 5),
    officials         INTEGER CHECK (officials BETWEEN 1 AND 5),
    outcomes          INTEGER CHECK (outcomes BETWEEN 1 AND 5),
    feedback_handling INTEGER CHECK (feedback_handling BETWEEN 1 AND 5),
    wrong             INTEGER CHECK (wrong BETWEEN 0 AND 65535)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_by_cell ON ratings (period, agency);

-- Ballots that have been used: keyed hashes of their numbers, beside nothing.
CREATE TABLE spent (
    number_hash BLOB PRIMARY KEY,
    quarter     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How many cases have ballots out, by label and by every coarser one.
CREATE TABLE ballots_out (
    label TEXT PRIMARY KEY,
    cases INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Comments in batches, by agency: no case, day or procedure.
CREATE TABLE comments (
    id       BLOB PRIMARY KEY,
    agency   TEXT NOT NULL,
    level    TEXT NOT NULL,
    batch    INTEGER NOT NULL,
    language TEXT NOT NULL,
    text     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX comments_by_agency ON comments (agency, level, batch);
