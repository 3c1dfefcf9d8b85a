//! Codes by SMS or mail as a second factor: only to a phone or address that is confirmed.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use serde_json::json;

use super::{
    frame::{done, entry},
    security::{PAGE, render},
    visitor::{CHANGE, signed_in},
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
    store::{credentials, own_account},
};

/// `POST /account/security/channel`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, turn_on(&app, &visit, &Form::parse(&body)).await)
}

async fn turn_on(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    if !visitor.sent(form) {
        return render(app, visit, &visitor, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let refuse = |key| render(app, visit, &visitor, Some(key), StatusCode::UNPROCESSABLE_ENTITY);
    let user = &visitor.login.user;
    let channel: Option<Channel> = form.get("channel").ok().flatten().and_then(|word| word.parse().ok());
    let Some(channel) = channel else { return refuse("account-gone").await };
    if confirmed(user, channel).is_none() {
        return refuse("channel-unconfirmed").await;
    }
    // Who signs in by phone alone has no second factor in that phone: without a password the
    // account could not be entered at all.
    if channel == Channel::Sms && own_account::password_changed_at(&app.pool, user.id).await?.is_none() {
        return refuse("channel-needs-password").await;
    }
    let kind = match channel {
        Channel::Sms => CredentialKind::Sms,
        Channel::Mail => CredentialKind::Mail,
    };
    let now = app.clock.now();
    let factor = Credential {
        id: CredentialId(app.rng.uuid(now)),
        user_id: user.id,
        kind,
        label: None,
        data: json!({}),
        sealed: None,
        created_at: now,
        last_used_at: None,
    };
    let line = entry(app, visit, &visitor, "credential.insert", Some(json!({"kind": kind.word()})));
    credentials::insert(&app.pool, &[factor], Some((user.id, kind)), &line).await?;
    notices::tell_owner(app, user, "notice-factor-added", &[]).await?;
    Ok(done(PAGE, "channel"))
}
