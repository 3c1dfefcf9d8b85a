//! `response_types` and `grant_types` as flows (RFC 7591 §2.1, OpenID Connect Dynamic Client Registration
//! 1.0 §2).

use super::{members::Members, refusal::Refusal};
use crate::{model::client::Flow, protocol::oauth2::response_type::ResponseType};

/// Each grant that may be registered, and its flow. The code may be that of a hybrid flow, too.
const GRANTS: [(&str, Option<Flow>); 5] = [
    ("authorization_code", None),
    ("implicit", None),
    ("refresh_token", Some(Flow::RefreshToken)),
    ("client_credentials", Some(Flow::ClientCredentials)),
    ("urn:ietf:params:oauth:grant-type:device_code", Some(Flow::DeviceCode)),
];
const RESPONSE_TYPES: &str = "response_types";
const GRANT_TYPES: &str = "grant_types";

/// What is asked, as it was asked and as we call it.
#[derive(Debug, PartialEq, Eq)]
pub struct Kinds {
    /// As registered.
    pub response_types: Vec<String>,
    /// As registered.
    pub grant_types: Vec<String>,
    /// The flows that come of them.
    pub flows: Vec<Flow>,
}

impl Kinds {
    /// Reads both lists; what is left out follows from the other.
    ///
    /// # Errors
    /// They don't go together, or hold what is not served or not `allowed`.
    pub fn read(members: &Members, allowed: &[Flow]) -> Result<Self, Refusal> {
        let (mut response_types, mut grant_types) =
            (members.texts(RESPONSE_TYPES)?, members.texts(GRANT_TYPES)?);
        if response_types.is_empty() {
            response_types = default_response_types(&grant_types)?;
        }
        let mut flows = Vec::new();
        for response_type in &response_types {
            let (flow, grants) = flow_of(response_type)?;
            push(&mut flows, flow);
            for grant in grants {
                if grant_types.iter().any(|given| given == grant) {
                    continue;
                }
                // RFC 7591 §2.1: a client must not be registered into an inconsistent state.
                if members.get(GRANT_TYPES).is_some() {
                    let why = format!("lacks {grant}, which response_type `{response_type}` needs");
                    return Err(Refusal::of(GRANT_TYPES, why));
                }
                grant_types.push((*grant).to_owned());
            }
        }
        for grant in &grant_types {
            match GRANTS.iter().find(|(word, _)| word == grant) {
                None => return Err(Refusal::of(GRANT_TYPES, format!("`{grant}` can't be registered here"))),
                Some((_, Some(flow))) => push(&mut flows, *flow),
                Some((_, None)) => {}
            }
        }
        let refused = flows.iter().find(|flow| !allowed.contains(flow));
        if let Some(flow) = refused {
            return Err(Refusal::of(
                GRANT_TYPES,
                format!("the flow {flow} is not open to such clients here"),
            ));
        }
        let refreshes = [Flow::AuthorizationCode, Flow::Hybrid, Flow::DeviceCode];
        if flows.contains(&Flow::RefreshToken) && !refreshes.iter().any(|flow| flows.contains(flow)) {
            return Err(Refusal::of(GRANT_TYPES, "no other grant of this client gives a refresh_token"));
        }
        Ok(Self { response_types, grant_types, flows })
    }
}

/// RFC 7591 §2: "If omitted, the default is that the client will use only the `code` response type"; none
/// for a client that never sends people to us.
fn default_response_types(grant_types: &[String]) -> Result<Vec<String>, Refusal> {
    let has = |word: &str| grant_types.iter().any(|grant| grant == word);
    if grant_types.is_empty() || has("authorization_code") {
        return Ok(vec!["code".to_owned()]);
    }
    if has("implicit") {
        return Err(Refusal::of(RESPONSE_TYPES, "is missing: say what the implicit grant should answer"));
    }
    Ok(Vec::new())
}

/// The flow of a response type, and the grants that go with it.
fn flow_of(response_type: &str) -> Result<(Flow, &'static [&'static str]), Refusal> {
    let asked = ResponseType::parse(response_type)
        .ok_or_else(|| Refusal::of(RESPONSE_TYPES, format!("`{response_type}` is not served")))?;
    let grants: &[&str] = match asked.flow() {
        Flow::Hybrid => &["authorization_code", "implicit"],
        Flow::Implicit => &["implicit"],
        _ => &["authorization_code"],
    };
    Ok((asked.flow(), grants))
}

fn push(flows: &mut Vec<Flow>, flow: Flow) {
    if !flows.contains(&flow) {
        flows.push(flow);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(asked: Value) -> Result<Kinds, Refusal> {
        Kinds::read(&Members::parse(asked.to_string().as_bytes()).unwrap(), Flow::ALL)
    }

    #[test]
    fn rfc_7591_s2_1_response_types_and_grant_types_follow_from_one_another() {
        let code = read(json!({})).unwrap();
        assert_eq!(
            (code.response_types, code.grant_types),
            (vec!["code".into()], vec!["authorization_code".into()])
        );
        assert_eq!(code.flows, [Flow::AuthorizationCode]);
        let hybrid = read(json!({"response_types": ["code id_token", "token id_token"]})).unwrap();
        assert_eq!(hybrid.grant_types, ["authorization_code", "implicit"]);
        assert_eq!(hybrid.flows, [Flow::Hybrid, Flow::Implicit]);
        let refreshing = read(json!({"grant_types": ["authorization_code", "refresh_token"]})).unwrap();
        assert_eq!(refreshing.flows, [Flow::AuthorizationCode, Flow::RefreshToken]);
        let service = read(json!({"grant_types": ["client_credentials"]})).unwrap();
        assert!(service.response_types.is_empty() && service.flows == [Flow::ClientCredentials]);
    }

    #[test]
    fn rfc_7591_s2_1_no_client_is_registered_into_an_inconsistent_state() {
        for asked in [
            json!({"response_types": ["id_token"], "grant_types": ["authorization_code"]}),
            json!({"response_types": ["code id_token"], "grant_types": ["authorization_code"]}),
            json!({"grant_types": ["implicit"]}),
            json!({"grant_types": ["refresh_token"]}),
            json!({"grant_types": ["implicit", "refresh_token"], "response_types": ["id_token"]}),
            json!({"grant_types": ["password"]}),
            json!({"response_types": ["none"]}),
            json!({"response_types": ["code code"]}),
        ] {
            assert!(read(asked.clone()).is_err(), "{asked}");
        }
        let members = Members::parse(br#"{"response_types":["id_token"]}"#).unwrap();
        assert!(Kinds::read(&members, &[Flow::AuthorizationCode]).is_err(), "not allowed here");
    }
}
