-- Why: a client that registered itself removes itself when it likes, and operators remove those that
-- nobody uses; each time all that hangs from the client was looked for by reading whole tables.
-- What: indexes by client on the tables that keep rows for long.

CREATE INDEX grants_client ON grants (client_id);
CREATE INDEX consents_client ON consents (client_id);
CREATE INDEX journeys_client ON journeys (client_id);
