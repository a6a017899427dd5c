-- On which day the deadline watch looks at a case next: empty where it was written since it was looked at, none where
-- nothing more can fall due. So what the watch costs follows the cases that fall due, not the cases there are.
ALTER TABLE cases ADD COLUMN look_on TEXT COLLATE "C";
UPDATE cases SET look_on = '' WHERE status IN (2, 4) AND promise IS NOT NULL;
CREATE INDEX cases_to_look_at ON cases (look_on, code) WHERE look_on IS NOT NULL;
