//! The whole flow by a foreign client, the crate oauth1-request.

use std::num::NonZeroU64;

use axum::http::Method;
use oauth1_request::{Builder, Credentials, HMAC_SHA1, HmacSha1, ParameterList};

use super::{ACCESS_TOKEN, REQUEST_TOKEN, Scene, USER_INFO, credentials};
use crate::support::app::{CALLBACK, ISSUER};

fn builder<'a>(scene: &'a Scene, nonce: &'a str) -> Builder<'a, HmacSha1, &'a str> {
    let mut builder = Builder::new(Credentials::new(scene.rp.id(), scene.rp.secret()), HMAC_SHA1);
    let now = u64::try_from(scene.app.clock.now().unix_timestamp()).unwrap();
    builder.nonce(nonce).timestamp(NonZeroU64::new(now));
    builder
}

#[tokio::test]
async fn a_foreign_client_goes_through_all_steps() {
    let mut scene = Scene::new().await;
    let address = |path: &str| format!("{ISSUER}{path}");
    let scope = ParameterList::new([("scope", "profile email")]);
    let form = builder(&scene, "n1").callback(CALLBACK).to_form("POST", address(REQUEST_TOKEN), &scope);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let token = credentials(&scene.app.door.call(Method::POST, REQUEST_TOKEN, &kind, &form).await);

    let verifier = scene.allow(&token).await.parameter("oauth_verifier");
    let header = builder(&scene, "n2")
        .token(Credentials::new(token.token.as_str(), token.secret.as_str()))
        .verifier(verifier.as_str())
        .version(true)
        .authorize("POST", address(ACCESS_TOKEN), &());
    let answer = scene.app.door.call(Method::POST, ACCESS_TOKEN, &[("authorization", &header)], "").await;
    let access = credentials(&answer);

    let query = builder(&scene, "n3")
        .token(Credentials::new(access.token.as_str(), access.secret.as_str()))
        .to_query("GET", address(USER_INFO), &ParameterList::new([("extra", "a b&c=ก"), ("x", "")]));
    let document = scene.app.door.get(query.strip_prefix(ISSUER).unwrap()).await;
    assert!(document.body.contains(">Somchai</FirstName>"), "{}", document.body);
}
