-- Cases of which the way of paying is known, those paid without cash, and those that can be rated.
ALTER TABLE figure_cells ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE figure_cells ADD COLUMN cashless INTEGER NOT NULL DEFAULT 0;
ALTER TABLE figure_cells ADD COLUMN served INTEGER NOT NULL DEFAULT 0;
