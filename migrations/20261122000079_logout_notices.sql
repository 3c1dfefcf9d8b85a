-- Why: relying parties must hear of the end of a session they took part in, however it ended: by the
-- person, from another device, by a new password, by an operator. A place that ends sessions and
-- forgets to tell would leave people signed in somewhere, so the database tells: in the transaction that ends
-- the session, once, because a session ends once.
-- What: notices of logouts in the outbox (OpenID Connect Back-Channel Logout 1.0).

ALTER TABLE outbox DROP CONSTRAINT outbox_channel_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_channel_check CHECK (channel IN ('sms', 'mail', 'webhook', 'logout'));

-- One notice a client: its id is made of the two, so that it is also the token's stable `jti`. The
-- token itself is signed at each delivery.
CREATE FUNCTION tamga_tell_of_logout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (id, channel, recipient, body, created_at, attempts, next_attempt_at, expires_at)
    SELECT encode(substr(sha256(convert_to(NEW.id::text || c.id::text, 'UTF8')), 1, 16), 'hex')::uuid,
           'logout', c.settings->>'backchannel_logout_uri',
           jsonb_build_object('client', c.identifier, 'user', NEW.user_id, 'session', NEW.id)::text,
           NEW.ended_at, 0, NEW.ended_at, NEW.ended_at + interval '1 hour'
    FROM (SELECT DISTINCT client_id FROM grants
          WHERE session_id = NEW.id AND 'openid' = ANY (scopes)) AS took_part
         JOIN clients c ON c.id = took_part.client_id
    WHERE c.settings->>'backchannel_logout_uri' IS NOT NULL AND c.disabled_at IS NULL
    ON CONFLICT (id) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_ended AFTER UPDATE OF ended_at ON sessions
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION tamga_tell_of_logout();
