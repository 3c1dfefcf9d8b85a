//! What a registration may say about OpenID Connect: rules that hold whoever registers it, the
//! operator or the client itself.

use url::{Host, Origin, Url};

use super::fapi2;
use crate::{
    model::{
        client::{Client, ClientType, Flow},
        relying_party::RelyingParty,
        signing::Algorithm,
    },
    outbound::fetch::Fetcher,
};

/// Member of a registration at fault, under its name of RFC 7591, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {why}")]
pub struct BadMetadata {
    /// The member.
    pub name: &'static str,
    /// What is wrong and what would be right.
    pub why: String,
}

fn bad<T>(name: &'static str, why: impl Into<String>) -> Result<T, BadMetadata> {
    Err(BadMetadata { name, why: why.into() })
}

/// Checks the whole of it.
///
/// # Errors
/// The first rule that is broken.
pub fn check(client: &Client, fetcher: &Fetcher) -> Result<(), BadMetadata> {
    let party = &client.settings.oidc;
    requests(client, fetcher)?;
    logout(client, fetcher)?;
    links(party, fetcher)?;
    if let Some(uri) = &party.initiate_login_uri {
        // OpenID Connect Core §4: "MUST use the https scheme".
        page("initiate_login_uri", uri)?;
    }
    if let Some(uri) = &party.sector_identifier_uri {
        fetched("sector_identifier_uri", uri, fetcher)?;
    }
    for acr in &party.default_acr_values {
        if !["0", "1", "2", "3"].contains(&acr.as_str()) {
            return bad("default_acr_values", format!("`{acr}` is none of 0, 1, 2, 3"));
        }
    }
    for contact in &party.contacts {
        if contact.chars().any(char::is_control) || contact.trim().is_empty() || contact.len() > 200 {
            return bad("contacts", "give mail addresses of at most 200 characters");
        }
    }
    if client.is_fapi2() { of_fapi2(client) } else { Ok(()) }
}

fn requests(client: &Client, fetcher: &Fetcher) -> Result<(), BadMetadata> {
    let party = &client.settings.oidc;
    let has_keys = client.settings.jwks.is_some() || client.settings.jwks_uri.is_some();
    let needs_keys = [
        ("require_signed_request_object", party.require_signed_request_object),
        ("request_object_signing_alg", party.request_object_signing_alg.is_some()),
        ("request_uris", !party.request_uris.is_empty()),
    ];
    if let Some((name, _)) = needs_keys.into_iter().find(|(_, needed)| *needed && !has_keys) {
        return bad(
            name,
            "request objects are signed, and there is no key to check one with; give jwks or jwks_uri",
        );
    }
    party.request_uris.iter().try_for_each(|uri| fetched("request_uris", uri, fetcher))
}

fn logout(client: &Client, fetcher: &Fetcher) -> Result<(), BadMetadata> {
    let RelyingParty { backchannel_logout_uri: back, frontchannel_logout_uri: front, .. } =
        &client.settings.oidc;
    if client.settings.oidc.backchannel_logout_session_required && back.is_none() {
        return bad("backchannel_logout_session_required", "there is no backchannel_logout_uri");
    }
    if client.settings.oidc.frontchannel_logout_session_required && front.is_none() {
        return bad("frontchannel_logout_session_required", "there is no frontchannel_logout_uri");
    }
    if let Some(uri) = back {
        const NAME: &str = "backchannel_logout_uri";
        // OpenID Connect Back-Channel Logout 1.0 §2.2: "MUST NOT include a fragment component".
        if uri.contains('#') {
            return bad(NAME, "has a fragment (`#...`); remove it");
        }
        fetched(NAME, uri, fetcher)?;
    }
    let Some(uri) = front else { return Ok(()) };
    const NAME: &str = "frontchannel_logout_uri";
    let origin = page(NAME, uri)?;
    // OpenID Connect Front-Channel Logout 1.0 §2: "The domain, port, and scheme of this URL MUST be
    // the same as that of a registered Redirection URI value."
    let mut own = client.redirect_uris.iter().filter_map(|uri| Url::parse(uri).ok());
    if !own.any(|own| own.origin() == origin) {
        return bad(NAME, "must have scheme, host and port of a redirect_uri");
    }
    Ok(())
}

/// What people are led to and shown.
fn links(party: &RelyingParty, fetcher: &Fetcher) -> Result<(), BadMetadata> {
    let linked =
        [("client_uri", &party.client_uri), ("policy_uri", &party.policy_uri), ("tos_uri", &party.tos_uri)];
    for (name, uri) in linked.into_iter().filter_map(|(name, uri)| Some((name, uri.as_ref()?))) {
        let origin = page(name, uri.split('#').next().unwrap_or_default())?;
        // It stands on pages for everybody: loopback is somebody's own machine.
        if origin.ascii_serialization().starts_with("http:") {
            return bad(name, format!("`{uri}`: give an absolute https address"));
        }
    }
    party.logo_uri.as_ref().map_or(Ok(()), |uri| fetched("logo_uri", uri, fetcher))
}

/// FAPI 2.0 Security Profile §5.3.2.
fn of_fapi2(client: &Client) -> Result<(), BadMetadata> {
    let settings = &client.settings;
    if client.client_type == ClientType::Public {
        return bad("token_endpoint_auth_method", "a client of FAPI 2.0 is confidential");
    }
    if client.auth_methods.iter().any(|method| !fapi2::allows(*method)) {
        return bad(
            "token_endpoint_auth_method",
            "in FAPI 2.0 a client proves itself with private_key_jwt, tls_client_auth or \
             self_signed_tls_client_auth",
        );
    }
    let allowed = [Flow::AuthorizationCode, Flow::RefreshToken, Flow::ClientCredentials];
    if let Some(flow) = client.flows.iter().find(|flow| !allowed.contains(flow)) {
        return bad("grant_types", format!("FAPI 2.0 has no {flow}"));
    }
    if !settings.require_pkce || !settings.oidc.require_pushed_authorization_requests {
        return bad(
            "require_pushed_authorization_requests",
            "in FAPI 2.0 requests are pushed and carry a PKCE challenge",
        );
    }
    let foreign = [
        ("token_endpoint_auth_signing_alg", settings.assertion_alg),
        ("request_object_signing_alg", settings.oidc.request_object_signing_alg),
    ];
    if let Some((name, _)) =
        foreign.into_iter().find(|(_, alg)| alg.is_some_and(|alg| !fapi2::ALGORITHMS.contains(&alg)))
    {
        return bad(name, "FAPI 2.0 signs with PS256, ES256 or EdDSA");
    }
    let own = [
        ("id_token_signed_response_alg", Some(settings.id_token_alg)),
        ("authorization_signed_response_alg", settings.oidc.authorization_signed_response_alg),
        ("userinfo_signed_response_alg", settings.oidc.userinfo_signed_response_alg),
        ("introspection_signed_response_alg", settings.oidc.introspection_signed_response_alg),
    ];
    match own.into_iter().find(|(_, alg)| *alg == Some(Algorithm::Rs256)) {
        Some((name, _)) => bad(name, "FAPI 2.0 signs with PS256, ES256 or EdDSA"),
        None => Ok(()),
    }
}

/// An address that the server itself will go to.
///
/// # Errors
/// It is none, or one that is not fetched from.
pub fn fetched(name: &'static str, uri: &str, fetcher: &Fetcher) -> Result<(), BadMetadata> {
    let Ok(url) = Url::parse(uri) else { return bad(name, format!("`{uri}` is no absolute https address")) };
    fetcher.check(&url).or_else(|error| bad(name, format!("`{uri}`: {error}")))
}

/// An address that browsers are sent to: https, or http on loopback, where nobody listens in.
fn page(name: &'static str, uri: &str) -> Result<Origin, BadMetadata> {
    let wrong = || bad(name, format!("`{uri}`: give an absolute https address"));
    let Ok(url) = Url::parse(uri) else { return wrong() };
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return wrong(),
    };
    let plain = url.scheme() == "http" && loopback;
    if !(url.scheme() == "https" || plain) || !url.username().is_empty() || url.password().is_some() {
        return wrong();
    }
    if uri.contains('#') {
        return bad(name, "has a fragment (`#...`); remove it");
    }
    Ok(url.origin())
}
