-- Answers to second questionnaires (the sixteen criteria, the three levels), as counts alone: no sheet has a row. What is
-- published of a question (level_…) moves by five answers or more at once; what waits for that is beside it (waits_…).
CREATE TABLE sheet_counts (
    instrument TEXT COLLATE "C" NOT NULL,
    period     TEXT COLLATE "C" NOT NULL,
    agency     TEXT COLLATE "C" NOT NULL,
    level      TEXT COLLATE "C" NOT NULL,
    language   TEXT COLLATE "C" NOT NULL,
    question   TEXT COLLATE "C" NOT NULL,
    level_1    BIGINT NOT NULL DEFAULT 0,
    level_2    BIGINT NOT NULL DEFAULT 0,
    level_3    BIGINT NOT NULL DEFAULT 0,
    level_4    BIGINT NOT NULL DEFAULT 0,
    level_5    BIGINT NOT NULL DEFAULT 0,
    waits_1    BIGINT NOT NULL DEFAULT 0,
    waits_2    BIGINT NOT NULL DEFAULT 0,
    waits_3    BIGINT NOT NULL DEFAULT 0,
    waits_4    BIGINT NOT NULL DEFAULT 0,
    waits_5    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (instrument, period, agency, level, language, question)
);

-- Sheets that have been counted: keyed hashes of number and questionnaire, beside nothing.
CREATE TABLE sheets_spent (
    number_hash BYTEA PRIMARY KEY,
    quarter     TEXT COLLATE "C" NOT NULL
);
