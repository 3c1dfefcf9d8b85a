//! What a request says about its sender: address, cookies, language, theme.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, Uri, header, request::Parts},
};

use super::{cookies, log};
use crate::{
    app::App,
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
    /// The request's address.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// The session cookie.
    pub session: Option<Token>,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(address)| address.ip());
        Ok(Self {
            request_id: log::request_id(&parts.extensions).unwrap_or_else(|| app.request_id()),
            address: sender(app, peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)), &parts.headers),
            session: cookies::session(app, &parts.headers),
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
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
    let trusted =
        |address: IpAddr| app.settings.server.trusted_proxies.iter().any(|range| range.contains(&address));
    if !trusted(peer) {
        return peer;
    }
    let forwarded: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|entry| entry.trim().parse().ok())
        .collect();
    forwarded.into_iter().rev().find(|address| !trusted(*address)).unwrap_or(peer)
}
