//! Token introspection (RFC 7662).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    access_token::AccessToken,
    client_auth::authenticate,
    introspection_jwt,
    reject::Reject,
    subject,
    token::{read_form, refuse},
};
use crate::{
    app::App,
    http::{fault::Fault, log, visit::Visit},
    model::client::{AuthMethod, Client},
    secret::Token,
    store::{self, StoreError},
};

/// `POST /oauth2/introspect`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    match serve(&app, &visit, &body).await {
        Ok(answer) => answer,
        Err(fault) => refuse(&visit, &fault),
    }
}

async fn serve(app: &App, visit: &Visit, body: &[u8]) -> Result<Response, Fault<Reject>> {
    let form = read_form(visit, body)?;
    let client = authenticate(app, visit, &form).await?;
    // RFC 7662 §2.1: the endpoint "MUST also require some form of authorization" (token scanning).
    if client.auth_methods == [AuthMethod::None] {
        return Err(Fault::Reject(Reject::Client { why: "public clients may not introspect", basic: false }));
    }
    let token = form.get("token").map_err(|bad| Fault::Reject(bad.into()))?;
    let token = token.ok_or(Fault::Reject(Reject::Missing("token")))?;
    // RFC 7662 §2.1: token_type_hint is a hint; the token's own form tells the two apart.
    let active = match AccessToken::read(app, token) {
        Some(access_token) => access(app, &client, &access_token).await?,
        None if token.contains('.') => None,
        None => refresh(app, &client, token).await?,
    };
    log::outcome(if active.is_some() { "active" } else { "inactive" });
    // RFC 7662 §2.2: why a token is not active is nobody's business.
    let told = active.unwrap_or_else(|| json!({"active": false}));
    match introspection_jwt::algorithm(&visit.headers, &client) {
        Some(algorithm) => Ok(introspection_jwt::answer(app, &client, algorithm, &told)?),
        None => Ok(Json(told).into_response()),
    }
}

async fn access(app: &App, client: &Client, token: &AccessToken) -> Result<Option<Value>, Fault<Reject>> {
    if !token.is_of(client) {
        return Ok(None);
    }
    let Some(grant) = token.grant_id else { return ungranted(app, token).await };
    let found = store::access_tokens::find_grant(&app.pool, token.jti, grant).await?;
    let named = !issued_to_pairwise(app, token).await?;
    Ok(found.map(|(grant, user)| {
        let mut answer = json!({
            "active": true,
            "token_type": token.binding.token_type(),
            "iss": app.issuer,
            "sub": token.sub,
            "aud": token.aud,
            "exp": token.exp.unix_timestamp(),
            "iat": token.iat.unix_timestamp(),
            "jti": token.jti,
            "client_id": token.client_id,
            "scope": token.scope,
            "auth_time": grant.auth_time.unix_timestamp(),
            "acr": user.level().to_string(),
            "amr": grant.amr,
        });
        if named {
            answer["username"] = json!(user.username);
        }
        if let Some(act) = &token.act {
            answer["act"] = act.clone();
        }
        if let Value::Object(members) = &mut answer {
            // RFC 8705 §3.2, RFC 9449 §6.2: whoever serves the token must check it, too.
            token.binding.confirm(members);
        }
        answer
    }))
}

/// Whether the person's user name, the same everywhere, would undo the name that the token has for them.
async fn issued_to_pairwise(app: &App, token: &AccessToken) -> Result<bool, StoreError> {
    let issued_to = app.clients.find(&app.pool, &token.client_id).await?;
    Ok(issued_to.is_some_and(|client| subject::is_pairwise(&client)))
}

/// A token that no person allowed: it lives while its client does, and its person if it has one.
async fn ungranted(app: &App, token: &AccessToken) -> Result<Option<Value>, Fault<Reject>> {
    let issued_to = app.clients.find(&app.pool, &token.client_id).await?;
    let Some(issued_to) = issued_to.filter(|client| client.disabled_at.is_none()) else { return Ok(None) };
    let person = token.person(app).await?;
    let found = store::access_tokens::find_ungranted(&app.pool, token.jti, person).await?;
    let Some(username) = found else { return Ok(None) };
    let mut told = json!({
        "active": true,
        "token_type": token.binding.token_type(),
        "iss": app.issuer,
        "sub": token.sub,
        "aud": token.aud,
        "exp": token.exp.unix_timestamp(),
        "iat": token.iat.unix_timestamp(),
        "jti": token.jti,
        "client_id": token.client_id,
    });
    if !token.scope.is_empty() {
        told["scope"] = json!(token.scope);
    }
    if let Some(username) = username.filter(|_| !subject::is_pairwise(&issued_to)) {
        told["username"] = json!(username);
    }
    if let Some(acr) = &token.acr {
        told["acr"] = json!(acr);
        told["amr"] = json!(token.amr);
    }
    if token.suppressed_auth {
        told["suppressed_auth"] = json!(true);
    }
    if let Some(act) = &token.act {
        told["act"] = act.clone();
    }
    if let Value::Object(members) = &mut told {
        token.binding.confirm(members);
    }
    Ok(Some(told))
}

async fn refresh(app: &App, client: &Client, token: &str) -> Result<Option<Value>, Fault<Reject>> {
    let digest = Token::from(token).digest();
    let found = store::refresh_tokens::find_active(&app.pool, digest, app.clock.now()).await?;
    Ok(found.filter(|active| active.grant.client_id == client.id).map(|active| {
        json!({
            "active": true,
            "token_type": "refresh_token",
            "iss": app.issuer,
            "sub": subject::of(app, client, active.grant.user_id),
            "exp": active.expires_at.unix_timestamp(),
            "client_id": client.identifier,
            "scope": active.grant.scopes.join(" "),
        })
    }))
}
