-- The computed date of each open case, with the calendar it was computed with: a new calendar computes these again.
CREATE TABLE computed (
    case_id        INTEGER PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    calendar       TEXT NOT NULL,
    basis          TEXT NOT NULL,
    due            TEXT,
    unsettled_from TEXT,
    reason         TEXT,
    later          INTEGER NOT NULL,
    covered        INTEGER NOT NULL,
    special        TEXT NOT NULL
) STRICT;
CREATE INDEX computed_later ON computed (case_id) WHERE later = 1;

-- What moved when the calendar changed. Nothing here is ever changed.
CREATE TABLE computed_moves (
    case_id    INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    calendar   TEXT NOT NULL,
    at         TEXT NOT NULL,
    due_before TEXT,
    due_after  TEXT,
    why_vi     TEXT NOT NULL,
    why_en     TEXT NOT NULL,
    PRIMARY KEY (case_id, calendar)
) STRICT;

-- The cases that are computed again: received, in processing, or waiting for the applicant.
CREATE INDEX cases_open ON cases (id) WHERE status IN (2, 4, 5, 6);
