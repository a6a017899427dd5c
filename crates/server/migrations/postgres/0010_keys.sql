-- When the contents of a case were erased; sent again, it is a case like any other.
ALTER TABLE cases ADD COLUMN erased_at TEXT COLLATE "C";
CREATE INDEX cases_to_erase ON cases (coalesce(returned_at, finished_at)) WHERE erased_at IS NULL;

-- Keys of connectors and officers: a keyed hash of each, never the key.
CREATE TABLE api_keys (
    id         TEXT COLLATE "C" PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    scope      TEXT COLLATE "C" NOT NULL,
    hash       BYTEA NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C",
    revoked_at TEXT COLLATE "C"
);

-- Who did what to keys, letters, calendar, limits and objections: added to, never changed, each row sealed with the one before.
CREATE TABLE audit (
    sequence BIGINT PRIMARY KEY,
    at       TEXT COLLATE "C" NOT NULL,
    actor    TEXT COLLATE "C" NOT NULL,
    act      TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL,
    seal     BYTEA NOT NULL
);
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
