//! The token of a confirmed challenge: given once, to the client that asked.

use serde_json::{Value, json};

use super::{
    Peer,
    answer::{Answer, Failure},
};
use crate::{
    app::App,
    http::fault::InternalError,
    ids::{AccessTokenId, GrantId},
    model::{
        confirmation::{Confirmation, Outcome, Subject},
        grant::Grant,
    },
    protocol::oauth2::{
        issue::{access_token_life, sign_access_token},
        subject,
    },
    store::{confirmations, users},
};

/// Claims the token. Another request that claimed it, or came too late, is told that there is nothing
/// any more.
///
/// # Errors
/// When the database fails or no key signs.
pub async fn finish(peer: Peer<'_>, confirmation: &Confirmation) -> Result<Answer, InternalError> {
    let Peer { app, client, binding, .. } = peer;
    let gone = Answer::Failed(Failure::Closed(Outcome::Expired));
    let Some(user) = users::find_by_id(&app.pool, confirmation.user_id).await? else { return Ok(gone) };
    let grant = grant(app, confirmation);
    if !confirmations::finish(&app.pool, confirmation.id, &grant).await? {
        return Ok(gone);
    }
    let (now, life) = (app.clock.now(), access_token_life(app, client));
    let question = &confirmation.question;
    // RFC 9068 §2.2, §3: without a resource the audience is the server itself.
    let audience = if question.resource.is_empty() { &app.issuer } else { &question.resource };
    let mut claims = json!({
        "iss": app.issuer,
        "sub": subject::of(app, client, user.id),
        "aud": audience,
        "exp": (now + life).unix_timestamp(),
        "iat": now.unix_timestamp(),
        "jti": AccessTokenId(app.rng.uuid(now)),
        "client_id": client.identifier,
        "auth_time": grant.auth_time.unix_timestamp(),
        "acr": user.level().to_string(),
        "amr": grant.amr,
        "grant_id": grant.id,
    });
    // Whoever reads the token sees what was confirmed, and does no more than that for it.
    match question.subject {
        Subject::Login => {}
        Subject::Operation => claims["operation_id"] = json!(question.reference),
        Subject::Transaction => claims["transaction_token_id"] = json!(question.reference),
    }
    if let Value::Object(claims) = &mut claims {
        binding.confirm(claims);
    }
    metrics::counter!("tamga_tokens_total", "grant" => "confirmation").increment(1);
    Ok(Answer::Final { token: sign_access_token(app, client, &claims)?, life })
}

/// No scopes: the person was asked for none. The token says who they are and what they confirmed.
fn grant(app: &App, confirmation: &Confirmation) -> Grant {
    let now = app.clock.now();
    let resource = &confirmation.question.resource;
    Grant {
        id: GrantId(app.rng.uuid(now)),
        client_id: confirmation.client_id,
        user_id: confirmation.user_id,
        session_id: None,
        scopes: Vec::new(),
        attributes: Vec::new(),
        id_token_claims: Vec::new(),
        userinfo_claims: Vec::new(),
        resources: Some(resource.clone()).into_iter().filter(|resource| !resource.is_empty()).collect(),
        acting_for: None,
        amr: confirmation.amr.clone(),
        auth_time: confirmation.decided_at.unwrap_or(now),
        created_at: now,
    }
}
