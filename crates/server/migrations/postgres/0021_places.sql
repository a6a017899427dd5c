-- Cells of every published place and period, so that a question reads the rows that it shows: agencies ('agency/CODE'),
-- levels ('level/NAME') and the province (''), by month, quarter and year.
ALTER TABLE figure_cells RENAME TO agency_months;
CREATE TABLE figure_cells (
    period               TEXT COLLATE "C" NOT NULL,
    split                TEXT COLLATE "C" NOT NULL,
    place                TEXT COLLATE "C" NOT NULL,
    value                TEXT COLLATE "C" NOT NULL,
    received             BIGINT NOT NULL,
    online               BIGINT NOT NULL,
    early                BIGINT NOT NULL,
    on_time              BIGINT NOT NULL,
    late                 BIGINT NOT NULL,
    open_within_time     BIGINT NOT NULL,
    open_overdue         BIGINT NOT NULL,
    open_paused          BIGINT NOT NULL,
    unknown              BIGINT NOT NULL,
    not_counted          BIGINT NOT NULL,
    days_late            BIGINT NOT NULL,
    overdue_promises     BIGINT NOT NULL,
    on_time_by_last_date BIGINT NOT NULL,
    postponed            BIGINT NOT NULL,
    days_postponed       BIGINT NOT NULL,
    owed                 BIGINT NOT NULL,
    issued_in_time       BIGINT NOT NULL,
    issued_late          BIGINT NOT NULL,
    missing              BIGINT NOT NULL,
    second_postponements BIGINT NOT NULL,
    finished             BIGINT NOT NULL,
    electronic_results   BIGINT NOT NULL,
    objections           BIGINT NOT NULL,
    paid                 BIGINT NOT NULL,
    cashless             BIGINT NOT NULL,
    served               BIGINT NOT NULL,
    PRIMARY KEY (period, split, place, value)
);
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT month,
    split, 'agency/' || agency, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served
FROM agency_months;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT substr(month, 1, 4) || '-Q' || CAST((CAST(substr(month, 6, 2) AS INTEGER) + 2) / 3 AS TEXT),
    split, 'agency/' || agency, value,
    CAST(sum(received) AS BIGINT), CAST(sum(online) AS BIGINT), CAST(sum(early) AS BIGINT),
    CAST(sum(on_time) AS BIGINT), CAST(sum(late) AS BIGINT), CAST(sum(open_within_time) AS BIGINT),
    CAST(sum(open_overdue) AS BIGINT), CAST(sum(open_paused) AS BIGINT), CAST(sum(unknown) AS BIGINT),
    CAST(sum(not_counted) AS BIGINT), CAST(sum(days_late) AS BIGINT), CAST(sum(overdue_promises) AS BIGINT),
    CAST(sum(on_time_by_last_date) AS BIGINT), CAST(sum(postponed) AS BIGINT),
    CAST(sum(days_postponed) AS BIGINT), CAST(sum(owed) AS BIGINT), CAST(sum(issued_in_time) AS BIGINT),
    CAST(sum(issued_late) AS BIGINT), CAST(sum(missing) AS BIGINT), CAST(sum(second_postponements) AS BIGINT),
    CAST(sum(finished) AS BIGINT), CAST(sum(electronic_results) AS BIGINT), CAST(sum(objections) AS BIGINT),
    CAST(sum(paid) AS BIGINT), CAST(sum(cashless) AS BIGINT), CAST(sum(served) AS BIGINT)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT substr(month, 1, 4),
    split, 'agency/' || agency, value,
    CAST(sum(received) AS BIGINT), CAST(sum(online) AS BIGINT), CAST(sum(early) AS BIGINT),
    CAST(sum(on_time) AS BIGINT), CAST(sum(late) AS BIGINT), CAST(sum(open_within_time) AS BIGINT),
    CAST(sum(open_overdue) AS BIGINT), CAST(sum(open_paused) AS BIGINT), CAST(sum(unknown) AS BIGINT),
    CAST(sum(not_counted) AS BIGINT), CAST(sum(days_late) AS BIGINT), CAST(sum(overdue_promises) AS BIGINT),
    CAST(sum(on_time_by_last_date) AS BIGINT), CAST(sum(postponed) AS BIGINT),
    CAST(sum(days_postponed) AS BIGINT), CAST(sum(owed) AS BIGINT), CAST(sum(issued_in_time) AS BIGINT),
    CAST(sum(issued_late) AS BIGINT), CAST(sum(missing) AS BIGINT), CAST(sum(second_postponements) AS BIGINT),
    CAST(sum(finished) AS BIGINT), CAST(sum(electronic_results) AS BIGINT), CAST(sum(objections) AS BIGINT),
    CAST(sum(paid) AS BIGINT), CAST(sum(cashless) AS BIGINT), CAST(sum(served) AS BIGINT)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT month,
    split, '', value,
    CAST(sum(received) AS BIGINT), CAST(sum(online) AS BIGINT), CAST(sum(early) AS BIGINT),
    CAST(sum(on_time) AS BIGINT), CAST(sum(late) AS BIGINT), CAST(sum(open_within_time) AS BIGINT),
    CAST(sum(open_overdue) AS BIGINT), CAST(sum(open_paused) AS BIGINT), CAST(sum(unknown) AS BIGINT),
    CAST(sum(not_counted) AS BIGINT), CAST(sum(days_late) AS BIGINT), CAST(sum(overdue_promises) AS BIGINT),
    CAST(sum(on_time_by_last_date) AS BIGINT), CAST(sum(postponed) AS BIGINT),
    CAST(sum(days_postponed) AS BIGINT), CAST(sum(owed) AS BIGINT), CAST(sum(issued_in_time) AS BIGINT),
    CAST(sum(issued_late) AS BIGINT), CAST(sum(missing) AS BIGINT), CAST(sum(second_postponements) AS BIGINT),
    CAST(sum(finished) AS BIGINT), CAST(sum(electronic_results) AS BIGINT), CAST(sum(objections) AS BIGINT),
    CAST(sum(paid) AS BIGINT), CAST(sum(cashless) AS BIGINT), CAST(sum(served) AS BIGINT)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT substr(month, 1, 4) || '-Q' || CAST((CAST(substr(month, 6, 2) AS INTEGER) + 2) / 3 AS TEXT),
    split, '', value,
    CAST(sum(received) AS BIGINT), CAST(sum(online) AS BIGINT), CAST(sum(early) AS BIGINT),
    CAST(sum(on_time) AS BIGINT), CAST(sum(late) AS BIGINT), CAST(sum(open_within_time) AS BIGINT),
    CAST(sum(open_overdue) AS BIGINT), CAST(sum(open_paused) AS BIGINT), CAST(sum(unknown) AS BIGINT),
    CAST(sum(not_counted) AS BIGINT), CAST(sum(days_late) AS BIGINT), CAST(sum(overdue_promises) AS BIGINT),
    CAST(sum(on_time_by_last_date) AS BIGINT), CAST(sum(postponed) AS BIGINT),
    CAST(sum(days_postponed) AS BIGINT), CAST(sum(owed) AS BIGINT), CAST(sum(issued_in_time) AS BIGINT),
    CAST(sum(issued_late) AS BIGINT), CAST(sum(missing) AS BIGINT), CAST(sum(second_postponements) AS BIGINT),
    CAST(sum(finished) AS BIGINT), CAST(sum(electronic_results) AS BIGINT), CAST(sum(objections) AS BIGINT),
    CAST(sum(paid) AS BIGINT), CAST(sum(cashless) AS BIGINT), CAST(sum(served) AS BIGINT)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT substr(month, 1, 4),
    split, '', value,
    CAST(sum(received) AS BIGINT), CAST(sum(online) AS BIGINT), CAST(sum(early) AS BIGINT),
    CAST(sum(on_time) AS BIGINT), CAST(sum(late) AS BIGINT), CAST(sum(open_within_time) AS BIGINT),
    CAST(sum(open_overdue) AS BIGINT), CAST(sum(open_paused) AS BIGINT), CAST(sum(unknown) AS BIGINT),
    CAST(sum(not_counted) AS BIGINT), CAST(sum(days_late) AS BIGINT), CAST(sum(overdue_promises) AS BIGINT),
    CAST(sum(on_time_by_last_date) AS BIGINT), CAST(sum(postponed) AS BIGINT),
    CAST(sum(days_postponed) AS BIGINT), CAST(sum(owed) AS BIGINT), CAST(sum(issued_in_time) AS BIGINT),
    CAST(sum(issued_late) AS BIGINT), CAST(sum(missing) AS BIGINT), CAST(sum(second_postponements) AS BIGINT),
    CAST(sum(finished) AS BIGINT), CAST(sum(electronic_results) AS BIGINT), CAST(sum(objections) AS BIGINT),
    CAST(sum(paid) AS BIGINT), CAST(sum(cashless) AS BIGINT), CAST(sum(served) AS BIGINT)
FROM agency_months GROUP BY 1, 2, 3, 4;
DROP TABLE agency_months;

-- What writes have added since the cells were brought up to it: a row for each transaction, so that no two of them wait
-- for one another. Whoever reads a cell adds what is here.
CREATE TABLE figure_tail (
    id    BYTEA PRIMARY KEY,
    cells TEXT COLLATE "C" NOT NULL
);

-- What came since the beginning, by room: the sum of its days stands under the empty period and grows with them.
INSERT INTO tallies (period, agency, kind, room, value)
SELECT '', '', kind, room, CAST(sum(value) AS BIGINT) FROM tallies WHERE agency = '' AND length(period) = 10 GROUP BY kind, room;

-- What was counted here is counted in tallies.
DROP TABLE counters;

-- No question looks for ratings by cell, and each rating paid for it.
DROP INDEX ratings_by_cell;
