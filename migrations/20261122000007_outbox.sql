-- Why: a message that comes too late is worth nothing: a one-time code after its life only puzzles
-- the person, and each SMS costs money.
-- What: when a message stops being worth sending.

-- NULL: as long as any message is tried.
ALTER TABLE outbox ADD COLUMN expires_at timestamptz;
