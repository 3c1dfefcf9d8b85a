-- Why: with openid2.open_realms, people sign in to relying parties that nobody registered.
-- What: a journey of OpenID 2.0 may have no client; of every other protocol but our own pages it has one.

ALTER TABLE journeys DROP CONSTRAINT journeys_client_check;
ALTER TABLE journeys ADD CONSTRAINT journeys_client_check CHECK (
    CASE protocol WHEN 'account' THEN client_id IS NULL WHEN 'openid2' THEN true ELSE client_id IS NOT NULL END);
