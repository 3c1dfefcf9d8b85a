//! The `claims` parameter (OpenID Connect Core §5.5).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    reject::Reject,
    valued_claim::{self, ValuedClaim, text},
    verified_claims::{self, VerifiedWish},
};
use crate::model::{attribute::Level, client::Client, registry::Registry};

/// Claims of the protocol itself: what is said of the sign-in, not of the person.
pub const PROTOCOL: [&str; 6] = ["sub", "acr", "amr", "auth_time", "sid", "nonce"];

/// What is asked about one claim; `null` for just the claim.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Wish {
    /// Whether the client can't do without it.
    #[serde(default)]
    pub essential: bool,
    /// The one value that will do.
    pub value: Option<Value>,
    /// The values that will do.
    pub values: Option<Vec<Value>>,
}

impl Wish {
    /// The values that will do, as text.
    pub fn accepted(&self) -> Vec<String> {
        self.values().map(text).collect()
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        self.value.iter().chain(self.values.iter().flatten())
    }
}

/// The whole parameter.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ClaimsRequest {
    /// For the id_token.
    #[serde(default)]
    pub id_token: Section,
    /// For userinfo.
    #[serde(default)]
    pub userinfo: Section,
}

/// What is asked at one place.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Section {
    /// Claims by name.
    #[serde(flatten)]
    pub claims: BTreeMap<String, Option<Wish>>,
    /// `verified_claims` of the parameter, of those that can be met.
    #[serde(skip)]
    pub verified: Vec<VerifiedWish>,
}

impl Section {
    /// The names of all claims, those asked as verified among them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let verified = self.verified.iter().flat_map(|wish| &wish.claims);
        self.claims.keys().chain(verified).map(String::as_str)
    }

    /// What a grant keeps of it.
    pub fn stored(&self) -> Vec<String> {
        // A claim named like a stored wish would be read as one.
        let wishes = [verified_claims::STORED, valued_claim::STORED];
        let plain = self.claims.iter().filter(|(name, _)| !wishes.iter().any(|wish| name.starts_with(wish)));
        let plain = plain.map(|(name, wish)| {
            let values: Vec<Value> = wish.iter().flat_map(Wish::values).cloned().collect();
            match values.is_empty() {
                true => name.clone(),
                false => ValuedClaim { claim: name.clone(), values }.to_stored(),
            }
        });
        plain.chain(self.verified.iter().map(VerifiedWish::to_stored)).collect()
    }

    fn keep_only(&mut self, known: impl Fn(&str) -> bool) {
        let mut kept = BTreeMap::new();
        for (name, wish) in std::mem::take(&mut self.claims) {
            let plain = untagged(&name);
            // What was asked without a language stands.
            if known(plain) && (plain == name || !kept.contains_key(plain)) {
                kept.insert(plain.to_owned(), wish);
            }
        }
        self.claims = kept;
        for wish in &mut self.verified {
            wish.claims = wish.claims.iter().map(|name| untagged(name).to_owned()).collect();
            wish.claims.retain(|name| known(name));
        }
        self.verified.retain(|wish| !wish.claims.is_empty());
    }
}

impl ClaimsRequest {
    /// Reads the parameter. What it asks to be verified by other rules than this server's can't be
    /// met and is left out, as the standard says.
    ///
    /// # Errors
    /// When it is no JSON object of the standards' form.
    pub fn parse(text: Option<&str>, trust_framework: &str) -> Result<Self, Reject> {
        let Some(text) = text else { return Ok(Self::default()) };
        let malformed = |error: serde_json::Error| {
            Reject::invalid("claims", format!("not the JSON of OpenID Connect Core 5.5: {error}"))
        };
        // serde would take an array for a struct; the standard has an object.
        let mut object: Map<String, Value> = serde_json::from_str(text).map_err(malformed)?;
        let id_token = verified(&mut object, "id_token", trust_framework)?;
        let userinfo = verified(&mut object, "userinfo", trust_framework)?;
        let mut request: Self = serde_json::from_value(Value::Object(object)).map_err(malformed)?;
        request.id_token.verified = id_token;
        request.userinfo.verified = userinfo;
        Ok(request)
    }

    /// The least level that wishes for verified claims demand of the account.
    pub fn min_level(&self) -> Level {
        let wishes = self.id_token.verified.iter().chain(&self.userinfo.verified);
        wishes.map(VerifiedWish::min_level).max().unwrap_or_default()
    }

    /// Leaves out what no scope of the client's registration gives: whatever else is named is not
    /// understood (OpenID Connect Core §5.5.1: the member is ignored), and the parameter is no way
    /// round the registration.
    pub fn keep_only_known(&mut self, client: &Client, registry: Registry<'_>) {
        let scopes = client.scopes.iter().map(String::as_str);
        let mut open: BTreeSet<&str> =
            registry.claims_of(scopes).map(|claim| registry.attribute_of(claim)).collect();
        open.extend(client.settings.require_attributes.iter().map(String::as_str));
        open.extend(PROTOCOL);
        open.insert("verified_claims");
        let known = |name: &str| open.contains(registry.attribute_of(name));
        self.id_token.keep_only(known);
        self.userinfo.keep_only(known);
    }

    /// The wishes about the claim `name`, of both places.
    pub fn wishes(&self, name: &str) -> impl Iterator<Item = &Wish> {
        [&self.id_token, &self.userinfo].into_iter().filter_map(move |place| place.claims.get(name)?.as_ref())
    }
}

/// A claim's name without the language it is wanted in (OpenID Connect Core §5.2): people's attributes
/// are held in one spelling, which is then given without a tag.
fn untagged(name: &str) -> &str {
    name.split_once('#').map_or(name, |(plain, _)| plain)
}

/// Takes `verified_claims` out of one place of the parameter; `null` there asks for all.
fn verified(
    object: &mut Map<String, Value>,
    place: &str,
    trust_framework: &str,
) -> Result<Vec<VerifiedWish>, Reject> {
    let Some(Value::Object(members)) = object.get_mut(place) else { return Ok(Vec::new()) };
    let wishes = match members.get("verified_claims") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(_) => members.remove("verified_claims").unwrap_or_default(),
    };
    let wishes = match wishes {
        Value::Array(several) if !several.is_empty() => several,
        one => vec![one],
    };
    let mut met = Vec::new();
    for wish in &wishes {
        met.extend(verified_wish(wish, trust_framework)?);
    }
    Ok(met)
}

/// OpenID Connect for Identity Assurance 1.0, "Requesting verified claims": `verification` and
/// `claims` are required, and `claims` is not empty. `None` when it can't be met here.
fn verified_wish(wish: &Value, trust_framework: &str) -> Result<Option<VerifiedWish>, Reject> {
    let malformed = |what: &str| Reject::invalid("claims", format!("verified_claims: {what}"));
    let member = |name| wish.get(name).and_then(Value::as_object);
    let verification = member("verification").ok_or_else(|| malformed("verification is no object"))?;
    let claims = member("claims").filter(|claims| !claims.is_empty());
    let claims = claims.ok_or_else(|| malformed("claims is no object, or an empty one"))?;
    if claims.values().any(|value| !value.is_null() && !value.is_object()) {
        return Err(malformed("a claim is asked by null or an object"));
    }
    let mut met = VerifiedWish { claims: claims.keys().cloned().collect(), ..VerifiedWish::default() };
    for (name, value) in claims.iter().filter(|(_, value)| value.is_object()) {
        let wish: Wish = serde_json::from_value(value.clone())
            .map_err(|_| malformed("a claim has a constraint of another form"))?;
        let values: Vec<Value> = wish.values().cloned().collect();
        if !values.is_empty() {
            met.values.insert(untagged(name).to_owned(), values);
        }
    }
    for (name, value) in verification {
        let constraint = match value {
            Value::Null => continue,
            Value::Object(constraint) => constraint,
            Value::Array(_) => return Ok(None),
            _ => return Err(malformed("a member of verification is neither null nor an object")),
        };
        let wish: Wish = serde_json::from_value(value.clone())
            .map_err(|_| malformed("a member of verification has no such constraint"))?;
        let accepted = wish.accepted();
        match name.as_str() {
            "trust_framework" if accepted.is_empty() || accepted.iter().any(|a| a == trust_framework) => {}
            "assurance_level" => {
                met.essential = wish.essential;
                met.levels = accepted.iter().filter_map(|text| level(text)).collect();
                if met.levels.is_empty() && !accepted.is_empty() {
                    return Ok(None);
                }
            }
            "time" => {
                let age = constraint.get("max_age");
                let seconds = age.and_then(Value::as_u64).and_then(|seconds| u32::try_from(seconds).ok());
                if age.is_some() && seconds.is_none() {
                    return Err(malformed("max_age is no number of seconds"));
                }
                met.max_age = seconds;
            }
            // Evidence and the like: this server tells none, so what demands some is not met.
            _ => return Ok(None),
        }
    }
    Ok(Some(met))
}

/// An assurance level of ours: 1 to 3, since 0 is no verification.
fn level(text: &str) -> Option<Level> {
    let level: Level = text.parse::<i16>().ok()?.try_into().ok()?;
    Some(level).filter(|level| *level > Level::UNVERIFIED)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(text: &str) -> Result<ClaimsRequest, Reject> {
        ClaimsRequest::parse(Some(text), "tamga")
    }

    fn wishes(verified: &Value) -> Result<Vec<VerifiedWish>, Reject> {
        Ok(parse(&json!({"userinfo": {"verified_claims": verified}}).to_string())?.userinfo.verified)
    }

    #[test]
    fn oidc_core_s5_5_the_standards_example_is_read() {
        let request = parse(
            r#"{"userinfo":{"given_name":{"essential":true},"nickname":null},
                "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:mace:incommon:iap:silver"]}}}"#,
        )
        .unwrap();
        assert!(request.userinfo.claims["given_name"].as_ref().unwrap().essential);
        assert!(request.userinfo.claims["nickname"].is_none());
        assert_eq!(request.wishes("acr").next().unwrap().accepted(), ["urn:mace:incommon:iap:silver"]);
        assert!(parse("[]").is_err());
        assert!(parse(r#"{"userinfo":3}"#).is_err());
        assert!(parse(r#"{"userinfo":[]}"#).is_err());
    }

    #[test]
    fn oidc_ida_verified_claims_are_read_with_what_they_demand() {
        let asked = json!({
            "verification": {
                "trust_framework": {"value": "tamga"},
                "assurance_level": {"values": ["2", "3"]},
                "time": {"max_age": 86400},
            },
            "claims": {"given_name": null, "family_name": {"essential": true}},
        });
        let wish = &wishes(&asked).unwrap()[0];
        assert_eq!(wish.claims.iter().collect::<Vec<_>>(), ["family_name", "given_name"]);
        assert_eq!((i16::from(wish.min_level()), wish.max_age), (2, Some(86400)));
        assert_eq!(VerifiedWish::from_stored(&wish.to_stored()).as_ref(), Some(wish));
        let essential = json!({
            "verification": {"trust_framework": null, "assurance_level": {"essential": true}},
            "claims": {"birthdate": null},
        });
        let several = wishes(&json!([asked, essential])).unwrap();
        assert_eq!(several.iter().map(|w| i16::from(w.min_level())).collect::<Vec<_>>(), [2, 1]);
    }

    #[test]
    fn oidc_ida_malformed_ones_are_refused_by_name() {
        let claims = json!({"given_name": null});
        for wrong in [
            json!("x"),
            json!([]),
            json!({"claims": claims}),
            json!({"verification": {}}),
            json!({"verification": {}, "claims": {}}),
            json!({"verification": {}, "claims": {"given_name": "Max"}}),
            json!({"verification": [], "claims": claims}),
            json!({"verification": {"assurance_level": "2"}, "claims": claims}),
            json!({"verification": {"assurance_level": {"values": 2}}, "claims": claims}),
            json!({"verification": {"time": {"max_age": -1}}, "claims": claims}),
            json!([{"verification": {}, "claims": claims}, null]),
        ] {
            let reject = wishes(&wrong).unwrap_err();
            assert!(reject.description().starts_with("claims"), "{wrong}: {}", reject.description());
        }
    }

    #[test]
    fn oidc_ida_what_cant_be_met_is_left_out() {
        for unmet in [
            json!({"trust_framework": {"value": "de_aml"}}),
            json!({"trust_framework": null, "assurance_level": {"value": "high"}}),
            json!({"trust_framework": null, "assurance_level": {"value": "0"}}),
            json!({"trust_framework": null, "evidence": [{"type": {"value": "document"}}]}),
            json!({"trust_framework": null, "verification_process": {"value": "x"}}),
        ] {
            let wish = json!({"verification": unmet, "claims": {"given_name": null}});
            assert_eq!(wishes(&wish).unwrap(), [], "{unmet}");
        }
    }

    #[test]
    fn a_claim_named_like_a_stored_wish_is_not_kept() {
        let text = json!({"userinfo": {"verified_claims {}": null, "valued_claim {}": null, "email": null}})
            .to_string();
        assert_eq!(parse(&text).unwrap().userinfo.stored(), ["email"]);
    }
}
