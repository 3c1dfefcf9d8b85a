-- Why: a signed assertion or proof must not be used twice, whichever instance sees it; a token of an
-- application on somebody's device is worth nothing to a thief who lacks the key it is bound to; a
-- person may sign in with a certificate.
-- What: identifiers of assertions and proofs that were used, what codes and refresh tokens are bound
-- to, people's certificates.

CREATE TABLE used_assertions (
    -- SHA-256 over the kind, who made it, and its jti (RFC 7519 §4.1.7).
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    -- It would not be believed any more from then on.
    expires_at timestamptz NOT NULL
);
CREATE INDEX used_assertions_expiry ON used_assertions (expires_at);

-- The DPoP key that the authorization request named (RFC 9449 §10); NULL: any, or none.
ALTER TABLE authorization_codes ADD COLUMN dpop_jkt text;

-- `jkt:` and a JWK thumbprint, or `x5t:` and a certificate's (RFC 9449 §5, RFC 8705 §4); NULL: no key.
ALTER TABLE refresh_tokens ADD COLUMN bound_to text;

CREATE TABLE user_certificates (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- SHA-256 of the whole certificate: it signs in one person, whoever issued it.
    fingerprint  bytea NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
    -- For people to tell them apart.
    subject      text NOT NULL,
    expires_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX user_certificates_user ON user_certificates (user_id);
