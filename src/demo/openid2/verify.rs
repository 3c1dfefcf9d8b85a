//! An assertion is checked before it is believed (OpenID Authentication 2.0 §11).

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;
use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime, PrimitiveDateTime, macros::format_description};
use url::Url;

use super::{AX, Association, Demo, direct};
use crate::demo::wire::parameter;

/// §10.1: what must be signed.
const SIGNED: [&str; 6] =
    ["op_endpoint", "return_to", "response_nonce", "assoc_handle", "claimed_id", "identity"];
/// How far the two clocks may be apart.
const SKEW: Duration = Duration::minutes(5);

/// A positive assertion: its `openid.` fields without that prefix.
pub struct Assertion(Vec<(String, String)>);

/// Whether the answer came to the address it names (§11.1): the same place, with every parameter.
pub fn came_to(return_to: &str, here: &str) -> Result<((), String), String> {
    let parse = |text: &str| Url::parse(text).map_err(|error| error.to_string());
    let (expected, here) = (parse(return_to)?, parse(here)?);
    let place = |url: &Url| (url.origin(), url.path().to_owned());
    if place(&expected) != place(&here) {
        return Err(format!("it came to {}", here.path()));
    }
    match expected.query_pairs().find(|pair| !here.query_pairs().any(|other| other == *pair)) {
        Some((name, _)) => Err(format!("the parameter {name} is missing or another")),
        None => Ok(((), here.path().to_owned())),
    }
}

/// Has the server check its own answer (§11.4.2).
pub async fn ask(demo: &Demo, op_endpoint: &str, assertion: &Assertion) -> Result<((), String), String> {
    let kept = assertion.0.iter().filter(|(key, _)| key != "mode");
    let mut fields: Vec<_> = kept.map(|(key, value)| (format!("openid.{key}"), value.clone())).collect();
    fields.push(("openid.mode".to_owned(), "check_authentication".to_owned()));
    let (status, answer) = direct(demo, op_endpoint, &fields).await?;
    match (parameter(&answer, "is_valid"), parameter(&answer, "error")) {
        (Some("true"), None) => Ok(((), "the server says so".to_owned())),
        (_, Some(error)) => Err(format!("{status}: {error}")),
        _ => Err("the server says that it is not".to_owned()),
    }
}

impl Assertion {
    /// Reads an answer; a refusal is told in the server's words.
    pub fn read(answer: &[(String, String)]) -> Result<(Self, String), String> {
        let fields = answer
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix("openid.")?.to_owned(), value.clone())));
        let assertion = Self(fields.collect());
        let mut names: Vec<_> = assertion.0.iter().map(|(name, _)| name).collect();
        names.sort();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            // Another reader could take the other one.
            return Err(format!("openid.{} came twice", pair[0]));
        }
        if assertion.field("ns") != Some(super::NS) {
            return Err("it does not speak OpenID 2.0".to_owned());
        }
        match assertion.field("mode") {
            Some("id_res") => Ok((assertion, String::new())),
            Some("cancel") => Err("cancel: you did not sign in, or did not allow it".to_owned()),
            Some("error") => Err(format!("error: {}", assertion.field("error").unwrap_or_default())),
            other => Err(format!("openid.mode is {}", other.unwrap_or("missing"))),
        }
    }

    /// A field of it.
    pub fn field(&self, name: &str) -> Option<&str> {
        parameter(&self.0, name)
    }

    /// The names that are said to be signed: all that the standard demands, and every attribute's.
    pub fn signed_fields(&self) -> Result<((), String), String> {
        let signed: Vec<&str> = self.signed().collect();
        if let Some(missing) = SIGNED.iter().find(|name| !signed.contains(name)) {
            return Err(format!("{missing} is not"));
        }
        let Some(alias) = self.alias() else { return Ok(((), signed.join(", "))) };
        let extension = format!("{alias}.");
        let of_exchange = |name: &str| name.starts_with(&extension) || name == format!("ns.{alias}");
        match self.0.iter().find(|(name, _)| of_exchange(name) && !signed.contains(&name.as_str())) {
            Some((name, _)) => Err(format!("{name} is not")),
            None => Ok(((), signed.join(", "))),
        }
    }

    /// §6.2: HMAC over the signed fields in key-value form, under the agreed secret.
    pub fn signed_with(&self, association: &Association) -> Result<((), String), String> {
        let handle = self.field("assoc_handle").unwrap_or_default();
        if handle != association.handle {
            let invalid = self.field("invalidate_handle").map(|_| "; the server has forgotten it");
            return Err(format!(
                "another secret than the agreed one was used{}",
                invalid.unwrap_or_default()
            ));
        }
        let mut text = String::new();
        for name in self.signed() {
            let value = self.field(name).ok_or_else(|| format!("{name} is signed and did not come"))?;
            text.push_str(&format!("{name}:{value}\n"));
        }
        let signature = STANDARD
            .decode(self.field("sig").unwrap_or_default())
            .map_err(|error| format!("openid.sig can't be decoded: {error}"))?;
        hmac::verify(&association.key, text.as_bytes(), &signature)
            .map_err(|_| "it does not fit what came".to_owned())?;
        Ok(((), "HMAC-SHA256 with the agreed secret".to_owned()))
    }

    /// §11.3: the moment in the nonce is now. An attempt is answered once, and its address is signed, so
    /// the same answer can't come twice.
    pub fn is_new(&self, now: OffsetDateTime) -> Result<((), String), String> {
        let nonce = self.field("response_nonce").unwrap_or_default();
        let moment = nonce.get(..20).ok_or("it has no moment")?;
        let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
        let moment = PrimitiveDateTime::parse(moment, format).map_err(|error| error.to_string())?;
        let age = now - moment.assume_utc();
        if age.abs() > SKEW {
            return Err(format!("its moment is {} seconds away", age.whole_seconds()));
        }
        Ok(((), format!("{} seconds old", age.whole_seconds())))
    }

    /// The attributes by what they were called in the request (Attribute Exchange 1.0 §5.2).
    pub fn attributes(&self) -> Result<(Value, String), String> {
        let alias = self.alias().ok_or("no answer to the request for attributes came")?;
        let field = |name: &str| self.field(&format!("{alias}.{name}"));
        if field("mode") != Some("fetch_response") {
            return Err(format!("{alias}.mode is {}", field("mode").unwrap_or("missing")));
        }
        let prefix = format!("{alias}.type.");
        let mut attributes = Map::new();
        for name in self.0.iter().filter_map(|(name, _)| name.strip_prefix(&prefix)) {
            let value = field(&format!("value.{name}")).or_else(|| field(&format!("value.{name}.1")));
            attributes.insert(name.to_owned(), Value::from(value.unwrap_or("(none)")));
        }
        let detail = format!("{} came", attributes.len());
        Ok((Value::Object(attributes), detail))
    }

    fn signed(&self) -> impl Iterator<Item = &str> {
        self.field("signed").unwrap_or_default().split(',')
    }

    /// What Attribute Exchange is called in this answer.
    fn alias(&self) -> Option<&str> {
        self.0.iter().find(|(name, value)| value == AX && name.starts_with("ns."))?.0.strip_prefix("ns.")
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-01 09:00:10 UTC);

    fn answer() -> Vec<(String, String)> {
        let fields = [
            ("ns", super::super::NS),
            ("mode", "id_res"),
            ("op_endpoint", "https://sso.example/op"),
            ("claimed_id", "https://sso.example/id/A"),
            ("identity", "https://sso.example/id/A"),
            ("return_to", "https://rp.example/back?a=1"),
            ("response_nonce", "2026-03-01T09:00:00Zabc"),
            ("assoc_handle", "h"),
            ("ns.ax", AX),
            ("ax.mode", "fetch_response"),
            ("ax.type.email", "http://axschema.org/contact/email"),
            ("ax.value.email", "a@b.c"),
        ];
        let signed = fields.iter().skip(2).map(|(name, _)| *name).collect::<Vec<_>>().join(",");
        let text: String = fields.iter().skip(2).map(|(name, value)| format!("{name}:{value}\n")).collect();
        let sig = STANDARD.encode(hmac::sign(&association("h").key, text.as_bytes()));
        let mut fields: Vec<_> =
            fields.iter().map(|(name, value)| (format!("openid.{name}"), (*value).to_owned())).collect();
        fields.push(("openid.signed".to_owned(), signed));
        fields.push(("openid.sig".to_owned(), sig));
        fields
    }

    fn association(handle: &str) -> Association {
        Association { handle: handle.to_owned(), key: hmac::Key::new(hmac::HMAC_SHA256, b"secret") }
    }

    fn with(name: &str, value: &str) -> Assertion {
        let mut answer = answer();
        answer.iter_mut().find(|(known, _)| known == name).unwrap().1 = value.to_owned();
        Assertion::read(&answer).unwrap().0
    }

    #[test]
    fn a_good_answer_passes_every_check() {
        let assertion = Assertion::read(&answer()).unwrap().0;
        assert!(assertion.signed_fields().is_ok());
        assert!(assertion.signed_with(&association("h")).is_ok());
        assert!(assertion.is_new(NOW).is_ok());
        assert_eq!(assertion.attributes().unwrap().0["email"], "a@b.c");
    }

    #[test]
    fn a_changed_unsigned_or_doubled_field_is_found() {
        assert!(with("openid.ax.value.email", "x@b.c").signed_with(&association("h")).is_err());
        assert!(
            with("openid.claimed_id", "https://sso.example/id/B").signed_with(&association("h")).is_err()
        );
        assert!(with("openid.sig", "AAAA").signed_with(&association("h")).is_err());
        assert!(with("openid.sig", "?").signed_with(&association("h")).is_err());
        assert!(Assertion::read(&answer()).unwrap().0.signed_with(&association("other")).is_err());
        let without = |name: &str| {
            let signed = answer().iter().find(|(n, _)| n == "openid.signed").unwrap().1.clone();
            let left: Vec<_> = signed.split(',').filter(|n| *n != name).collect();
            with("openid.signed", &left.join(","))
        };
        for name in ["claimed_id", "response_nonce", "ax.value.email", "ns.ax"] {
            assert!(without(name).signed_fields().is_err(), "{name}");
        }
        let mut twice = answer();
        twice.push(("openid.claimed_id".to_owned(), "https://evil.example/".to_owned()));
        assert!(Assertion::read(&twice).is_err_and(|why| why.contains("twice")));
    }

    #[test]
    fn an_old_answer_is_refused() {
        for (nonce, good) in [
            ("2026-03-01T08:55:11Zx", true),
            ("2026-03-01T08:55:09Zx", false),
            ("2026-03-01T09:05:11Zx", false),
            ("now", false),
            ("", false),
        ] {
            assert_eq!(with("openid.response_nonce", nonce).is_new(NOW).is_ok(), good, "{nonce}");
        }
    }

    #[test]
    fn a_refusal_is_told_in_the_servers_words() {
        let refused = |mode: &str, error: &str| {
            let fields = [("openid.ns", super::super::NS), ("openid.mode", mode), ("openid.error", error)];
            let fields: Vec<_> = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            Assertion::read(&fields).err().unwrap()
        };
        assert!(refused("cancel", "").contains("cancel"));
        assert_eq!(refused("error", "no such realm"), "error: no such realm");
        assert!(Assertion::read(&[]).is_err());
    }

    #[test]
    fn an_answer_to_another_address_does_not_count() {
        let return_to = "https://rp.example/back?a=1&b=%7e";
        assert!(came_to(return_to, "https://rp.example/back?openid.mode=id_res&b=~&a=1").is_ok());
        for other in
            ["https://rp.example/back?a=2&b=~", "https://rp.example/other?a=1&b=~", "https://rp.example/back"]
        {
            assert!(came_to(return_to, other).is_err(), "{other}");
        }
    }
}
