//! Return addresses: only those that a browser can be sent to without giving the code to others.

use url::{Host, Url};

use super::rules::no_duplicates;
use crate::model::client::Client;

/// Shows the code on a page instead of redirecting.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob:auto";

/// Checks every address of the client that people return to.
///
/// # Errors
/// The first that does not do, in words.
pub fn return_addresses(client: &Client) -> Result<(), String> {
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
}
