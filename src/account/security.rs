//! `/account/security`: what protects the account, and taking a second factor away.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::{
    frame::{done, entry, frame, shell},
    visitor::{CHANGE, LOOK, Visitor, signed_in},
};
use crate::{
    app::{
        App,
        notices::{self, confirmed},
    },
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    ids::CredentialId,
    model::{
        credential::{Credential, CredentialKind},
        journey::Channel,
    },
    pages::passkey,
    store::{credentials, own_account},
    templates::{ChannelState, FactorRow, FieldError, Moment, SecurityPage},
};

/// Its path.
pub const PAGE: &str = "/account/security";

/// `GET /account/security`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/security/remove`.
pub async fn remove(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, take_away(&app, &visit, &Form::parse(&body)).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    render(app, visit, &visitor, None, StatusCode::OK).await
}

/// Whether this sort of credential stands in for a second factor, and is its owner's to take away.
pub fn is_factor(kind: CredentialKind) -> bool {
    use CredentialKind::{Mail, Passkey, Sms, Totp};
    matches!(kind, Totp | Passkey | Sms | Mail)
}

async fn take_away(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    if !visitor.sent(form) {
        return render(app, visit, &visitor, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let user = &visitor.login.user;
    let id = form.get("id").ok().flatten().and_then(|id| id.parse::<CredentialId>().ok());
    let held = credentials::list(&app.pool, user.id).await?;
    let Some(factor) = held.iter().find(|held| Some(held.id) == id && is_factor(held.kind)) else {
        return render(app, visit, &visitor, Some("account-gone"), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let after = json!({"kind": factor.kind.word(), "credential": factor.id});
    let line = entry(app, visit, &visitor, "credential.remove", Some(after));
    if credentials::remove(&app.pool, user.id, factor.id, &line).await? {
        notices::tell_owner(app, user, "notice-factor-removed", &[]).await?;
    }
    Ok(done(PAGE, "removed"))
}

/// The page, with an error about what was last asked of it.
///
/// # Errors
/// When the database or a template fails.
pub async fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    error: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let user = &visitor.login.user;
    let all = credentials::list(&app.pool, user.id).await?;
    let password = own_account::password_changed_at(&app.pool, user.id).await?;
    let row = |factor: &Credential| FactorRow {
        id: factor.id.to_string(),
        label: factor.label.clone().unwrap_or_default(),
        added: Moment(factor.created_at),
        used: factor.last_used_at.map(Moment),
    };
    let of = |kind| all.iter().filter(move |factor| factor.kind == kind);
    let channel = |kind, channel| ChannelState {
        id: of(kind).next().map(|factor| factor.id.to_string()),
        to: confirmed(user, channel).map(|contact| contact.masked()),
    };
    let shown = SecurityPage {
        frame: frame(visit, visitor, "security"),
        password: password.map(Moment),
        totp: of(CredentialKind::Totp).next().map(row),
        passkeys: of(CredentialKind::Passkey).map(row).collect(),
        sms: channel(CredentialKind::Sms, Channel::Sms),
        mail: channel(CredentialKind::Mail, Channel::Mail),
        recovery_codes: of(CredentialKind::RecoveryCode).count(),
        enrolled: all.iter().any(|factor| is_factor(factor.kind)),
        can_add_passkeys: passkey::party(app).is_some(),
        errors: error.map(|key| FieldError::new("form", key)).into_iter().collect(),
    };
    Ok(page::render(app, &shell(app, visit, visitor, PAGE), &shown, status)?)
}
