//! Signatures (OpenID Authentication 2.0 §6): the signed fields as lines, under the association's
//! HMAC.

use std::collections::{HashMap, HashSet};

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;

use super::{
    association::{AssocType, Association},
    fields::{Fields, NotKeyValue, push_line},
    message::{Message, Version},
};

/// Why fields can't be signed. Ours to fix: what can't be told as a line must not get this far.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsignable {
    /// The list names a field that is not there.
    #[error("a field that is to be signed is missing: {0}")]
    Missing(String),
    /// A name with a comma would be read as two.
    #[error("the name of a field holds a comma")]
    Comma,
    /// A field that is no line.
    #[error(transparent)]
    Line(#[from] NotKeyValue),
}

/// Why a message is not as we signed it. For the log alone; holds nothing of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAsSigned {
    /// `signed` or `sig` is missing.
    #[error("signed or sig is missing")]
    NoSignature,
    /// A field that must be signed is not in the list.
    #[error("a field that must be signed is not in signed")]
    Uncovered,
    /// A field came that was not signed: the relying party could believe it.
    #[error("a field came that is not in signed")]
    Unsigned,
    /// The list names a field that did not come, or names one twice.
    #[error("signed names a field that did not come, or one twice")]
    Missing,
    /// The signature is another.
    #[error("the signature is wrong")]
    Wrong,
}

/// Fields that an answer always has beside its signed ones, or whose value is the signature's own.
const BESIDE: [&str; 5] = ["ns", "mode", "sig", "signed", "invalidate_handle"];

/// OpenID 2.0 §10.1: what must be signed; identifiers only if present.
const ALWAYS_SIGNED: [&str; 4] = ["op_endpoint", "return_to", "response_nonce", "assoc_handle"];

/// `openid.sig` over the fields of `signed`, in the order of the list (§6.1). The list itself is to be
/// sent as `openid.signed`, joined by commas.
///
/// # Errors
/// [`Unsignable`] when a field is missing or can't be told as a line.
pub fn sign(association: &Association, fields: &Fields, signed: &[&str]) -> Result<String, Unsignable> {
    let mut lines = String::new();
    for key in signed {
        if key.contains(',') {
            return Err(Unsignable::Comma);
        }
        let value = fields.get(key).ok_or_else(|| Unsignable::Missing((*key).to_owned()))?;
        push_line(&mut lines, key, value)?;
    }
    Ok(STANDARD.encode(hmac::sign(&key(association), lines.as_bytes())))
}

/// Whether a message holds an answer exactly as we signed it with `association`: every field that
/// came is signed, every signed one came, none is changed.
///
/// # Errors
/// [`NotAsSigned`] saying what differs.
pub fn verify(association: &Association, message: &Message) -> Result<(), NotAsSigned> {
    let (Some(signed), Some(signature)) = (message.get("signed"), message.get("sig")) else {
        return Err(NotAsSigned::NoSignature);
    };
    let came: HashMap<&str, &str> = message.iter().collect();
    let list: Vec<&str> = signed.split(',').collect();
    let covered: HashSet<&str> = list.iter().copied().collect();
    if message.version() == Version::V2 && !ALWAYS_SIGNED.iter().all(|key| covered.contains(key)) {
        return Err(NotAsSigned::Uncovered);
    }
    // In OpenID 1.1 the handle need not be signed; another handle opens another key.
    let beside =
        |key: &str| BESIDE.contains(&key) || message.version() == Version::V1 && key == "assoc_handle";
    if came.keys().any(|key| !covered.contains(key) && !beside(key)) {
        return Err(NotAsSigned::Unsigned);
    }
    if covered.len() != list.len() {
        return Err(NotAsSigned::Missing);
    }
    let mut lines = String::new();
    for key in list {
        // OpenID 2.0 §11.4.2.1: "Exact copies of all fields from the authentication response, except
        // for "openid.mode"", which was id_res.
        let value = if key == "mode" { Some(&"id_res") } else { came.get(key) };
        let value = value.ok_or(NotAsSigned::Missing)?;
        // What can't be told as a line was never signed by us; as other lines it must not pass.
        push_line(&mut lines, key, value).map_err(|_| NotAsSigned::Wrong)?;
    }
    let signature = STANDARD.decode(signature).map_err(|_| NotAsSigned::Wrong)?;
    // Compared in constant time: a signature must not be guessed byte by byte.
    hmac::verify(&key(association), lines.as_bytes(), &signature).map_err(|_| NotAsSigned::Wrong)
}

fn key(association: &Association) -> hmac::Key {
    let algorithm = match association.assoc_type {
        // OpenID 2.0 §6.2 demands it; HMAC does not rest on SHA-1's resistance to collisions.
        AssocType::HmacSha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        AssocType::HmacSha256 => hmac::HMAC_SHA256,
    };
    hmac::Key::new(algorithm, association.mac_key())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Form;

    fn association(assoc_type: AssocType) -> Association {
        let length = if assoc_type == AssocType::HmacSha1 { 20 } else { 32 };
        Association::with_key(assoc_type, &(0..length).collect::<Vec<u8>>())
    }

    const SIGNED: [&str; 6] =
        ["op_endpoint", "claimed_id", "return_to", "response_nonce", "assoc_handle", "ax.value.name"];

    fn fields() -> Fields {
        Fields::new()
            .with("op_endpoint", "https://sso.example/openid2")
            .with("claimed_id", "https://sso.example/id/Somchai")
            .with("return_to", "https://rp.example/cb?a=1&b=2")
            .with("response_nonce", "2026-03-01T09:00:00Zabc")
            .with("assoc_handle", "h")
            .with("ax.value.name", "\u{e2a}\u{e21}\u{e0a}\u{e32}\u{e22}: \u{e43}\u{e08}\u{e14}\u{e35}")
    }

    fn answer() -> Fields {
        let signature = sign(&association(AssocType::HmacSha256), &fields(), &SIGNED).unwrap();
        Fields::new()
            .with("ns", super::super::message::OPENID2_NS)
            .with("mode", "check_authentication")
            .with("signed", SIGNED.join(","))
            .with("sig", signature)
    }

    /// What `verify` says to our answer with `change` over it; `None` leaves out.
    fn verify_with(change: &[(&str, Option<&str>)]) -> Result<(), NotAsSigned> {
        let mut all: Vec<(String, String)> = fields().to_pairs();
        all.extend(answer().to_pairs());
        for (key, value) in change {
            let key = format!("openid.{key}");
            let at = all.iter().position(|(known, _)| *known == key);
            match (at, value) {
                (Some(at), Some(value)) => all[at].1 = (*value).to_owned(),
                (Some(at), None) => drop(all.remove(at)),
                (None, Some(value)) => all.push((key, (*value).to_owned())),
                (None, None) => {}
            }
        }
        let form = Form::of(all.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        verify(&association(AssocType::HmacSha256), &Message::read(&form).unwrap())
    }

    /// By python3-openid 3.2.0, and the same by Python's `hmac`.
    #[test]
    fn openid_2_s6_vectors() {
        let signature = |assoc_type| sign(&association(assoc_type), &fields(), &SIGNED).unwrap();
        assert_eq!(signature(AssocType::HmacSha1), "olbYa4VYXvFnN1FNwm3XcaA4RSs=");
        assert_eq!(signature(AssocType::HmacSha256), "yPXP6B1SSJEQMHgXEzmQMwpz86LR0inexDA8H50oPeQ=");
    }

    #[test]
    fn openid_2_s6_1_fields_are_signed_in_the_order_of_the_list() {
        let association = association(AssocType::HmacSha256);
        let mut other = SIGNED;
        other.swap(0, 1);
        assert_ne!(sign(&association, &fields(), &SIGNED), sign(&association, &fields(), &other));
    }

    #[test]
    fn openid_2_s6_1_every_field_of_the_list_is_part_of_the_message() {
        let missing = sign(&association(AssocType::HmacSha256), &fields(), &["identity"]);
        assert_eq!(missing, Err(Unsignable::Missing("identity".into())));
        assert_eq!(verify_with(&[("claimed_id", None)]), Err(NotAsSigned::Missing));
    }

    #[test]
    fn what_can_not_be_told_as_lines_is_not_signed() {
        let association = association(AssocType::HmacSha1);
        let fields = Fields::new().with("a", "1\nb:2").with("c:d", "e").with("f,g", "h");
        assert_eq!(sign(&association, &fields, &["a"]), Err(Unsignable::Line(NotKeyValue::Value)));
        assert_eq!(sign(&association, &fields, &["c:d"]), Err(Unsignable::Line(NotKeyValue::Key)));
        assert_eq!(sign(&association, &fields, &["f,g"]), Err(Unsignable::Comma));
    }

    #[test]
    fn an_answer_as_we_signed_it_is_right_whatever_stands_beside() {
        assert_eq!(verify_with(&[]), Ok(()));
        assert_eq!(verify_with(&[("invalidate_handle", Some("old"))]), Ok(()));
    }

    #[test]
    fn openid_2_s11_4_2_1_any_changed_field_is_refused() {
        for key in SIGNED {
            assert_eq!(verify_with(&[(key, Some("other"))]), Err(NotAsSigned::Wrong), "{key}");
            assert_eq!(verify_with(&[(key, Some(""))]), Err(NotAsSigned::Wrong), "{key}");
            assert_eq!(verify_with(&[(key, None)]), Err(NotAsSigned::Missing), "{key}");
        }
        for wrong in ["AAAA", "not base64", "yPXP6B1SSJEQMHgXEzmQMwpz86LR0inexDA8H50oPeU="] {
            assert_eq!(verify_with(&[("sig", Some(wrong))]), Err(NotAsSigned::Wrong));
        }
        assert_eq!(verify_with(&[("sig", None)]), Err(NotAsSigned::NoSignature));
        assert_eq!(verify_with(&[("signed", Some(""))]), Err(NotAsSigned::NoSignature));
    }

    #[test]
    fn a_field_that_was_not_signed_is_refused() {
        let added = [("ax.value.cid", Some("1101700230673"))];
        assert_eq!(verify_with(&added), Err(NotAsSigned::Unsigned));
        assert_eq!(
            verify_with(&[("identity", Some("https://sso.example/id/Other"))]),
            Err(NotAsSigned::Unsigned)
        );
    }

    #[test]
    fn openid_2_s10_1_the_list_holds_what_must_be_signed() {
        let shorter = "op_endpoint,claimed_id,return_to,response_nonce,ax.value.name";
        assert_eq!(verify_with(&[("signed", Some(shorter))]), Err(NotAsSigned::Uncovered));
    }

    #[test]
    fn a_list_that_names_a_field_twice_is_refused() {
        let twice = format!("{},claimed_id", SIGNED.join(","));
        assert_eq!(verify_with(&[("signed", Some(&twice))]), Err(NotAsSigned::Missing));
    }

    /// Two messages must not share the signed lines: a value's colon is not another key's.
    #[test]
    fn openid_2_s4_1_1_lines_can_not_be_cut_anew() {
        let list =
            "op_endpoint:https,claimed_id,return_to,response_nonce,assoc_handle,ax.value.name,op_endpoint";
        let cut = [
            ("op_endpoint:https", Some("//sso.example/openid2")),
            ("op_endpoint", Some("https://evil.example/")),
            ("signed", Some(list)),
        ];
        assert_eq!(verify_with(&cut), Err(NotAsSigned::Wrong));
        let joined = [
            ("op_endpoint", Some("https://sso.example/openid2\nclaimed_id:https://sso.example/id/Somchai")),
            ("claimed_id", None),
            ("signed", Some("op_endpoint,return_to,response_nonce,assoc_handle,ax.value.name")),
        ];
        assert_eq!(verify_with(&joined), Err(NotAsSigned::Wrong));
    }

    #[test]
    fn openid_2_s14_in_openid_1_1_the_mode_that_was_signed_is_id_res() {
        let association = association(AssocType::HmacSha1);
        let signed = ["mode", "identity", "return_to"];
        let fields = Fields::new().with("mode", "id_res").with("identity", "i").with("return_to", "r");
        let signature = sign(&association, &fields, &signed).unwrap();
        let fields = fields
            .with("mode", "check_authentication")
            .with("assoc_handle", "h")
            .with("signed", signed.join(","))
            .with("sig", signature);
        let pairs = fields.to_pairs();
        let form = Form::of(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        assert_eq!(verify(&association, &Message::read(&form).unwrap()), Ok(()));
    }
}
