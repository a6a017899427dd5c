-- Cases of which the way of paying is known, those paid without cash, and those that can be rated.
ALTER TABLE figure_cells ADD COLUMN paid BIGINT NOT NULL DEFAULT 0;
ALTER TABLE figure_cells ADD COLUMN cashless BIGINT NOT NULL DEFAULT 0;
ALTER TABLE figure_cells ADD COLUMN served BIGINT NOT NULL DEFAULT 0;
