//! Addresses of a client: where people return to, what is linked to, where word is brought.

use url::{Host, Url};

use super::{members::Members, policy::Policy, refusal::Refusal};
use crate::{
    model::{
        client::{Client, Flow},
        relying_party::{ApplicationType, SubjectType},
    },
    protocol::oauth2::redirect_uri::{OUT_OF_BAND, check_registrable},
};

/// Flows that answer at a return address.
const REDIRECTING: [Flow; 3] = [Flow::AuthorizationCode, Flow::Implicit, Flow::Hybrid];
/// Flows that answer tokens there.
const IN_FRONT: [Flow; 2] = [Flow::Implicit, Flow::Hybrid];

/// Reads all of them into the client, whose flows are known.
///
/// # Errors
/// The first that does not do.
pub fn apply(members: &Members, policy: &Policy<'_>, client: &mut Client) -> Result<(), Refusal> {
    let application_type = members.word("application_type")?.unwrap_or(ApplicationType::Web);
    client.settings.oidc.application_type = application_type;
    client.redirect_uris = members.texts("redirect_uris").map_err(|refusal| match refusal {
        Refusal::Metadata { why, .. } => Refusal::RedirectUri(why),
        other => other,
    })?;
    if client.redirect_uris.is_empty() && REDIRECTING.iter().any(|flow| client.has_flow(*flow)) {
        return Err(Refusal::RedirectUri("is missing".to_owned()));
    }
    let in_front = IN_FRONT.iter().any(|flow| client.has_flow(*flow));
    for uri in &client.redirect_uris {
        return_address(uri, application_type, in_front)
            .map_err(|why| Refusal::RedirectUri(format!("`{uri}`: {why}")))?;
    }
    client.post_logout_redirect_uris = members.texts("post_logout_redirect_uris")?;
    for uri in &client.post_logout_redirect_uris {
        registrable(uri)
            .map_err(|why| Refusal::of("post_logout_redirect_uris", format!("`{uri}`: {why}")))?;
    }
    links(members, policy, client)?;
    logout(members, policy, client)?;
    sector(members, policy, client)
}

/// OpenID Connect Dynamic Client Registration 1.0 §2 (`application_type`), RFC 8252 §7.
fn return_address(uri: &str, of: ApplicationType, in_front: bool) -> Result<(), String> {
    let url = registrable(uri)?;
    match of {
        ApplicationType::Web if !["https", "http"].contains(&url.scheme()) => {
            Err("a web application returns to https; register as native for a scheme of its own".to_owned())
        }
        // "Web Clients using the OAuth Implicit Grant Type MUST only register URLs using the https
        // scheme as redirect_uris; they MUST NOT use localhost as the hostname."
        ApplicationType::Web if in_front && (url.scheme() != "https" || is_loopback(&url)) => {
            Err("a web application that gets tokens in the browser returns to https, and not to localhost"
                .to_owned())
        }
        ApplicationType::Web | ApplicationType::Native => Ok(()),
    }
}

/// The code on a page to carry over is how people are talked out of it: operators alone allow it.
fn registrable(uri: &str) -> Result<Url, String> {
    if uri == OUT_OF_BAND {
        return Err("is registered by operators alone".to_owned());
    }
    check_registrable(uri)?;
    Url::parse(uri).map_err(|error| error.to_string())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether people may be led to this address from our pages.
///
/// # Errors
/// What is wrong with it.
pub fn check_page(uri: &str) -> Result<(), String> {
    let url = Url::parse(uri).map_err(|_| "is no absolute address".to_owned())?;
    if url.scheme() != "https" {
        return Err("must be https".to_owned());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user or password".to_owned());
    }
    Ok(())
}

fn page(members: &Members, name: &str) -> Result<Option<String>, Refusal> {
    let Some(uri) = members.text(name)? else { return Ok(None) };
    check_page(uri).map_err(|why| Refusal::of(name, why))?;
    Ok(Some(uri.to_owned()))
}

fn links(members: &Members, policy: &Policy<'_>, client: &mut Client) -> Result<(), Refusal> {
    let oidc = &mut client.settings.oidc;
    oidc.client_uri = page(members, "client_uri")?;
    oidc.policy_uri = page(members, "policy_uri")?;
    oidc.tos_uri = page(members, "tos_uri")?;
    // OpenID Connect Core §4: "The Client's initiate_login_uri ... MUST be an https URL".
    oidc.initiate_login_uri = page(members, "initiate_login_uri")?;
    oidc.logo_uri = fetched(members, policy, "logo_uri")?;
    oidc.request_uris = members.texts("request_uris")?;
    for uri in &oidc.request_uris {
        policy.check_fetched("request_uris", uri)?;
    }
    Ok(())
}

fn fetched(members: &Members, policy: &Policy<'_>, name: &str) -> Result<Option<String>, Refusal> {
    let Some(uri) = members.text(name)? else { return Ok(None) };
    policy.check_fetched(name, uri)?;
    Ok(Some(uri.to_owned()))
}

fn logout(members: &Members, policy: &Policy<'_>, client: &mut Client) -> Result<(), Refusal> {
    const BACK: &str = "backchannel_logout_uri";
    const FRONT: &str = "frontchannel_logout_uri";
    let back = fetched(members, policy, BACK)?;
    // OpenID Connect Back-Channel Logout 1.0 §2.2: "MUST NOT include a fragment component".
    if back.as_ref().is_some_and(|uri| uri.contains('#')) {
        return Err(Refusal::of(BACK, "has a fragment; remove it"));
    }
    let front = members.text(FRONT)?.map(str::to_owned);
    if let Some(uri) = &front {
        // OpenID Connect Front-Channel Logout 1.0 §2: "The domain, port, and scheme of this URL MUST be
        // the same as that of a registered Redirection URI value."
        let origin = registrable(uri).map_err(|why| Refusal::of(FRONT, why))?.origin();
        let mut known = client.redirect_uris.iter().filter_map(|uri| Url::parse(uri).ok());
        if !origin.is_tuple() || !known.any(|known| known.origin() == origin) {
            return Err(Refusal::of(FRONT, "must have scheme, host and port of one of redirect_uris"));
        }
    }
    let oidc = &mut client.settings.oidc;
    oidc.backchannel_logout_uri = back;
    oidc.frontchannel_logout_uri = front;
    oidc.backchannel_logout_session_required = members.flag("backchannel_logout_session_required")?;
    oidc.frontchannel_logout_session_required = members.flag("frontchannel_logout_session_required")?;
    Ok(())
}

fn sector(members: &Members, policy: &Policy<'_>, client: &mut Client) -> Result<(), Refusal> {
    const SECTOR: &str = "sector_identifier_uri";
    let subject_type = members.word("subject_type")?.unwrap_or(SubjectType::Public);
    let sector = fetched(members, policy, SECTOR)?;
    // OpenID Connect Dynamic Client Registration 1.0 §5: "a URL using the https scheme".
    if let Some(uri) = &sector {
        check_page(uri).map_err(|why| Refusal::of(SECTOR, why))?;
    }
    // OpenID Connect Core §8.1: with several hosts there is no sector that would be the client's own.
    let mut hosts: Vec<_> = client
        .redirect_uris
        .iter()
        .filter_map(|uri| Some(Url::parse(uri).ok()?.host()?.to_owned()))
        .collect();
    hosts.sort_by_key(ToString::to_string);
    hosts.dedup();
    if subject_type == SubjectType::Pairwise && sector.is_none() && hosts.len() != 1 {
        return Err(Refusal::of(
            SECTOR,
            "is missing: pairwise subjects need it unless redirect_uris have one host",
        ));
    }
    client.settings.oidc.subject_type = subject_type;
    client.settings.oidc.sector_identifier_uri = sector;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn oidc_registration_s2_web_applications_return_to_https_and_native_ones_to_themselves() {
        use ApplicationType::{Native, Web};
        for (uri, of, in_front, good) in [
            ("https://rp.example/cb", Web, false, true),
            ("https://rp.example/cb?x=1", Web, true, true),
            ("http://127.0.0.1:3000/cb", Web, false, true),
            ("http://127.0.0.1:3000/cb", Web, true, false),
            ("https://localhost/cb", Web, true, false),
            ("http://rp.example/cb", Web, false, false),
            ("com.example.app:/cb", Web, false, false),
            ("com.example.app:/cb", Native, false, true),
            ("http://localhost/cb", Native, true, true),
            ("http://[::1]/cb", Native, false, true),
            ("http://rp.example/cb", Native, false, false),
            ("myapp:/cb", Native, false, false),
            ("https://app.example/cb", Native, false, true),
            ("https://rp.example/cb#x", Web, false, false),
            (OUT_OF_BAND, Native, false, false),
        ] {
            assert_eq!(return_address(uri, of, in_front).is_ok(), good, "{uri} {of} {in_front}");
        }
    }

    #[test]
    fn people_are_led_to_https_alone() {
        assert!(check_page("https://rp.example/terms").is_ok());
        for bad in
            ["http://rp.example/", "javascript:alert(1)", "/terms", "https://u:p@rp.example/", "data:,x"]
        {
            assert!(check_page(bad).is_err(), "{bad}");
        }
    }
}
