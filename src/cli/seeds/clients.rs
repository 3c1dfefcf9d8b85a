//! The demonstration's registrations.

use time::OffsetDateTime;

use super::{
    DEMO_AITU, DEMO_DEVICE, DEMO_LOGOUT, DEMO_OAUTH1, DEMO_OIDC, DEMO_OPENID2, DEMO_PAR, DEMO_SERVICE,
    DEMO_SIGNER, DEMO_SPA,
};
use crate::{
    demo::RESOURCE,
    ids::ClientId,
    model::{
        act_for::ActFor,
        client::{AuthMethod, Client, ClientSettings, ClientType, Flow, Profile},
        relying_party::RelyingParty,
        user::UserKind,
    },
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

/// The client behind `/demo/logout`, which is told of logouts by both ways.
pub fn demo_logout(base: &str, rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        name: "Demonstration shop".to_owned(),
        client_type: ClientType::Confidential,
        auth_methods: vec![AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost],
        redirect_uris: vec![format!("{base}/demo/logout/callback")],
        post_logout_redirect_uris: vec![format!("{base}/demo/logout/done")],
        settings: ClientSettings {
            require_pkce: true,
            oidc: RelyingParty {
                backchannel_logout_uri: Some(format!("{base}/demo/logout/backchannel")),
                backchannel_logout_session_required: true,
                frontchannel_logout_uri: Some(format!("{base}/demo/logout/frontchannel")),
                frontchannel_logout_session_required: true,
                ..RelyingParty::default()
            },
            ..ClientSettings::default()
        },
        ..client(DEMO_LOGOUT, rng, now)
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

/// The client behind `/demo/openid2`: known by its realm, it has no secret.
pub fn demo_openid2(base: &str, rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        name: "Demonstration service (OpenID 2.0)".to_owned(),
        flows: vec![Flow::Openid2],
        auth_methods: vec![AuthMethod::None],
        scopes: Vec::new(),
        settings: ClientSettings {
            openid2_realms: vec![format!("{base}/demo/openid2")],
            ..ClientSettings::for_profile(Some(Profile::EgovTh))
        },
        profile: Some(Profile::EgovTh),
        ..client(DEMO_OPENID2, rng, now)
    }
}

/// The client behind `/demo/oauth1`: its consumer key and secret are its identifier and secret.
pub fn demo_oauth1(base: &str, rng: &Rng, now: OffsetDateTime) -> Client {
    let scopes = ["profile", "citizen_id", "iin", "passport_id", "juristic_id", "organization"];
    Client {
        name: "Demonstration service (OAuth 1.0a)".to_owned(),
        client_type: ClientType::Confidential,
        flows: vec![Flow::Oauth1],
        scopes: scopes.into_iter().chain(["email", "phone", "address"]).map(str::to_owned).collect(),
        settings: ClientSettings {
            oauth1_callbacks: vec![format!("{base}/demo/oauth1/callback")],
            ..ClientSettings::default()
        },
        ..client(DEMO_OAUTH1, rng, now)
    }
}

/// The device behind `/demo/device`: it can keep no secret, and has no address to be returned to.
pub fn demo_device(rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        name: "Demonstration television".to_owned(),
        client_type: ClientType::Public,
        auth_methods: vec![AuthMethod::None],
        flows: vec![Flow::DeviceCode, Flow::RefreshToken],
        ..client(DEMO_DEVICE, rng, now)
    }
}

/// The client behind `/demo/par`, which signs with the key that these are the public half of.
pub fn demo_par(base: &str, jwks: serde_json::Value, rng: &Rng, now: OffsetDateTime) -> Client {
    let usual = ClientSettings::for_profile(Some(Profile::Fapi2));
    Client {
        name: "Demonstration bank".to_owned(),
        client_type: ClientType::Confidential,
        profile: Some(Profile::Fapi2),
        auth_methods: vec![AuthMethod::PrivateKeyJwt],
        redirect_uris: vec![format!("{base}/demo/par/callback")],
        post_logout_redirect_uris: vec![format!("{base}/demo")],
        settings: ClientSettings {
            jwks: Some(jwks),
            dpop_bound_access_tokens: true,
            oidc: RelyingParty { require_signed_request_object: true, ..usual.oidc.clone() },
            ..usual
        },
        ..client(DEMO_PAR, rng, now)
    }
}

/// The service client behind `/demo/service`: it acts for citizens.
pub fn demo_service(rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        name: "Demonstration system".to_owned(),
        flows: vec![Flow::ResourceOwner, Flow::ClientCredentials, Flow::TokenExchange, Flow::Confirmation],
        settings: ClientSettings {
            suppress_auth_for_issue: true,
            act_for: vec![ActFor::Kind(UserKind::Citizen)],
            ..ClientSettings::default()
        },
        ..system(DEMO_SERVICE, rng, now)
    }
}

/// The client behind `/demo/service` whose people confirm.
pub fn demo_signer(rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        name: "Demonstration signing service".to_owned(),
        flows: vec![Flow::Confirmation],
        ..system(DEMO_SIGNER, rng, now)
    }
}

/// A client without a browser.
fn system(identifier: &str, rng: &Rng, now: OffsetDateTime) -> Client {
    Client {
        client_type: ClientType::Confidential,
        auth_methods: vec![AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost],
        scopes: Vec::new(),
        resources: vec![RESOURCE.to_owned()],
        ..client(identifier, rng, now)
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
        certificates: Vec::new(),
        disabled_at: None,
        created_at: now,
    }
}
