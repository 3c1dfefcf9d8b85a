//! Request objects: an authorization request in a token that the client signed (RFC 9101, OpenID
//! Connect Core §6). Pure: where the token comes from and which keys are the client's is for
//! [`super::resolve`].
//!
//! 1. It is signed, not encrypted, and says that it is a request object or at least no other token.
//! 2. It holds no other request object.
//! 3. It is the client's, for this server, and no assertion of the client's.
//! 4. It is good now.
//! 5. What is left are the parameters.

use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use crate::crypto::foreign_jwt::{ForeignJwt, NumericDate};

/// Clocks may differ by this much. The FAPI 2.0 Security Profile (§5.3.2.1) has times that are 10 s ahead
/// taken, and those more than 60 s ahead refused.
pub const LEEWAY: Duration = Duration::seconds(60);
/// FAPI 2.0 Message Signing §5.3.1: `nbf` no longer ago than this, and `exp` no longer after it.
const LONGEST: Duration = Duration::minutes(60);
/// Claims about the token itself (RFC 7519 §4.1), which are no parameters.
const OF_THE_TOKEN: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// A request object taken apart; nothing in it is believed yet.
pub struct RequestObject<'a> {
    /// The token, for whoever knows the client's keys.
    pub jwt: ForeignJwt<'a>,
    claims: Map<String, Value>,
}

/// What a request object must be.
pub struct Expected<'a> {
    /// The client whose request it is.
    pub client: &'a str,
    /// Who it is for.
    pub issuer: &'a str,
    /// Whether it must also say what OpenID Connect lets it leave out: FAPI 2.0 Message Signing §5.3.1.
    pub strict: bool,
}

impl<'a> RequestObject<'a> {
    /// Takes a request object apart.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(token: &'a str) -> Result<Self, &'static str> {
        // RFC 7516 §3.1: five parts are an encrypted token.
        if token.bytes().filter(|b| *b == b'.').count() == 4 {
            return Err("is encrypted, which is not served; sign it alone");
        }
        let jwt = ForeignJwt::parse(token).map_err(|_| "is no signed JWT in the compact serialization")?;
        let claims = jwt.claims().map_err(|_| "has claims that are no JSON object")?;
        Ok(Self { jwt, claims })
    }

    /// Whether this client made it for this server, now. The signature is another matter.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check(&self, expected: &Expected<'_>, now: OffsetDateTime) -> Result<(), &'static str> {
        self.check_kind()?;
        let text = |name: &str| self.claims.get(name).and_then(Value::as_str);
        if self.claims.contains_key("request") || self.claims.contains_key("request_uri") {
            // RFC 9101 §4: they "MUST NOT be included in Request Objects".
            return Err("holds request or request_uri");
        }
        // RFC 9101 §5: it must not be taken for another client's.
        let is_client = |name: &str| text(name) == Some(expected.client);
        let given = |name: &str| self.claims.contains_key(name);
        if (given("client_id") && !is_client("client_id")) || (given("iss") && !is_client("iss")) {
            return Err("names another client in client_id or iss");
        }
        // RFC 9101 §10.8: an assertion that proves the client says so; taken for a request object it would
        // be signed for two things.
        if is_client("sub") {
            return Err("has the client as sub, as assertions have");
        }
        match self.claims.get("aud") {
            Some(audience) if !names(audience, expected.issuer) => return Err("is for another audience"),
            None if expected.strict => return Err("has no aud"),
            _ => {}
        }
        if expected.strict && !given("iss") {
            return Err("has no iss");
        }
        self.check_times(expected.strict, now)
    }

    /// RFC 8725 §3.11: tokens of other kinds say so, and are none.
    fn check_kind(&self) -> Result<(), &'static str> {
        let Some(typ) = &self.jwt.header.typ else { return Ok(()) };
        let typ = typ.to_ascii_lowercase();
        // RFC 7515 §4.1.9: "application/" may be left out.
        match typ.strip_prefix("application/").unwrap_or(&typ) {
            "oauth-authz-req+jwt" | "jwt" => Ok(()),
            _ => Err("has another typ than oauth-authz-req+jwt"),
        }
    }

    fn check_times(&self, strict: bool, now: OffsetDateTime) -> Result<(), &'static str> {
        let [exp, nbf, iat] = ["exp", "nbf", "iat"].map(|name| self.time(name));
        let (exp, nbf, iat) = (exp?, nbf?, iat?);
        if exp.is_some_and(|exp| exp + LEEWAY <= now) {
            return Err("has expired");
        }
        if [nbf, iat].into_iter().flatten().any(|begin| begin > now + LEEWAY) {
            return Err("is not good yet");
        }
        if !strict {
            return Ok(());
        }
        let (exp, nbf) = exp.zip(nbf).ok_or("lacks exp or nbf")?;
        if nbf < now - LONGEST - LEEWAY || exp > nbf + LONGEST {
            return Err("is good for more than 60 minutes, or since more than 60 minutes");
        }
        Ok(())
    }

    fn time(&self, name: &str) -> Result<Option<OffsetDateTime>, &'static str> {
        let Some(value) = self.claims.get(name) else { return Ok(None) };
        let date: Option<NumericDate> = serde_json::from_value(value.clone()).ok();
        date.and_then(NumericDate::at).map(Some).ok_or("has an exp, nbf or iat that is no time")
    }

    /// Whether it says this.
    pub fn has(&self, name: &str) -> bool {
        self.claims.contains_key(name)
    }

    /// Its parameters as a form would have them: text as it is, several resources one by one (RFC 8707
    /// §2.1), everything else as JSON (RFC 9101 §4: "claims" is an object, "max_age" a number).
    pub fn parameters(&self) -> Vec<(&str, String)> {
        let mut parameters = Vec::new();
        for (name, value) in &self.claims {
            if OF_THE_TOKEN.contains(&name.as_str()) {
                continue;
            }
            match value {
                Value::Null => {}
                Value::String(text) => parameters.push((name.as_str(), text.clone())),
                Value::Array(several) if name == "resource" => {
                    let texts = several.iter().map(|one| one.as_str().map_or(one.to_string(), str::to_owned));
                    parameters.extend(texts.map(|text| ("resource", text)));
                }
                other => parameters.push((name.as_str(), other.to_string())),
            }
        }
        parameters
    }
}

/// RFC 7519 §4.1.3: one audience, or several of which this is one.
fn names(audience: &Value, issuer: &str) -> bool {
    let is_ours = |one: &Value| one.as_str().is_some_and(|one| one.trim_end_matches('/') == issuer);
    match audience {
        Value::Array(several) => several.iter().any(is_ours),
        one => is_ours(one),
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-01 09:00 UTC);
    const MINUTE: i64 = 60;

    fn token(header: &Value, claims: &Value) -> String {
        format!("{}.{}.AA", B64.encode(header.to_string()), B64.encode(claims.to_string()))
    }

    fn usual() -> Value {
        let now = NOW.unix_timestamp();
        json!({"iss": "rp", "aud": "https://op", "client_id": "rp", "nbf": now, "exp": now + MINUTE})
    }

    fn judge_as(strict: bool, header: &Value, change: Value) -> Result<(), &'static str> {
        let mut claims = usual();
        for (name, value) in change.as_object().unwrap() {
            if value == "absent" {
                claims.as_object_mut().unwrap().remove(name);
            } else {
                claims[name] = value.clone();
            }
        }
        let token = token(header, &claims);
        let expected = Expected { client: "rp", issuer: "https://op", strict };
        RequestObject::read(&token)?.check(&expected, NOW)
    }

    fn judge(change: Value) -> Result<(), &'static str> {
        judge_as(false, &json!({"alg": "ES256"}), change)
    }

    #[test]
    fn rfc_9101_s4_it_is_the_clients_own_for_this_server() {
        for good in [
            json!({}),
            json!({"aud": ["https://other", "https://op"]}),
            json!({"aud": "https://op/"}),
            json!({"aud": "absent", "iss": "absent", "client_id": "absent"}),
        ] {
            assert_eq!(judge(good.clone()), Ok(()), "{good}");
        }
        for bad in [
            json!({"iss": "other"}),
            json!({"iss": 7}),
            json!({"client_id": "other"}),
            json!({"aud": "https://other"}),
            json!({"aud": []}),
            json!({"sub": "rp"}),
            json!({"request": "x"}),
            json!({"request_uri": "https://rp/x"}),
        ] {
            assert!(judge(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_kept() {
        let now = NOW.unix_timestamp();
        let over = |name: &str, at: i64| judge(json!({name: at}));
        assert_eq!(over("exp", now - 59), Ok(()));
        assert_eq!(over("exp", now - 60), Err("has expired"));
        assert_eq!(over("nbf", now + 60), Ok(()));
        assert_eq!(over("nbf", now + 61), Err("is not good yet"));
        assert_eq!(over("iat", now + 61), Err("is not good yet"));
        assert!(judge(json!({"exp": "soon"})).is_err());
        assert!(judge(json!({"exp": 1e300})).is_err());
        assert_eq!(judge(json!({"exp": "absent", "nbf": "absent"})), Ok(()));
    }

    #[test]
    fn fapi_2_message_signing_s5_3_1_a_strict_one_says_everything_and_is_short_lived() {
        let strict = |change| judge_as(true, &json!({"alg": "ES256"}), change);
        let now = NOW.unix_timestamp();
        assert_eq!(strict(json!({})), Ok(()));
        assert_eq!(strict(json!({"nbf": now + 8})), Ok(()));
        assert_eq!(strict(json!({"exp": now + 60 * MINUTE})), Ok(()));
        for bad in [
            json!({"exp": "absent"}),
            json!({"nbf": "absent"}),
            json!({"aud": "absent"}),
            json!({"iss": "absent"}),
            json!({"exp": now + 70 * MINUTE}),
            json!({"nbf": now - 70 * MINUTE}),
        ] {
            assert!(strict(bad.clone()).is_err(), "{bad}");
        }
    }

    #[test]
    fn rfc_8725_s3_11_a_token_of_another_kind_is_refused() {
        for good in ["oauth-authz-req+jwt", "application/oauth-authz-req+jwt", "JWT", "jwt"] {
            assert_eq!(judge_as(false, &json!({"alg": "ES256", "typ": good}), json!({})), Ok(()), "{good}");
        }
        for bad in ["at+jwt", "dpop+jwt", "logout+jwt", "secevent+jwt", ""] {
            assert!(judge_as(false, &json!({"alg": "ES256", "typ": bad}), json!({})).is_err(), "{bad}");
        }
        assert!(RequestObject::read("a.b.c.d.e").is_err_and(|why| why.contains("encrypted")));
    }

    #[test]
    fn claims_become_parameters() {
        let claims = json!({
            "iss": "rp", "aud": "https://op", "exp": 1, "jti": "x",
            "state": "a b", "max_age": 60, "resource": ["https://a", "https://b"],
            "claims": {"userinfo": {"name": null}}, "nothing": null, "flag": true,
        });
        let token = token(&json!({"alg": "ES256"}), &claims);
        let object = RequestObject::read(&token).unwrap();
        let expected = [
            ("claims", r#"{"userinfo":{"name":null}}"#),
            ("flag", "true"),
            ("max_age", "60"),
            ("resource", "https://a"),
            ("resource", "https://b"),
            ("state", "a b"),
        ];
        let found = object.parameters();
        let found: Vec<(&str, &str)> = found.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(found, expected);
    }
}
