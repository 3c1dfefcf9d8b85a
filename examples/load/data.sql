CREATE SCHEMA load;

CREATE FUNCTION load.id(kind int, i int) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN ('0190000' || kind || '-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid;

CREATE FUNCTION load.digest(kind text, i int) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(convert_to('load-' || kind || '-' || i, 'UTF8'));

INSERT INTO users (id, kind, username, username_key, locale, created_at, updated_at)
SELECT load.id(0, i), 'citizen', 'load-' || i, 'load-' || i, 'en', now(), now()
FROM generate_series(0, :users - 1) i;

INSERT INTO user_attributes (user_id, name, value, level, source, verified_at, is_identifier, updated_at)
SELECT load.id(0, i), name, value || i, level, 'operator', CASE WHEN level > 0 THEN now() END,
       name = 'citizen_id', now()
FROM generate_series(0, :users - 1) i,
     (VALUES ('citizen_id', '3', 2), ('first_name', 'First', 2), ('last_name', 'Last', 2),
             ('date_of_birth', '1990-01-01', 2), ('gender', 'female', 1), ('nationality', 'Thai', 1),
             ('email', 'person@example.org', 1), ('mobile_phone', '+668', 1)) AS held (name, value, level);

INSERT INTO passwords (user_id, hash, changed_at)
SELECT load.id(0, i), :hash, now() FROM generate_series(0, :users - 1) i;

INSERT INTO sessions (id, digest, user_id, amr, authenticated_at, last_seen_at, created_at, expires_at)
SELECT load.id(1, i), load.digest('session', i), load.id(0, i), '{pwd}', now(), now(), now(), now() + interval '8 hours'
FROM generate_series(0, :users - 1) i;

INSERT INTO consents (user_id, client_id, scopes, attributes, refused, granted_at, updated_at)
SELECT load.id(0, i), :client, '{openid,profile,email}', :attributes, '{}', now(), now()
FROM generate_series(0, :users - 1) i;

INSERT INTO grants (id, client_id, user_id, session_id, scopes, attributes, id_token_claims, userinfo_claims,
                    resources, amr, auth_time, created_at)
SELECT load.id(2, i), :client, load.id(0, i), load.id(1, i), '{openid,profile,email,offline_access}', :attributes,
       '{}', '{}', '{}', '{pwd}', now(), now()
FROM generate_series(0, :users - 1) i;

INSERT INTO refresh_tokens (digest, grant_id, generation, created_at, expires_at)
SELECT load.digest('refresh', i), load.id(2, i), 0, now(), now() + interval '30 days'
FROM generate_series(0, :users - 1) i;

INSERT INTO grants (id, client_id, user_id, session_id, scopes, attributes, id_token_claims, userinfo_claims,
                    resources, amr, auth_time, created_at)
SELECT load.id(3, i), :client, load.id(0, i % :users), load.id(1, i % :users), '{openid,profile,email}', :attributes,
       '{}', '{}', '{}', '{pwd}', now(), now()
FROM generate_series(0, :codes - 1) i;

INSERT INTO grants (id, client_id, user_id, session_id, scopes, attributes, id_token_claims, userinfo_claims,
                    resources, amr, auth_time, created_at)
SELECT load.id(5, i), :client, load.id(0, i % :users), load.id(1, i % :users), '{profile,email}', :attributes,
       '{}', '{}', '{}', '{pwd}', now(), now()
FROM generate_series(0, :request_tokens - 1) i;

INSERT INTO authorization_codes (digest, grant_id, redirect_uri, code_challenge, nonce, created_at, expires_at)
SELECT load.digest('code', i), load.id(3, i), :redirect_uri, :challenge, 'n-0S6_WzA2Mj', now(), now() + interval '8 hours'
FROM generate_series(0, :codes - 1) i;

INSERT INTO journeys (id, cookie_digest, protocol, client_id, parameters, created_at, expires_at)
SELECT load.id(4, i), load.digest('journey', i), 'oauth2', :client, :parameters, now(), now() + interval '8 hours'
FROM generate_series(0, :journeys - 1) i;
