//! `/account/export` and `/api/v1/users/me/export`: everything the account holds, as JSON, for its owner
//! to take away. Secrets are not part of it: a copy on somebody's disk must open nothing.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    frame::entry,
    profile,
    visitor::{CHANGE, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    model::user::User,
    protocol::oauth2::access_token::{self, Bearer, BearerReject},
    store::{
        StoreError, consents, credentials, journal, own_account, representatives, sessions,
        user_certificates, user_files,
    },
};

/// Journal lines in an export at most.
const LINES: i64 = 10_000;

/// `POST /account/export`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, export(&app, &visit, &Form::parse(&body)).await)
}

async fn export(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    // All of a person's data at once is worth a fresh proof of who asks.
    let visitor = signed_in!(app, visit, CHANGE, profile::PAGE);
    if !visitor.sent(form) {
        return Ok(page::see_other(profile::PAGE));
    }
    let document = document(app, &visitor.login.user).await?;
    journal::insert(&app.pool, &entry(app, visit, &visitor, "user.export", None)).await?;
    let mut response = Json(document).into_response();
    let download = HeaderValue::from_static("attachment; filename=\"account.json\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, download);
    Ok(response)
}

/// `GET /api/v1/users/me/export`: for an application that the person allowed `export`, once they proved
/// themselves with two factors. Nobody can have it in their stead: a service client is told to have the
/// person sign in (RFC 9470).
pub async fn get_by_token(State(app): State<App>, visit: Visit) -> Response {
    match export_by_token(&app, &visit).await {
        Ok(document) => Json(document).into_response(),
        Err(fault) => access_token::refuse(&visit, &fault),
    }
}

async fn export_by_token(app: &App, visit: &Visit) -> Result<Value, Fault<BearerReject>> {
    const SCOPE: &str = "export";
    let sent = access_token::find(&visit.headers, None).map_err(Fault::Reject)?;
    let Bearer { token, user, client, .. } =
        access_token::authorize_with_second_factor(app, visit, &sent).await?;
    if !token.has_scope(SCOPE) {
        return Err(Fault::Reject(BearerReject::Scope(SCOPE.into())));
    }
    let document = document(app, &user).await?;
    let mut line = visit.entry(app, user.id, "user.export");
    line.after = Some(json!({"client": client.id}));
    journal::insert(&app.pool, &line).await?;
    log::outcome("exported");
    Ok(document)
}

fn moment(at: OffsetDateTime) -> Value {
    at.format(&Rfc3339).map_or(Value::Null, Value::from)
}

async fn document(app: &App, user: &User) -> Result<Value, StoreError> {
    let now = app.clock.now();
    let idle_since = now - app.settings.sessions.idle_ttl;
    let attributes: serde_json::Map<String, Value> = user
        .attributes
        .iter()
        .map(|(name, held)| {
            let verified = held.verified_at.map(moment);
            let of = json!({"value": held.value, "level": held.level, "source": held.source, "verified_at": verified});
            (name.clone(), of)
        })
        .collect();
    let applications = consents::list(&app.pool, user.id).await?;
    let sessions = sessions::list(&app.pool, user.id, now, idle_since).await?;
    let credentials = credentials::list(&app.pool, user.id).await?;
    let certificates = user_certificates::list(&app.pool, user.id).await?;
    let files = user_files::list(&app.pool, user.id).await?;
    let representatives = representatives::list(&app.pool, user.id).await?;
    let activity = journal::list_of_person(&app.pool, user.id, &[], None, LINES).await?;
    Ok(json!({
        "account": {
            "id": user.id, "kind": user.kind.type_word(), "username": user.username,
            "locale": user.locale.map(|locale| locale.tag()), "level": user.level(),
            "updated_at": moment(user.updated_at),
        },
        "exported_at": moment(now),
        "attributes": attributes,
        "history": own_account::history(&app.pool, user.id).await?,
        "applications": applications.iter().map(|one| json!({
            "client_id": one.identifier, "name": one.name, "scopes": one.scopes,
            "attributes": one.attributes, "since": moment(one.since), "latest": moment(one.latest),
        })).collect::<Vec<_>>(),
        "certificates": certificates.iter().map(|one| json!({
            "subject": one.subject, "expires_at": moment(one.expires_at),
            "since": moment(one.created_at), "last_used_at": one.last_used_at.map(moment),
        })).collect::<Vec<_>>(),
        "sessions": sessions.iter().map(|one| json!({
            "began_at": moment(one.created_at), "last_seen_at": moment(one.session.last_seen_at),
            "address": one.address, "user_agent": one.user_agent,
        })).collect::<Vec<_>>(),
        "credentials": credentials.iter().map(|one| json!({
            "kind": one.kind.word(), "label": one.label, "created_at": moment(one.created_at),
            "last_used_at": one.last_used_at.map(moment),
        })).collect::<Vec<_>>(),
        "files": files.iter().map(|one| json!({
            "name": one.name, "note": one.note, "created_at": moment(one.created_at),
            "reviewed_at": one.reviewed_at.map(moment),
        })).collect::<Vec<_>>(),
        "representatives": representatives.iter().map(|one| json!({
            "identifier": one.name, "value": one.value.as_str(), "full_name": one.full_name,
            "added_at": moment(one.added_at),
        })).collect::<Vec<_>>(),
        "activity": activity.iter().map(|one| json!({
            "at": moment(one.at), "action": one.action, "own": one.own, "by": one.actor_kind,
            "address": one.address, "application": one.client,
        })).collect::<Vec<_>>(),
    }))
}
