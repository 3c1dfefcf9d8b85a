//! What a registration must keep to, each rule with the sentence that says how to.

use std::collections::HashSet;

use url::Url;

use super::{authentication, callbacks, oauth1, realms, relying_party, service, uris::return_addresses};
use crate::{
    cli::{CliError, nearest::hint},
    model::client::{Client, ClientType, Flow},
    settings::Settings,
};

/// Flows in which people return to a registered address.
const REDIRECTING: [Flow; 3] = [Flow::AuthorizationCode, Flow::Implicit, Flow::Hybrid];
/// Flows that may give out refresh tokens.
const REFRESHABLE: [Flow; 4] = [Flow::AuthorizationCode, Flow::Hybrid, Flow::DeviceCode, Flow::ResourceOwner];
/// Whether people return to an address of the client's in any of these flows.
pub fn redirects(flows: &[Flow]) -> bool {
    REDIRECTING.iter().any(|flow| flows.contains(flow))
}

/// Checks a whole registration, as it will be stored. `former` is what is registered now.
///
/// # Errors
/// The first rule that is broken, in words.
pub fn check(client: &Client, former: Option<&Client>, settings: &Settings) -> Result<(), CliError> {
    let rules = || {
        identifier(&client.identifier)?;
        name(&client.name)?;
        flows(client)?;
        authentication::check(client, former, settings)?;
        aitu(client)?;
        service::check(client, former, settings)?;
        return_addresses(client)?;
        oauth1::check(client)?;
        callbacks::check(client, settings)?;
        relying_party::check(client, settings)?;
        realms::check(client, former)?;
        scopes(&client.scopes, settings)?;
        resources(&client.resources)?;
        attributes(&client.settings.require_attributes, settings)
    };
    rules().map_err(CliError::Refused)
}

/// RFC 6749 Appendix A.1: client-id = *VSCHAR
fn identifier(identifier: &str) -> Result<(), String> {
    if identifier.is_empty() || identifier.len() > 128 {
        return Err("--identifier: give 1 to 128 characters".into());
    }
    if !identifier.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return Err("--identifier: only printable ASCII characters can be sent as client_id".into());
    }
    Ok(())
}

fn name(name: &str) -> Result<(), String> {
    if name.trim().is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
        return Err("--name: give 1 to 200 characters on one line; people read it on the consent page".into());
    }
    Ok(())
}

fn flows(client: &Client) -> Result<(), String> {
    let flows = &client.flows;
    if flows.is_empty() {
        return Err("--allowed-flow: give at least one, such as authorization-code".into());
    }
    no_duplicates("--allowed-flow", flows.iter().map(|flow| flow.word()))?;
    let refreshes = client.has_flow(Flow::RefreshToken);
    if refreshes && !REFRESHABLE.iter().any(|flow| flows.contains(flow)) {
        return Err("--allowed-flow refresh-token: no other flow of this client gives a refresh token; add \
                    authorization-code"
            .into());
    }
    if client.settings.always_refresh && !refreshes {
        return Err(
            "--always-refresh: the client can't use refresh tokens; add --allowed-flow refresh-token".into(),
        );
    }
    // RFC 6749 §4.4: "MUST only be used by confidential clients." In the name of a public one anybody
    // could try people's passwords and codes.
    let confidential = [Flow::ClientCredentials, Flow::Confirmation];
    let refused = confidential.iter().find(|flow| client.has_flow(**flow));
    if let Some(flow) = refused.filter(|_| client.client_type == ClientType::Public) {
        return Err(format!(
            "--allowed-flow {flow}: only a confidential client can use it; leave out --type public"
        ));
    }
    if redirects(flows) && client.redirect_uris.is_empty() {
        return Err("--redirect-uri is missing: give the address people return to in this flow".into());
    }
    Ok(())
}

/// What the parameters of the Aitu profile need.
fn aitu(client: &Client) -> Result<(), String> {
    if client.settings.require_iin_signature && client.settings.iin_public_key.is_none() {
        return Err(
            "--require-iin-signature: there is no key to check a signature with, so every request would \
                    be refused; give --iin-public-key FILE too, or --require-iin-signature false"
                .into(),
        );
    }
    if client.settings.trusted_phone && client.client_type == ClientType::Public {
        return Err(
            "--trusted-phone: a public client can't prove who it is, so anybody could vouch for any \
                    phone in its name; give --type confidential, or --trusted-phone false"
                .into(),
        );
    }
    Ok(())
}

fn scopes(scopes: &[String], settings: &Settings) -> Result<(), String> {
    no_duplicates("--scope", scopes.iter().map(String::as_str))?;
    if let Some(scope) = scopes.iter().find(|scope| !settings.scopes.contains_key(*scope)) {
        if scope.contains([' ', ',']) {
            return Err(format!("--scope `{scope}`: give one scope each time; repeat --scope"));
        }
        let known = settings.scopes.keys().map(String::as_str);
        let hint = hint(scope, known, "add it to the settings under [scopes]");
        return Err(format!("--scope `{scope}` is not known here; {hint}"));
    }
    Ok(())
}

fn resources(resources: &[String]) -> Result<(), String> {
    no_duplicates("--resource", resources.iter().map(String::as_str))?;
    // RFC 8707 §2: "an absolute URI ... MUST NOT include a fragment component".
    match resources.iter().find(|r| r.contains('#') || Url::parse(r).is_err()) {
        Some(wrong) => Err(format!(
            "--resource `{wrong}`: give an absolute URI without fragment, such as urn:service:taxes"
        )),
        None => Ok(()),
    }
}

fn attributes(names: &[String], settings: &Settings) -> Result<(), String> {
    no_duplicates("--require-attribute", names.iter().map(String::as_str))?;
    match names.iter().find(|name| !settings.attributes.contains_key(*name)) {
        Some(name) => {
            let known = settings.attributes.keys().map(String::as_str);
            let hint = hint(name, known, "add it to the settings under [attributes]");
            Err(format!("--require-attribute `{name}` is not known here; {hint}"))
        }
        None => Ok(()),
    }
}

/// Refuses what is given twice.
pub fn no_duplicates<'v>(option: &str, values: impl Iterator<Item = &'v str>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for value in values {
        if !seen.insert(value) {
            return Err(format!("{option} `{value}` is given twice; give it once"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_printable_ascii_of_1_to_128() {
        assert!(identifier("portal:1 ~").is_ok() && identifier(&"x".repeat(128)).is_ok());
        for bad in ["", "tab\there", "тест", &"x".repeat(129)] {
            assert!(identifier(bad).is_err(), "{bad}");
        }
    }
}
