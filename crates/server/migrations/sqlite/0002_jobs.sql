-- Work to be done once, by whichever server takes it: see store/jobs.rs.
CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    key         TEXT NOT NULL,
    lane        TEXT,
    payload     TEXT NOT NULL,
    due         TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    taken_by    BLOB,
    taken_until TEXT,
    given_up    TEXT,
    UNIQUE (kind, key)
) STRICT;
CREATE INDEX jobs_by_due ON jobs (kind, due) WHERE given_up IS NULL;
CREATE INDEX jobs_by_lane ON jobs (lane, id) WHERE lane IS NOT NULL AND given_up IS NULL;
