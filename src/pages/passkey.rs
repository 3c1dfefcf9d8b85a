//! Signing in with a passkey: as the only factor, without a user name, or as the second one.
//!
//! 1. The page carries a challenge, kept with the journey.
//! 2. The browser's answer takes the challenge away, by a write, before anything is checked: no
//!    answer is looked at twice.
//! 3. The passkey is found by its id; the answer must hold (WebAuthn §7.2).
//! 4. A new session, or the one before raised.

use axum::{body::Bytes, extract::State, http::StatusCode, response::Response};

use super::{
    second_factor,
    sign_in::{begin_session, count, raise_session},
    traveller::Traveller,
};
use crate::{
    app::App,
    crypto::passkey::{Answer, PasskeyError, Passkeys, Proof},
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::{CredentialId, UserId},
    journey::Step,
    model::{
        credential::{Credential, CredentialKind},
        journey::{Notes, Reason},
        locale::Locale,
    },
    store::{credentials, journeys},
    templates::{FieldError, PasskeyPage, Way},
};

const PAGE: &str = "/login/passkey";

/// `GET /login/passkey?journey=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /login/passkey`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, check(&app, &visit, &Form::parse(&body)).await)
}

/// This server as a party that passkeys are made for; `None` where it has no host name.
pub fn party(app: &App) -> Option<Passkeys> {
    Passkeys::new(&app.settings.server.public_url, &app.templates().service_name(Locale::En))
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let Some(id) = form.get("journey").ok().flatten() else {
        return Ok(super::login::own_journey(app, PAGE).await?);
    };
    let traveller = Traveller::find(app, visit, id).await?;
    match traveller.step(app) {
        Ok(Step::Login | Step::SecondFactor) => render(app, visit, &traveller, None, StatusCode::OK).await,
        _ => Ok(page::see_other(&traveller.next())),
    }
}

async fn check(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let step = traveller.step(app);
    if !matches!(step, Ok(Step::Login | Step::SecondFactor)) {
        // A second press after the right answer: the journey goes on all the same.
        return Ok(page::see_other(&traveller.next()));
    }
    if !genuine {
        // Login CSRF: a stranger's form must not sign this browser in to the stranger's account.
        return render(app, visit, &traveller, Some("form-stale"), StatusCode::FORBIDDEN).await;
    }
    let answer = form.get("credential").ok().flatten().unwrap_or_default();
    // A second factor is of the account that is signed in, and of no other.
    let owner = traveller.login.as_ref().filter(|_| step == Ok(Step::SecondFactor));
    let Some((credential, proof)) = prove(app, &traveller, owner.map(|login| login.user.id), answer).await?
    else {
        journeys::record_error(&app.pool, traveller.journey.id, Reason::BadCredentials).await?;
        log::outcome("login_failed");
        count("passkey", "failure");
        return render(app, visit, &traveller, Some("passkey-refused"), StatusCode::UNPROCESSABLE_ENTITY)
            .await;
    };
    credentials::update_passkey(&app.pool, credential.0, &proof.data, app.clock.now()).await?;
    let begun = match owner {
        Some(login) => {
            let forgotten = [second_factor::throttle_key(login)];
            raise_session(app, visit, &traveller, login, &proof.amr, &forgotten).await?
        }
        None => begin_session(app, visit, &traveller, credential.1, proof.amr, None).await?,
    };
    if begun.is_some() {
        count("passkey", "success");
    }
    Ok(begun.unwrap_or_else(|| page::see_other(&traveller.next())))
}

/// The passkey an answer proves, with its owner; `None` when it proves nothing.
async fn prove(
    app: &App,
    traveller: &Traveller,
    owner: Option<UserId>,
    answer: &str,
) -> Result<Option<((CredentialId, UserId), Proof)>, Fault<Problem>> {
    let (Some(party), Some(state)) = (party(app), &traveller.journey.notes.passkey) else { return Ok(None) };
    // Replay: whoever takes the challenge away is the one whose answer is checked.
    if !journeys::claim_passkey_challenge(&app.pool, traveller.journey.id, state).await? {
        return Ok(None);
    }
    let Ok(answer) = Answer::read(answer) else { return Ok(None) };
    let found = credentials::find_passkey(&app.pool, &answer.credential_id()).await?;
    let Some(credential) = found.filter(|found| owner.is_none_or(|owner| owner == found.user_id)) else {
        return Ok(None);
    };
    // WebAuthn §7.2 step 6: without a user identified before, the handle must be there.
    if owner.is_none() && answer.user_handle().is_none() {
        return Ok(None);
    }
    match party.finish(&answer, state.clone(), credential.user_id, &credential.data) {
        Ok(proof) => Ok(Some(((credential.id, credential.user_id), proof))),
        Err(PasskeyError::Refused(reason)) => {
            tracing::info!(%reason, "a passkey's answer was refused");
            Ok(None)
        }
        Err(_) => Ok(None),
    }
}

async fn render(
    app: &App,
    visit: &Visit,
    traveller: &Traveller,
    error: Option<&'static str>,
    status: StatusCode,
) -> Result<Response, Fault<Problem>> {
    let journey = traveller.journey.id;
    let second = traveller.login.as_ref().filter(|_| traveller.step(app) == Ok(Step::SecondFactor));
    let held: Vec<Credential> = match second {
        None => Vec::new(),
        Some(login) => {
            let all = credentials::list(&app.pool, login.user.id).await?;
            all.into_iter().filter(|credential| credential.kind == CredentialKind::Passkey).collect()
        }
    };
    let options = match party(app) {
        Some(party) if second.is_none() || !held.is_empty() => {
            let held: Vec<_> = held.iter().map(|credential| &credential.data).collect();
            let ceremony = party.begin(second.map(|_| held.as_slice())).map_err(failed)?;
            let notes = Notes { passkey: Some(ceremony.state), ..traveller.journey.notes.clone() };
            journeys::note(&app.pool, journey, &notes, app.clock.now()).await?;
            Some(ceremony.options.to_string())
        }
        _ => None,
    };
    let ways = match second {
        Some(login) => second_factor::other_ways(app, login, traveller).await?,
        None => vec![
            Way { href: format!("/login?journey={journey}"), key: "login-password-way" },
            Way { href: format!("/login/phone?journey={journey}"), key: "login-phone" },
        ],
    };
    let shown = PasskeyPage {
        action: PAGE.into(),
        journey: journey.to_string(),
        csrf: traveller.csrf(),
        options,
        ways,
        errors: error.map(|key| FieldError::new("form", key)).into_iter().collect(),
    };
    Ok(page::render(app, &traveller.shell_at(app, visit, PAGE), &shown, status)?)
}

/// A stored passkey that can't be read is a fault of ours.
pub fn failed(error: PasskeyError) -> Fault<Problem> {
    Fault::Internal(crate::http::fault::InternalError::Failed(Box::new(error)))
}
