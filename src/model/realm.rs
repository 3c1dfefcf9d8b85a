//! Realms: the part of the web that a relying party asks for (OpenID Authentication 2.0 §9.2).
//!
//! A realm that is read too widely sends a person's assertion to somebody else, so whatever two
//! readers could understand differently is in no realm.

use percent_encoding::percent_decode_str;
use thiserror::Error;
use url::{Host, Url};

/// A realm pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Realm {
    /// `*.` stands before the host.
    wildcard: bool,
    place: Place,
}

/// A URL as realms see it: spelled in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    https: bool,
    host: Host,
    port: u16,
    path: String,
    query: Option<String>,
}

/// Why a text is no realm, with what to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum RealmError {
    /// Neither http nor https, or no address at all.
    #[error("is not a web address; write it like https://app.example.org/")]
    NotAnAddress,
    /// Readers take these differently: some drop them, some take a backslash for a slash.
    #[error("holds spaces, backslashes or control characters; percent-encode them")]
    Unclear,
    /// `https://bank.example@evil.example/` reads as the bank's.
    #[error("holds a user name or password; remove it")]
    UserInfo,
    /// §9.2: "A realm pattern MUST NOT contain a URI fragment".
    #[error("has a fragment (`#...`); remove it")]
    Fragment,
    /// A host name with a dot at its end or a `*` where none may be.
    #[error("the host is not a plain name or address; `*.` may stand at its beginning only")]
    BadHost,
    /// `..%2f` leads elsewhere once a server has decoded it.
    #[error("hides `..` behind an encoded slash; write the path out")]
    DotSegments,
    /// §9.2: `*.com` and `*.co.uk` are "overly general".
    #[error(
        "`*.` would cover names of other owners; put it before a domain of one owner, like *.example.org"
    )]
    WildcardTooWide,
}

impl Realm {
    /// Reads a realm pattern.
    ///
    /// # Errors
    /// [`RealmError`] when it is none, or covers more than one owner's names.
    pub fn parse(text: &str) -> Result<Self, RealmError> {
        let (scheme, rest) = text.split_once("://").ok_or(RealmError::NotAnAddress)?;
        // §9.2: "A realm MAY contain a wild-card at the beginning of the URL authority section."
        let Some(rest) = rest.strip_prefix("*.") else {
            return Ok(Self { wildcard: false, place: Place::parse(text)? });
        };
        let place = Place::parse(&format!("{scheme}://{rest}"))?;
        if !place.has_one_owner() {
            return Err(RealmError::WildcardTooWide);
        }
        Ok(Self { wildcard: true, place })
    }

    /// Whether a URL, such as a `return_to`, matches.
    pub fn contains_url(&self, url: &str) -> bool {
        Place::parse(url).is_ok_and(|place| self.covers(&place) && self.covers_host(&place.host))
    }

    /// Whether every URL in this realm is in the other one too.
    pub fn lies_in(&self, other: &Self) -> bool {
        other.covers(&self.place) && other.covers_host(&self.place.host) && (other.wildcard || !self.wildcard)
    }

    /// Whether addresses in it come over TLS.
    pub fn is_https(&self) -> bool {
        self.place.https
    }

    /// Whether it never leaves the machine.
    pub fn is_loopback(&self) -> bool {
        match &self.place.host {
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
        }
    }

    /// Its host without the wildcard: how people recognise who is asking.
    pub fn host(&self) -> String {
        self.place.host.to_string()
    }

    /// §9.2: scheme and port are "identical to those in the realm", and "the URL's path is equal to or
    /// a sub-directory of the realm's path".
    fn covers(&self, place: &Place) -> bool {
        let own = &self.place;
        own.https == place.https && own.port == place.port && own.covers_path(place)
    }

    /// §9.2: "the URL's domain is identical to the realm's domain", or its "trailing part ... is identical
    /// to the part of the realm following the `*.`".
    fn covers_host(&self, host: &Host) -> bool {
        if *host == self.place.host {
            return true;
        }
        let (Host::Domain(own), Host::Domain(name)) = (&self.place.host, host) else { return false };
        // The part before ends with a dot, or evil-example.org would be in *.example.org.
        self.wildcard && name.strip_suffix(own.as_str()).is_some_and(|before| before.ends_with('.'))
    }
}

impl Place {
    fn parse(text: &str) -> Result<Self, RealmError> {
        let (scheme, rest) = text.split_once("://").ok_or(RealmError::NotAnAddress)?;
        let https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return Err(RealmError::NotAnAddress),
        };
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(RealmError::Unclear);
        }
        if text.contains('#') {
            return Err(RealmError::Fragment);
        }
        // The text itself is asked: a parser forgives slashes too many and an empty user name.
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        if authority.contains('@') {
            return Err(RealmError::UserInfo);
        }
        if authority.is_empty() {
            return Err(RealmError::NotAnAddress);
        }
        let url = Url::parse(text).map_err(|_| RealmError::NotAnAddress)?;
        let host = url.host().ok_or(RealmError::NotAnAddress)?.to_owned();
        if let Host::Domain(name) = &host
            && (name.contains('*') || name.split('.').any(str::is_empty))
        {
            return Err(RealmError::BadHost);
        }
        if hides_dot_segments(url.path()) {
            return Err(RealmError::DotSegments);
        }
        Ok(Self {
            https,
            host,
            port: url.port_or_known_default().ok_or(RealmError::NotAnAddress)?,
            path: url.path().to_owned(),
            query: url.query().filter(|query| !query.is_empty()).map(str::to_owned),
        })
    }

    /// Whether the host is a registrable domain or a name below one: not an address, and not a suffix
    /// under which anybody gets a name (§15.1.3 warns of such realms).
    fn has_one_owner(&self) -> bool {
        matches!(&self.host, Host::Domain(name) if psl::domain_str(name).is_some())
    }

    fn covers_path(&self, other: &Self) -> bool {
        match &self.query {
            None => is_at_or_below(&other.path, &self.path),
            // A realm left out is the return_to itself (§9.1), query and all: more may follow, nothing
            // else may stand there.
            Some(query) => {
                self.path == other.path
                    && other
                        .query
                        .as_deref()
                        .and_then(|theirs| theirs.strip_prefix(query.as_str()))
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('&'))
            }
        }
    }
}

/// `/app` holds `/app` and `/app/x`, not `/apple`.
fn is_at_or_below(path: &str, top: &str) -> bool {
    path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || top.ends_with('/') || rest.starts_with('/'))
}

/// The parser has resolved the plain ones; what is left stands beside an encoded slash.
fn hides_dot_segments(path: &str) -> bool {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    decoded.split(['/', '\\']).any(|segment| segment == "." || segment == "..")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn realm(text: &str) -> Realm {
        Realm::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn s9_2_scheme_host_port_and_path_decide() {
        let own = realm("https://rp.example.org/app");
        for inside in [
            "https://rp.example.org/app",
            "https://rp.example.org/app?next=/home",
            "https://rp.example.org/app/",
            "https://rp.example.org/app/back?a=b&c=%2F..%2F",
            "https://rp.example.org/app/x/../back",
            "https://RP.Example.ORG/app",
            "HTTPS://rp.example.org/app",
            "https://rp.example.org:443/app",
        ] {
            assert!(own.contains_url(inside), "{inside}");
        }
        for outside in [
            "http://rp.example.org/app",
            "https://rp.example.org:8443/app",
            "https://rp.example.org/",
            "https://rp.example.org/apple",
            "https://rp.example.org/App",
            "https://rp.example.org/app;x",
            "https://rp.example.org/app%2fback",
            "https://rp.example.org/app/../admin",
            "https://rp.example.org/app/%2e%2e/admin",
            "https://rp.example.org/app/..%2fadmin",
            "https://rp.example.org/app/x%2F..%2f..%5cadmin",
            "https://rp.example.org/app/..\\admin",
            "https://www.rp.example.org/app",
            "https://example.org/app",
            "https://rp.example.org.evil.example/app",
            "https://rp.example.org@evil.example/app",
            "https://rp.example.org:443@evil.example/app",
            "https://@rp.example.org/app",
            "https://evil.example\\@rp.example.org/app",
            "https://evil.example/rp.example.org/app",
            "https://evil.example#@rp.example.org/app",
            "https://rp.example.org/app#part",
            "https:///rp.example.org/app",
            "https:/rp.example.org/app",
            "https:rp.example.org/app",
            "//rp.example.org/app",
            "https://rp.example.org./app",
            "https://*.example.org/app",
            "https://rp.example.org\n/app",
            " https://rp.example.org/app",
            "javascript://rp.example.org/app",
            "",
        ] {
            assert!(!own.contains_url(outside), "{outside}");
        }
    }

    #[test]
    fn s9_2_a_wildcard_stands_for_the_domain_and_all_names_below() {
        let own = realm("http://*.example.org/");
        for inside in ["http://example.org/", "http://www.example.org/a?b", "http://a.b.example.org:80/"] {
            assert!(own.contains_url(inside), "{inside}");
        }
        for outside in
            ["http://evil-example.org/", "http://example.org.evil/", "http://.example.org/", "http://org/"]
        {
            assert!(!own.contains_url(outside), "{outside}");
        }
    }

    #[test]
    fn s9_2_a_wildcard_over_names_of_many_owners_is_refused() {
        for good in
            ["https://*.example.org/", "https://*.dga.or.th/", "https://*.intra.gov.kz", "https://*.sso.corp"]
        {
            assert!(Realm::parse(good).is_ok(), "{good}");
        }
        for wide in [
            "https://*.org/",
            "https://*.co.uk/",
            "https://*.or.th/",
            "https://*.gov.kz/",
            "https://*.github.io/",
            "https://*.ไทย/",
            "https://*.xn--12c1fe0br.xn--o3cw4h/",
            "https://*.localhost/",
            "https://*.127.0.0.1/",
            "https://*.[::1]/",
        ] {
            assert_eq!(Realm::parse(wide), Err(RealmError::WildcardTooWide), "{wide}");
        }
    }

    #[test]
    fn a_text_that_could_be_read_in_two_ways_is_no_realm() {
        for (text, error) in [
            ("rp.example.org", RealmError::NotAnAddress),
            ("ftp://rp.example.org/", RealmError::NotAnAddress),
            ("https://", RealmError::NotAnAddress),
            ("https:///rp.example.org", RealmError::NotAnAddress),
            ("https://rp.example.org:port/", RealmError::NotAnAddress),
            ("https://rp.example.org/#x", RealmError::Fragment),
            ("https://*.example.org/#", RealmError::Fragment),
            ("https://me@rp.example.org/", RealmError::UserInfo),
            ("https://*.me:secret@example.org/", RealmError::UserInfo),
            ("https://rp.example.org/a b", RealmError::Unclear),
            ("https://rp.example.org\\x", RealmError::Unclear),
            ("https://*/", RealmError::BadHost),
            ("https://*.*.example.org/", RealmError::BadHost),
            ("https://www.*.example.org/", RealmError::BadHost),
            ("https://*rp.example.org/", RealmError::BadHost),
            ("https://*.example.org./", RealmError::BadHost),
            ("https://rp.example.org/a/..%2f", RealmError::DotSegments),
        ] {
            assert_eq!(Realm::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_realm_that_defaulted_to_the_return_to_holds_it_and_what_is_added_to_it() {
        let own = realm("https://rp.example.org/back?a=1");
        assert!(own.contains_url("https://rp.example.org/back?a=1"));
        assert!(own.contains_url("https://rp.example.org/back?a=1&b=2"));
        assert!(!own.contains_url("https://rp.example.org/back?a=12"));
        assert!(!own.contains_url("https://rp.example.org/back"));
        assert!(own.lies_in(&realm("https://rp.example.org/")));
        assert!(!realm("https://rp.example.org/back").lies_in(&own));
    }

    #[test]
    fn a_realm_lies_in_another_when_all_its_addresses_do() {
        for (inner, outer) in [
            ("https://rp.example.org", "https://rp.example.org/"),
            ("https://rp.example.org/app", "https://rp.example.org/"),
            ("https://rp.example.org/app/", "https://rp.example.org/app"),
            ("https://rp.example.org/", "https://*.example.org/"),
            ("https://*.rp.example.org/", "https://*.example.org/"),
            ("https://*.example.org/a", "https://*.example.org/"),
        ] {
            assert!(realm(inner).lies_in(&realm(outer)), "{inner} in {outer}");
            assert!(
                !realm(outer).lies_in(&realm(inner)) || realm(outer) == realm(inner),
                "{outer} in {inner}"
            );
        }
        assert!(!realm("https://*.example.org/").lies_in(&realm("https://example.org/")));
        assert!(!realm("http://rp.example.org/").lies_in(&realm("https://rp.example.org/")));
    }

    #[test]
    fn loopback_is_known_by_its_host() {
        for (text, loopback) in [
            ("http://localhost:8080/", true),
            ("http://127.0.0.1/", true),
            ("http://[::1]/", true),
            ("http://localhost.example.org/", false),
        ] {
            assert_eq!(realm(text).is_loopback(), loopback, "{text}");
        }
        assert_eq!(realm("https://*.Example.org/").host(), "example.org");
    }

    fn pattern() -> impl Strategy<Value = String> {
        ("https?://", "(\\*\\.)?", address(), "(:80|:443)?", tail())
            .prop_map(|(a, b, c, d, e)| a + &b + &c + &d + &e)
    }

    fn address() -> impl Strategy<Value = String> {
        "((a|b|www)\\.){0,2}(example|xample)\\.(org|co\\.uk)"
    }

    fn tail() -> impl Strategy<Value = String> {
        "(/(a|b|\\.\\.|%2e|%2f|;)){0,3}/?(\\?(a=1|b)(&a=1|&c)?)?"
    }

    proptest! {
        #[test]
        fn what_lies_in_a_realm_that_lies_in_another_is_in_both(
            inner in pattern(), outer in pattern(), url in ("https?://", address(), tail()),
        ) {
            let url = url.0 + &url.1 + &url.2;
            if let (Ok(inner), Ok(outer)) = (Realm::parse(&inner), Realm::parse(&outer))
                && inner.lies_in(&outer) && inner.contains_url(&url)
            {
                prop_assert!(outer.contains_url(&url));
            }
        }

        #[test]
        fn a_realm_lies_in_itself_and_one_without_wildcard_holds_its_own_address(text in pattern()) {
            if let Ok(realm) = Realm::parse(&text) {
                prop_assert!(realm.lies_in(&realm));
                prop_assert!(realm.wildcard || realm.contains_url(&text));
            }
        }

        #[test]
        fn a_browser_sent_to_an_address_in_the_realm_stays_on_its_host(url in "[ -~]{0,40}", rest in "[ -~]{0,20}") {
            let own = realm("https://rp.example.org/app");
            for url in [url.clone(), format!("https://{url}"), format!("https://rp.example.org{url}{rest}")] {
                if own.contains_url(&url) {
                    let seen = Url::parse(&url).unwrap();
                    prop_assert_eq!(seen.origin().ascii_serialization(), "https://rp.example.org");
                    prop_assert!(seen.path() == "/app" || seen.path().starts_with("/app/"));
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = Realm::parse(&text).map(|realm| realm.contains_url(&text));
        }
    }
}
