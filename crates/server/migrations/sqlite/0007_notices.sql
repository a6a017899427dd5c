-- Notices as issued, so that a printed one can be confirmed. No case, no procedure and no applicant: see store/notices.rs.
CREATE TABLE notices (
    number   TEXT NOT NULL,
    facts    BLOB NOT NULL,
    agency   TEXT NOT NULL,
    promised TEXT NOT NULL,
    issued   TEXT NOT NULL,
    digest   BLOB NOT NULL,
    PRIMARY KEY (number, facts)
) STRICT;
