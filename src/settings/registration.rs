//! `[registration]`: clients that register themselves (RFC 7591), and how far they are trusted.

use std::str::FromStr;

use url::Url;

use super::reader::Section;
use crate::model::{
    client::{AuthMethod, Flow},
    scope::ScopeRegistry,
};

/// Flows that a client may be given without an operator's look at it. In the others it acts without the
/// person, or sees what they type.
const POSSIBLE: [Flow; 6] = [
    Flow::AuthorizationCode,
    Flow::Implicit,
    Flow::Hybrid,
    Flow::RefreshToken,
    Flow::DeviceCode,
    Flow::ClientCredentials,
];

/// `[registration]`.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Whether the endpoint is there.
    pub enabled: bool,
    /// No operator's token is needed.
    pub open: bool,
    /// Scopes that such clients may have.
    pub allowed_scopes: Vec<String>,
    /// Flows that they may have.
    pub allowed_flows: Vec<Flow>,
    /// Ways they may prove who they are.
    pub allowed_auth_methods: Vec<AuthMethod>,
    /// Registrations and changes from one address within an hour.
    pub per_address_hourly: i32,
    /// What may be done with people's data (OpenID Connect Discovery 1.0 §3, `op_policy_uri`).
    pub policy_url: Option<Url>,
    /// The terms of use (`op_tos_uri`).
    pub terms_url: Option<Url>,
    /// The documentation (`service_documentation`).
    pub documentation_url: Option<Url>,
}

impl Registration {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let default_scopes = ["openid", "profile", "email", "phone", "address", "offline_access"];
        let default_flows = POSSIBLE.into_iter().filter(|flow| *flow != Flow::ClientCredentials);
        let flows = words(section, "allowed_flows", |flow| POSSIBLE.contains(flow));
        Self {
            enabled: section.flag("enabled", false),
            open: section.flag("open", false),
            allowed_scopes: section
                .list("allowed_scopes")
                .unwrap_or_else(|| default_scopes.map(str::to_owned).to_vec()),
            allowed_flows: flows.unwrap_or_else(|| default_flows.collect()),
            allowed_auth_methods: words(section, "allowed_auth_methods", |_| true)
                .unwrap_or_else(|| AuthMethod::ALL.to_vec()),
            per_address_hourly: i32::try_from(section.number("per_address_hourly", 120, 1..=1_000_000))
                .unwrap_or(i32::MAX),
            policy_url: section.page("policy_url"),
            terms_url: section.page("terms_url"),
            documentation_url: section.page("documentation_url"),
        }
    }

    /// What this installation does not know it can't give.
    pub(super) fn check(&self, root: &mut Section<'_>, scopes: &ScopeRegistry) {
        for scope in self.allowed_scopes.iter().filter(|scope| !scopes.contains_key(*scope)) {
            root.fault("registration.allowed_scopes", format!("there is no scope `{scope}`; see [scopes]"));
        }
    }
}

fn words<T: FromStr<Err = String>>(
    section: &mut Section<'_>,
    key: &str,
    possible: impl Fn(&T) -> bool,
) -> Option<Vec<T>> {
    let mut read = Vec::new();
    for text in section.list(key)? {
        match text.parse::<T>() {
            Ok(word) if possible(&word) => read.push(word),
            Ok(_) => section.fault(key, format!("`{text}` is given by operators alone; leave it out")),
            Err(error) => section.fault(key, error),
        }
    }
    Some(read)
}
