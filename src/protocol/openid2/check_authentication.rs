//! `check_authentication`: a relying party that keeps no secret asks whether an answer is ours (OpenID
//! Authentication 2.0 §11.4.2).
//!
//! 1. The handle must be of a private association.
//! 2. The message must be the answer as we signed it.
//! 3. It is confirmed once; the write decides.
//! 4. `invalidate_handle` is repeated when that handle is indeed no longer good.

use axum::response::Response;

use super::{
    association::{Association, Kind},
    direct::{self, Refusal},
    fields::Fields,
    message::Message,
    signature,
};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
    secret::Digest,
    store,
};

/// `POST` with `openid.mode=check_authentication`.
pub async fn check_authentication(app: &App, visit: &Visit, message: &Message) -> Response {
    match serve(app, message).await {
        Ok(fields) => direct::answer(visit, &fields),
        Err(fault) => direct::refuse(visit, message.version(), &fault),
    }
}

async fn serve(app: &App, message: &Message) -> Result<Fields, Fault<Refusal>> {
    let required = |name| message.get(name).ok_or(Fault::Reject(Refusal::Missing(name)));
    let handle = required("assoc_handle")?;
    required("signed")?;
    required("sig")?;
    let is_valid = is_valid(app, handle, message).await?;
    let mut fields = direct::begin(message.version()).with("is_valid", is_valid.to_string());
    if let Some(handle) = message.get("invalidate_handle").filter(|handle| is_gone(app, handle)) {
        fields.set("invalidate_handle", handle);
    }
    Ok(fields)
}

async fn is_valid(app: &App, handle: &str, message: &Message) -> Result<bool, Fault<Refusal>> {
    // OpenID 2.0 §11.4.2.1: "an OP MUST only use private associations and MUST NOT use associations that
    // have shared keys": whoever shares one could sign an answer and have us confirm it.
    let Some(association) = Association::open(&app.sealer, Kind::Private, handle, app.clock.now()) else {
        return Ok(refused("the handle is unknown, expired or of a shared association"));
    };
    if let Err(why) = signature::verify(&association, message) {
        return Ok(refused(why));
    }
    // OpenID 2.0 §11.4.2.1: "the OP MUST NOT issue more than one verification response for each
    // authentication response" (replay). Only what was right is used up by it, so that nobody can
    // spoil an answer by asking with a wrong one.
    let used = Digest::of(confirmed_once(handle, message).as_bytes());
    if !store::openid2::confirm(&app.pool, used, association.expires_at).await? {
        return Ok(refused("the answer was confirmed before"));
    }
    log::outcome("confirmed");
    Ok(true)
}

/// What tells one answer from another: its handle and nonce. OpenID 1.1 has no nonce; there the handle
/// alone is used up (its answers have one handle each).
fn confirmed_once(handle: &str, message: &Message) -> String {
    format!("{handle}\n{}", message.get("response_nonce").unwrap_or_default())
}

fn refused(why: impl ToString) -> bool {
    log::outcome("not_confirmed");
    log::detail(why);
    false
}

/// Whether a relying party that names this handle should forget it (§11.4.2.2): else a stranger could
/// make it forget good ones by adding `invalidate_handle` to answers.
fn is_gone(app: &App, handle: &str) -> bool {
    // OpenID 2.0 §8.2.1: what is no handle was never one of ours, and a newline would be a field.
    handle.bytes().all(|byte| byte.is_ascii_graphic())
        && Association::open(&app.sealer, Kind::Shared, handle, app.clock.now()).is_none()
}
