-- Why: every protocol leans on one session, one journey and one consent record.
-- What: browser sessions, journeys, consents, throttles, one-time codes.

CREATE TABLE sessions (
    id               uuid PRIMARY KEY,
    digest           bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    user_id          uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- How the person proved who they are: RFC 8176 words.
    amr              text[] NOT NULL,
    authenticated_at timestamptz NOT NULL,
    last_seen_at     timestamptz NOT NULL,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    ended_at         timestamptz,
    address          text,
    user_agent       text
);
CREATE INDEX sessions_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE journeys (
    id             uuid PRIMARY KEY,
    -- SHA-256 of the per-journey cookie: the browser that began it is the one that goes on.
    cookie_digest  bytea NOT NULL CHECK (length(cookie_digest) = 32),
    protocol       text NOT NULL CHECK (protocol IN ('oauth2', 'openid2', 'oauth1')),
    client_id      uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    -- The request as it came; vetted anew at every step.
    parameters     text NOT NULL,
    -- Facts, each recorded by the page that learned it.
    session_id     uuid REFERENCES sessions ON DELETE CASCADE,
    consent        jsonb,
    last_error     text,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    finished_at    timestamptz
);
CREATE INDEX journeys_expiry ON journeys (expires_at);

CREATE TABLE consents (
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    client_id    uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    scopes       text[] NOT NULL,
    -- Names of the attributes the person allowed, whatever protocol asked; only what was shown.
    attributes   text[] NOT NULL,
    -- Names of those the person was shown and left out, so that they are not asked again.
    refused      text[] NOT NULL,
    granted_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    PRIMARY KEY (user_id, client_id)
);

-- Failures only; a success clears its account's row.
CREATE TABLE throttles (
    kind          text NOT NULL CHECK (kind IN ('account', 'address')),
    -- SHA-256 of the account's name or the address: neither is kept in clear.
    key           bytea NOT NULL CHECK (length(key) = 32),
    failures      integer NOT NULL,
    blocked_until timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX throttles_age ON throttles (updated_at);

CREATE TABLE one_time_codes (
    id         uuid PRIMARY KEY,
    -- What the code is for: sign-in, second factor, confirmation of a mail or phone ...
    purpose    text NOT NULL,
    -- Keyed digest over purpose, subject, journey and code.
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    user_id    uuid REFERENCES users ON DELETE CASCADE,
    journey_id uuid REFERENCES journeys ON DELETE CASCADE,
    channel    text NOT NULL CHECK (channel IN ('sms', 'mail')),
    recipient  text NOT NULL,
    attempts   integer NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    redeemed_at timestamptz
);
CREATE INDEX one_time_codes_recipient ON one_time_codes (channel, recipient, created_at);
CREATE INDEX one_time_codes_expiry ON one_time_codes (expires_at);
