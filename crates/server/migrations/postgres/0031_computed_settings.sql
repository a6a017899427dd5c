-- What a date was computed with beside the calendar: hours, published limits, names of agencies. Empty, as of every date
-- that is older than this, it is computed again by whoever has the province's file.
ALTER TABLE computed ADD COLUMN settings TEXT COLLATE "C" NOT NULL DEFAULT '';
