-- The desk: objections with a day to answer and answers; letters with what shows their signature; the cases due.

DROP TABLE objections;
-- Of the reporter: what they wrote, and a contact only where they consented. Nothing about money or conduct carries
-- an hour, or a case that its reporter did not name.
CREATE TABLE objections (
    reference    TEXT COLLATE "C" PRIMARY KEY,
    kind         TEXT COLLATE "C" NOT NULL,
    confidential BOOLEAN NOT NULL,
    agency       TEXT COLLATE "C" NOT NULL,
    case_code    TEXT COLLATE "C",
    known        BOOLEAN NOT NULL,
    received_at  TEXT COLLATE "C" NOT NULL,
    due          TEXT COLLATE "C",
    text         TEXT COLLATE "C",
    contact      TEXT COLLATE "C",
    consent_on   TEXT COLLATE "C",
    -- The first answer, and the newest.
    answered_at  TEXT COLLATE "C",
    last_answer  TEXT COLLATE "C"
);
CREATE INDEX objections_of_case ON objections (case_code) WHERE case_code IS NOT NULL;
CREATE INDEX objections_open ON objections (received_at, reference) WHERE answered_at IS NULL;
CREATE INDEX objections_to_erase ON objections (last_answer) WHERE text IS NOT NULL OR contact IS NOT NULL;
CREATE INDEX objections_by_reception ON objections (received_at);

CREATE TABLE objection_answers (
    reference   TEXT COLLATE "C" NOT NULL REFERENCES objections (reference),
    sequence    INTEGER NOT NULL,
    answered_at TEXT COLLATE "C" NOT NULL,
    body        TEXT COLLATE "C" NOT NULL,
    person      TEXT COLLATE "C" NOT NULL,
    text        TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (reference, sequence)
);

ALTER TABLE letters ADD COLUMN evidence TEXT COLLATE "C";
ALTER TABLE letters ADD COLUMN recorded_by TEXT COLLATE "C";
ALTER TABLE letters ADD COLUMN recorded_at TEXT COLLATE "C";

-- Received or being processed: the clock runs. What the list costs follows the cases due, not all cases.
CREATE INDEX cases_due ON cases (promise, code) WHERE status IN (2, 4);
CREATE INDEX cases_due_by_agency ON cases (agency, promise, code) WHERE status IN (2, 4);
