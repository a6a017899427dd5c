-- Cases finished after their promise, for the officers' list of letters that are still owed; those whose contents were erased
-- are no longer on it.
CREATE INDEX cases_finished_late ON cases (promise, code, agency)
    WHERE status IN (9, 10) AND erased_at IS NULL AND substr(finished_at, 1, 10) > promise;
