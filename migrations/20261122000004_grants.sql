-- Why: what a person allowed hangs from one row, so that one write ends all of it: a replayed
-- code, a reused refresh token, a withdrawn consent.
-- What: grants, authorization codes, refresh tokens, revoked access tokens.

CREATE TABLE grants (
    id           uuid PRIMARY KEY,
    client_id    uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    session_id   uuid REFERENCES sessions ON DELETE SET NULL,
    scopes       text[] NOT NULL,
    -- Names of the attributes consented to: what a token or userinfo may carry, and no more.
    attributes   text[] NOT NULL,
    -- Claims named by the `claims` parameter, for id_token and userinfo apart.
    id_token_claims text[] NOT NULL,
    userinfo_claims text[] NOT NULL,
    resources    text[] NOT NULL,
    amr          text[] NOT NULL,
    auth_time    timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    revoked_at   timestamptz
);
CREATE INDEX grants_user ON grants (user_id, client_id) WHERE revoked_at IS NULL;
CREATE INDEX grants_session ON grants (session_id);
CREATE INDEX grants_created ON grants (created_at);

CREATE TABLE authorization_codes (
    digest         bytea PRIMARY KEY CHECK (length(digest) = 32),
    grant_id       uuid NOT NULL REFERENCES grants ON DELETE CASCADE,
    -- NULL when the request named none (RFC 6749 §4.1.3).
    redirect_uri   text,
    code_challenge text,
    nonce          text,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    redeemed_at    timestamptz
);
CREATE INDEX authorization_codes_grant ON authorization_codes (grant_id);
CREATE INDEX authorization_codes_expiry ON authorization_codes (expires_at);

CREATE TABLE refresh_tokens (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    grant_id   uuid NOT NULL REFERENCES grants ON DELETE CASCADE,
    -- Place in the family: only the youngest, or within the grace the one before it, is honoured.
    generation integer NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    rotated_at timestamptz,
    UNIQUE (grant_id, generation)
);
CREATE INDEX refresh_tokens_expiry ON refresh_tokens (expires_at);

-- Access tokens are JWTs; only those revoked before their time need a row.
CREATE TABLE revoked_access_tokens (
    id         uuid PRIMARY KEY,
    expires_at timestamptz NOT NULL
);
CREATE INDEX revoked_access_tokens_expiry ON revoked_access_tokens (expires_at);

-- A grant with its person, as every token request reads it: one object, so that the statements
-- that need it (code, refresh, userinfo, introspection) name it once.
CREATE VIEW granted AS
SELECT g.id, g.client_id, g.user_id,
       (g.revoked_at IS NOT NULL OR p.disabled_at IS NOT NULL) AS dead,
       jsonb_build_object(
           'id', g.id, 'client_id', g.client_id, 'user_id', g.user_id, 'session_id', g.session_id,
           'scopes', g.scopes, 'attributes', g.attributes, 'id_token_claims', g.id_token_claims,
           'userinfo_claims', g.userinfo_claims, 'resources', g.resources, 'amr', g.amr,
           'auth_time', floor(extract(epoch FROM g.auth_time))::bigint,
           'created_at', floor(extract(epoch FROM g.created_at))::bigint,
           'kind', p.kind, 'username', p.username, 'locale', p.locale,
           'updated_at', floor(extract(epoch FROM p.updated_at))::bigint,
           'held', p.attributes) AS body
FROM grants g JOIN people p ON p.id = g.user_id;
