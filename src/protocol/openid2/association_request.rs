//! What a relying party that wants an association asks for (OpenID Authentication 2.0 §8.1), and how
//! OpenID 1.1 says the same (§14.2).

use super::{
    association::{AssocType, SessionType},
    diffie_hellman::{BadExchange, Exchange, Hash},
    message::{Message, Version},
};

/// A request for an association that can be served.
pub struct AssociationRequest {
    /// What shall sign.
    pub assoc_type: AssocType,
    /// How the secret shall travel.
    pub session: Session,
}

/// How a secret travels, with what is needed for it.
pub enum Session {
    /// As it is.
    NoEncryption,
    /// Masked.
    DiffieHellman(Hash, Box<Exchange>),
}

/// Types that are not served, and those to try instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// What can't be served.
    pub why: &'static str,
    /// What may sign.
    pub assoc_type: AssocType,
    /// How its secret may travel.
    pub session_type: SessionType,
}

/// Why a request can't be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRequest {
    /// A parameter is left out.
    Missing(&'static str),
    /// Types that are unknown or no pair.
    Unsupported(Unsupported),
    /// A number at fault.
    Exchange(BadExchange),
}

impl AssociationRequest {
    /// Reads the parameters of §8.1.
    ///
    /// # Errors
    /// [`BadRequest`] saying which can't be served.
    pub fn read(message: &Message) -> Result<Self, BadRequest> {
        let assoc_type = assoc_type(message)?;
        let session_type = session_type(message, assoc_type)?;
        if !session_type.carries(assoc_type) {
            let why = "openid.session_type can't carry the key of openid.assoc_type";
            return Err(BadRequest::Unsupported(Unsupported::instead_of(assoc_type, why)));
        }
        let session = match session_type {
            SessionType::NoEncryption => Session::NoEncryption,
            SessionType::DiffieHellman(hash) => {
                let numbers = ["dh_modulus", "dh_gen", "dh_consumer_public"].map(|name| message.get(name));
                let exchange = Exchange::read(numbers[0], numbers[1], numbers[2]);
                Session::DiffieHellman(hash, Box::new(exchange.map_err(BadRequest::Exchange)?))
            }
        };
        Ok(Self { assoc_type, session })
    }
}

impl Unsupported {
    /// Refuses with a pair that carries the same kind of key and needs no TLS.
    pub fn instead_of(assoc_type: AssocType, why: &'static str) -> Self {
        Self { why, assoc_type, session_type: SessionType::DiffieHellman(assoc_type.hash()) }
    }
}

fn assoc_type(message: &Message) -> Result<AssocType, BadRequest> {
    match message.get("assoc_type") {
        Some(name) => AssocType::from_name(name).ok_or(BadRequest::Unsupported(Unsupported::instead_of(
            AssocType::HmacSha256,
            "openid.assoc_type is not served",
        ))),
        // OpenID 2.0 §14.2.2: "OPs MUST accept association requests with no assoc_type parameter, and
        // assume them to be of type HMAC-SHA1."
        None if message.version() == Version::V1 => Ok(AssocType::HmacSha1),
        None => Err(BadRequest::Missing("assoc_type")),
    }
}

fn session_type(message: &Message, assoc_type: AssocType) -> Result<SessionType, BadRequest> {
    match message.get("session_type") {
        Some(name) => SessionType::from_name(name).ok_or(BadRequest::Unsupported(Unsupported::instead_of(
            assoc_type,
            "openid.session_type is not served",
        ))),
        // OpenID 2.0 §14.2.2: in OpenID 1.1 "no-encryption" is "a blank or missing session_type".
        None if message.version() == Version::V1 => Ok(SessionType::NoEncryption),
        None => Err(BadRequest::Missing("session_type")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Form;

    /// The request's types, and whether the secret is masked.
    fn read(query: &str) -> Result<(AssocType, Option<Hash>), BadRequest> {
        let message = Message::read(&Form::parse(query.as_bytes())).unwrap();
        let request = AssociationRequest::read(&message)?;
        let hash = match request.session {
            Session::NoEncryption => None,
            Session::DiffieHellman(hash, _) => Some(hash),
        };
        Ok((request.assoc_type, hash))
    }

    const V2: &str = "openid.ns=http://specs.openid.net/auth/2.0";

    fn unsupported(query: &str) -> (&'static str, &'static str) {
        match read(query) {
            Err(BadRequest::Unsupported(instead)) => (instead.assoc_type.name(), instead.session_type.name()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn openid_2_s8_1_1_both_types_must_be_named() {
        let missing = |name| Err(BadRequest::Missing(name));
        assert_eq!(read(&format!("{V2}&openid.session_type=no-encryption")), missing("assoc_type"));
        for session in ["", "&openid.session_type="] {
            assert_eq!(read(&format!("{V2}&openid.assoc_type=HMAC-SHA1{session}")), missing("session_type"));
        }
    }

    #[test]
    fn openid_2_s8_2_4_types_that_are_unknown_or_no_pair_are_told_with_what_to_try() {
        let asked = |assoc: &str, session: &str| {
            unsupported(&format!("{V2}&openid.assoc_type={assoc}&openid.session_type={session}"))
        };
        assert_eq!(asked("HMAC-MD5", "DH-SHA1"), ("HMAC-SHA256", "DH-SHA256"));
        assert_eq!(asked("HMAC-SHA1", "DH-MD5"), ("HMAC-SHA1", "DH-SHA1"));
        assert_eq!(asked("HMAC-SHA1", "DH-SHA256"), ("HMAC-SHA1", "DH-SHA1"));
        assert_eq!(asked("HMAC-SHA256", "DH-SHA1"), ("HMAC-SHA256", "DH-SHA256"));
    }

    #[test]
    fn openid_2_s8_1_2_a_public_value_must_be_given() {
        for (assoc, session, hash) in
            [("HMAC-SHA1", "DH-SHA1", Hash::Sha1), ("HMAC-SHA256", "DH-SHA256", Hash::Sha256)]
        {
            let query = format!("{V2}&openid.assoc_type={assoc}&openid.session_type={session}");
            assert_eq!(read(&query), Err(BadRequest::Exchange(BadExchange::Missing)));
            let (assoc_type, masked) = read(&format!("{query}&openid.dh_consumer_public=Aw==")).unwrap();
            assert_eq!((assoc_type.name(), masked), (assoc, Some(hash)));
        }
    }

    #[test]
    fn openid_2_s14_2_2_openid_1_1_may_leave_both_types_out() {
        for query in ["openid.mode=associate", "openid.assoc_type=&openid.session_type="] {
            assert_eq!(read(query), Ok((AssocType::HmacSha1, None)));
        }
        let masked = "openid.session_type=DH-SHA1&openid.dh_consumer_public=Aw==";
        assert_eq!(read(masked), Ok((AssocType::HmacSha1, Some(Hash::Sha1))));
    }
}
