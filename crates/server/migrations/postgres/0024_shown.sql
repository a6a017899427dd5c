-- What the code alone shows of a case, apart from all else that is kept of it: a look-up goes down one small tree, whose
-- pages stay in memory with two million cases. Days since 1970-01-01, two bytes each. Written with the case.
CREATE TABLE case_shown (
    code     TEXT COLLATE "C" PRIMARY KEY,
    status   SMALLINT NOT NULL CHECK (status BETWEEN 1 AND 10),
    received INTEGER,
    promise  INTEGER,
    finished INTEGER,
    returned INTEGER
);
INSERT INTO case_shown (code, status, received, promise, finished, returned)
SELECT code, status,
    CAST(substr(received_at, 1, 10) AS DATE) - DATE '1970-01-01',
    CAST(promise AS DATE) - DATE '1970-01-01',
    CAST(substr(finished_at, 1, 10) AS DATE) - DATE '1970-01-01',
    CAST(substr(returned_at, 1, 10) AS DATE) - DATE '1970-01-01'
FROM cases ORDER BY code;
