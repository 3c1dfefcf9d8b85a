-- Why: a client asks that a person confirm a sign-in or an operation with their second factor, while
-- the client talks to the person, not we. Several requests, perhaps to several instances, make one
-- confirmation: what became of it is decided once, and its token is given once.
-- What: confirmations, and the one-time codes that belong to them.

CREATE TABLE confirmations (
    -- Also the RefID on the wire.
    id           uuid PRIMARY KEY,
    client_id    uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    subject      text NOT NULL CHECK (subject IN ('login', 'operation', 'transaction')),
    -- The client's own name of the operation or transaction; empty for a sign-in.
    reference    text NOT NULL,
    -- What the token will be for; empty: this server.
    resource     text NOT NULL,
    -- How the person answers.
    way          text NOT NULL CHECK (way IN ('totp', 'sms', 'mail', 'account')),
    callback_uri text,
    attempts     integer NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    outcome      text CHECK (outcome IN ('confirmed', 'cancelled', 'code_exhausted', 'expired')),
    decided_at   timestamptz,
    -- How the person proved themselves: RFC 8176 words, known when confirmed.
    amr          text[] NOT NULL,
    -- When the token was given.
    finished_at  timestamptz,
    CHECK ((outcome IS NULL) = (decided_at IS NULL)),
    CHECK ((subject = 'login') = (reference = '')),
    CHECK (finished_at IS NULL OR outcome = 'confirmed')
);
-- A request that is repeated gets the confirmation that is open; two at once open one.
CREATE UNIQUE INDEX confirmations_open ON confirmations (client_id, user_id, subject, reference, resource)
    WHERE outcome IS NULL OR (outcome = 'confirmed' AND finished_at IS NULL);
-- What waits for the person, on their page.
CREATE INDEX confirmations_waiting ON confirmations (user_id, created_at) WHERE outcome IS NULL;
-- What nobody answered in time.
CREATE INDEX confirmations_undecided ON confirmations (expires_at) WHERE outcome IS NULL;
CREATE INDEX confirmations_expiry ON confirmations (expires_at);

ALTER TABLE one_time_codes ADD COLUMN confirmation_id uuid REFERENCES confirmations ON DELETE CASCADE;
CREATE INDEX one_time_codes_confirmation ON one_time_codes (confirmation_id) WHERE confirmation_id IS NOT NULL;
