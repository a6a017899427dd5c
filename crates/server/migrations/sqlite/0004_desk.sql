-- The desk: objections with a day to answer and answers; letters with what shows their signature; the cases due.

DROP TABLE objections;
-- Of the reporter: what they wrote, and a contact only where they consented. Nothing about money or conduct carries
-- an hour, or a case that its reporter did not name.
CREATE TABLE objections (
    reference    TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    confidential INTEGER NOT NULL,
    agency       TEXT NOT NULL,
    case_code    TEXT,
    known        INTEGER NOT NULL,
    received_at  TEXT NOT NULL,
    due          TEXT,
    text         TEXT,
    contact      TEXT,
    consent_on   TEXT,
    -- The first answer, and the newest.
    answered_at  TEXT,
    last_answer  TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX objections_of_case ON objections (case_code) WHERE case_code IS NOT NULL;
CREATE INDEX objections_open ON objections (received_at, reference) WHERE answered_at IS NULL;
CREATE INDEX objections_to_erase ON objections (last_answer) WHERE text IS NOT NULL OR contact IS NOT NULL;
CREATE INDEX objections_by_reception ON objections (received_at);

CREATE TABLE objection_answers (
    reference   TEXT NOT NULL REFERENCES objections (reference),
    sequence    INTEGER NOT NULL,
    answered_at TEXT NOT NULL,
    body        TEXT NOT NULL,
    person      TEXT NOT NULL,
    text        TEXT NOT NULL,
    PRIMARY KEY (reference, sequence)
) STRICT, WITHOUT ROWID;

ALTER TABLE letters ADD COLUMN evidence TEXT;
ALTER TABLE letters ADD COLUMN recorded_by TEXT;
ALTER TABLE letters ADD COLUMN recorded_at TEXT;

-- Received or being processed: the clock runs. What the list costs follows the cases due, not all cases.
CREATE INDEX cases_due ON cases (promise, code) WHERE status IN (2, 4);
CREATE INDEX cases_due_by_agency ON cases (agency, promise, code) WHERE status IN (2, 4);
