-- Answers to second questionnaires (the sixteen criteria, the three levels), as counts alone: no sheet has a row. What is
-- published of a question (level_…) moves by five answers or more at once; what waits for that is beside it (waits_…).
CREATE TABLE sheet_counts (
    instrument TEXT NOT NULL,
    period     TEXT NOT NULL,
    agency     TEXT NOT NULL,
    level      TEXT NOT NULL,
    language   TEXT NOT NULL,
    question   TEXT NOT NULL,
    level_1    INTEGER NOT NULL DEFAULT 0,
    level_2    INTEGER NOT NULL DEFAULT 0,
    level_3    INTEGER NOT NULL DEFAULT 0,
    level_4    INTEGER NOT NULL DEFAULT 0,
    level_5    INTEGER NOT NULL DEFAULT 0,
    waits_1    INTEGER NOT NULL DEFAULT 0,
    waits_2    INTEGER NOT NULL DEFAULT 0,
    waits_3    INTEGER NOT NULL DEFAULT 0,
    waits_4    INTEGER NOT NULL DEFAULT 0,
    waits_5    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (instrument, period, agency, level, language, question)
) STRICT, WITHOUT ROWID;

-- Sheets that have been counted: keyed hashes of number and questionnaire, beside nothing.
CREATE TABLE sheets_spent (
    number_hash BLOB PRIMARY KEY,
    quarter     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
