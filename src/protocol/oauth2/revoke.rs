//! Token revocation (RFC 7009).

use axum::{
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{
    access_token::AccessToken,
    client_auth::authenticate,
    reject::Reject,
    token::{read_form, refuse},
};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
    secret::Token,
    store,
};

/// `POST /oauth2/revoke`. An access token ends alone; a refresh token takes its whole grant along
/// (RFC 7009 §2.1).
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(fault) => refuse(&visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, body: &[u8]) -> Result<(), Fault<Reject>> {
    let form = read_form(visit, body)?;
    let client = authenticate(app, visit, &form).await?;
    let token = form.get("token").map_err(|bad| Fault::Reject(bad.into()))?;
    let token = token.ok_or(Fault::Reject(Reject::Missing("token")))?;
    log::outcome("revoked");
    let now = app.clock.now();
    if let Some(access_token) = AccessToken::read(app, token) {
        // RFC 7009 §2.1: only the client a token was issued to may revoke it.
        if access_token.client_id == client.identifier {
            store::access_tokens::revoke(&app.pool, access_token.jti, access_token.exp).await?;
        }
        return Ok(());
    }
    let digest = Token::from(token).digest();
    if let Some(grant) = store::refresh_tokens::find_grant(&app.pool, digest, client.id).await? {
        store::grants::revoke(&app.pool, grant, "revoked_by_client", now).await?;
    }
    // RFC 7009 §2.2: an unknown token is answered like a revoked one.
    Ok(())
}
