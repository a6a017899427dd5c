-- Notices as issued, so that a printed one can be confirmed. No case, no procedure and no applicant: see store/notices.rs.
CREATE TABLE notices (
    number   TEXT COLLATE "C" NOT NULL,
    facts    BYTEA NOT NULL,
    agency   TEXT COLLATE "C" NOT NULL,
    promised TEXT COLLATE "C" NOT NULL,
    issued   TEXT COLLATE "C" NOT NULL,
    digest   BYTEA NOT NULL,
    PRIMARY KEY (number, facts)
);
