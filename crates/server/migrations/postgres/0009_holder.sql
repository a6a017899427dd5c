-- Keyed hash of the holder as tokens of portals name it, bound to the case code; absent without a key shared with portals.
ALTER TABLE cases ADD COLUMN holder_hash BYTEA;
