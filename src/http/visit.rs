//! What a request says about its sender: address, cookies, language, theme.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, Method, Uri, header, request::Parts},
};

use super::{client_certificate, cookies, log, serve::ConnectionTls};
use crate::{
    app::App,
    crypto::certificate::Chain,
    form::Form,
    ids::{JourneyId, RequestId, UserId},
    model::{journal::Entry, locale::Locale},
    secret::{Digest, Token},
    templates::{LanguageLink, Shell, Theme},
};

/// A request's sender.
pub struct Visit {
    /// The request's id.
    pub request_id: RequestId,
    /// The peer's address, as the last trusted proxy saw it.
    pub address: IpAddr,
    /// Whether it came by TLS all the way: our own, or that of trusted proxies by their word.
    pub by_tls: bool,
    /// What is done.
    pub method: Method,
    /// The request's address.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// The session cookie.
    pub session: Option<Token>,
    /// The certificate whose key the sender holds.
    pub certificate: Option<Arc<Chain>>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let own_tls = parts.extensions.get::<ConnectionTls>().is_some_and(|connection| connection.tls);
        let mut headers = parts.headers.clone();
        client_certificate::drop_headers(app, &mut headers);
        Ok(Self {
            request_id: log::request_id(&parts.extensions).unwrap_or_else(|| app.request_id()),
            address: sender(app, peer, &parts.headers),
            by_tls: by_tls(is_trusted(app, peer), own_tls, &parts.headers),
            session: cookies::session(app, &parts.headers),
            certificate: client_certificate::find(app, parts, peer),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            headers,
        })
    }
}

impl Visit {
    /// The browser's own words about itself, cut to what is worth keeping.
    pub fn user_agent(&self) -> Option<String> {
        let value = self.headers.get(header::USER_AGENT)?.to_str().ok()?;
        Some(value.chars().take(300).collect())
    }

    /// The parameters of the request's address.
    pub fn query(&self) -> Form {
        Form::parse(self.uri.query().unwrap_or_default().as_bytes())
    }

    /// The cookie that ties a journey to this browser.
    pub fn journey_cookie(&self, app: &App, journey: JourneyId) -> Option<Token> {
        cookies::read(app, &self.headers, &cookies::journey(journey)).map(Token::from)
    }

    /// What failures from this address are counted under: the address, or the /64 of IPv6, where
    /// one sender has them all.
    pub fn throttle_key(&self) -> Digest {
        let key = match self.address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets()[..8].to_vec(),
        };
        Digest::of(&[b"address:".as_slice(), &key].concat())
    }

    /// A journal line for something this person did in this request, to their own account.
    pub fn entry(&self, app: &App, user: UserId, action: &'static str) -> Entry {
        let subject = ("user", user.to_string());
        Entry::by_user(app.clock.now(), user, action, subject, self.address.to_string(), self.request_id)
    }

    /// Whether the browser says that another site made it send this (Fetch Metadata).
    pub fn is_cross_site(&self) -> bool {
        self.headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site")
    }

    /// Whether the sender would rather read a page than JSON.
    pub fn wants_html(&self) -> bool {
        self.headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    }

    /// The language: the one clicked on this page, the request's `ui_locales`, the one chosen
    /// before, the browser's, the installation's.
    pub fn locale(&self, app: &App, asked: Option<Locale>) -> Locale {
        let query = self.query();
        let clicked = query.get("lang").ok().flatten().and_then(|tag| tag.parse().ok());
        let chosen = || cookies::read(app, &self.headers, cookies::LANGUAGE)?.parse().ok();
        let browser =
            || Locale::from_accept_language(self.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?);
        clicked.or(asked).or_else(chosen).or_else(browser).unwrap_or(app.settings.locales.default)
    }

    /// What surrounds a page at this address.
    pub fn shell(&self, app: &App, asked: Option<Locale>, theme: Option<Theme>) -> Shell {
        let locale = self.locale(app, asked);
        let languages = Locale::ALL
            .into_iter()
            .map(|other| LanguageLink {
                locale: other,
                href: self.in_language(other),
                current: other == locale,
            })
            .collect();
        Shell { locale, theme, client: None, cancel: None, languages }
    }

    /// This page's address with another language. Only a GET's parameters are repeated; those of
    /// a form that was posted are not in the address.
    fn in_language(&self, locale: Locale) -> String {
        let query = self.uri.query().unwrap_or_default();
        let mut kept: Vec<&str> =
            query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
        let lang = format!("lang={locale}");
        kept.push(&lang);
        format!("{}?{}", self.uri.path(), kept.join("&"))
    }
}

/// The sender's address. Headers of proxies are believed from listed proxies only, read from the
/// end: the last entry that is no proxy of ours is the first one a stranger could not forge.
fn sender(app: &App, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    if !is_trusted(app, peer) {
        return peer;
    }
    let forwarded: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|entry| entry.trim().parse().ok())
        .collect();
    forwarded.into_iter().rev().find(|address| !is_trusted(app, *address)).unwrap_or(peer)
}

/// Whether this is a listed proxy.
pub(super) fn is_trusted(app: &App, address: IpAddr) -> bool {
    app.settings.server.trusted_proxies.iter().any(|range| range.contains(&address))
}

/// Whether each leg of the way that we know of was TLS. A proxy's own leg to us is inside the house;
/// what counts is its word about the legs before (`X-Forwarded-Proto`, RFC 7239 §5.4 `proto`). A
/// stranger can add to what proxies say but not take away, so one word of plain HTTP decides.
fn by_tls(from_proxy: bool, own_tls: bool, headers: &HeaderMap) -> bool {
    if !from_proxy {
        return own_tls;
    }
    let values = |name: &'static str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
    };
    let mut legs: Vec<&str> = values("x-forwarded-proto").map(str::trim).collect();
    for element in values("forwarded") {
        let pairs = element.split(';').filter_map(|pair| pair.split_once('='));
        let proto = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("proto"));
        legs.extend(proto.map(|(_, value)| value.trim().trim_matches('"')));
    }
    !legs.is_empty() && legs.iter().all(|leg| leg.eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, header::HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn our_own_tls_counts_and_a_strangers_word_does_not() {
        let https = headers(&[("x-forwarded-proto", "https"), ("forwarded", "proto=https")]);
        assert!(by_tls(false, true, &HeaderMap::new()));
        assert!(!by_tls(false, false, &https));
        assert!(by_tls(true, false, &https));
    }

    #[test]
    fn every_leg_that_proxies_tell_of_must_be_tls() {
        for (lines, expected) in [
            (&[][..], false),
            (&[("x-forwarded-proto", "https")], true),
            (&[("x-forwarded-proto", "http")], false),
            (&[("x-forwarded-proto", "https, http")], false),
            (&[("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")], false),
            (&[("forwarded", "for=192.0.2.1;proto=https, for=\"[2001:db8::1]\"; Proto=\"HTTPS\"")], true),
            (&[("forwarded", "for=192.0.2.1;proto=http, for=192.0.2.2;proto=https")], false),
            (&[("forwarded", "for=192.0.2.1")], false),
            (&[("forwarded", "proto=http"), ("x-forwarded-proto", "https")], false),
        ] {
            // What a proxy says of the legs before it counts, however it reaches us itself.
            assert_eq!(by_tls(true, true, &headers(lines)), expected, "{lines:?}");
        }
    }
}
