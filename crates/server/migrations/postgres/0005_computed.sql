-- The computed date of each open case, with the calendar it was computed with: a new calendar computes these again.
CREATE TABLE computed (
    case_id        BIGINT PRIMARY KEY REFERENCES cases (id) ON DELETE CASCADE,
    calendar       TEXT COLLATE "C" NOT NULL,
    basis          TEXT COLLATE "C" NOT NULL,
    due            TEXT COLLATE "C",
    unsettled_from TEXT COLLATE "C",
    reason         TEXT COLLATE "C",
    later          INTEGER NOT NULL,
    covered        INTEGER NOT NULL,
    special        TEXT COLLATE "C" NOT NULL
);
CREATE INDEX computed_later ON computed (case_id) WHERE later = 1;

-- What moved when the calendar changed. Nothing here is ever changed.
CREATE TABLE computed_moves (
    case_id    BIGINT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    calendar   TEXT COLLATE "C" NOT NULL,
    at         TEXT COLLATE "C" NOT NULL,
    due_before TEXT COLLATE "C",
    due_after  TEXT COLLATE "C",
    why_vi     TEXT COLLATE "C" NOT NULL,
    why_en     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (case_id, calendar)
);

-- The cases that are computed again: received, in processing, or waiting for the applicant.
CREATE INDEX cases_open ON cases (id) WHERE status IN (2, 4, 5, 6);
