-- The figures, kept with each write: agency and month, each with one further split ('' is the whole).
CREATE TABLE figure_cells (
    agency               TEXT COLLATE "C" NOT NULL,
    month                TEXT COLLATE "C" NOT NULL,
    split                TEXT COLLATE "C" NOT NULL,
    value                TEXT COLLATE "C" NOT NULL,
    received             BIGINT NOT NULL,
    online               BIGINT NOT NULL,
    early                BIGINT NOT NULL,
    on_time              BIGINT NOT NULL,
    late                 BIGINT NOT NULL,
    open_within_time     BIGINT NOT NULL,
    open_overdue         BIGINT NOT NULL,
    open_paused          BIGINT NOT NULL,
    unknown              BIGINT NOT NULL,
    not_counted          BIGINT NOT NULL,
    days_late            BIGINT NOT NULL,
    overdue_promises     BIGINT NOT NULL,
    on_time_by_last_date BIGINT NOT NULL,
    postponed            BIGINT NOT NULL,
    days_postponed       BIGINT NOT NULL,
    owed                 BIGINT NOT NULL,
    issued_in_time       BIGINT NOT NULL,
    issued_late          BIGINT NOT NULL,
    missing              BIGINT NOT NULL,
    second_postponements BIGINT NOT NULL,
    finished             BIGINT NOT NULL,
    electronic_results   BIGINT NOT NULL,
    objections           BIGINT NOT NULL,
    PRIMARY KEY (agency, split, month, value)
);
CREATE INDEX figure_cells_by_month ON figure_cells (split, month);

-- What each case has added to them, and the first day on which the clock alone changes that. No name and no code: it
-- stays when the case is erased, so that published figures can still be counted again.
CREATE TABLE case_counted (
    case_id  BIGINT PRIMARY KEY,
    counted  TEXT COLLATE "C" NOT NULL,
    turns_on TEXT COLLATE "C"
);
CREATE INDEX case_counted_by_turn ON case_counted (turns_on) WHERE turns_on IS NOT NULL;

CREATE TABLE figure_state (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

-- The agency at the moment of the objection; empty where the case is not known.
ALTER TABLE objections ADD COLUMN agency TEXT COLLATE "C" NOT NULL DEFAULT '';
