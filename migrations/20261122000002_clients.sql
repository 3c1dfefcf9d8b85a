-- Why: one registration serves a relying party over every protocol it speaks. A client may hold
-- several secrets and certificates at once, so that they can be changed without an outage.
-- What: clients, their secrets and certificates, and word of every change to all instances.

CREATE TABLE clients (
    id                        uuid PRIMARY KEY,
    identifier                text NOT NULL UNIQUE CHECK (length(identifier) BETWEEN 1 AND 128),
    name                      text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    type                      text NOT NULL CHECK (type IN ('confidential', 'public')),
    profile                   text CHECK (profile IN ('aitu', 'dss', 'sso_mn', 'egov_th', 'digital_id_th')),
    organisation_id           uuid,
    flows                     text[] NOT NULL,
    auth_methods              text[] NOT NULL,
    redirect_uris             text[] NOT NULL,
    post_logout_redirect_uris text[] NOT NULL,
    scopes                    text[] NOT NULL,
    resources                 text[] NOT NULL,
    -- The rest of the registration: model::client::ClientSettings.
    settings                  jsonb NOT NULL,
    disabled_at               timestamptz,
    created_at                timestamptz NOT NULL,
    updated_at                timestamptz NOT NULL
);

CREATE TABLE client_secrets (
    id           uuid PRIMARY KEY,
    client_id    uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    -- SHA-256: generated secrets are 256 random bits, so stretching adds nothing.
    digest       bytea NOT NULL CHECK (length(digest) = 32),
    -- The secret itself under the encryption key, for protocols that sign with it (OAuth 1.0a).
    sealed       bytea,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz
);
CREATE INDEX client_secrets_client ON client_secrets (client_id);

CREATE TABLE client_certificates (
    id           uuid PRIMARY KEY,
    client_id    uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
    -- SHA-256 of the SubjectPublicKeyInfo: the only part self_signed_tls_client_auth looks at.
    spki_sha256  bytea NOT NULL CHECK (length(spki_sha256) = 32),
    certificate  bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    UNIQUE (client_id, spki_sha256)
);

CREATE FUNCTION tamga_client_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tamga_changed', 'clients');
    RETURN NULL;
END $$;

-- A secret's last use is bookkeeping, not a change others must hear of.
CREATE TRIGGER clients_changed AFTER INSERT OR UPDATE OR DELETE ON clients
    FOR EACH STATEMENT EXECUTE FUNCTION tamga_client_changed();
CREATE TRIGGER client_secrets_changed AFTER INSERT OR DELETE OR UPDATE OF digest, expires_at ON client_secrets
    FOR EACH STATEMENT EXECUTE FUNCTION tamga_client_changed();
CREATE TRIGGER client_certificates_changed AFTER INSERT OR DELETE OR UPDATE OF spki_sha256, expires_at ON client_certificates
    FOR EACH STATEMENT EXECUTE FUNCTION tamga_client_changed();
