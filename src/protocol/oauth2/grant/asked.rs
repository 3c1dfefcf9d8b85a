//! Scopes and resources as a token request names them.

use std::collections::BTreeSet;

use crate::{
    form::Form,
    model::{client::Client, scope::ScopeRegistry},
    protocol::oauth2::reject::Reject,
};

/// The scopes asked for, each known and registered; `None` when none was asked.
///
/// # Errors
/// [`Reject::Scope`] naming the first that is not.
pub fn scopes(
    client: &Client,
    registry: &ScopeRegistry,
    form: &Form,
) -> Result<Option<BTreeSet<String>>, Reject> {
    let Some(asked) = form.get("scope")? else { return Ok(None) };
    let asked: BTreeSet<String> = asked.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
    let known = |scope: &String| registry.contains_key(scope) && client.scopes.contains(scope);
    match asked.iter().find(|scope| !known(scope)) {
        Some(unknown) => Err(Reject::Scope(unknown.clone())),
        None => Ok(Some(asked)),
    }
}

/// Scopes of a token that no person stood by for: nobody signed in, so there is no id_token, and
/// nobody is away, so there is no refresh token.
pub fn without_person(scopes: BTreeSet<String>) -> Vec<String> {
    scopes.into_iter().filter(|scope| !["openid", "offline_access"].contains(&scope.as_str())).collect()
}

/// Resources as they were named, each once: a token's audience repeats none.
pub fn each_once(named: Vec<&str>) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for name in named {
        if !once.iter().any(|known| known == name) {
            once.push(name.to_owned());
        }
    }
    once
}

/// The resources asked for by these parameters (RFC 8707 §2.2, RFC 8693 §2.1), each once, in the letters
/// they were registered in: some clients write them otherwise. A client that has any registered must
/// say which it means.
///
/// # Errors
/// [`Reject::Target`] naming the first that is not registered, [`Reject::TargetMissing`].
pub fn resources(client: &Client, form: &Form, parameters: &[&str]) -> Result<Vec<String>, Reject> {
    let mut found: Vec<String> = Vec::new();
    for parameter in parameters {
        for name in form.all(parameter)? {
            let registered = client.resources.iter().find(|registered| registered.eq_ignore_ascii_case(name));
            let registered = registered.ok_or_else(|| Reject::Target(name.to_owned()))?;
            if !found.contains(registered) {
                found.push(registered.clone());
            }
        }
    }
    if found.is_empty() && !client.resources.is_empty() {
        return Err(Reject::TargetMissing);
    }
    Ok(found)
}
