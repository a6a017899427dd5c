-- An objection for which no time to answer is set is neither in time nor late, answered or not: cells of those, of all
-- that were answered, and of both. What is no longer kept was those with a time or an answer.
DELETE FROM figure_cells WHERE split = 'objection_decidable';
INSERT INTO figure_cells (period, split, place, value, objections,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted, days_late, overdue_promises, on_time_by_last_date,
    postponed, days_postponed, owed, issued_in_time, issued_late, missing, second_postponements, finished, electronic_results, paid, cashless, served)
SELECT spans.period, counted.split, places.place, counted.kind, sum(counted.n),
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM (SELECT agency, substr(received_at, 1, 7) AS month, 'objection_no_term' AS split, kind, count(*) AS n
        FROM objections WHERE due IS NULL GROUP BY 1, 2, 4
    UNION ALL SELECT agency, substr(received_at, 1, 7), 'objection_answered', kind, count(*)
        FROM objections WHERE answered_at IS NOT NULL GROUP BY 1, 2, 4
    UNION ALL SELECT agency, substr(received_at, 1, 7), 'objection_answered_no_term', kind, count(*)
        FROM objections WHERE due IS NULL AND answered_at IS NOT NULL GROUP BY 1, 2, 4) AS counted
JOIN (SELECT DISTINCT substr(received_at, 1, 7) AS month, substr(received_at, 1, 7) AS period FROM objections
    UNION SELECT substr(received_at, 1, 7), substr(received_at, 1, 4) || '-Q'
            || CAST((CAST(substr(received_at, 6, 2) AS INTEGER) + 2) / 3 AS TEXT) FROM objections
    UNION SELECT substr(received_at, 1, 7), substr(received_at, 1, 4) FROM objections) AS spans
    ON spans.month = counted.month
JOIN (SELECT DISTINCT agency, 'agency/' || agency AS place FROM objections
    UNION SELECT agency, '' FROM objections) AS places ON places.agency = counted.agency
GROUP BY 1, 2, 3, 4;
UPDATE figure_state SET value = '' WHERE name = 'levels';
