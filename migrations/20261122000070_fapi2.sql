-- Why: a client that keeps to the FAPI 2.0 Security Profile is one by its registration.
-- What: one more profile.

ALTER TABLE clients DROP CONSTRAINT clients_profile_check;
ALTER TABLE clients ADD CONSTRAINT clients_profile_check
    CHECK (profile IN ('aitu', 'dss', 'sso_mn', 'egov_th', 'digital_id_th', 'fapi2'));
