-- Who named each date and why, as sent with it; the body whose system sent it; who recorded it at the desk.
ALTER TABLE due_history ADD COLUMN named_by TEXT COLLATE "C";
ALTER TABLE due_history ADD COLUMN reason TEXT COLLATE "C";
ALTER TABLE due_history ADD COLUMN sent_by TEXT COLLATE "C";
ALTER TABLE due_history ADD COLUMN recorded_by TEXT COLLATE "C";
