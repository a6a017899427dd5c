-- What the code alone shows of a case, apart from all else that is kept of it: a look-up goes down one small tree, whose
-- pages stay in memory with two million cases. Days since 1970-01-01, two bytes each. Written with the case.
CREATE TABLE case_shown (
    code     TEXT PRIMARY KEY,
    status   INTEGER NOT NULL CHECK (status BETWEEN 1 AND 10),
    received INTEGER,
    promise  INTEGER,
    finished INTEGER,
    returned INTEGER
) STRICT, WITHOUT ROWID;
INSERT INTO case_shown (code, status, received, promise, finished, returned)
SELECT code, status,
    CAST(julianday(substr(received_at, 1, 10)) - 2440587.5 AS INTEGER),
    CAST(julianday(promise) - 2440587.5 AS INTEGER),
    CAST(julianday(substr(finished_at, 1, 10)) - 2440587.5 AS INTEGER),
    CAST(julianday(substr(returned_at, 1, 10)) - 2440587.5 AS INTEGER)
FROM cases ORDER BY code;
