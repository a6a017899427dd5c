-- What the public rows said of all results of the agency and month in the night in which it was told: how many were early or
-- on the promised day, not known, late. Of what was told before this version it is not known.
ALTER TABLE results_told ADD COLUMN all_in_time INTEGER;
ALTER TABLE results_told ADD COLUMN all_unknown INTEGER;
ALTER TABLE results_told ADD COLUMN all_late INTEGER;
