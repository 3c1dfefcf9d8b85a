-- Why: a client may ask that the person act for an organisation (Aitu's `bin`); every token of the
-- grant says for whom, however often it is refreshed.
-- What: the organisation's number with the grant, and in the view that reads one.

ALTER TABLE grants ADD COLUMN acting_for text;

CREATE OR REPLACE VIEW granted AS
SELECT g.id, g.client_id, g.user_id,
       (g.revoked_at IS NOT NULL OR p.disabled_at IS NOT NULL) AS dead,
       jsonb_build_object(
           'id', g.id, 'client_id', g.client_id, 'user_id', g.user_id, 'session_id', g.session_id,
           'scopes', g.scopes, 'attributes', g.attributes, 'id_token_claims', g.id_token_claims,
           'userinfo_claims', g.userinfo_claims, 'resources', g.resources, 'amr', g.amr,
           'acting_for', g.acting_for,
           'auth_time', floor(extract(epoch FROM g.auth_time))::bigint,
           'created_at', floor(extract(epoch FROM g.created_at))::bigint,
           'kind', p.kind, 'username', p.username, 'locale', p.locale,
           'updated_at', floor(extract(epoch FROM p.updated_at))::bigint,
           'held', p.attributes) AS body
FROM grants g JOIN people p ON p.id = g.user_id;
