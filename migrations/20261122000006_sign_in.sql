-- Why: people make accounts themselves, sign in by more than a name and a password, and look
-- after their accounts on pages of ours, which are reached by a journey like any client's.
-- What: journeys of our own pages and what their pages note; counts and times of sent codes;
-- single-use links; trusted phones; representatives, roles and files of people; a browser's own
-- throttle allowance; indexes for finding accounts by mail, phone or identifier.

ALTER TABLE journeys DROP CONSTRAINT journeys_protocol_check;
ALTER TABLE journeys ADD CONSTRAINT journeys_protocol_check
    CHECK (protocol IN ('oauth2', 'openid2', 'oauth1', 'account'));
ALTER TABLE journeys ALTER COLUMN client_id DROP NOT NULL;
ALTER TABLE journeys ADD CONSTRAINT journeys_client_check CHECK ((protocol = 'account') = (client_id IS NULL));
-- What pages keep between two requests: model::journey::Notes.
ALTER TABLE journeys ADD COLUMN notes jsonb NOT NULL DEFAULT '{}'::jsonb;

ALTER TABLE throttles DROP CONSTRAINT throttles_kind_check;
-- 'browser': one that signed in to the account before has an allowance of its own.
ALTER TABLE throttles ADD CONSTRAINT throttles_kind_check CHECK (kind IN ('account', 'address', 'browser'));

CREATE INDEX one_time_codes_journey ON one_time_codes (journey_id, purpose);
CREATE INDEX one_time_codes_user ON one_time_codes (user_id, purpose);

-- When a code last went to a phone or mail address: the next may go after a while.
CREATE TABLE code_recipients (
    channel text NOT NULL CHECK (channel IN ('sms', 'mail')),
    -- SHA-256 of the number or address.
    key     bytea NOT NULL CHECK (length(key) = 32),
    sent_at timestamptz NOT NULL,
    PRIMARY KEY (channel, key)
);
CREATE INDEX code_recipients_age ON code_recipients (sent_at);

-- How much was sent or asked within a stretch of time, by whom (an address, a phone) or in all.
CREATE TABLE spends (
    kind      text NOT NULL,
    key       bytea NOT NULL CHECK (length(key) = 32),
    began_at  timestamptz NOT NULL,
    spent     integer NOT NULL CHECK (spent > 0),
    PRIMARY KEY (kind, key, began_at)
);
CREATE INDEX spends_age ON spends (began_at);

-- A link in a message or printed by an operator, good once.
CREATE TABLE password_links (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    purpose    text NOT NULL CHECK (purpose IN ('reset', 'invitation')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX password_links_user ON password_links (user_id);
CREATE INDEX password_links_expiry ON password_links (expires_at);

-- A client's word that a phone was confirmed with it just now (Aitu's otp_confirmation).
CREATE TABLE trusted_phones (
    digest     bytea PRIMARY KEY CHECK (length(digest) = 32),
    client_id  uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    phone      text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
CREATE INDEX trusted_phones_expiry ON trusted_phones (expires_at);

-- Who may act for a juristic person: people, by identifier, whether or not they have an account yet.
CREATE TABLE representatives (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- The identifier's attribute and value: citizen_id, iin, passport_id.
    name       text NOT NULL,
    value      text NOT NULL,
    full_name  text,
    added_at   timestamptz NOT NULL,
    removed_at timestamptz
);
CREATE UNIQUE INDEX representatives_present ON representatives (user_id, name, value) WHERE removed_at IS NULL;
CREATE INDEX representatives_person ON representatives (name, value) WHERE removed_at IS NULL;

-- What a person may do on our own pages beyond their own account.
CREATE TABLE user_roles (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    role       text NOT NULL CHECK (role IN ('registrar', 'agency-administrator')),
    -- The agency an administrator speaks for, as organization.name says it; none for a registrar.
    agency     text,
    granted_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, role),
    CHECK ((role = 'agency-administrator') = (agency IS NOT NULL))
);

-- Binary data of a person: the photo, and documents sent as evidence. Never in a token.
CREATE TABLE user_files (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name       text NOT NULL,
    media_type text NOT NULL,
    content    bytea NOT NULL CHECK (length(content) BETWEEN 1 AND 5242880),
    -- What the person says about a document.
    note       text,
    created_at timestamptz NOT NULL,
    -- When a registrar has looked at it.
    reviewed_at timestamptz
);
CREATE INDEX user_files_user ON user_files (user_id, name, created_at);
CREATE INDEX user_files_unreviewed ON user_files (created_at) WHERE reviewed_at IS NULL AND name = 'document';

-- Set when its owner closed the account: what it held is gone, the name stays taken.
ALTER TABLE users ADD COLUMN closed_at timestamptz;

-- Signing in by mail, phone or identifier: confirmed ones only.
CREATE INDEX user_attributes_sign_in ON user_attributes (lower(value), name)
    WHERE level >= 1 AND (is_identifier OR name IN ('email', 'mobile_phone'));

-- What a person did and what was done to them, on their activity page.
CREATE INDEX journal_actor ON journal (actor_id, seq) WHERE actor_kind = 'user';
CREATE INDEX journal_subject ON journal (subject_id, seq) WHERE subject_kind = 'user';
CREATE INDEX outbox_created ON outbox (created_at);

-- A passkey belongs to one account.
CREATE UNIQUE INDEX credentials_passkey ON credentials ((data->>'credential_id')) WHERE kind = 'passkey';
