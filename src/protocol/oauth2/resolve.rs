//! Where the parameters of an authorization request come from: the request itself, a request object in
//! it or at a registered address (RFC 9101, OpenID Connect Core §6), or what the client pushed before
//! (RFC 9126 §4). What comes out is a plain form, which is all that a journey keeps: later steps
//! fetch and verify nothing.

use std::{borrow::Cow, sync::Arc};

use url::Url;

use super::{
    client_keys, par,
    reject::Reject,
    request::Returnable,
    request_object::{Expected, RequestObject},
    return_to::ReturnTo,
};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log, page::Problem},
    model::client::Client,
    secret::{Digest, Token},
    store::pushed_requests::{self, Found},
};

/// Parameters that a person's browser has no business with, or that stand for all others.
const NEVER_KEPT: [&str; 5] =
    ["client_secret", "client_assertion", "client_assertion_type", "request", "request_uri"];
/// OpenID Connect Core §6.2: a longer address is none.
const LONGEST_URI: usize = 512;

/// A request with all its parameters at hand.
#[derive(Debug)]
pub struct Resolved {
    /// The parameters, encoded as a form.
    pub parameters: String,
    /// The same, decoded.
    pub form: Form,
    /// Digest of the pushed request that they are.
    pub pushed: Option<Digest>,
}

/// Why there are no parameters, and who is told.
#[derive(Debug)]
pub enum Unresolved {
    /// The client: its return address stands beside the fault and is a registered one.
    Back(Box<ReturnTo>, Reject),
    /// Its developer, on a page.
    Page(Problem),
}

impl Unresolved {
    fn of(client: &Arc<Client>, outer: &Form, reject: Reject) -> Self {
        match Returnable::vet(client.clone(), outer) {
            Ok(returnable) => Self::Back(Box::new(returnable.return_to), reject),
            Err(_) => Self::page(&reject),
        }
    }

    fn page(reject: &Reject) -> Self {
        Self::Page(Problem::developer(reject.code(), reject.description()))
    }
}

impl Resolved {
    fn plain(parameters: String, pushed: Option<Digest>) -> Self {
        Self { form: Form::parse(parameters.as_bytes()), parameters, pushed }
    }
}

/// Finds the parameters of a request that came through a browser.
///
/// # Errors
/// [`Unresolved`] when there are none that may be answered.
pub async fn resolve(
    app: &App,
    client: &Arc<Client>,
    parameters: &str,
) -> Result<Resolved, Fault<Unresolved>> {
    let outer = Form::parse(parameters.as_bytes());
    let fault = |reject: Reject| Fault::Reject(Unresolved::of(client, &outer, reject));
    let object = outer.get("request").map_err(|bad| fault(bad.into()))?;
    let uri = outer.get("request_uri").map_err(|bad| fault(bad.into()))?;
    if object.is_some() && uri.is_some() {
        // RFC 9101 §5: they "MUST NOT be used together".
        return Err(fault(Reject::invalid("request", "goes with no request_uri")));
    }
    if let Some(reference) = uri.and_then(|uri| uri.strip_prefix(par::PREFIX)) {
        return find_pushed(app, client, reference).await;
    }
    if must_push(app, client) {
        // RFC 9126 §5, §6.
        return Err(fault(Reject::invalid("request_uri", "is missing; requests must be pushed first")));
    }
    let token = match uri {
        Some(uri) => Some(Cow::from(fetch(app, client, uri).await.map_err(fault)?)),
        None => object.map(Cow::from),
    };
    match token {
        Some(token) => {
            let object = open(app, client, &token).await.map_err(fault)?;
            combine(client, &outer, &object).map_err(fault).map(|all| Resolved::plain(all, None))
        }
        None => {
            check_unsigned(client).map_err(fault)?;
            Ok(Resolved { parameters: parameters.to_owned(), form: outer, pushed: None })
        }
    }
}

/// The parameters of a request that is being pushed (RFC 9126 §2.1, §3).
///
/// # Errors
/// [`Reject`] for the client.
pub async fn resolve_pushed(
    app: &App,
    client: &Client,
    form: &Form,
) -> Result<Vec<(String, String)>, Reject> {
    if form.get("request_uri")?.is_some() {
        // RFC 9126 §2.1: "The request_uri authorization request parameter MUST NOT be provided".
        return Err(Reject::invalid("request_uri", "must not be pushed"));
    }
    match form.get("request")? {
        // RFC 9126 §3: all parameters are claims of the object, none stands beside it.
        Some(token) => Ok(alone(&open(app, client, token).await?)?),
        None => {
            check_unsigned(client)?;
            let named = ("client_id".to_owned(), client.identifier.clone());
            let others = texts(form).filter(|(name, _)| *name != "client_id");
            let others = others.map(|(name, value)| (name.to_owned(), value.to_owned()));
            Ok(std::iter::once(named).chain(others).collect())
        }
    }
}

/// Parameters as a form.
pub fn encode<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Whether this client's requests must be pushed.
fn must_push(app: &App, client: &Client) -> bool {
    app.settings.oauth2.require_pushed_authorization_requests
        || client.settings.oidc.require_pushed_authorization_requests
        // FAPI 2.0 Security Profile §5.3.2.2: "shall reject authorization requests sent without RFC 9126".
        || client.is_fapi2()
}

/// RFC 9101 §10.5.
fn check_unsigned(client: &Client) -> Result<(), Reject> {
    if client.settings.oidc.require_signed_request_object {
        return Err(Reject::invalid("request", "is missing; this client's requests must be signed"));
    }
    Ok(())
}

async fn find_pushed(app: &App, client: &Client, reference: &str) -> Result<Resolved, Fault<Unresolved>> {
    // On a page: what the client wanted, its return address with it, is in the request that is missing.
    let page = |why| Fault::Reject(Unresolved::page(&Reject::RequestUri(why)));
    let digest = Token::from(reference).digest();
    match pushed_requests::find(&app.pool, digest, client.id, app.clock.now()).await? {
        // RFC 9126 §4: whatever stands beside request_uri does not count.
        Found::Live(parameters) => Ok(Resolved::plain(parameters, Some(digest))),
        Found::Expired => Err(page("has expired; push the request again")),
        Found::Used => Err(page(par::USED)),
        Found::Unknown => Err(page("names no request that this client pushed")),
    }
}

/// Fetches the request object at an address that the client registered (RFC 9101 §5.2.3). Any other
/// address would have us fetch where a stranger wants (RFC 9101 §10.4.1).
async fn fetch(app: &App, client: &Client, uri: &str) -> Result<String, Reject> {
    let registered = client.settings.oidc.request_uris.iter().any(|registered| registered == uri);
    if !registered || uri.len() > LONGEST_URI {
        return Err(Reject::RequestUri(
            "is not one that the client registered; it must be equal byte for byte",
        ));
    }
    let url = Url::parse(uri).map_err(|_| Reject::RequestUri("is no address"))?;
    let body = app.fetcher.get_bytes(&url).await.map_err(|error| {
        tracing::warn!(host = url.host_str(), %error, "a request object could not be fetched");
        Reject::RequestUri("leads to no request object that could be fetched")
    })?;
    let text = String::from_utf8(body).map_err(|_| Reject::RequestUri("leads to no text"))?;
    Ok(text.trim().to_owned())
}

/// A request object of this client's whose signature is right.
async fn open<'t>(app: &App, client: &Client, token: &'t str) -> Result<RequestObject<'t>, Reject> {
    let object = RequestObject::read(token).map_err(Reject::RequestObject)?;
    let expected = Expected { client: &client.identifier, issuer: &app.issuer, strict: client.is_fapi2() };
    object.check(&expected, app.clock.now()).map_err(Reject::RequestObject)?;
    let chosen = client.settings.oidc.request_object_signing_alg;
    // RFC 9101 §6.2. `none` is no algorithm here: an unsigned object proves nothing.
    client_keys::verify(app, client, &object.jwt, chosen).await.map_err(|why| {
        log::detail(why);
        Reject::RequestObject("is not signed with a key and an algorithm of the client's")
    })?;
    Ok(object)
}

/// What an object and the parameters beside it ask together.
fn combine(client: &Client, outer: &Form, object: &RequestObject<'_>) -> Result<String, Reject> {
    if let Some(bad) = outer.first_bad(&["resource"]) {
        return Err(bad.into());
    }
    let openid = outer.get("scope")?.unwrap_or_default().split(' ').any(|scope| scope == "openid");
    let Some(response_type) = outer.get("response_type")?.filter(|_| openid) else {
        // RFC 9101 §6.3: "only use the parameters in the Request Object, even if the same parameter is
        // provided in the query parameter".
        return Ok(encode(alone(object)?));
    };
    if client.settings.oidc.require_signed_request_object {
        return Ok(encode(alone(object)?));
    }
    // OpenID Connect Core §6.1: "it is possible to send some request parameters in the Request Object and
    // some with OAuth 2.0 syntax"; those of the object supersede, but response_type must be the same.
    let inner = object.parameters();
    if inner.iter().any(|(name, value)| *name == "response_type" && value != response_type) {
        return Err(Reject::invalid("response_type", "differs from the request object's"));
    }
    let kept = texts(outer).filter(|(name, _)| !object.has(name));
    let inner = inner.iter().filter(|(name, _)| !NEVER_KEPT.contains(name));
    Ok(encode(kept.chain(inner.map(|(name, value)| (*name, value.as_str())))))
}

/// What an object asks, nothing beside it.
fn alone(object: &RequestObject<'_>) -> Result<Vec<(String, String)>, Reject> {
    // RFC 9101 §5: the client is named in the object, too; that it is this one was checked.
    if !object.has("client_id") {
        return Err(Reject::RequestObject("has no client_id"));
    }
    let inner = object.parameters().into_iter().filter(|(name, _)| !NEVER_KEPT.contains(name));
    Ok(inner.map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The parameters that may be kept, of a form in which none is bad.
fn texts(form: &Form) -> impl Iterator<Item = (&str, &str)> {
    let good = form.iter().filter_map(|(name, value)| Some((name, value.ok()?)));
    good.filter(|(name, _)| !NEVER_KEPT.contains(name))
}
