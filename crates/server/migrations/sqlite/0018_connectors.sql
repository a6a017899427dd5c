-- Items that could not be stored yet: see store/dead_letters.rs. Sealed; what of an item nobody reads was dropped before.
CREATE TABLE dead_letters (
    id          TEXT PRIMARY KEY,
    -- The same item sent again is the same letter.
    digest      BLOB NOT NULL UNIQUE,
    service     TEXT NOT NULL,
    sender      TEXT NOT NULL,
    case_code   TEXT,
    -- refused: something is wrong with it; early: its case is not known yet.
    reason      TEXT NOT NULL,
    field       TEXT NOT NULL,
    message     TEXT NOT NULL,
    received_at TEXT NOT NULL,
    repeats     INTEGER NOT NULL,
    sealed      BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dead_letters_by_reception ON dead_letters (received_at, id);
CREATE INDEX dead_letters_by_case ON dead_letters (case_code);

-- When each sender last got something in, and where a pull goes on.
CREATE TABLE senders (
    name       TEXT PRIMARY KEY,
    last_at    TEXT,
    stored     INTEGER NOT NULL,
    refused    INTEGER NOT NULL,
    cursor     TEXT,
    failed_at  TEXT,
    failure    TEXT
) STRICT, WITHOUT ROWID;
