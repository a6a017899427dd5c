-- Cells of every published place and period, so that a question reads the rows that it shows: agencies ('agency/CODE'),
-- levels ('level/NAME') and the province (''), by month, quarter and year.
ALTER TABLE figure_cells RENAME TO agency_months;
CREATE TABLE figure_cells (
    period               TEXT NOT NULL,
    split                TEXT NOT NULL,
    place                TEXT NOT NULL,
    value                TEXT NOT NULL,
    received             INTEGER NOT NULL,
    online               INTEGER NOT NULL,
    early                INTEGER NOT NULL,
    on_time              INTEGER NOT NULL,
    late                 INTEGER NOT NULL,
    open_within_time     INTEGER NOT NULL,
    open_overdue         INTEGER NOT NULL,
    open_paused          INTEGER NOT NULL,
    unknown              INTEGER NOT NULL,
    not_counted          INTEGER NOT NULL,
    days_late            INTEGER NOT NULL,
    overdue_promises     INTEGER NOT NULL,
    on_time_by_last_date INTEGER NOT NULL,
    postponed            INTEGER NOT NULL,
    days_postponed       INTEGER NOT NULL,
    owed                 INTEGER NOT NULL,
    issued_in_time       INTEGER NOT NULL,
    issued_late          INTEGER NOT NULL,
    missing              INTEGER NOT NULL,
    second_postponements INTEGER NOT NULL,
    finished             INTEGER NOT NULL,
    electronic_results   INTEGER NOT NULL,
    objections           INTEGER NOT NULL,
    paid                 INTEGER NOT NULL,
    cashless             INTEGER NOT NULL,
    served               INTEGER NOT NULL,
    PRIMARY KEY (period, split, place, value)
) STRICT, WITHOUT ROWID;
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
    sum(received), sum(online), sum(early), sum(on_time), sum(late), sum(open_within_time), sum(open_overdue),
    sum(open_paused), sum(unknown), sum(not_counted), sum(days_late), sum(overdue_promises),
    sum(on_time_by_last_date), sum(postponed), sum(days_postponed), sum(owed), sum(issued_in_time),
    sum(issued_late), sum(missing), sum(second_postponements), sum(finished), sum(electronic_results),
    sum(objections), sum(paid), sum(cashless), sum(served)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT substr(month, 1, 4),
    split, 'agency/' || agency, value,
    sum(received), sum(online), sum(early), sum(on_time), sum(late), sum(open_within_time), sum(open_overdue),
    sum(open_paused), sum(unknown), sum(not_counted), sum(days_late), sum(overdue_promises),
    sum(on_time_by_last_date), sum(postponed), sum(days_postponed), sum(owed), sum(issued_in_time),
    sum(issued_late), sum(missing), sum(second_postponements), sum(finished), sum(electronic_results),
    sum(objections), sum(paid), sum(cashless), sum(served)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT month,
    split, '', value,
    sum(received), sum(online), sum(early), sum(on_time), sum(late), sum(open_within_time), sum(open_overdue),
    sum(open_paused), sum(unknown), sum(not_counted), sum(days_late), sum(overdue_promises),
    sum(on_time_by_last_date), sum(postponed), sum(days_postponed), sum(owed), sum(issued_in_time),
    sum(issued_late), sum(missing), sum(second_postponements), sum(finished), sum(electronic_results),
    sum(objections), sum(paid), sum(cashless), sum(served)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT substr(month, 1, 4) || '-Q' || CAST((CAST(substr(month, 6, 2) AS INTEGER) + 2) / 3 AS TEXT),
    split, '', value,
    sum(received), sum(online), sum(early), sum(on_time), sum(late), sum(open_within_time), sum(open_overdue),
    sum(open_paused), sum(unknown), sum(not_counted), sum(days_late), sum(overdue_promises),
    sum(on_time_by_last_date), sum(postponed), sum(days_postponed), sum(owed), sum(issued_in_time),
    sum(issued_late), sum(missing), sum(second_postponements), sum(finished), sum(electronic_results),
    sum(objections), sum(paid), sum(cashless), sum(served)
FROM agency_months GROUP BY 1, 2, 3, 4;
INSERT INTO figure_cells (period, split, place, value,
    received, online, early, on_time, late, open_within_time, open_overdue, open_paused, unknown, not_counted,
    days_late, overdue_promises, on_time_by_last_date, postponed, days_postponed, owed, issued_in_time,
    issued_late, missing, second_postponements, finished, electronic_results, objections, paid, cashless,
    served)
SELECT substr(month, 1, 4),
    split, '', value,
    sum(received), sum(online), sum(early), sum(on_time), sum(late), sum(open_within_time), sum(open_overdue),
    sum(open_paused), sum(unknown), sum(not_counted), sum(days_late), sum(overdue_promises),
    sum(on_time_by_last_date), sum(postponed), sum(days_postponed), sum(owed), sum(issued_in_time),
    sum(issued_late), sum(missing), sum(second_postponements), sum(finished), sum(electronic_results),
    sum(objections), sum(paid), sum(cashless), sum(served)
FROM agency_months GROUP BY 1, 2, 3, 4;
DROP TABLE agency_months;

-- What writes have added since the cells were brought up to it: a row for each transaction, so that no two of them wait
-- for one another. Whoever reads a cell adds what is here.
CREATE TABLE figure_tail (
    id    BLOB PRIMARY KEY,
    cells TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What came since the beginning, by room: the sum of its days stands under the empty period and grows with them.
INSERT INTO tallies (period, agency, kind, room, value)
SELECT '', '', kind, room, sum(value) FROM tallies WHERE agency = '' AND length(period) = 10 GROUP BY kind, room;

-- What was counted here is counted in tallies.
DROP TABLE counters;

-- No question looks for ratings by cell, and each rating paid for it.
DROP INDEX ratings_by_cell;
