-- Satisfaction as published: sums of labels, moved in steps (domain::satisfaction::tables). The split 'label' holds the
-- labels themselves, what the steps are counted by; nobody is shown those.
CREATE TABLE satisfaction_cells (
    instrument TEXT NOT NULL,
    place      TEXT NOT NULL,
    split      TEXT NOT NULL,
    period     TEXT NOT NULL,
    value      TEXT NOT NULL,
    question   TEXT NOT NULL,
    level_1    INTEGER NOT NULL,
    level_2    INTEGER NOT NULL,
    level_3    INTEGER NOT NULL,
    level_4    INTEGER NOT NULL,
    level_5    INTEGER NOT NULL,
    changed_on TEXT NOT NULL,
    PRIMARY KEY (instrument, place, split, period, value, question)
) STRICT, WITHOUT ROWID;

-- Ratings of which no step holds anything yet.
CREATE TABLE ratings_new (
    handle BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO ratings_new (handle) SELECT handle FROM ratings;

-- Answers that the published step does not hold as their rating has them: unanswered or other there (waits = 1), or
-- counted under a coarser label than the rating's own. An answer without a row here is published as it is.
CREATE TABLE answers_apart (
    handle     BLOB NOT NULL,
    instrument TEXT NOT NULL,
    question   TEXT NOT NULL,
    label      TEXT NOT NULL,
    published  INTEGER,
    waits      INTEGER NOT NULL,
    PRIMARY KEY (handle, instrument, question)
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_apart_waiting ON answers_apart (handle) WHERE waits = 1;
