-- The figures, kept with each write: agency and month, each with one further split ('' is the whole).
CREATE TABLE figure_cells (
    agency               TEXT NOT NULL,
    month                TEXT NOT NULL,
    split                TEXT NOT NULL,
    value                TEXT NOT NULL,
    received             INTEGER NOT NULL,
    online               INTEGER NOT NULL,
    early                INTEGER NOT NULL,
    on_time              INTEGER NOT NULL,
    late                 INTEGER NOT NULL,
    open_within_time     INTEGER NOT NULL,
    open_overdue         INTEGER NOT NULL,
    open_paused          INTEGER NOT NULL,
    unknown              INTEGER NOT NULL,
    not_counted          INTEGER NOT NULL,
    days_late            INTEGER NOT NULL,
    overdue_promises     INTEGER NOT NULL,
    on_time_by_last_date INTEGER NOT NULL,
    postponed            INTEGER NOT NULL,
    days_postponed       INTEGER NOT NULL,
    owed                 INTEGER NOT NULL,
    issued_in_time       INTEGER NOT NULL,
    issued_late          INTEGER NOT NULL,
    missing              INTEGER NOT NULL,
    second_postponements INTEGER NOT NULL,
    finished             INTEGER NOT NULL,
    electronic_results   INTEGER NOT NULL,
    objections           INTEGER NOT NULL,
    PRIMARY KEY (agency, split, month, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_cells_by_month ON figure_cells (split, month);

-- What each case has added to them, and the first day on which the clock alone changes that. No name and no code: it
-- stays when the case is erased, so that published figures can still be counted again.
CREATE TABLE case_counted (
    case_id  INTEGER PRIMARY KEY,
    counted  TEXT NOT NULL,
    turns_on TEXT
) STRICT;
CREATE INDEX case_counted_by_turn ON case_counted (turns_on) WHERE turns_on IS NOT NULL;

CREATE TABLE figure_state (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The agency at the moment of the objection; empty where the case is not known.
ALTER TABLE objections ADD COLUMN agency TEXT NOT NULL DEFAULT '';
