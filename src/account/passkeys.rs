//! `/account/security/passkey`: making a passkey, and naming it.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{
    frame::{done, done_with_factor, entry, frame, shell},
    sessions::device,
    visitor::{CHANGE, Visitor, signed_in},
};
use crate::{
    app::{App, notices},
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    ids::CredentialId,
    model::credential::{Credential, CredentialKind},
    pages::passkey,
    store::{StoreError, credentials},
    templates::{FieldError, NewPasskeyPage},
};

const PAGE: &str = "/account/security/passkey";
/// How long the browser may take to make one.
const LIFE: Duration = Duration::minutes(10);
/// Letters in a name.
const LABEL: usize = 60;

/// `GET /account/security/passkey`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/security/passkey`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, add(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /account/security/passkey/rename`.
pub async fn rename(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, name(&app, &visit, &Form::parse(&body)).await)
}

/// Where a challenge on its way is sealed for: only this session's answer counts.
fn place(visitor: &Visitor) -> String {
    format!("account.passkey:{}:{}", visitor.login.user.id, visitor.login.session.id)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    let label = visit.user_agent().as_deref().map(device).unwrap_or_default();
    render(app, visit, &visitor, label, None, StatusCode::OK).await
}

/// What its owner calls it: one line, cut to what fits.
fn label(form: &Form) -> Option<String> {
    let typed = form.get("label").ok().flatten()?.trim();
    let plain: String = typed.chars().filter(|c| !c.is_control()).take(LABEL).collect();
    (!plain.is_empty()).then_some(plain)
}

/// The challenge that went out with the page, unless it is another session's or too old.
fn challenge(app: &App, visitor: &Visitor, form: &Form) -> Option<Value> {
    let sealed = URL_SAFE_NO_PAD.decode(form.get("challenge").ok().flatten()?).ok()?;
    let opened = app.sealer.open(&place(visitor), &sealed).ok()?;
    let mut opened: Value = serde_json::from_slice(&opened).ok()?;
    let until = OffsetDateTime::from_unix_timestamp(opened["until"].as_i64()?).ok()?;
    (until > app.clock.now()).then(|| opened["state"].take())
}

async fn add(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    let typed = label(form).unwrap_or_default();
    let (true, Some(state)) = (visitor.sent(form), challenge(app, &visitor, form)) else {
        let error = Some(FieldError::new("form", "form-stale"));
        return render(app, visit, &visitor, typed, error, StatusCode::FORBIDDEN).await;
    };
    let refuse = |field: &'static str, key| {
        let error = Some(FieldError::new(field, key));
        render(app, visit, &visitor, typed.clone(), error, StatusCode::UNPROCESSABLE_ENTITY)
    };
    if typed.is_empty() {
        return refuse("label", "passkey-label-missing").await;
    }
    let Some(party) = passkey::party(app) else { return Ok(page::see_other(super::security::PAGE)) };
    let answer = form.get("credential").ok().flatten().unwrap_or_default();
    let made = match party.finish_registration(answer, state) {
        Ok(made) => made,
        Err(reason) => {
            tracing::info!(%reason, "a new passkey was refused");
            return refuse("form", "new-passkey-refused").await;
        }
    };
    let (user, now) = (&visitor.login.user, app.clock.now());
    let factor = Credential {
        id: CredentialId(app.rng.uuid(now)),
        user_id: user.id,
        kind: CredentialKind::Passkey,
        label: Some(typed.clone()),
        data: made.data,
        sealed: None,
        created_at: now,
        last_used_at: None,
    };
    let line = entry(app, visit, &visitor, "credential.insert", Some(json!({"kind": "passkey"})));
    match credentials::insert(&app.pool, &[factor], None, &line).await {
        // WebAuthn §7.1 step 26: an id that is registered already is refused; so is a second press.
        Err(StoreError::Taken(_)) => return refuse("form", "new-passkey-taken").await,
        inserted => inserted?,
    }
    notices::tell_owner(app, user, "notice-factor-added", &[]).await?;
    Ok(done_with_factor(app, &visitor, &made.amr, (super::security::PAGE, "passkey")).await?)
}

async fn name(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, super::security::PAGE);
    let refuse = |key, status| super::security::render(app, visit, &visitor, Some(key), status);
    if !visitor.sent(form) {
        return refuse("form-stale", StatusCode::FORBIDDEN).await;
    }
    let Some(label) = label(form) else {
        return refuse("passkey-label-missing", StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let id = form.get("id").ok().flatten().and_then(|id| id.parse::<CredentialId>().ok());
    let line = entry(app, visit, &visitor, "credential.rename", None);
    match id {
        Some(id) if credentials::rename(&app.pool, visitor.login.user.id, id, &label, &line).await? => {
            Ok(done(super::security::PAGE, "renamed"))
        }
        _ => refuse("account-gone", StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    label: String,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let Some(party) = passkey::party(app) else { return Ok(page::see_other(super::security::PAGE)) };
    let user = &visitor.login.user;
    let held = credentials::list(&app.pool, user.id).await?;
    let held: Vec<&Value> =
        held.iter().filter(|held| held.kind == CredentialKind::Passkey).map(|held| &held.data).collect();
    let ceremony = party
        .begin_registration(user.id, &user.username, &user.display_name(), &held)
        .map_err(passkey::failed)?;
    let until = (app.clock.now() + LIFE).unix_timestamp();
    let kept = json!({"state": ceremony.state, "until": until}).to_string();
    let sealed = app.sealer.seal(&place(visitor), kept.as_bytes(), &app.rng)?;
    let shown = NewPasskeyPage {
        frame: frame(visit, visitor, "security"),
        options: ceremony.options.to_string(),
        sealed: URL_SAFE_NO_PAD.encode(sealed),
        label,
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell(app, visit, visitor, PAGE), &shown, status)?)
}
