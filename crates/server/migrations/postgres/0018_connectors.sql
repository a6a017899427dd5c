-- Items that could not be stored yet: see store/dead_letters.rs. Sealed; what of an item nobody reads was dropped before.
CREATE TABLE dead_letters (
    id          TEXT COLLATE "C" PRIMARY KEY,
    -- The same item sent again is the same letter.
    digest      BYTEA NOT NULL UNIQUE,
    service     TEXT COLLATE "C" NOT NULL,
    sender      TEXT COLLATE "C" NOT NULL,
    case_code   TEXT COLLATE "C",
    -- refused: something is wrong with it; early: its case is not known yet.
    reason      TEXT COLLATE "C" NOT NULL,
    field       TEXT COLLATE "C" NOT NULL,
    message     TEXT COLLATE "C" NOT NULL,
    received_at TEXT COLLATE "C" NOT NULL,
    repeats     INTEGER NOT NULL,
    sealed      BYTEA NOT NULL
);
CREATE INDEX dead_letters_by_reception ON dead_letters (received_at, id);
CREATE INDEX dead_letters_by_case ON dead_letters (case_code);

-- When each sender last got something in, and where a pull goes on.
CREATE TABLE senders (
    name       TEXT COLLATE "C" PRIMARY KEY,
    last_at    TEXT COLLATE "C",
    stored     BIGINT NOT NULL,
    refused    BIGINT NOT NULL,
    cursor     TEXT COLLATE "C",
    failed_at  TEXT COLLATE "C",
    failure    TEXT COLLATE "C"
);
