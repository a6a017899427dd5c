-- When the contents of a case were erased; sent again, it is a case like any other.
ALTER TABLE cases ADD COLUMN erased_at TEXT;
CREATE INDEX cases_to_erase ON cases (coalesce(returned_at, finished_at)) WHERE erased_at IS NULL;

-- Keys of connectors and officers: a keyed hash of each, never the key.
CREATE TABLE api_keys (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL,
    hash       BLOB NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT
) STRICT, WITHOUT ROWID;

-- Who did what to keys, letters, calendar, limits and objections: added to, never changed, each row sealed with the one before.
CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    act      TEXT NOT NULL,
    subject  TEXT NOT NULL,
    seal     BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
