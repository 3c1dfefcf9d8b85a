//! Clients that register themselves (RFC 7591, OpenID Connect Dynamic Client Registration 1.0) and read,
//! change and remove themselves later (RFC 7592). The endpoints are there only when an operator enables
//! them.
//!
//! 1. Who may: an initial access token unless registration is open; later, the client's own token.
//! 2. The body is a JSON object; each member is there once.
//! 3. What can be checked without asking anybody: `apply` and the files it names.
//! 4. Not too many from one address: what follows goes to addresses that the sender chose.
//! 5. What must be fetched: `fetched`.
//! 6. The write registers, and counts the use of the initial access token: both or neither.
//! 7. The answer repeats what is registered now, which may be less than was asked (§3.2.1).

mod addresses;
mod answer;
pub mod apply;
mod bearer;
mod description;
mod fetched;
mod kinds;
pub mod members;
pub mod policy;
mod proofs;
pub mod refusal;
mod secrets;

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use time::Duration;

use self::{apply::Applied, members::Members, policy::Policy, refusal::Refusal};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
    ids::{ClientCertificateId, ClientId},
    model::{
        client::{Client, ClientCertificate, ClientSettings, ClientType},
        journal::Entry,
    },
    secret::Token,
    store::{
        client_registrations::{self, NewRegistration, Registered},
        clients,
        one_time_codes::{Window, spend},
    },
};

/// `POST /oauth2/register`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    settle(&visit, StatusCode::CREATED, register(&app, &visit, &body).await)
}

/// `GET /oauth2/register/{id}`.
pub async fn get(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    settle(&visit, StatusCode::OK, read(&app, &visit, &id).await)
}

/// `PUT /oauth2/register/{id}`.
pub async fn put(State(app): State<App>, visit: Visit, Path(id): Path<String>, body: Bytes) -> Response {
    settle(&visit, StatusCode::OK, replace(&app, &visit, &id, &body).await)
}

/// `DELETE /oauth2/register/{id}`.
pub async fn delete(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    match remove(&app, &visit, &id).await {
        Ok(()) => {
            log::outcome("client_removed");
            (StatusCode::NO_CONTENT, no_store()).into_response()
        }
        Err(fault) => refusal::answer(&visit, &fault),
    }
}

fn settle(visit: &Visit, status: StatusCode, settled: Result<Value, Fault<Refusal>>) -> Response {
    match settled {
        Ok(information) => (status, no_store(), Json(information)).into_response(),
        Err(fault) => refusal::answer(visit, &fault),
    }
}

/// RFC 7591 §3.2.1: the answer holds secrets.
fn no_store() -> [(header::HeaderName, &'static str); 2] {
    [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")]
}

async fn register(app: &App, visit: &Visit, body: &[u8]) -> Result<Value, Fault<Refusal>> {
    let initial_token = bearer::initial(app, &visit.headers).await?;
    let members = read_body(&visit.headers, body).map_err(Fault::Reject)?;
    let mut client = unknown(app);
    let applied = checked(app, &members, None, &mut client).map_err(Fault::Reject)?;
    throttle(app, visit).await?;
    fetched::sector(app, &client).await?;
    let logo = fetched::look(app, None, &mut client).await?;
    let secret = secrets::renew(app, &mut client)?;
    client.settings.oidc.unvouched = initial_token.is_none();
    certify(app, &mut client, &applied);
    let token = Token::generate(&app.rng);
    let new = NewRegistration {
        client: &client,
        digest: token.digest(),
        initial_token: initial_token.as_ref().map(Token::digest),
        metadata: &applied.metadata,
        logo: &logo,
    };
    let mut entry = entry(app, visit, &client, "client.register");
    entry.after = told_to_journal(&client, &applied.metadata)?;
    match client_registrations::insert(&app.pool, &new, &entry).await? {
        Registered::Done => {}
        // Somebody else used it up meanwhile.
        Registered::TokenSpent => return Err(Fault::Reject(Refusal::Token)),
    }
    log::client(client.id);
    log::outcome("client_registered");
    Ok(answer::information(&client, &applied.metadata, &app.issuer, &token, secret.as_ref())?)
}

async fn read(app: &App, visit: &Visit, id: &str) -> Result<Value, Fault<Refusal>> {
    let own = bearer::own(app, &visit.headers, id).await?;
    log::outcome("client_read");
    Ok(answer::information(&own.client, &own.registration.metadata, &app.issuer, &own.token, None)?)
}

/// RFC 7592 §2.2: what is sent takes the place of all that was registered.
async fn replace(app: &App, visit: &Visit, id: &str, body: &[u8]) -> Result<Value, Fault<Refusal>> {
    let own = bearer::own(app, &visit.headers, id).await?;
    let members = read_body(&visit.headers, body).map_err(Fault::Reject)?;
    same_client(app, &members, &own.client).map_err(Fault::Reject)?;
    let mut client = own.client.clone();
    let applied = checked(app, &members, Some(&own.client), &mut client).map_err(Fault::Reject)?;
    throttle(app, visit).await?;
    fetched::sector(app, &client).await?;
    let logo = fetched::look(app, Some(&own.client), &mut client).await?;
    let secret = secrets::renew(app, &mut client)?;
    certify(app, &mut client, &applied);
    let mut entry = entry(app, visit, &client, "client.update");
    entry.before = told_to_journal(&own.client, &own.registration.metadata)?;
    entry.after = told_to_journal(&client, &applied.metadata)?;
    let replaced =
        client_registrations::replace(&app.pool, &client, &applied.metadata, &logo, &entry).await?;
    if !replaced {
        return Err(Fault::Reject(Refusal::Token));
    }
    // Other instances hear of it from the database.
    app.clients.clear();
    log::outcome("client_changed");
    Ok(answer::information(&client, &applied.metadata, &app.issuer, &own.token, secret.as_ref())?)
}

async fn remove(app: &App, visit: &Visit, id: &str) -> Result<(), Fault<Refusal>> {
    let own = bearer::own(app, &visit.headers, id).await?;
    let mut entry = entry(app, visit, &own.client, "client.remove");
    entry.before = told_to_journal(&own.client, &own.registration.metadata)?;
    // RFC 7592 §2.3: grants and tokens go with it.
    clients::remove(&app.pool, own.client.id, &entry).await?;
    app.clients.clear();
    Ok(())
}

/// A client of which nothing is known yet.
fn unknown(app: &App) -> Client {
    let now = app.clock.now();
    Client {
        id: ClientId(app.rng.uuid(now)),
        // RFC 9700 §4.15: nothing that could be taken for a person's `sub`.
        identifier: format!("client-{}", app.rng.uuid(now).simple()),
        name: String::new(),
        client_type: ClientType::Confidential,
        profile: None,
        organisation: None,
        flows: Vec::new(),
        auth_methods: Vec::new(),
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        scopes: Vec::new(),
        resources: Vec::new(),
        settings: ClientSettings::default(),
        secrets: Vec::new(),
        certificates: Vec::new(),
        disabled_at: None,
        created_at: now,
    }
}

fn checked(
    app: &App,
    members: &Members,
    former: Option<&Client>,
    client: &mut Client,
) -> Result<Applied, Refusal> {
    apply::apply(members, &Policy::new(app, former), client)
}

/// RFC 7592 §2.2: the request "MUST include all client metadata fields ... MUST include its 'client_id'
/// ... MUST NOT include" those that only the server gives.
fn same_client(app: &App, members: &Members, client: &Client) -> Result<(), Refusal> {
    if members.text("client_id")? != Some(client.identifier.as_str()) {
        return Err(Refusal::of("client_id", "must be there, and be that of the address"));
    }
    let only_ours = [
        "registration_access_token",
        "registration_client_uri",
        "client_secret_expires_at",
        "client_id_issued_at",
    ];
    if let Some(name) = only_ours.into_iter().find(|name| members.get(name).is_some()) {
        return Err(Refusal::of(name, "is the server's to say; leave it out"));
    }
    let Some(secret) = members.text("client_secret")? else { return Ok(()) };
    if !secrets::is_current(app, client, &Token::from(secret)) {
        return Err(Refusal::of("client_secret", "must be the one that was given, or left out"));
    }
    Ok(())
}

fn read_body(headers: &HeaderMap, body: &[u8]) -> Result<Members, Refusal> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::Body("Content-Type must be application/json".to_owned()));
    }
    Members::parse(body)
}

/// Counts one more from this address: rows and fetches cost us more than a request costs the sender.
async fn throttle(app: &App, visit: &Visit) -> Result<(), Fault<Refusal>> {
    let now = app.clock.now();
    let hour = Window::of(now, Duration::HOUR);
    let limit = app.settings.registration.per_address_hourly;
    if spend(&app.pool, "registration-address", visit.throttle_key(), hour.began_at, limit).await? {
        return Ok(());
    }
    let seconds = u64::try_from((hour.ends_at - now).whole_seconds()).unwrap_or(0).max(1);
    Err(Fault::Reject(Refusal::TooMany { seconds }))
}

/// Gives the client the certificates it registered.
fn certify(app: &App, client: &mut Client, applied: &Applied) {
    let now = app.clock.now();
    let registered = applied.certificates.iter().map(|certificate| ClientCertificate {
        id: ClientCertificateId(app.rng.uuid(now)),
        key: certificate.key(),
        der: certificate.der.to_vec(),
        created_at: now,
        expires_at: None,
        last_used_at: None,
    });
    client.certificates = registered.collect();
}

fn entry(app: &App, visit: &Visit, client: &Client, action: &'static str) -> Entry {
    let who = (client.id, client.identifier.as_str());
    Entry::by_client_itself(app.clock.now(), who, action, visit.address.to_string(), visit.request_id)
}

/// The journal is never erased: mail addresses stay out of it.
fn told_to_journal(client: &Client, metadata: &Value) -> Result<Option<Value>, serde_json::Error> {
    let mut told = answer::registered(client, metadata)?;
    told.remove("contacts");
    Ok(Some(Value::Object(told)))
}
