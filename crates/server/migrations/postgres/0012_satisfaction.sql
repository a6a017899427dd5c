-- Satisfaction as published: sums of labels, moved in steps (domain::satisfaction::tables). The split 'label' holds the
-- labels themselves, what the steps are counted by; nobody is shown those.
CREATE TABLE satisfaction_cells (
    instrument TEXT COLLATE "C" NOT NULL,
    place      TEXT COLLATE "C" NOT NULL,
    split      TEXT COLLATE "C" NOT NULL,
    period     TEXT COLLATE "C" NOT NULL,
    value      TEXT COLLATE "C" NOT NULL,
    question   TEXT COLLATE "C" NOT NULL,
    level_1    BIGINT NOT NULL,
    level_2    BIGINT NOT NULL,
    level_3    BIGINT NOT NULL,
    level_4    BIGINT NOT NULL,
    level_5    BIGINT NOT NULL,
    changed_on TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (instrument, place, split, period, value, question)
);

-- Ratings of which no step holds anything yet.
CREATE TABLE ratings_new (
    handle BYTEA PRIMARY KEY
);
INSERT INTO ratings_new (handle) SELECT handle FROM ratings;

-- Answers that the published step does not hold as their rating has them: unanswered or other there (waits = 1), or
-- counted under a coarser label than the rating's own. An answer without a row here is published as it is.
CREATE TABLE answers_apart (
    handle     BYTEA NOT NULL,
    instrument TEXT COLLATE "C" NOT NULL,
    question   TEXT COLLATE "C" NOT NULL,
    label      TEXT COLLATE "C" NOT NULL,
    published  SMALLINT,
    waits      SMALLINT NOT NULL,
    PRIMARY KEY (handle, instrument, question)
);
CREATE INDEX answers_apart_waiting ON answers_apart (handle) WHERE waits = 1;
