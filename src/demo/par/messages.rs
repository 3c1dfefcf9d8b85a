//! What the relying party of `/demo/par` signs: requests, assertions, proofs.

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use crate::{
    demo::{
        Parts,
        jws::{Key, hash},
        metadata::Metadata,
    },
    secret::Token,
};

/// How long what is signed is good, in seconds.
const LIFE: i64 = 60;

/// The relying party, with the key it is registered with.
pub struct Sender<'a> {
    /// What it shares with the others.
    pub place: &'a Parts,
    /// Its own key.
    pub own: &'a Key,
}

impl Sender<'_> {
    /// A request object with these parameters (RFC 9101 §4, FAPI 2.0 Message Signing §5.3.2).
    pub fn request_object(&self, mut parameters: Value) -> Result<(String, String), String> {
        let now = self.place.app.clock.now().unix_timestamp();
        let client = &self.place.demo.par.client_id;
        let about = json!({
            "iss": client,
            "aud": self.place.demo.issuer(),
            "iat": now,
            "nbf": now,
            "exp": now + LIFE,
            "jti": self.random(),
        });
        if let (Value::Object(parameters), Value::Object(about)) = (&mut parameters, about) {
            parameters.extend(about);
        }
        // RFC 9101 §10.8: so that it is taken for nothing else.
        let signed = self.own.sign("oauth-authz-req+jwt", self.named(), &parameters)?;
        Ok((signed, "ES256".to_owned()))
    }

    /// Who we are, signed (RFC 7523 §3).
    pub fn assertion(&self) -> Result<String, String> {
        let now = self.place.app.clock.now().unix_timestamp();
        let client = &self.place.demo.par.client_id;
        let claims = json!({
            "iss": client,
            "sub": client,
            // FAPI 2.0 Security Profile §5.3.3.1: the issuer, so that no other server can use it.
            "aud": self.place.demo.issuer(),
            "iat": now,
            "exp": now + LIFE,
            "jti": self.random(),
        });
        self.own.sign("JWT", self.named(), &claims)
    }

    /// That we hold a key, for one request (RFC 9449 §4.2).
    pub fn proof(
        &self,
        key: &Key,
        (method, address): (&str, &str),
        access_token: Option<&str>,
    ) -> Result<String, String> {
        let mut claims = json!({
            "jti": self.random(),
            "htm": method,
            "htu": address,
            "iat": self.place.app.clock.now().unix_timestamp(),
        });
        if let Some(token) = access_token {
            claims["ath"] = json!(hash(token));
        }
        key.sign("dpop+jwt", Map::from_iter([("jwk".to_owned(), key.public())]), &claims)
    }

    /// Where the person signs out.
    pub fn logout(&self, server: &Metadata, id_token: &str) -> Result<String, String> {
        let back = self.place.demo.address("/demo");
        let query = [("id_token_hint", id_token), ("post_logout_redirect_uri", &back)];
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        Ok(format!("{}?{query}", server.endpoint("end_session_endpoint")?))
    }

    /// Which of our registered keys it is.
    fn named(&self) -> Map<String, Value> {
        Map::from_iter([("kid".to_owned(), json!(self.own.thumbprint()))])
    }

    fn random(&self) -> String {
        Token::generate(&self.place.app.rng).expose().to_owned()
    }
}

/// RFC 7523 §2.2.
pub fn assertion_type() -> (&'static str, &'static str) {
    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
}

/// Whether a signed answer is still good.
pub fn unexpired(answer: &Value, now: OffsetDateTime) -> Result<((), String), String> {
    match answer["exp"].as_i64() {
        Some(exp) if exp > now.unix_timestamp() => Ok(((), exp.to_string())),
        Some(_) => Err("it has".to_owned()),
        None => Err("exp is missing".to_owned()),
    }
}

/// The code of a signed answer, or the error in the server's words.
pub fn code(answer: &Value) -> Result<(String, String), String> {
    let text = |name: &str| answer[name].as_str().unwrap_or_default();
    match (text("code"), text("error")) {
        ("", "") => Err("neither code nor error came".to_owned()),
        (code, "") => Ok((code.to_owned(), String::new())),
        (_, error) => Err(format!("{error}: {}", text("error_description"))),
    }
}
