//! What developers register, and the pictures they name.

use tamga::{
    ids::ClientId,
    model::{
        client::{AuthMethod, Client, ClientSettings, ClientType, Flow},
        logo::{LARGEST, Logo},
    },
    outbound::fetch::Fetcher,
    protocol::oauth2::{
        redirect_uri::check_registrable,
        registration::{apply::apply, members::Members, policy::Policy},
    },
    settings::Outbound,
};
use time::OffsetDateTime;
use uuid::Uuid;

/// A registration.
pub fn registration(data: &[u8]) {
    let Ok(members) = Members::parse(data) else { return };
    let fetcher = Fetcher::new(&Outbound::default()).unwrap();
    let policy = Policy {
        scopes: vec!["openid".to_owned(), "email".to_owned()],
        flows: vec![Flow::AuthorizationCode, Flow::Implicit, Flow::Hybrid, Flow::RefreshToken],
        methods: AuthMethod::ALL.to_vec(),
        binds_certificates: true,
        fetcher: &fetcher,
    };
    let mut client = unknown();
    if apply(&members, &policy, &mut client).is_err() {
        return;
    }
    // Whatever was said, what is registered keeps to the rules.
    assert!(!client.flows.is_empty() && client.flows.iter().all(|flow| policy.flows.contains(flow)));
    assert!(!client.redirect_uris.is_empty());
    assert!(client.redirect_uris.iter().all(|uri| check_registrable(uri).is_ok()));
    assert!(client.scopes.iter().all(|scope| policy.scopes.contains(scope)));
    assert_eq!(client.auth_methods == [AuthMethod::None], client.client_type == ClientType::Public);
    assert!(!client.name.is_empty() && !client.name.chars().any(char::is_control));
    let party = &client.settings.oidc;
    for page in [&party.client_uri, &party.policy_uri, &party.tos_uri].into_iter().flatten() {
        assert!(page.to_ascii_lowercase().starts_with("https:"), "{page}");
    }
}

/// A logo.
pub fn logo(data: &[u8]) {
    let Ok(logo) = Logo::check(data.to_owned()) else { return };
    assert!(logo.content.len() <= LARGEST && logo.fingerprint().len() == 64);
    assert!(!data.starts_with(b"<"), "nothing that a browser could take for a page");
}

fn unknown() -> Client {
    Client {
        id: ClientId(Uuid::from_u128(1)),
        identifier: "rp".to_owned(),
        name: String::new(),
        client_type: ClientType::Confidential,
        profile: None,
        organisation: None,
        flows: Vec::new(),
        auth_methods: Vec::new(),
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        scopes: Vec::new(),
        resources: Vec::new(),
        settings: ClientSettings::default(),
        secrets: Vec::new(),
        certificates: Vec::new(),
        disabled_at: None,
        created_at: OffsetDateTime::UNIX_EPOCH,
    }
}
