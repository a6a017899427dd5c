-- What other systems are told, and what became of it at each of them: see store/events.rs. Nothing of a person.
CREATE TABLE events (
    id          TEXT COLLATE "C" PRIMARY KEY,
    kind        TEXT COLLATE "C" NOT NULL,
    -- With the kind, what makes it this event: told once.
    about       TEXT COLLATE "C" NOT NULL,
    -- What it is ordered by: a case code, or another reference.
    lane        TEXT COLLATE "C" NOT NULL,
    case_code   TEXT COLLATE "C",
    agency      TEXT COLLATE "C" NOT NULL,
    audience    TEXT COLLATE "C" NOT NULL,
    happened_at TEXT COLLATE "C" NOT NULL,
    payload     TEXT COLLATE "C" NOT NULL,
    UNIQUE (kind, about)
);
CREATE INDEX events_of_case ON events (case_code, happened_at) WHERE case_code IS NOT NULL;

CREATE TABLE deliveries (
    event_id    TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    endpoint    TEXT COLLATE "C" NOT NULL,
    -- waiting, delivered, failed: at the endpoint.
    state       TEXT COLLATE "C" NOT NULL,
    at          TEXT COLLATE "C" NOT NULL,
    tries       INTEGER NOT NULL,
    reason      TEXT COLLATE "C",
    -- What the endpoint said became of it behind it: delivered, failed.
    reported    TEXT COLLATE "C",
    reported_at TEXT COLLATE "C",
    PRIMARY KEY (event_id, endpoint)
);
CREATE INDEX deliveries_by_state ON deliveries (endpoint, state, at);
