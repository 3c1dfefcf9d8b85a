//! The userinfo endpoint (OpenID Connect Core §5.3).

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    access_token::{self, Bearer, BearerReject},
    fapi2,
    issue::{acting_for, extra_claims, release, sign},
    subject,
};
use crate::{
    app::App,
    form::Form,
    http::{fault::Fault, log, visit::Visit},
};

/// `GET /oauth2/userinfo`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    answer(&app, &visit, None).await
}

/// `POST /oauth2/userinfo`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    answer(&app, &visit, Some(Form::parse(&body))).await
}

async fn answer(app: &App, visit: &Visit, form: Option<Form>) -> Response {
    match serve(app, visit, form.as_ref()).await {
        Ok(Told::Plain(claims)) => Json(claims).into_response(),
        Ok(Told::Signed(jwt)) => ([(header::CONTENT_TYPE, "application/jwt")], jwt).into_response(),
        Err(fault) => access_token::refuse(visit, &fault),
    }
}

/// What the client is told, in the form it registered.
enum Told {
    Plain(Map<String, Value>),
    Signed(String),
}

async fn serve(app: &App, visit: &Visit, form: Option<&Form>) -> Result<Told, Fault<BearerReject>> {
    let bearer = access_token::find(&visit.headers, form).map_err(Fault::Reject)?;
    let Bearer { token, grant, user, client } =
        access_token::authorize_for_person(app, visit, &bearer).await?;
    if !token.has_scope("openid") {
        return Err(Fault::Reject(BearerReject::Scope("openid".into())));
    }
    let named = grant.userinfo_claims.iter().map(String::as_str).chain(extra_claims(&client, &grant));
    let mut all = release(app, &client, &grant, &user).claims(true, named);
    // OpenID Connect Core §5.3.2: "The sub Claim MUST always be returned".
    all.insert("sub".into(), json!(subject::of(app, &client, user.id)));
    if let Some(bin) = acting_for(&grant) {
        all.insert("bin".into(), bin);
    }
    log::outcome("userinfo");
    let Some(algorithm) = client.settings.oidc.userinfo_signed_response_alg else {
        return Ok(Told::Plain(all));
    };
    // OpenID Connect Core §5.3.2: "If signed, the UserInfo Response MUST contain the Claims iss (issuer)
    // and aud (audience)". After the person's claims, so that none of them can stand in for these.
    all.insert("iss".into(), json!(app.issuer));
    all.insert("aud".into(), json!(client.identifier));
    // Whoever reads id_tokens of ours looks for `azp`: this is none (RFC 8725 §3.11).
    all.remove("azp");
    Ok(Told::Signed(sign(app, fapi2::signing(&client, algorithm), "JWT", &Value::Object(all))?))
}
