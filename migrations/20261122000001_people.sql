-- Why: a person has one account for every protocol. What an account knows about its owner is
-- kept value by value, each with its own level, source, time and history, because relying
-- parties ask how well each was checked.
-- What: users, user_attributes with history, passwords, other credentials.

CREATE TABLE users (
    id           uuid PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('citizen', 'juristic-person', 'foreigner', 'government-agent')),
    username     text NOT NULL CHECK (length(username) BETWEEN 1 AND 128),
    -- The name in Unicode NFKC and lower case: a name is never given to a second account.
    username_key text NOT NULL UNIQUE,
    locale       text CHECK (locale IN ('en', 'mn', 'kk', 'ru', 'th')),
    disabled_at  timestamptz,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);

CREATE TABLE user_attributes (
    user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name          text NOT NULL,
    value         text NOT NULL CHECK (value <> ''),
    level         smallint NOT NULL CHECK (level BETWEEN 0 AND 3),
    -- Who says so: 'self', 'operator', a registrar, a service.
    source        text NOT NULL,
    verified_at   timestamptz,
    -- Whether the registry calls it an identifier: those are unique among verified ones.
    is_identifier boolean NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (user_id, name),
    CHECK ((level = 0) = (verified_at IS NULL))
);

-- Two accounts can't both hold the same citizen id at level 2 or more.
CREATE UNIQUE INDEX user_attributes_verified_identifier
    ON user_attributes (name, value) WHERE is_identifier AND level >= 2;

CREATE TABLE user_attribute_history (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name        text NOT NULL,
    value       text NOT NULL,
    level       smallint NOT NULL,
    source      text NOT NULL,
    verified_at timestamptz,
    recorded_at timestamptz NOT NULL
);
CREATE INDEX user_attribute_history_user ON user_attribute_history (user_id, name, id);

CREATE TABLE passwords (
    user_id    uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    -- PHC string: algorithm, parameters, salt and hash.
    hash       text NOT NULL,
    changed_at timestamptz NOT NULL
);

-- Everything else a person can prove themselves with: TOTP seeds, passkeys, recovery codes,
-- certificates. `data` is public (a passkey's public key); `sealed` needs the encryption key.
CREATE TABLE credentials (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    kind         text NOT NULL CHECK (kind IN ('totp', 'passkey', 'recovery-code', 'certificate', 'sms', 'mail')),
    label        text,
    data         jsonb NOT NULL,
    sealed       bytea,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX credentials_user ON credentials (user_id, kind);

-- An account with all it holds, as every request that needs a person reads it in one trip.
CREATE VIEW people AS
SELECT u.id, u.kind, u.username, u.username_key, u.locale, u.disabled_at, u.updated_at,
       COALESCE((
           SELECT jsonb_object_agg(a.name, jsonb_build_object(
                      'value', a.value, 'level', a.level, 'source', a.source,
                      'verified_at', floor(extract(epoch FROM a.verified_at))::bigint))
           FROM user_attributes a WHERE a.user_id = u.id
       ), '{}'::jsonb) AS attributes
FROM users u;
