use tamga::{
    crypto::{
        certificate::{Certificate, Chain},
        distinguished_name::DistinguishedName,
        jwk::{JwkSet, PublicKey},
    },
    protocol::oauth2::{
        client_assertion::Assertion,
        dpop::{Proof, Request},
    },
};
use time::macros::datetime;

/// The assertion of a client, and the keys it publishes.
pub fn client_assertion(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(assertion) = Assertion::read(text) {
        // Which client it names is all that may be used before it is verified.
        assert!(!assertion.method().word().is_empty() && assertion.claims.sub.len() <= text.len());
    }
    if let Ok(json) = serde_json::from_str(text) {
        let set = JwkSet::read(&json).unwrap_or_default();
        assert!(set.candidates(None).count() <= 32);
        if let Ok(key) = PublicKey::read(&json) {
            assert_eq!(key.thumbprint().len(), 43);
            assert!(json.get("d").is_none(), "a private key is never taken");
        }
    }
}

/// A DPoP proof.
pub fn dpop(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(proof) = Proof::read(text) else { return };
    assert_eq!(proof.jkt.len(), 43);
    let addresses = ["https://sso.example/oauth2/token".to_owned()];
    let request = Request { method: "POST", addresses: &addresses, access_token: None };
    // The corpus was signed at this time; whatever the answer, it is the same again.
    let now = datetime!(2026-03-01 09:00 UTC);
    assert_eq!(proof.check(&request, now), proof.check(&request, now));
}

/// A certificate, and a name as people write it.
pub fn certificate(data: &[u8]) {
    if let Ok(read) = Certificate::from_file(data) {
        let shown = read.subject.to_string();
        assert!(!shown.chars().any(char::is_control), "a name is shown to people, and logged");
        assert_eq!(read.thumbprint().len(), 43);
        let chain = Chain::parse([read.der.as_ref(), data]).expect("its first is one");
        assert_eq!(chain.leaf.key(), read.key());
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Some(name) = DistinguishedName::parse(text)
    {
        assert!(name.is(&name));
    }
}
