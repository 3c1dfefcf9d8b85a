-- Why: a device without a keyboard shows a code, and its person allows it in a browser elsewhere (RFC 8628).
-- What: device codes, and the journeys that such a browser goes on.

CREATE TABLE device_codes (
    digest           bytea PRIMARY KEY CHECK (length(digest) = 32),
    -- Keyed digest of what the person types: eight letters are soon tried by who reads the database.
    user_code_digest bytea NOT NULL UNIQUE CHECK (length(user_code_digest) = 32),
    client_id        uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    -- The request as it came; vetted anew at every step.
    parameters       text NOT NULL,
    -- What the client must wait between two questions; it grows when it does not (RFC 8628 §3.5).
    interval_seconds integer NOT NULL,
    polled_at        timestamptz,
    -- Whether the last question came too soon.
    hurried          boolean NOT NULL,
    -- What the person said: set once, one of the two.
    grant_id         uuid REFERENCES grants ON DELETE CASCADE,
    denied_at        timestamptz,
    redeemed_at      timestamptz,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    CHECK (grant_id IS NULL OR denied_at IS NULL),
    CHECK (redeemed_at IS NULL OR grant_id IS NOT NULL)
);
CREATE INDEX device_codes_client ON device_codes (client_id);
CREATE INDEX device_codes_grant ON device_codes (grant_id);
CREATE INDEX device_codes_expiry ON device_codes (expires_at);

ALTER TABLE journeys DROP CONSTRAINT journeys_protocol_check;
ALTER TABLE journeys ADD CONSTRAINT journeys_protocol_check
    CHECK (protocol IN ('oauth2', 'openid2', 'oauth1', 'account', 'device'));
