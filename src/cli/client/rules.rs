//! What a registration must keep to, each rule with the sentence that says how to.

use std::collections::HashSet;

use url::{Host, Url};

use crate::{
    cli::{CliError, nearest::hint},
    model::client::{AuthMethod, Client, ClientType, Flow},
    settings::Settings,
};

/// Flows in which people return to a registered address.
const REDIRECTING: [Flow; 3] = [Flow::AuthorizationCode, Flow::Implicit, Flow::Hybrid];
/// Flows that may give out refresh tokens.
const REFRESHABLE: [Flow; 4] = [Flow::AuthorizationCode, Flow::Hybrid, Flow::DeviceCode, Flow::ResourceOwner];
/// Flows that end at the token endpoint, where a confidential client proves who it is.
const AT_TOKEN_ENDPOINT: [Flow; 7] = [
    Flow::AuthorizationCode,
    Flow::Hybrid,
    Flow::RefreshToken,
    Flow::ClientCredentials,
    Flow::ResourceOwner,
    Flow::TokenExchange,
    Flow::DeviceCode,
];
/// Shows the code on a page instead of redirecting.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob:auto";

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
        flows(client, former)?;
        authentication(client)?;
        redirect_uris(client)?;
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

fn flows(client: &Client, former: Option<&Client>) -> Result<(), String> {
    let flows = &client.flows;
    if flows.is_empty() {
        return Err("--allowed-flow: give at least one, such as authorization-code".into());
    }
    no_duplicates("--allowed-flow", flows.iter().map(|flow| flow.word()))?;
    // RFC 9700 §2.4: the resource owner password credentials grant MUST NOT be used.
    if client.has_flow(Flow::ResourceOwner) && !former.is_some_and(|c| c.has_flow(Flow::ResourceOwner)) {
        return Err(
            "--allowed-flow resource-owner: new clients can't list it, because the application would see \
                    people's passwords (RFC 9700 §2.4); use authorization-code"
                .into(),
        );
    }
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
    // RFC 6749 §4.4: "MUST only be used by confidential clients."
    if client.client_type == ClientType::Public && client.has_flow(Flow::ClientCredentials) {
        return Err(
            "--allowed-flow client-credentials: only a confidential client can use it; leave out --type \
                    public"
                .into(),
        );
    }
    if redirects(flows) && client.redirect_uris.is_empty() {
        return Err("--redirect-uri is missing: give the address people return to in this flow".into());
    }
    Ok(())
}

fn authentication(client: &Client) -> Result<(), String> {
    let methods = &client.auth_methods;
    no_duplicates("--auth-method", methods.iter().map(|method| method.word()))?;
    for method in methods {
        if !matches!(method, AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost | AuthMethod::None)
        {
            return Err(format!(
                "--auth-method {method}: not served by this version; use client_secret_basic or client_secret_post"
            ));
        }
    }
    if client.client_type == ClientType::Public {
        if methods.iter().any(|method| *method != AuthMethod::None) {
            return Err(
                "--auth-method: a public client has no secret to prove itself with; give none, or --type \
                        confidential"
                    .into(),
            );
        }
        if !client.secrets.is_empty() {
            return Err(
                "a public client can't have a secret: leave it out (or remove it with `tamga client \
                        remove-secret`), or give --type confidential"
                    .into(),
            );
        }
        return Ok(());
    }
    if methods.is_empty() || methods.contains(&AuthMethod::None) {
        return Err(
            "--auth-method none: a confidential client proves who it is; give client_secret_basic or \
                    client_secret_post, or --type public"
                .into(),
        );
    }
    if client.secrets.is_empty() && AT_TOKEN_ENDPOINT.iter().any(|flow| client.has_flow(*flow)) {
        return Err(
            "a confidential client needs a secret: give --generate-secret or --secret-stdin, or --type \
                    public if it can't keep one"
                .into(),
        );
    }
    Ok(())
}

fn redirect_uris(client: &Client) -> Result<(), String> {
    no_duplicates("--redirect-uri", client.redirect_uris.iter().map(String::as_str))?;
    for uri in &client.redirect_uris {
        if uri != OUT_OF_BAND {
            return_address("--redirect-uri", uri)?;
        }
    }
    no_duplicates("--post-logout-redirect-uri", client.post_logout_redirect_uris.iter().map(String::as_str))?;
    client
        .post_logout_redirect_uris
        .iter()
        .try_for_each(|uri| return_address("--post-logout-redirect-uri", uri))
}

fn return_address(option: &str, uri: &str) -> Result<(), String> {
    let refuse = |why: &str| Err(format!("{option} `{uri}`: {why}"));
    // It is compared byte for byte, so nothing may be in it that a browser would change.
    if !uri.bytes().all(|b| b.is_ascii_graphic()) {
        return refuse(
            "holds spaces or characters outside ASCII; percent-encode them (and write the host in punycode)",
        );
    }
    // RFC 6749 §3.1.2: "The endpoint URI MUST NOT include a fragment component."
    if uri.contains('#') {
        return refuse("has a fragment (`#...`); remove it");
    }
    let Ok(url) = Url::parse(uri) else {
        return refuse("is not an absolute URI; write it like https://app.example.org/callback");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("holds a user name or password; remove it");
    }
    // RFC 9700 §2.1: exact matching, so a pattern would match nothing.
    if url.host_str().is_some_and(|host| host.contains('*')) {
        return refuse("addresses are compared byte for byte, so `*` would match nothing; register each one");
    }
    match url.scheme() {
        "https" => Ok(()),
        // RFC 8252 §7.3: loopback never leaves the machine.
        "http" if is_loopback(&url) => Ok(()),
        "http" => refuse("http would show codes to the network; use https (http is for loopback only)"),
        // RFC 8252 §7.1: "schemes ... based on a domain name under their control, expressed in reverse order".
        scheme if scheme.contains('.') => Ok(()),
        scheme => {
            let example = "com.example.app:/callback";
            refuse(&format!(
                "the scheme `{scheme}` could be any application's; use https, or one like {example}"
            ))
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn scopes(scopes: &[String], settings: &Settings) -> Result<(), String> {
    no_duplicates("--scope", scopes.iter().map(String::as_str))?;
    for scope in scopes.iter().filter(|scope| !settings.scopes.contains_key(*scope)) {
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
    fn return_addresses_that_browsers_can_be_sent_to_safely() {
        for good in [
            "https://app.example.org/callback?a=b",
            "http://127.0.0.1/cb",
            "http://[::1]:3000/cb",
            "http://localhost:8080/cb",
            "com.example.app:/cb",
            "org.example.app://cb",
        ] {
            assert_eq!(return_address("--redirect-uri", good), Ok(()), "{good}");
        }
    }

    #[test]
    fn other_return_addresses_are_refused_with_what_to_do() {
        for (bad, word) in [
            ("/callback", "absolute"),
            ("https://", "absolute"),
            ("https://a.example/cb#x", "fragment"),
            ("http://app.example.org/cb", "https"),
            ("http://localhost.evil.example/cb", "https"),
            ("javascript:alert(1)", "scheme"),
            ("myapp:/cb", "scheme"),
            ("https://*.example.org/cb", "byte for byte"),
            ("https://user:secret@a.example/cb", "password"),
            ("https://a.example/a b", "percent-encode"),
            ("https://тест.example/cb", "percent-encode"),
            ("https://a.example/\ncb", "percent-encode"),
        ] {
            let refused = return_address("--redirect-uri", bad).unwrap_err();
            assert!(refused.contains(word), "{bad}: {refused}");
        }
    }

    #[test]
    fn identifiers_are_printable_ascii_of_1_to_128() {
        assert!(identifier("portal:1 ~").is_ok() && identifier(&"x".repeat(128)).is_ok());
        for bad in ["", "tab\there", "тест", &"x".repeat(129)] {
            assert!(identifier(bad).is_err(), "{bad}");
        }
    }
}
