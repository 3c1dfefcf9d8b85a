-- Why: some secrets must stay the same for ever, whatever encryption key is in use: people's names at
-- relying parties that may not compare them are made from one, and such a name never changes.
-- What: secrets of the installation, sealed, each made once.

CREATE TABLE installation_secrets (
    name       text PRIMARY KEY,
    -- 256 random bits under the encryption key named in the sealed value.
    sealed     bytea NOT NULL,
    created_at timestamptz NOT NULL
);
