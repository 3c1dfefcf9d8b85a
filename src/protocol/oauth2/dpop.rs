//! DPoP proofs (RFC 9449 §4): a small token, signed for one request with the key that an access token
//! is bound to. Pure: whether a proof was used before, and whether a nonce is wanted, is for
//! [`super::binding`].

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};
use url::Url;

use crate::{
    crypto::{
        foreign_jwt::{ForeignJwt, NumericDate},
        jwk::PublicKey,
    },
    model::signing::ForeignAlgorithm,
    secret::Digest,
};

/// How old a proof may be: clocks differ, and networks are slow.
const OLDEST: Duration = Duration::minutes(5);
/// How far ahead of ours its maker's clock may be (FAPI 2.0 Security Profile §5.3.2.1).
const AHEAD: Duration = Duration::seconds(60);
/// A longer identifier is no identifier.
const LONGEST_JTI: usize = 256;

/// A proof whose signature is right.
#[derive(Debug)]
pub struct Proof {
    /// The thumbprint of its key (RFC 7638).
    pub jkt: String,
    /// What it is signed with.
    pub algorithm: ForeignAlgorithm,
    /// The server's nonce, if it has one.
    pub nonce: Option<String>,
    jti: String,
    htm: String,
    htu: String,
    iat: OffsetDateTime,
    ath: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: NumericDate,
    ath: Option<String>,
    nonce: Option<String>,
}

/// The request that a proof must be for.
pub struct Request<'a> {
    /// Its method.
    pub method: &'a str,
    /// The addresses it may have been sent to: this server has more than one name.
    pub addresses: &'a [String],
    /// The access token that came with it; none at the token endpoint.
    pub access_token: Option<&'a str>,
}

impl Proof {
    /// Reads a proof and checks it against the key in its own header.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(proof: &str) -> Result<Self, &'static str> {
        const MALFORMED: &str = "the DPoP proof is malformed";
        let jwt = ForeignJwt::parse(proof).map_err(|_| MALFORMED)?;
        // RFC 9449 §4.3 (4): no other kind of token may pass for a proof.
        if jwt.header.typ.as_deref() != Some("dpop+jwt") {
            return Err("the DPoP proof's typ is not dpop+jwt");
        }
        let jwk = jwt.header.jwk.as_ref().ok_or("the DPoP proof has no jwk")?;
        let key = PublicKey::read(jwk).map_err(|_| "the DPoP proof's jwk is no public key that is served")?;
        // (5), (6): an asymmetric algorithm, and the signature.
        jwt.verify_with(&key, ForeignAlgorithm::ALL).map_err(|_| "the DPoP proof's signature is wrong")?;
        let claims: Claims = jwt.claims().map_err(|_| "the DPoP proof lacks jti, htm, htu or iat")?;
        if claims.jti.is_empty() || claims.jti.len() > LONGEST_JTI {
            return Err("the DPoP proof's jti is empty or too long");
        }
        let iat = claims.iat.at().ok_or(MALFORMED)?;
        let algorithm = jwt.header.alg.parse().map_err(|_| MALFORMED)?;
        let Claims { jti, htm, htu, ath, nonce, .. } = claims;
        Ok(Self { jkt: key.thumbprint(), algorithm, nonce, jti, htm, htu, iat, ath })
    }

    /// Whether it was made for this request, now (RFC 9449 §4.3 (8) to (12)).
    ///
    /// # Errors
    /// What does not fit.
    pub fn check(&self, request: &Request<'_>, now: OffsetDateTime) -> Result<(), &'static str> {
        if self.htm != request.method {
            return Err("the DPoP proof's htm is another method");
        }
        let meant = normalised(&self.htu).ok_or("the DPoP proof's htu is no address")?;
        if !request.addresses.iter().any(|address| normalised(address).as_ref() == Some(&meant)) {
            return Err("the DPoP proof's htu is another address");
        }
        if self.iat < now - OLDEST || self.iat > now + AHEAD {
            return Err("the DPoP proof's iat is too long ago, or still to come");
        }
        let hash = request.access_token.map(|token| B64.encode(Digest::of(token.as_bytes()).as_bytes()));
        match (hash, &self.ath) {
            (None, _) => Ok(()),
            (Some(hash), Some(ath)) if hash == *ath => Ok(()),
            _ => Err("the DPoP proof's ath is not that of the access token"),
        }
    }

    /// What must be remembered of it, and until when: the same key and identifier again are a replay.
    pub fn use_once(&self) -> (Digest, OffsetDateTime) {
        (Digest::of(format!("dpop\0{}\0{}", self.jkt, self.jti).as_bytes()), self.iat + OLDEST)
    }
}

/// RFC 9449 §4.3 (9): without query and fragment, compared as RFC 3986 §6.2.2 and §6.2.3 normalise.
fn normalised(address: &str) -> Option<(String, String)> {
    let url = Url::parse(address).ok()?;
    matches!(url.scheme(), "https" | "http").then_some(())?;
    let path = percent_decode_str(url.path()).decode_utf8().ok()?.into_owned();
    Some((url.origin().ascii_serialization(), path))
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, EncodingKey, Header, jwk::Jwk};
    use serde_json::{Value, json};

    use super::*;

    const ADDRESS: &str = "https://sso.example/oauth2/token";
    const NOW: i64 = 1_800_000_000;

    fn key() -> (EncodingKey, Value) {
        let rng = ring::rand::SystemRandom::new();
        let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
        let pkcs8 = ring::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &rng).unwrap();
        let pair = ring::signature::EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &rng).unwrap();
        let point = ring::signature::KeyPair::public_key(&pair).as_ref();
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": B64.encode(&point[1..33]), "y": B64.encode(&point[33..])});
        (EncodingKey::from_ec_der(pkcs8.as_ref()), jwk)
    }

    fn claims() -> Value {
        json!({"jti": "one", "htm": "POST", "htu": ADDRESS, "iat": NOW})
    }

    fn proof(typ: &str, claims: &Value) -> String {
        let (key, jwk) = key();
        let jwk: Jwk = serde_json::from_value(jwk).unwrap();
        let header = Header { typ: Some(typ.to_owned()), jwk: Some(jwk), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    }

    fn judge(claims: &Value, token: Option<&str>) -> Result<(), &'static str> {
        let addresses = ["https://mtls.example/oauth2/token".to_owned(), ADDRESS.to_owned()];
        let request = Request { method: "POST", addresses: &addresses, access_token: token };
        let now = OffsetDateTime::from_unix_timestamp(NOW).unwrap();
        Proof::read(&proof("dpop+jwt", claims))?.check(&request, now)
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        claims[name] = value;
        claims
    }

    #[test]
    fn rfc_9449_s4_3_a_proof_is_for_one_request_now() {
        assert_eq!(judge(&claims(), None), Ok(()));
        for good in
            [ADDRESS, "HTTPS://SSO.example:443/oauth2/token?x=1#y", "https://sso.example/oauth2/%74oken"]
        {
            assert_eq!(judge(&with("htu", json!(good)), None), Ok(()), "{good}");
        }
        for (name, value) in [
            ("htm", json!("GET")),
            ("htm", json!("post")),
            ("htu", json!("https://sso.example/oauth2/token/")),
            ("htu", json!("https://evil.example/oauth2/token")),
            ("htu", json!("http://sso.example/oauth2/token")),
            ("htu", json!("/oauth2/token")),
            ("iat", json!(NOW - 301)),
            ("iat", json!(NOW + 91)),
            ("iat", json!("now")),
            ("iat", json!(-1)),
            ("jti", json!("")),
            ("jti", json!(null)),
            ("jti", json!("x".repeat(257))),
        ] {
            assert!(judge(&with(name, value.clone()), None).is_err(), "{name} {value}");
        }
    }

    #[test]
    fn rfc_9449_s4_3_with_a_token_the_proof_names_its_hash() {
        let hash = B64.encode(Digest::of(b"token").as_bytes());
        assert_eq!(judge(&with("ath", json!(hash)), Some("token")), Ok(()));
        assert!(judge(&claims(), Some("token")).is_err());
        assert!(judge(&with("ath", json!(hash)), Some("another")).is_err());
    }

    #[test]
    fn rfc_9449_s4_3_only_a_proof_is_a_proof() {
        assert!(Proof::read(&proof("dpop+jwt", &claims())).is_ok());
        assert!(Proof::read(&proof("JWT", &claims())).is_err());
        let (key, jwk) = key();
        let header = |jwk: Value, alg: &str| {
            B64.encode(json!({"typ": "dpop+jwt", "alg": alg, "jwk": jwk}).to_string())
        };
        let body = B64.encode(claims().to_string());
        let signed = |header: String| {
            let message = format!("{header}.{body}");
            let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::ES256).unwrap();
            format!("{message}.{signature}")
        };
        assert!(Proof::read(&signed(header(jwk.clone(), "ES256"))).is_ok());
        let mut private = jwk.clone();
        private["d"] = json!("AA");
        assert!(Proof::read(&signed(header(private, "ES256"))).is_err());
        assert!(Proof::read(&signed(header(jwk.clone(), "none"))).is_err());
        assert!(Proof::read(&signed(header(jwk.clone(), "HS256"))).is_err());
        assert!(Proof::read(&signed(header(json!(null), "ES256"))).is_err());
        assert!(Proof::read(&format!("{}.{body}.", header(jwk, "none"))).is_err());
    }
}
