-- The public register of apologies by day and by agency, each in the order in which it is shown, so that a page reads
-- the letters on it. The agency is that of the case, written with it.
ALTER TABLE letters ADD COLUMN case_agency TEXT NOT NULL DEFAULT '';
UPDATE letters SET case_agency = (SELECT agency FROM cases WHERE cases.id = letters.case_id);
DROP INDEX letters_by_issue;
CREATE INDEX letters_by_issue
    ON letters (issued DESC, case_agency, number, case_id, sequence, previous_due, revised_due);
CREATE INDEX letters_by_agency
    ON letters (case_agency, issued DESC, number, case_id, sequence, previous_due, revised_due);

-- Objections still within their time to answer: of all others with a time or an answer, cells say whether it was kept.
CREATE INDEX objections_within_term ON objections (due) WHERE answered_at IS NULL;
-- Cells of objections that have a time to answer or an answer, and of those answered in time; of levels, the server
-- makes them.
INSERT INTO figure_cells (period, split, place, value, objections,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted, days_late, overdue_promises, on_time_by_last_date,
    postponed, days_postponed, owed, issued_in_time, issued_late, missing, second_postponements, finished, electronic_results, paid, cashless, served)
SELECT spans.period, counted.split, places.place, counted.kind, sum(counted.n),
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM (SELECT agency, substr(received_at, 1, 7) AS month, 'objection_decidable' AS split, kind, count(*) AS n
        FROM objections WHERE due IS NOT NULL OR answered_at IS NOT NULL GROUP BY 1, 2, 4
    UNION ALL SELECT agency, substr(received_at, 1, 7), 'objection_in_time', kind, count(*)
        FROM objections WHERE answered_at <= due || 'T24' GROUP BY 1, 2, 4) AS counted
JOIN (SELECT DISTINCT substr(received_at, 1, 7) AS month, substr(received_at, 1, 7) AS period FROM objections
    UNION SELECT substr(received_at, 1, 7), substr(received_at, 1, 4) || '-Q'
            || CAST((CAST(substr(received_at, 6, 2) AS INTEGER) + 2) / 3 AS TEXT) FROM objections
    UNION SELECT substr(received_at, 1, 7), substr(received_at, 1, 4) FROM objections) AS spans
    ON spans.month = counted.month
JOIN (SELECT DISTINCT agency, 'agency/' || agency AS place FROM objections
    UNION SELECT agency, '' FROM objections) AS places ON places.agency = counted.agency
GROUP BY 1, 2, 3, 4;
UPDATE figure_state SET value = '' WHERE name = 'levels';
