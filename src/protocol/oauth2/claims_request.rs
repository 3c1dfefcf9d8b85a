//! The `claims` parameter (OpenID Connect Core §5.5).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::reject::Reject;

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
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        self.value.iter().chain(self.values.iter().flatten()).map(text).collect()
    }
}

/// The whole parameter.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ClaimsRequest {
    /// For the id_token.
    #[serde(default)]
    pub id_token: BTreeMap<String, Option<Wish>>,
    /// For userinfo.
    #[serde(default)]
    pub userinfo: BTreeMap<String, Option<Wish>>,
}

impl ClaimsRequest {
    /// Reads the parameter.
    ///
    /// # Errors
    /// When it is no JSON object of the standard's form.
    pub fn parse(text: Option<&str>) -> Result<Self, Reject> {
        let Some(text) = text else { return Ok(Self::default()) };
        // serde would take an array for a struct; the standard has an object.
        let object = serde_json::from_str::<Map<String, Value>>(text);
        object.and_then(|object| serde_json::from_value(Value::Object(object))).map_err(|error| {
            Reject::invalid("claims", format!("not the JSON of OpenID Connect Core 5.5: {error}"))
        })
    }

    /// A wish about the id_token's claim `name`.
    pub fn id_token_wish(&self, name: &str) -> Option<&Wish> {
        self.id_token.get(name)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oidc_core_s5_5_the_standards_example_is_read() {
        let request = ClaimsRequest::parse(Some(
            r#"{"userinfo":{"given_name":{"essential":true},"nickname":null},
                "id_token":{"auth_time":{"essential":true},"acr":{"values":["urn:mace:incommon:iap:silver"]}}}"#,
        ))
        .unwrap();
        assert!(request.userinfo["given_name"].as_ref().unwrap().essential);
        assert!(request.userinfo["nickname"].is_none());
        assert_eq!(request.id_token_wish("acr").unwrap().accepted(), ["urn:mace:incommon:iap:silver"]);
        assert!(ClaimsRequest::parse(Some("[]")).is_err());
        assert!(ClaimsRequest::parse(Some(r#"{"userinfo":3}"#)).is_err());
    }
}
