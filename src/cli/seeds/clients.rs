//! The demonstration's registrations.

use time::OffsetDateTime;

use super::{DEMO_AITU, DEMO_OIDC, DEMO_SPA};
use crate::{
    ids::ClientId,
    model::client::{AuthMethod, Client, ClientSettings, ClientType, Flow, Profile},
    rng::Rng,
};

/// The client behind `/demo/oidc`.
pub fn demo_oidc(base: &str, rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        name: "Demonstration service".to_owned(),
        client_type: ClientType::Confidential,
        auth_methods: vec![AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost],
        redirect_uris: vec![format!("{base}/demo/oidc/callback")],
        post_logout_redirect_uris: vec![format!("{base}/demo")],
        settings: ClientSettings { require_pkce: true, ..ClientSettings::default() },
        ..client(DEMO_OIDC, rng, now)
    }
}

/// A client for trying an application on one's own machine.
pub fn demo_spa(rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        name: "Demonstration application".to_owned(),
        client_type: ClientType::Public,
        auth_methods: vec![AuthMethod::None],
        // RFC 8252 §7.3: on a loopback address any port will do.
        redirect_uris: vec!["http://127.0.0.1/callback".to_owned(), "http://[::1]/callback".to_owned()],
        ..client(DEMO_SPA, rng, now)
    }
}

/// The client behind `/demo/aitu`; its IINs are checked with this key.
pub fn demo_aitu(base: &str, iin_public_key: String, rng: &Rng, now: OffsetDateTime) -> Client {
    let scopes = ["openid", "first_name", "last_name", "middle_name", "birth_date", "iin", "phone"];
    Client {
        name: "Aitu-style service".to_owned(),
        client_type: ClientType::Confidential,
        profile: Some(Profile::Aitu),
        flows: vec![Flow::AuthorizationCode],
        auth_methods: vec![AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost],
        redirect_uris: vec![format!("{base}/demo/aitu/callback")],
        post_logout_redirect_uris: vec![format!("{base}/demo")],
        scopes: scopes.map(str::to_owned).to_vec(),
        settings: ClientSettings {
            iin_public_key: Some(iin_public_key),
            trusted_phone: true,
            ..ClientSettings::for_profile(Some(Profile::Aitu))
        },
        ..client(DEMO_AITU, rng, now)
    }
}

/// What all have in common.
fn client(identifier: &str, rng: &Rng, now: OffsetDateTime) -> Client {
    let scopes = ["openid", "profile", "email", "phone", "address", "offline_access"];
    Client {
        id: ClientId(rng.uuid(now)),
        identifier: identifier.to_owned(),
        name: identifier.to_owned(),
        client_type: ClientType::Public,
        profile: None,
        organisation: None,
        flows: vec![Flow::AuthorizationCode, Flow::RefreshToken],
        auth_methods: Vec::new(),
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        scopes: scopes.map(str::to_owned).to_vec(),
        resources: Vec::new(),
        settings: ClientSettings::default(),
        secrets: Vec::new(),
        disabled_at: None,
        created_at: now,
    }
}
