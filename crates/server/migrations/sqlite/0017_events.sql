-- What other systems are told, and what became of it at each of them: see store/events.rs. Nothing of a person.
CREATE TABLE events (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    -- With the kind, what makes it this event: told once.
    about       TEXT NOT NULL,
    -- What it is ordered by: a case code, or another reference.
    lane        TEXT NOT NULL,
    case_code   TEXT,
    agency      TEXT NOT NULL,
    audience    TEXT NOT NULL,
    happened_at TEXT NOT NULL,
    payload     TEXT NOT NULL,
    UNIQUE (kind, about)
) STRICT, WITHOUT ROWID;
CREATE INDEX events_of_case ON events (case_code, happened_at) WHERE case_code IS NOT NULL;

CREATE TABLE deliveries (
    event_id    TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    endpoint    TEXT NOT NULL,
    -- waiting, delivered, failed: at the endpoint.
    state       TEXT NOT NULL,
    at          TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    reason      TEXT,
    -- What the endpoint said became of it behind it: delivered, failed.
    reported    TEXT,
    reported_at TEXT,
    PRIMARY KEY (event_id, endpoint)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_state ON deliveries (endpoint, state, at);
