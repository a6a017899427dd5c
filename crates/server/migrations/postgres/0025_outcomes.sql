-- A result after the promised day of which nobody tells whether it grants or refuses: one of three late ones now, and named
-- like them. Cells of cases follow their method, which is a new one.
UPDATE satisfaction_cells SET value = 'decided_late' WHERE split = 'outcome' AND value = 'late';
