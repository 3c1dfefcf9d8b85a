//! Addresses of a client: where people return to, what is linked to, where word is brought. Here are the
//! rules for clients that nobody looked at; those that hold for all are in `registrable`.

use url::{Host, Url};

use super::{members::Members, refusal::Refusal};
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
pub fn apply(members: &Members, client: &mut Client) -> Result<(), Refusal> {
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
    others(members, client)
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

/// Addresses whose rules hold whoever registers them (`registrable`).
fn others(members: &Members, client: &mut Client) -> Result<(), Refusal> {
    let text = |name: &str| Ok::<_, Refusal>(members.text(name)?.map(str::to_owned));
    let oidc = &mut client.settings.oidc;
    oidc.client_uri = text("client_uri")?;
    oidc.policy_uri = text("policy_uri")?;
    oidc.tos_uri = text("tos_uri")?;
    oidc.logo_uri = text("logo_uri")?;
    oidc.initiate_login_uri = text("initiate_login_uri")?;
    oidc.request_uris = members.texts("request_uris")?;
    oidc.backchannel_logout_uri = text("backchannel_logout_uri")?;
    oidc.frontchannel_logout_uri = text("frontchannel_logout_uri")?;
    oidc.backchannel_logout_session_required = members.flag("backchannel_logout_session_required")?;
    oidc.frontchannel_logout_session_required = members.flag("frontchannel_logout_session_required")?;
    oidc.subject_type = members.word("subject_type")?.unwrap_or(SubjectType::Public);
    oidc.sector_identifier_uri = text("sector_identifier_uri")?;
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
}
