use std::sync::OnceLock;

use tamga::{
    clock::Clock,
    crypto::sealed::Sealer,
    form::Form,
    model::{openid2::Paths, realm::Realm},
    protocol::openid2::{
        association::{AssocType, Association, Kind},
        association_request::{AssociationRequest, Session},
        direct::Refusal,
        fields::Fields,
        identity::Addresses,
        message::{AX_NS, Message},
        request::{Returnable, Surroundings, Unvetted},
        signature::{sign, verify},
    },
    rng::Rng,
};

/// A direct or indirect request of OpenID 2.0; the same bytes as lines.
pub fn openid2_message(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        key_value(text);
    }
    let message = match Message::read(&Form::parse(data)) {
        Ok(message) => message,
        Err(unreadable) => unreadable.rest,
    };
    for (key, value) in message.iter() {
        // Each stands there once, and as text without NUL.
        assert_eq!(message.iter().filter(|(other, _)| *other == key).count(), 1);
        assert!(!value.contains('\0'));
    }
    if let Some(alias) = message.alias_of(AX_NS) {
        assert!(!alias.is_empty() && !alias.contains([',', '.', ':', '\n']));
        assert!(message.under(alias).count() <= message.iter().count());
    }
    match AssociationRequest::read(&message) {
        Ok(request) => {
            // Only the default modulus: what a larger one costs is bounded, but not cheap.
            if let Session::DiffieHellman(hash, exchange) = request.session
                && !exchange.is_costly()
            {
                exchange.mask(hash, &vec![0; hash.length()], &Rng::seeded(1));
            }
        }
        Err(bad) => assert!(!Refusal::from(bad).to_string().contains('\n')),
    }
    signature(&message);
    authentication(&message);
}

/// A request through the browser: what is read of it goes back nowhere but into its own realm.
fn authentication(message: &Message) {
    let Ok(Unvetted { return_to, realm, realm_text }) = Unvetted::read(message) else { return };
    assert!(realm.contains_url(&return_to) && realm.lies_in(&realm));
    assert!(Realm::parse(&realm_text).is_ok() && return_to.bytes().all(|byte| byte.is_ascii_graphic()));
    let to = Returnable { client: None, realm, realm_text, return_to, version: message.version() };
    let settings = super::server::settings();
    let around = Surroundings {
        addresses: Addresses { base: "https://sso.example", paths: Paths::Canonical },
        types: &settings.openid2.attributes,
        registry: &settings.attributes,
    };
    if let Ok(request) = to.authentication(message, &around)
        && let Some(name) = request.named
    {
        // The name that was read is the one that its address tells.
        assert_eq!(around.addresses.name_in(&around.addresses.identity(&name)), Some(name));
    }
}

/// What can be read as lines is written the same.
fn key_value(text: &str) {
    if let Ok(fields) = Fields::from_key_value(text) {
        assert_eq!(fields.to_key_value().as_deref(), Ok(text));
        let again = fields.to_pairs();
        assert_eq!(again.len(), fields.iter().count());
    }
}

/// No message is right that we did not sign; and what we sign of it is right.
fn signature(message: &Message) {
    static ASSOCIATION: OnceLock<Association> = OnceLock::new();
    let association = ASSOCIATION.get_or_init(|| {
        let sealer = Sealer::new([("fuzz", &[7; 32])]).expect("a key");
        let until = Clock::System.now() + std::time::Duration::from_secs(3_600);
        Association::issue(&sealer, &Rng::System, Kind::Private, AssocType::HmacSha256, until)
            .expect("an association")
            .1
    });
    assert!(verify(association, message).is_err());
    let mut fields = Fields::new();
    for (key, value) in message.iter().filter(|(key, _)| !["mode", "sig", "signed", "ns"].contains(key)) {
        fields.set(key, value);
    }
    let keys: Vec<String> = fields.iter().map(|(key, _)| key.to_owned()).collect();
    let signed: Vec<&str> = keys.iter().map(String::as_str).collect();
    let Ok(signature) = sign(association, &fields, &signed) else { return };
    if signed.is_empty() || signed.contains(&"") {
        return;
    }
    let fields = fields.with("signed", signed.join(",")).with("sig", signature);
    let pairs = fields.to_pairs();
    let form = Form::of(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    if let Ok(message) = Message::read(&form) {
        assert_eq!(verify(association, &message), Ok(()));
    }
}
