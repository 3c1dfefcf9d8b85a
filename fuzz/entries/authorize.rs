use std::sync::{Arc, OnceLock};

use tamga::{
    clock::Clock,
    crypto::keys::KeyRing,
    form::{Form, append_query},
    ids::ClientId,
    model::client::{AuthMethod, Client, ClientSettings, ClientType, Flow},
    protocol::oauth2::{
        claims::Registry,
        request::{Returnable, Surroundings},
    },
    rng::Rng,
    settings::Settings,
};

/// The query of an authorization request of OAuth 2.0.
pub fn authorize_query(data: &[u8]) {
    static CLIENT: OnceLock<(KeyRing, Arc<Client>)> = OnceLock::new();
    let settings = super::server::settings();
    let (ring, client) = CLIENT.get_or_init(|| (KeyRing::default(), Arc::new(client(settings))));
    let form = Form::parse(data);
    let Ok(returnable) = Returnable::vet(Arc::clone(client), &form) else { return };
    // An answer goes nowhere but to an address that the client registered.
    assert!(client.redirect_uris.contains(&returnable.return_to.redirect_uri));
    let around = Surroundings {
        registry: Registry { scopes: &settings.scopes, attributes: &settings.attributes },
        trust_framework: &settings.oauth2.trust_framework,
        ring,
        pairwise_key: &[7; 32],
        issuer: "https://sso.example",
    };
    match returnable.authorization(&form, &around) {
        Ok(request) => {
            let nonce = request.nonce.unwrap_or_default();
            let query = append_query("https://rp.example/cb?a=%7e", [("nonce", nonce.as_str())]);
            assert!(query.starts_with("https://rp.example/cb?a=%7e&nonce="));
        }
        Err(reject) => {
            // RFC 6749 §4.1.2.1: printable ASCII without quotes and backslashes.
            let allowed = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
            assert!(reject.description().chars().all(allowed));
        }
    }
}

fn client(settings: &Settings) -> Client {
    let at = Clock::System.now();
    Client {
        id: ClientId(Rng::System.uuid(at)),
        identifier: "rp".to_owned(),
        name: "A service".to_owned(),
        client_type: ClientType::Confidential,
        profile: None,
        organisation: None,
        flows: vec![Flow::AuthorizationCode, Flow::RefreshToken],
        auth_methods: vec![AuthMethod::ClientSecretBasic],
        redirect_uris: vec!["https://rp.example/cb".to_owned()],
        post_logout_redirect_uris: Vec::new(),
        scopes: settings.scopes.keys().cloned().collect(),
        resources: vec!["https://api.example/".to_owned()],
        settings: ClientSettings::default(),
        secrets: Vec::new(),
        certificates: Vec::new(),
        disabled_at: None,
        created_at: at,
    }
}
