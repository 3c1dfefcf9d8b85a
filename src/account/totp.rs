//! `/account/security/totp`: setting up an authenticator application. The seed goes to the page and
//! comes back sealed with the first code; until that code is right nothing is stored, so nobody is
//! locked out by a seed that never reached their phone.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::{
    frame::{done_with_factor, entry, frame, shell},
    visitor::{CHANGE, Visitor, signed_in},
};
use crate::{
    app::{App, notices},
    crypto::{one_time_code::OneTimeCode, totp::Seed},
    form::Form,
    http::{
        fault::{Fault, InternalError},
        page::{self, Problem},
        visit::Visit,
    },
    ids::CredentialId,
    model::{
        credential::{Credential, CredentialKind},
        session::Amr,
    },
    store::credentials,
    templates::{Drawing, FieldError, TotpPage},
};

const PAGE: &str = "/account/security/totp";

/// `GET /account/security/totp`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

/// `POST /account/security/totp`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, confirm(&app, &visit, &Form::parse(&body)).await)
}

/// Where a seed on its way is sealed for: another session's, even the same person's, does not open
/// it, so nobody can be made to confirm a stranger's seed.
fn place(visitor: &Visitor) -> String {
    format!("account.totp:{}:{}", visitor.login.user.id, visitor.login.session.id)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    render(app, visit, &visitor, &Seed::generate(&app.rng), None, StatusCode::OK)
}

async fn confirm(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, CHANGE, PAGE);
    let sealed = form.get("seed").ok().flatten().unwrap_or_default();
    let opened = URL_SAFE_NO_PAD.decode(sealed).ok();
    let opened = opened.and_then(|sealed| app.sealer.open(&place(&visitor), &sealed).ok());
    let (true, Some(opened)) = (visitor.sent(form), opened) else {
        let error = FieldError::new("form", "form-stale");
        let seed = Seed::generate(&app.rng);
        return render(app, visit, &visitor, &seed, Some(error), StatusCode::FORBIDDEN);
    };
    let (seed, now, user) = (Seed::from_bytes(&opened), app.clock.now(), &visitor.login.user);
    let typed = form.get("code").ok().flatten().unwrap_or_default();
    let Some(step) = OneTimeCode::typed(typed).and_then(|code| seed.step_of(&code, now)) else {
        let key = if typed.is_empty() { "code-missing" } else { "totp-unconfirmed" };
        let error = FieldError::new("code", key);
        return render(app, visit, &visitor, &seed, Some(error), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let factor = Credential {
        id: CredentialId(app.rng.uuid(now)),
        user_id: user.id,
        kind: CredentialKind::Totp,
        label: None,
        // RFC 6238 §5.2: the code that confirmed it opens nothing else.
        data: json!({"last_step": step}),
        sealed: Some(app.sealer.seal(&Credential::place(user.id), seed.expose(), &app.rng)?),
        created_at: now,
        last_used_at: None,
    };
    let line = entry(app, visit, &visitor, "credential.insert", Some(json!({"kind": "totp"})));
    let replaced = Some((user.id, CredentialKind::Totp));
    credentials::insert(&app.pool, &[factor], replaced, &line).await?;
    notices::tell_owner(app, user, "notice-factor-added", &[]).await?;
    let to = (super::security::PAGE, "totp");
    Ok(done_with_factor(app, &visitor, &[Amr::OneTimeCode], to).await?)
}

fn render(
    app: &App,
    visit: &Visit,
    visitor: &Visitor,
    seed: &Seed,
    error: Option<FieldError>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let shell = shell(app, visit, visitor, PAGE);
    let service = app.templates().service_name(shell.locale);
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| InternalError::Failed(error);
    let uri = seed.uri(&service, &visitor.login.user.username).map_err(|e| failed(e.to_string().into()))?;
    let Drawing { size, path } = Drawing::qr(&uri).map_err(|e| failed(Box::new(e)))?;
    let sealed = app.sealer.seal(&place(visitor), seed.expose(), &app.rng)?;
    let letters: Vec<char> = seed.base32().chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    let shown = TotpPage {
        frame: frame(visit, visitor, "security"),
        sealed: URL_SAFE_NO_PAD.encode(sealed),
        secret: groups.join(" "),
        uri,
        size,
        path,
        errors: error.into_iter().collect(),
    };
    Ok(page::render(app, &shell, &shown, status)?)
}
