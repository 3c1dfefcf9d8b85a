-- Why: a person should recognise who is asking, and their browser must not tell a third party that they
-- are signing in: logos are served by us.
-- What: one picture a client, as it was when it was fetched and checked. Its digest stands in the
-- client's settings too, so that pages need not ask for it.

CREATE TABLE client_logos (
    client_id  uuid PRIMARY KEY REFERENCES clients ON DELETE CASCADE,
    media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
    content    bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 65536),
    -- SHA-256 of the content.
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    fetched_at timestamptz NOT NULL
);
