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
    let header = builder(&scene, "n1").callback(CALLBACK).authorize("POST", address(REQUEST_TOKEN), &scope);
    let headers = [("authorization", header.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let form = oauth1_request::to_form(&scope);
    let token = credentials(&scene.app.door.call(Method::POST, REQUEST_TOKEN, &headers, &form).await);

    let verifier = scene.allow(&token).await.parameter("oauth_verifier");
    let header = builder(&scene, "n2")
        .token(Credentials::new(token.token.as_str(), token.secret.as_str()))
        .verifier(verifier.as_str())
        .version(true)
        .authorize("POST", address(ACCESS_TOKEN), &());
    let answer = scene.app.door.call(Method::POST, ACCESS_TOKEN, &[("authorization", &header)], "").await;
    let access = credentials(&answer);

    let token = Credentials::new(access.token.as_str(), access.secret.as_str());
    let extra = ParameterList::new([("extra", "a b&c=ก"), ("x", "")]);
    let header = builder(&scene, "n3").token(token).authorize("GET", address(USER_INFO), &extra);
    let path = oauth1_request::to_query(USER_INFO.to_owned(), &extra);
    let document = scene.app.door.call(Method::GET, &path, &[("authorization", &header)], "").await;
    assert!(document.body.contains(">Somchai</FirstName>"), "{}", document.body);

    let query = builder(&scene, "n4").token(token).to_query("GET", address(USER_INFO), &());
    let again = scene.app.door.get(query.strip_prefix(ISSUER).unwrap()).await;
    assert_eq!(again.body, document.body);
}
