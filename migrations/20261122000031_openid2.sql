-- Why: an answer of OpenID 2.0 is confirmed by direct verification once (OpenID Authentication 2.0
-- §11.4.2.1); the insert decides it.
-- What: answers that were confirmed, as digests of their handle and nonce, until the handle expires.

CREATE TABLE openid2_confirmations (
    answer     bytea PRIMARY KEY CHECK (length(answer) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX openid2_confirmations_expiry ON openid2_confirmations (expires_at);
