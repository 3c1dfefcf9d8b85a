-- Why: instances share nothing but this database; whoever reads a copy of it must not be able to
-- sign in our name, and whoever changes it must not be able to hide that.
-- What: signing keys (sealed), the journal with its chain, the outbox.

CREATE TABLE signing_keys (
    kid          text PRIMARY KEY,
    algorithm    text NOT NULL CHECK (algorithm IN ('RS256', 'ES256', 'PS256', 'EdDSA')),
    public_jwk   jsonb NOT NULL,
    -- PKCS#8 under the encryption key named in the sealed value.
    sealed       bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Published from created_at, so that relying parties know a key before it signs; signs from
    -- active_at (NULL: it waits its turn) until the next is active; published until retired_at.
    active_at    timestamptz,
    retired_at   timestamptz
);
-- One key of each algorithm waits.
CREATE UNIQUE INDEX signing_keys_waiting ON signing_keys (algorithm) WHERE active_at IS NULL AND retired_at IS NULL;

CREATE FUNCTION tamga_keys_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tamga_changed', 'keys');
    RETURN NULL;
END $$;
CREATE TRIGGER signing_keys_changed AFTER INSERT OR UPDATE OR DELETE ON signing_keys
    FOR EACH STATEMENT EXECUTE FUNCTION tamga_keys_changed();

CREATE TABLE journal (
    seq          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at           timestamptz NOT NULL,
    actor_kind   text NOT NULL,
    actor_id     text,
    action       text NOT NULL,
    subject_kind text NOT NULL,
    subject_id   text,
    address      text,
    request_id   uuid,
    before       jsonb,
    after        jsonb,
    batch        bigint
);
CREATE INDEX journal_unsealed ON journal (seq) WHERE batch IS NULL;
CREATE INDEX journal_batch ON journal (batch, seq);

CREATE TABLE journal_batches (
    batch         bigint PRIMARY KEY,
    entries       bigint NOT NULL CHECK (entries > 0),
    previous_hash bytea NOT NULL CHECK (length(previous_hash) = 32),
    hash          bytea NOT NULL CHECK (length(hash) = 32),
    sealed_at     timestamptz NOT NULL
);

-- Append-only: the one change a line may see is being given its batch, once.
CREATE FUNCTION tamga_journal_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'journal' THEN
        IF OLD.batch IS NULL AND NEW.batch IS NOT NULL
           AND (OLD.seq, OLD.at, OLD.actor_kind, OLD.action, OLD.subject_kind)
             = (NEW.seq, NEW.at, NEW.actor_kind, NEW.action, NEW.subject_kind)
           AND (OLD.actor_id, OLD.subject_id, OLD.address, OLD.request_id, OLD.before, OLD.after)
             IS NOT DISTINCT FROM (NEW.actor_id, NEW.subject_id, NEW.address, NEW.request_id, NEW.before, NEW.after)
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION tamga_journal_refuses();
CREATE TRIGGER journal_batches_append_only BEFORE UPDATE OR DELETE ON journal_batches
    FOR EACH ROW EXECUTE FUNCTION tamga_journal_refuses();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION tamga_journal_refuses();
CREATE TRIGGER journal_batches_no_truncate BEFORE TRUNCATE ON journal_batches
    FOR EACH STATEMENT EXECUTE FUNCTION tamga_journal_refuses();

CREATE TABLE outbox (
    id           uuid PRIMARY KEY,
    channel      text NOT NULL CHECK (channel IN ('sms', 'mail', 'webhook')),
    recipient    text NOT NULL,
    subject      text,
    body         text NOT NULL,
    created_at   timestamptz NOT NULL,
    attempts     integer NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    leased_until timestamptz,
    delivered_at timestamptz,
    failed_at    timestamptz
);
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE delivered_at IS NULL AND failed_at IS NULL;
