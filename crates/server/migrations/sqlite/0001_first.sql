-- Cases. Of the applicant: keyed hashes of the proofs, nothing else.
CREATE TABLE cases (
    id            INTEGER PRIMARY KEY,
    code          TEXT NOT NULL UNIQUE,
    agency        TEXT NOT NULL,
    procedure     TEXT NOT NULL,
    status        INTEGER NOT NULL CHECK (status BETWEEN 1 AND 10),
    channel       TEXT NOT NULL,
    received_at   TEXT,
    period_start  TEXT,
    first_promise TEXT,
    promise       TEXT,
    finished_at   TEXT,
    returned_at   TEXT,
    secret_hash   BLOB,
    identity_hash BLOB,
    phone_hash    BLOB,
    ballot_seal   BLOB,
    detail        TEXT NOT NULL
) STRICT;
CREATE INDEX cases_by_reception ON cases (received_at, agency);

-- Every promise, first to last. Nothing here is ever changed or removed.
CREATE TABLE due_history (
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    sequence    INTEGER NOT NULL,
    due         TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    cause       TEXT NOT NULL,
    PRIMARY KEY (case_id, sequence)
) STRICT, WITHOUT ROWID;

-- Letters of apology, as the agency issued them.
CREATE TABLE letters (
    case_id      INTEGER NOT NULL REFERENCES cases (id),
    sequence     INTEGER NOT NULL,
    issued       TEXT NOT NULL,
    number       TEXT,
    agency       TEXT,
    reason       TEXT,
    previous_due TEXT,
    revised_due  TEXT,
    signer       TEXT,
    PRIMARY KEY (case_id, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE progress (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    at      TEXT NOT NULL,
    unit    TEXT NOT NULL,
    note    TEXT NOT NULL,
    officer TEXT,
    title   TEXT,
    PRIMARY KEY (case_id, at, unit, note)
) STRICT, WITHOUT ROWID;

-- Ratings stand alone: no case, no time but the month, ordered by a random-looking hash.
CREATE TABLE ratings (
    spent             BLOB PRIMARY KEY,
    agency            TEXT NOT NULL,
    month             TEXT NOT NULL,
    instrument        TEXT NOT NULL,
    language          TEXT NOT NULL,
    overall           INTEGER NOT NULL CHECK (overall BETWEEN 1 AND 5),
    access            INTEGER CHECK (access BETWEEN 1 AND 5),
    procedures        INTEGER CHECK (procedures BETWEEN 1 AND 5),
    officials         INTEGER CHECK (officials BETWEEN 1 AND 5),
    outcomes          INTEGER CHECK (outcomes BETWEEN 1 AND 5),
    feedback_handling INTEGER CHECK (feedback_handling BETWEEN 1 AND 5)
) STRICT, WITHOUT ROWID;
CREATE INDEX ratings_by_cell ON ratings (month, agency);

CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE objections (
    reference   TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    case_code   TEXT NOT NULL,
    known       INTEGER NOT NULL,
    text        TEXT,
    received_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong proofs, by keyed hash of the code asked for, known or not.
CREATE TABLE attempts (
    code_hash BLOB PRIMARY KEY,
    since     TEXT NOT NULL,
    wrong     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
