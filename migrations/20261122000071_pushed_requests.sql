-- Why: what a client asks can be handed over beforehand, out of the browser's reach; the browser then
-- carries only a name for it, which counts until it was answered once (RFC 9126).
-- What: pushed requests, and the journeys that answer them.

CREATE TABLE pushed_requests (
    -- SHA-256 of the random part of the request_uri.
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    client_id  uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    -- What was asked, vetted and without the client's credentials.
    parameters text NOT NULL,
    created_at timestamptz NOT NULL,
    -- No journey begins with it from then on.
    expires_at timestamptz NOT NULL,
    -- A journey that began in time may last until then.
    kept_until timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX pushed_requests_kept ON pushed_requests (kept_until);

-- The pushed request that this journey answers; NULL: it came by itself.
ALTER TABLE journeys ADD COLUMN pushed bytea CHECK (length(pushed) = 32);
