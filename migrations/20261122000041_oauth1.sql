-- Why: a consumer of OAuth 1.0a signs each request with its own secret and the token's, so both are
-- needed again; what it sends in clear (tokens, verifiers) is needed as digests only.
-- What: request tokens, access tokens, and the nonces that were seen.

CREATE TABLE oauth1_request_tokens (
    digest          bytea PRIMARY KEY CHECK (length(digest) = 32),
    client_id       uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    -- The token, which goes back with the person, and its secret, under the encryption key.
    sealed          bytea NOT NULL,
    -- Where the person goes back to; 'oob' shows them the verifier (RFC 5849 §2.1).
    callback        text NOT NULL,
    scopes          text[] NOT NULL,
    -- Both set when the person has allowed it.
    grant_id        uuid REFERENCES grants ON DELETE CASCADE,
    verifier_digest bytea CHECK (length(verifier_digest) = 32),
    -- Wrong verifiers so far.
    attempts        integer NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    redeemed_at     timestamptz,
    CHECK ((grant_id IS NULL) = (verifier_digest IS NULL)),
    CHECK (redeemed_at IS NULL OR grant_id IS NOT NULL)
);
CREATE INDEX oauth1_request_tokens_grant ON oauth1_request_tokens (grant_id);
CREATE INDEX oauth1_request_tokens_client ON oauth1_request_tokens (client_id);
CREATE INDEX oauth1_request_tokens_expiry ON oauth1_request_tokens (expires_at);

CREATE TABLE oauth1_access_tokens (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    grant_id   uuid NOT NULL REFERENCES grants ON DELETE CASCADE,
    -- The token's secret, under the encryption key.
    sealed     bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX oauth1_access_tokens_grant ON oauth1_access_tokens (grant_id);
CREATE INDEX oauth1_access_tokens_expiry ON oauth1_access_tokens (expires_at);

-- One row a signed request, for longer than its timestamp would be taken: the insert is the check.
CREATE TABLE oauth1_nonces (
    client_id  uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    -- SHA-256 of timestamp, token and nonce: only together must they be new (RFC 5849 §3.3).
    digest     bytea NOT NULL CHECK (length(digest) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, digest)
);
CREATE INDEX oauth1_nonces_expiry ON oauth1_nonces (expires_at);
