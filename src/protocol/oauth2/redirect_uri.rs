//! Return addresses: which may be registered, and which match (RFC 9700 §2.1, RFC 8252 §7.3).

use url::{Host, Url};

/// Shows the code on a page instead of sending it anywhere.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob:auto";

/// Whether the address a request gave is one that was registered: byte for byte, except that a
/// loopback IP address may have any port (RFC 8252 §7.3), which native applications can't know
/// beforehand.
pub fn matches(registered: &str, given: &str) -> bool {
    registered == given || same_but_for_loopback_port(registered, given)
}

fn same_but_for_loopback_port(registered: &str, given: &str) -> bool {
    let (Some(registered), Some(given)) = (loopback(registered), loopback(given)) else { return false };
    registered == given
}

/// A loopback address in parts without its port: scheme and host, then everything after the
/// port, as the bytes stand.
fn loopback(uri: &str) -> Option<(&str, &str)> {
    // The text itself is taken apart, not a parsed form of it: a parser would forgive what the
    // comparison must not (case, dot segments, user names, backslashes).
    let rest = uri.strip_prefix("http://")?;
    let host = ["127.0.0.1", "[::1]"].into_iter().find(|host| rest.starts_with(host))?;
    let tail = &rest[host.len()..];
    let tail = match tail.strip_prefix(':') {
        None => tail,
        Some(port) => {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            let valid = port[..digits].parse::<u16>().is_ok_and(|port| port != 0);
            valid.then(|| &port[digits..])?
        }
    };
    (tail.is_empty() || tail.starts_with(['/', '?'])).then_some((host, tail))
}

/// Whether an address can be registered.
///
/// # Errors
/// What is wrong and what to do, for whoever registers it.
pub fn check_registrable(uri: &str) -> Result<(), String> {
    if uri == OUT_OF_BAND {
        return Ok(());
    }
    let refuse = |why: &str| Err(why.to_owned());
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

fn is_loopback(uri: &Url) -> bool {
    match uri.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rfc_9700_s2_1_an_address_matches_byte_for_byte_only() {
        let registered = "https://rp.example/cb?x=1";
        assert!(matches(registered, registered));
        for given in [
            "https://rp.example/cb",
            "https://rp.example/cb?x=1&y=2",
            "https://rp.example/cb?x=1/",
            "https://RP.example/cb?x=1",
            "HTTPS://rp.example/cb?x=1",
            "https://rp.example:443/cb?x=1",
            "https://rp.example/./cb?x=1",
            "https://rp.example/%63b?x=1",
            "https://rp.example/cb?x=1#",
            "https://rp.example@evil.example/cb?x=1",
            "https://rp.example.evil.example/cb?x=1",
            "http://rp.example/cb?x=1",
            "https://rp.example/cb/../evil?x=1",
            "https://rp.example\\@evil.example/cb?x=1",
            " https://rp.example/cb?x=1",
        ] {
            assert!(!matches(registered, given), "{given}");
        }
    }

    #[test]
    fn rfc_8252_s7_3_a_loopback_ip_may_have_any_port() {
        assert!(matches("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb"));
        assert!(matches("http://127.0.0.1:8080/cb", "http://127.0.0.1/cb"));
        assert!(matches("http://[::1]/cb", "http://[::1]:51004/cb"));
        for given in [
            "http://127.0.0.1:51004/other",
            "http://127.0.0.1:51004@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:evil/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:99999/cb",
            "http://[::1]:51004/cb",
            "http://localhost:51004/cb",
            "https://127.0.0.1:51004/cb",
        ] {
            assert!(!matches("http://127.0.0.1/cb", given), "{given}");
        }
        assert!(!matches("http://localhost/cb", "http://localhost:51004/cb"), "names are not addresses");
    }

    #[test]
    fn return_addresses_that_browsers_can_be_sent_to_safely() {
        for good in [
            "https://app.example.org/callback?a=b",
            "http://127.0.0.1/cb",
            "http://[::1]:3000/cb",
            "http://localhost:8080/cb",
            "com.example.app:/cb",
            "org.example.app://cb",
            OUT_OF_BAND,
        ] {
            assert_eq!(check_registrable(good), Ok(()), "{good}");
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
            let refused = check_registrable(bad).unwrap_err();
            assert!(refused.contains(word), "{bad}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_the_same_text_matches_a_web_address(given in "[!-~]{0,60}") {
            let registered = "https://rp.example/cb";
            prop_assert_eq!(matches(registered, &given), given == registered);
        }

        #[test]
        fn a_loopback_match_differs_in_the_port_alone(given in "http://127\\.0\\.0\\.1[!-~]{0,20}") {
            if matches("http://127.0.0.1/cb", &given) {
                let tail = given.strip_prefix("http://127.0.0.1").unwrap();
                let port = tail.strip_suffix("/cb").unwrap();
                prop_assert!(port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.parse::<u16>().is_ok()));
            }
        }
    }
}
