//! Scopes of OAuth 1.0a: which a request means, and what of them the document carries.

use std::collections::BTreeSet;

use super::reject::Reject;
use crate::model::{client::Client, registry::Registry};

/// What consumers of the Thai e-Government service send in place of scopes: all that is registered.
const GET_NAME: &str = "http://tempuri.org/IDataApi/GetName";
/// Scopes that mean nothing here, so a request without `scope` does not ask for them.
const QUIET: [&str; 2] = ["openid", "offline_access"];
/// What belongs to an attribute in the document, though no claim of OpenID Connect has it.
const COMPANIONS: [(&[&str], &[&str]); 2] = [
    (
        &["citizen_id", "iin", "passport_id", "juristic_id"],
        &["identification.issue_by", "identification.issue_date", "identification.expire_date"],
    ),
    (&["mobile_phone"], &["telephone", "alternative_contact"]),
];
/// Attributes that are several elements each.
const COMPOSITE: [&str; 2] = ["address", "organization"];

/// The scopes that a request token is for.
///
/// # Errors
/// [`Reject`] when one is not registered for the client, or none is given though the client must.
pub fn requested(
    asked: Option<&str>,
    client: &Client,
    registry: Registry<'_>,
) -> Result<Vec<String>, Reject> {
    let Some(asked) = asked else {
        if client.settings.oauth1_require_scope {
            return Err(Reject::Absent("scope"));
        }
        return Ok(all(client));
    };
    let mut scopes = BTreeSet::new();
    for scope in asked.split(' ').filter(|scope| !scope.is_empty()) {
        if scope == GET_NAME {
            scopes.extend(all(client));
        } else if registry.scopes.contains_key(scope) && client.scopes.iter().any(|known| known == scope) {
            scopes.insert(scope.to_owned());
        } else {
            return Err(Reject::parameter(
                "scope",
                "names a scope that is unknown or not registered for this client",
            ));
        }
    }
    Ok(scopes.into_iter().collect())
}

fn all(client: &Client) -> Vec<String> {
    let scopes: BTreeSet<&String> =
        client.scopes.iter().filter(|scope| !QUIET.contains(&scope.as_str())).collect();
    scopes.into_iter().cloned().collect()
}

/// The attributes that the document carries for these scopes, as the person is asked about them.
pub fn attributes(scopes: &[String], registry: Registry<'_>) -> BTreeSet<String> {
    let mut all = registry.attributes_for(scopes.iter().map(String::as_str), []);
    for (leading, companions) in COMPANIONS {
        if leading.iter().any(|name| all.contains(*name)) {
            all.extend(companions.iter().map(|name| (*name).to_owned()));
        }
    }
    let element = |name: &String| registry.attributes.get(name).is_some_and(|held| held.oauth1.is_some());
    all.retain(|name| COMPOSITE.contains(&name.as_str()) || element(name));
    all
}

#[cfg(test)]
pub(super) mod tests;
