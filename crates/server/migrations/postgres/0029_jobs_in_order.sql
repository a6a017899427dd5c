-- Jobs are taken in the order of their moment, and of those of one moment the oldest first: with both in the index the first
-- hundred of half a million are found without putting all of them in order.
DROP INDEX jobs_by_due;
CREATE INDEX jobs_by_due ON jobs (kind, due, id) WHERE given_up IS NULL;
