//! Recovery codes: a new set takes the place of the old one, and is shown once.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{
    frame::{entry, frame, shell},
    security::{self, is_factor},
    visitor::{CHANGE, signed_in},
};
use crate::{
    app::{App, notices},
    crypto::recovery_code,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    ids::CredentialId,
    model::credential::{Credential, CredentialKind},
    store::credentials,
    templates::RecoveryCodesPage,
};

/// `POST /account/security/recovery`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, make(&app, &visit, &Form::parse(&body)).await)
}

async fn make(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, security::PAGE);
    if !visitor.sent(form) {
        return security::render(app, visit, &visitor, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let (user, now) = (&visitor.login.user, app.clock.now());
    // They stand in for a second factor: without one there is nothing to recover.
    if !credentials::list(&app.pool, user.id).await?.iter().any(|held| is_factor(held.kind)) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return security::render(app, visit, &visitor, Some("security-second-what"), status).await;
    }
    let codes: Vec<_> = (0..recovery_code::SET).map(|_| recovery_code::generate(&app.rng)).collect();
    let stored: Vec<Credential> = codes
        .iter()
        .map(|code| Credential {
            id: CredentialId(app.rng.uuid(now)),
            user_id: user.id,
            kind: CredentialKind::RecoveryCode,
            label: None,
            data: json!({}),
            sealed: Some(recovery_code::digest(code, user.id).as_bytes().to_vec()),
            created_at: now,
            last_used_at: None,
        })
        .collect();
    let line = entry(app, visit, &visitor, "credential.insert", Some(json!({"kind": "recovery-code"})));
    let replaced = Some((user.id, CredentialKind::RecoveryCode));
    credentials::insert(&app.pool, &stored, replaced, &line).await?;
    notices::tell_owner(app, user, "notice-recovery-codes", &[]).await?;
    // In the answer itself, not behind a redirect: nothing that can be shown again is kept.
    let shown = RecoveryCodesPage {
        frame: frame(visit, &visitor, "security"),
        codes: codes.iter().map(|code| code.expose_secret().to_owned()).collect(),
        errors: Vec::new(),
    };
    Ok(page::render(app, &shell(app, visit, &visitor, security::PAGE), &shown, StatusCode::OK)?)
}
