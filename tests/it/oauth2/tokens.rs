//! What is in the tokens, read by a library that is not ours.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use ring::digest;
use serde_json::{Value, json};
use tamga::{
    app::rotate_key,
    model::{
        client::{Client, Profile},
        signing::{self, Algorithm as Alg},
    },
};
use time::Duration;

use super::{Scene, claims, header, text};
use crate::support::app::{ISSUER, PASSWORD, START, TestApp};

async fn jwks(app: &TestApp) -> JwkSet {
    serde_json::from_value(app.door.get("/oauth2/jwks").await.good()).unwrap()
}

/// Verifies a token as a relying party would: the key by its id, the algorithm as registered.
#[track_caller]
fn verified(jwks: &JwkSet, algorithm: &str, audience: &str, jwt: &str) -> Value {
    let algorithm: Algorithm = algorithm.parse().unwrap();
    let kid = decode_header(jwt).unwrap().kid.expect("a kid");
    let key = DecodingKey::from_jwk(jwks.find(&kid).expect("the key is published")).unwrap();
    let mut rules = Validation::new(algorithm);
    rules.set_audience(&[audience]);
    rules.set_issuer(&[ISSUER]);
    // The library looks at the machine's clock; ours stands still.
    rules.validate_exp = false;
    rules.required_spec_claims.clear();
    decode::<Value>(jwt, &key, &rules).unwrap().claims
}

#[tokio::test]
async fn an_id_token_verifies_with_the_algorithm_its_client_registered() {
    for algorithm in signing::Algorithm::ALL {
        let mut scene = Scene::with(|client| client.settings.id_token_alg = *algorithm).await;
        let tokens = scene.tokens(&[]).await;
        let id_token = text(&tokens, "id_token");
        let claims = verified(&jwks(&scene.app).await, algorithm.word(), "rp", id_token);
        let hash = if *algorithm == Alg::EdDsa { &digest::SHA512 } else { &digest::SHA256 };
        let full = digest::digest(hash, text(&tokens, "access_token").as_bytes());
        let half = URL_SAFE_NO_PAD.encode(&full.as_ref()[..full.as_ref().len() / 2]);
        assert_eq!(claims["at_hash"], half, "OpenID Connect Core §3.1.3.6, {algorithm}");
    }
}

#[tokio::test]
async fn oidc_core_s5_3_2_userinfo_is_signed_for_a_client_that_registered_an_algorithm() {
    for algorithm in [Alg::Rs256, Alg::Es256] {
        let register =
            |client: &mut Client| client.settings.oidc.userinfo_signed_response_alg = Some(algorithm);
        let mut scene = Scene::with(register).await;
        let tokens = scene.tokens(&[("scope", "openid email")]).await;
        let answer = scene.userinfo(text(&tokens, "access_token")).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/jwt"));
        assert_eq!(answer.header("cache-control"), "no-store");
        let expected = json!({
            "iss": ISSUER, "aud": "rp", "sub": scene.user,
            "email": "somchai@citizen.example", "email_verified": true,
        });
        assert_eq!(verified(&jwks(&scene.app).await, algorithm.word(), "rp", &answer.body), expected);
        // It is neither a bearer nor a hint.
        assert_eq!(scene.userinfo(&answer.body).await.error(401), "invalid_token");
        let stop = scene.ask(&[("prompt", "none"), ("id_token_hint", &answer.body)]).await;
        assert_eq!(stop.parameter("error"), "login_required");
        // Refusals stay what they are.
        assert_eq!(scene.userinfo("nonsense").await.error(401), "invalid_token");
    }
}

#[tokio::test]
async fn oidc_core_s2_an_id_token_says_who_signed_in_how_when_and_for_whom() {
    let mut scene = Scene::new().await;
    scene.code(&[]).await;
    scene.app.clock.advance(Duration::seconds(100));
    let tokens = scene.tokens(&[("nonce", "n-é&1")]).await;
    let claims = verified(&jwks(&scene.app).await, "RS256", "rp", text(&tokens, "id_token"));
    let now = START.unix_timestamp() + 100;
    let sid: uuid::Uuid = text(&claims, "sid").parse().unwrap();
    let expected = json!({
        "iss": ISSUER, "sub": scene.user, "aud": "rp", "azp": "rp", "exp": now + 3600, "iat": now,
        "auth_time": START.unix_timestamp(), "nonce": "n-é&1", "acr": "0", "amr": ["pwd"],
        "at_hash": claims["at_hash"], "sid": sid,
    });
    assert_eq!(claims, expected, "and nothing of the person, who was not asked");
    let tokens = scene.tokens(&[("nonce", "")]).await;
    assert!(super::claims(text(&tokens, "id_token")).get("nonce").is_none());
}

#[tokio::test]
async fn rfc_9068_an_access_token_is_typed_signed_with_es256_and_names_its_audience() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[("scope", "openid email")]).await;
    let access_token = text(&tokens, "access_token");
    let head = header(access_token);
    assert_eq!((&head["typ"], &head["alg"]), (&json!("at+jwt"), &json!("ES256")));
    let read = verified(&jwks(&scene.app).await, "ES256", ISSUER, access_token);
    let now = START.unix_timestamp();
    let expected = json!({
        "iss": ISSUER, "sub": scene.user, "aud": ISSUER, "exp": now + 3600, "iat": now, "jti": read["jti"],
        "client_id": "rp", "scope": "email openid", "auth_time": now, "acr": "0", "amr": ["pwd"],
        "grant_id": read["grant_id"],
    });
    assert_eq!(read, expected);
    let other = scene.tokens(&[]).await;
    assert_ne!(claims(text(&other, "access_token"))["jti"], read["jti"]);
}

#[tokio::test]
async fn access_tokens_are_rs256_where_the_operator_says_so() {
    let app = TestApp::with(&[("oauth2.access_token_alg", "RS256")]).await;
    let mut scene = Scene::at(app, |_| {}).await;
    let tokens = scene.tokens(&[]).await;
    verified(&jwks(&scene.app).await, "RS256", ISSUER, text(&tokens, "access_token"));
    scene.userinfo(text(&tokens, "access_token")).await.good();
}

#[tokio::test]
async fn rfc_8707_the_audience_is_the_resource_that_was_asked_for() {
    let api = "https://api.example";
    let mut scene = Scene::with(|client| client.resources = vec![api.to_owned()]).await;
    let code = scene.code(&[("resource", api)]).await;
    let refused = scene.exchange(&code, &[("resource", "https://other.example")]).await;
    assert_eq!(refused.error(400), "invalid_target");
    let tokens = scene.exchange(&code, &[("resource", api)]).await.good();
    assert_eq!(claims(text(&tokens, "access_token"))["aud"], api);
    assert_eq!(claims(text(&tokens, "id_token"))["aud"], "rp");
}

#[tokio::test]
async fn acr_is_the_level_of_the_persons_verify_code() {
    let mut scene = Scene::new().await;
    let attributes = [("citizen_id", "1101002345674", 2), ("email", "maria@citizen.example", 3)];
    scene.app.user_with("maria", PASSWORD, &attributes).await;
    let stop = scene.ask(&[]).await;
    let stop = super::go_on(&mut scene.browser, "maria", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    assert_eq!(claims(text(&tokens, "id_token"))["acr"], "2");
    assert_eq!(claims(text(&tokens, "access_token"))["acr"], "2");
}

#[tokio::test]
async fn a_client_may_have_its_own_life_of_access_tokens() {
    let mut scene = Scene::with(|client| client.settings.access_token_ttl = Some(300)).await;
    let tokens = scene.tokens(&[]).await;
    assert_eq!(tokens["expires_in"], 300);
    let access_token = claims(text(&tokens, "access_token"));
    assert_eq!(access_token["exp"], START.unix_timestamp() + 300);
}

#[tokio::test]
async fn claims_come_in_the_id_token_only_for_a_client_that_wants_them_there() {
    let scope = ("scope", "openid profile email phone");
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[scope]).await;
    assert!(claims(text(&tokens, "id_token")).get("email").is_none());

    let aitu = |client: &mut tamga::model::client::Client| {
        client.profile = Some(Profile::Aitu);
        client.settings.claims_in_id_token = true;
    };
    let mut scene = Scene::with(aitu).await;
    let tokens = scene.tokens(&[scope]).await;
    let id_token = claims(text(&tokens, "id_token"));
    assert_eq!(id_token["email"], "somchai@citizen.example");
    assert_eq!(id_token["email_verified"], true);
    assert_eq!(id_token["given_name"], "Somchai");
    assert_eq!(id_token["phone_number"], "+66812345678");
    assert_eq!(id_token["phone_number_verified"], false);
    assert_eq!(id_token["phone"], "66812345678", "digits alone, as that system gives them");
}

#[tokio::test]
async fn an_attribute_cannot_replace_a_claim_of_the_protocol() {
    let mut scene = Scene::with(|client| client.settings.claims_in_id_token = true).await;
    let attributes = [("acr", "3", 0), ("sub", "root", 0), ("email", "m@citizen.example", 0)];
    scene.app.user_with("maria", PASSWORD, &attributes).await;
    let wished = json!({"id_token": {"acr": null, "sub": null, "email": null}}).to_string();
    let stop = scene.ask(&[("claims", &wished)]).await;
    let stop = super::go_on(&mut scene.browser, "maria", stop).await;
    let tokens = scene.exchange(&stop.parameter("code"), &[]).await.good();
    let id_token = claims(text(&tokens, "id_token"));
    assert_eq!(id_token["acr"], "0");
    assert_ne!(id_token["sub"], "root");
}

#[tokio::test]
async fn the_next_key_is_published_before_it_signs_and_old_tokens_still_verify() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let old = text(&tokens, "id_token");
    let before = jwks(&scene.app).await;
    assert_eq!(before.keys.len(), 8, "one that signs and one that waits, of four algorithms");
    scene.app.clock.advance(Duration::minutes(1));
    let app = scene.app.app.clone();
    let rotation = rotate_key(&app.pool, Alg::Rs256, &app.sealer, &app.rng, app.clock.now()).await.unwrap();
    app.keys.reload(&app.pool, &app.sealer, app.clock.now()).await.unwrap();

    let tokens = scene.tokens(&[]).await;
    let new = text(&tokens, "id_token");
    assert_eq!(header(new)["kid"], rotation.active);
    assert_ne!(header(new)["kid"], header(old)["kid"]);
    verified(&before, "RS256", "rp", new);
    let after = jwks(&scene.app).await;
    assert!(after.find(&rotation.waiting).is_some());
    verified(&after, "RS256", "rp", old);
    let stop = scene.ask(&[("prompt", "none"), ("id_token_hint", old)]).await;
    assert!(!stop.parameter("code").is_empty());

    // When the last token it may have signed is over, it goes.
    scene.app.clock.advance(Duration::days(32));
    app.keys.reload(&app.pool, &app.sealer, app.clock.now()).await.unwrap();
    assert!(jwks(&scene.app).await.find(header(old)["kid"].as_str().unwrap()).is_none());
}
