-- Numbers without a name, a case or a rating: what came and what became of it by day (YYYY-MM-DD), and how ballots were
-- obtained and what looked odd by agency and month (YYYY-MM; '' is the whole province). Each waiting room has rows of
-- its own and only ever raises them; those of an agency and month grow in steps of five.
CREATE TABLE tallies (
    period TEXT COLLATE "C" NOT NULL,
    agency TEXT COLLATE "C" NOT NULL,
    kind   TEXT COLLATE "C" NOT NULL,
    room   TEXT COLLATE "C" NOT NULL,
    value  BIGINT NOT NULL,
    PRIMARY KEY (period, agency, kind, room)
);

-- What was counted before stands under a day before all others.
INSERT INTO tallies (period, agency, kind, room, value)
    SELECT '2000-01-01', '', substr(name, 9), 'before', value FROM counters
    WHERE name IN ('ratings_stored', 'ratings_repeated', 'ratings_corrected', 'ratings_refused');

-- The holder, by a portal's token, says that the ballot given first was not theirs. Once for each case.
ALTER TABLE cases ADD COLUMN ballot_contested SMALLINT NOT NULL DEFAULT 0;
-- How many such cases, by agency, the months in which the first ballot can have been given, and the day of contesting:
-- what is public changes the day after.
CREATE TABLE contested (
    agency      TEXT COLLATE "C" NOT NULL,
    first_month TEXT COLLATE "C" NOT NULL,
    last_month  TEXT COLLATE "C" NOT NULL,
    day         TEXT COLLATE "C" NOT NULL,
    cases       BIGINT NOT NULL,
    PRIMARY KEY (agency, first_month, last_month, day)
);

-- The scale stays with each answer, as the questionnaire and the language do.
ALTER TABLE ratings ADD COLUMN scale TEXT COLLATE "C" NOT NULL DEFAULT 'five-levels-1';
