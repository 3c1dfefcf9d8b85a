-- Why: developers may register their clients themselves, some only with a token that an operator gave
-- them, and read, change and remove what they registered later (RFC 7591, RFC 7592).
-- What: the operators' tokens, and what there is of a client that registered itself beside the client.

CREATE TABLE registration_tokens (
    id           uuid PRIMARY KEY,
    -- SHA-256 of 256 random bits.
    digest       bytea NOT NULL UNIQUE CHECK (length(digest) = 32),
    -- How many clients it may still register; counted by the write that registers one.
    uses_left    integer NOT NULL CHECK (uses_left >= 0),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    last_used_at timestamptz
);

CREATE TABLE client_registrations (
    client_id             uuid PRIMARY KEY REFERENCES clients ON DELETE CASCADE,
    -- SHA-256 of the token with which it is read and changed.
    digest                bytea NOT NULL CHECK (length(digest) = 32),
    -- The operator's token it was registered with, which may be gone by now; NULL: none was needed.
    registration_token_id uuid,
    -- What was registered and the client itself has no place for: response_types, grant_types ...
    metadata              jsonb NOT NULL,
    created_at            timestamptz NOT NULL,
    updated_at            timestamptz NOT NULL
);
CREATE INDEX client_registrations_age ON client_registrations (created_at);
