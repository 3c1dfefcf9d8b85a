use super::*;
use crate::{form::Form, model::openid2::Paths};

const RETURN_TO: &str = "https://rp.example/back?a=b";

fn message(fields: &[(&str, &str)]) -> Message {
    Message::read(&Form::of(fields.iter().copied())).unwrap()
}

fn read(fields: &[(&str, &str)]) -> Result<Authentication, String> {
    let usual = [
        ("openid.ns", "http://specs.openid.net/auth/2.0"),
        ("openid.mode", "checkid_setup"),
        ("openid.return_to", RETURN_TO),
    ];
    let message = message(&[usual.as_slice(), fields].concat());
    let Unvetted { return_to, realm, realm_text } = Unvetted::read(&message)?;
    let to = Returnable { client: None, realm, realm_text, return_to, version: message.version() };
    let around = Surroundings {
        addresses: Addresses { base: "https://sso.example", paths: Paths::Canonical },
        types: &AxTypes::new(),
        registry: &AttributeRegistry::new(),
    };
    to.authentication(&message, &around).map_err(|reject| reject.to_string())
}

#[test]
fn s9_1_the_realm_defaults_to_the_return_address() {
    assert_eq!(read(&[]).unwrap().to.realm_text, RETURN_TO);
    assert_eq!(
        read(&[("openid.realm", "https://rp.example/")]).unwrap().to.realm_text,
        "https://rp.example/"
    );
}

#[test]
fn s9_1_both_identifiers_or_neither() {
    assert_eq!(read(&[]).unwrap().named, None, "neither: the person chooses");
    let both = [("openid.claimed_id", IDENTIFIER_SELECT), ("openid.identity", IDENTIFIER_SELECT)];
    assert_eq!(read(&both).unwrap().named, None);
    let own = "https://sso.example/id/Somchai";
    assert_eq!(
        read(&[("openid.claimed_id", own), ("openid.identity", own)]).unwrap().named.unwrap(),
        "Somchai"
    );
    assert!(read(&both[..1]).unwrap_err().contains("openid.identity is missing"));
    assert!(read(&both[1..]).unwrap_err().contains("openid.claimed_id is missing"));
    // The two forms of one identifier are one.
    let alias = [("openid.claimed_id", own), ("openid.identity", "https://sso.example/user.aspx/Somchai")];
    assert_eq!(read(&alias).unwrap().named.unwrap(), "Somchai");
    let two = [("openid.claimed_id", own), ("openid.identity", "https://sso.example/id/Bat")];
    assert!(read(&two).unwrap_err().contains("openid.claimed_id"));
}

#[test]
fn the_assertion_itself_is_asked_about() {
    assert!(read(&[]).unwrap().requirements.asked.required.contains("openid2_id"));
}

#[test]
fn a_language_is_taken_from_the_user_interface_extension() {
    let lang = [("openid.ns.ui", UI_NS), ("openid.ui.lang", "th-TH,en-US")];
    assert_eq!(read(&lang).unwrap().locale, Some(Locale::Th));
}
