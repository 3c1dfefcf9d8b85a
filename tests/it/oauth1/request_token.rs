//! The request token (RFC 5849 §2.1).

use axum::http::Method;
use time::Duration;

use super::{
    Scene, consumer, credentials,
    signing::{problem, told},
};
use crate::support::app::CALLBACK;

#[tokio::test]
async fn rfc_5849_s2_1_the_answer_is_a_form_that_confirms_the_callback() {
    let scene = Scene::new().await;
    for method in [Method::POST, Method::GET] {
        let mut call = scene.request_token_call();
        call.method = method;
        let answer = call.send(&scene.app.door).await;
        assert_eq!(told(&answer, "oauth_callback_confirmed"), "true");
        assert_eq!(answer.header("cache-control"), "no-store");
        let given = credentials(&answer);
        for value in [&given.token, &given.secret] {
            let safe = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            assert!(value.len() == 43 && value.bytes().all(safe), "naive clients don't encode: {value}");
        }
    }
}

#[tokio::test]
async fn rfc_5849_s2_1_a_request_without_callback_is_refused() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("oauth_callback", "");
    let answer = call.send(&scene.app.door).await;
    assert_eq!(problem(&answer, 400), "parameter_absent");
    assert_eq!(told(&answer, "oauth_parameters_absent"), "oauth_callback");
}

#[tokio::test]
async fn a_callback_is_registered_byte_for_byte() {
    let scene = Scene::new().await;
    for bad in [
        "https://rp.example/cb/",
        "https://RP.example/cb",
        "https://rp.example/cb?x=1",
        "https://rp.example:443/cb",
        "https://evil.example/cb",
        "javascript:alert(1)",
        "OOB",
    ] {
        let mut call = scene.request_token_call();
        call.set("oauth_callback", bad);
        assert_eq!(problem(&call.send(&scene.app.door).await, 400), "parameter_rejected", "{bad}");
    }
    let mut call = scene.request_token_call();
    call.set("oauth_callback", "oob");
    credentials(&call.send(&scene.app.door).await);
}

#[tokio::test]
async fn a_scope_that_is_not_registered_is_refused_and_that_of_the_old_service_means_all() {
    let scene = Scene::with(|client| client.scopes = vec!["profile".into(), "openid".into()]).await;
    let asked = async |scope: &str| {
        let mut call = scene.request_token_call();
        call.set("scope", scope);
        call.send(&scene.app.door).await
    };
    for bad in ["email", "profile email", "nonsense", "http://tempuri.org/IDataApi/GetOther"] {
        assert_eq!(problem(&asked(bad).await, 400), "parameter_rejected", "{bad}");
    }
    for good in ["profile", "http://tempuri.org/IDataApi/GetName", ""] {
        credentials(&asked(good).await);
    }
    let scopes: Vec<Vec<String>> =
        sqlx::query_scalar("SELECT scopes FROM oauth1_request_tokens ORDER BY created_at, digest")
            .fetch_all(scene.app.pool())
            .await
            .unwrap();
    assert_eq!(scopes, vec![vec!["profile".to_owned()]; 3]);
}

#[tokio::test]
async fn a_client_that_must_name_scopes_is_refused_without() {
    let scene = Scene::with(|client| client.settings.oauth1_require_scope = true).await;
    let answer = scene.request_token_call().send(&scene.app.door).await;
    assert_eq!(problem(&answer, 400), "parameter_absent");
    assert_eq!(told(&answer, "oauth_parameters_absent"), "scope");
    scene.request_token("profile").await;
}

#[tokio::test]
async fn rfc_5849_s3_2_unknown_disabled_and_other_clients_are_refused() {
    let mut scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("oauth_consumer_key", "nobody");
    assert_eq!(problem(&call.send(&scene.app.door).await, 401), "consumer_key_unknown");

    let other = scene.app.client("oidc", |_| {}).await;
    let mut call = scene.call_as(&other, Method::POST, super::REQUEST_TOKEN, None);
    call.set("oauth_callback", CALLBACK);
    assert_eq!(problem(&call.send(&scene.app.door).await, 401), "consumer_key_rejected");

    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    let answer = scene.request_token_call().send(&scene.app.door).await;
    assert_eq!(problem(&answer, 401), "consumer_key_rejected");
}

#[tokio::test]
async fn rfc_5849_s3_3_a_stale_or_early_request_is_refused_with_what_is_acceptable() {
    let scene = Scene::new().await;
    let now = scene.app.clock.now().unix_timestamp();
    for (seconds, good) in [(300, true), (-300, true), (301, false), (-301, false)] {
        let mut call = scene.request_token_call();
        call.set("oauth_timestamp", &(now + seconds).to_string());
        let answer = call.send(&scene.app.door).await;
        if good {
            credentials(&answer);
        } else {
            assert_eq!(problem(&answer, 401), "timestamp_refused");
            let expected = format!("{}-{}", now - 300, now + 300);
            assert_eq!(told(&answer, "oauth_acceptable_timestamps"), expected);
        }
    }
}

#[tokio::test]
async fn rfc_5849_s3_3_a_replay_is_refused_as_long_as_its_timestamp_is_taken() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    // As far ahead as is taken: such a request can be repeated for ten minutes.
    call.set("oauth_timestamp", &(scene.app.clock.now().unix_timestamp() + 300).to_string());
    credentials(&call.send(&scene.app.door).await);
    for _ in 0..10 {
        assert_eq!(problem(&call.send(&scene.app.door).await, 401), "nonce_used");
        scene.app.clock.advance(Duration::minutes(1));
        tamga::store::purge::purge_expired(scene.app.pool(), scene.app.clock.now()).await.unwrap();
    }
    scene.app.clock.advance(Duration::seconds(1));
    assert_eq!(problem(&call.send(&scene.app.door).await, 401), "timestamp_refused");
    scene.app.clock.advance(Duration::minutes(1));
    tamga::store::purge::purge_expired(scene.app.pool(), scene.app.clock.now()).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM oauth1_nonces").fetch_one(scene.app.pool()).await.unwrap();
    assert_eq!(left, 0, "nothing is remembered for longer");
}

#[tokio::test]
async fn rfc_5849_s3_3_a_nonce_may_come_again_with_another_timestamp_or_from_another_client() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    credentials(&call.send(&scene.app.door).await);
    call.set("oauth_timestamp", &(scene.app.clock.now().unix_timestamp() + 1).to_string());
    credentials(&call.send(&scene.app.door).await);
    let other = consumer(&scene.app, "other", |_| {}).await;
    call.set("oauth_consumer_key", "other");
    call.secrets.0 = other.secret().to_owned();
    credentials(&call.send(&scene.app.door).await);
}

#[tokio::test]
async fn a_refused_request_uses_no_nonce_up() {
    let scene = Scene::new().await;
    let mut call = scene.request_token_call();
    call.set("oauth_callback", "https://evil.example/");
    problem(&call.send(&scene.app.door).await, 400);
    let mut tampered = scene.request_token_call();
    tampered.set("oauth_nonce", call.get("oauth_nonce").unwrap().to_owned().as_str());
    tampered.add("oauth_signature", "AAAA");
    assert_eq!(problem(&tampered.send_as_it_is(&scene.app.door).await, 401), "signature_invalid");
    call.set("oauth_callback", CALLBACK);
    credentials(&call.send(&scene.app.door).await);
}

#[tokio::test]
async fn rfc_5849_s2_1_token_and_secret_are_not_readable_in_the_database() {
    let scene = Scene::new().await;
    let given = scene.request_token("profile").await;
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT t::text || encode(sealed, 'escape') FROM oauth1_request_tokens t
         UNION ALL SELECT s::text || encode(sealed, 'escape') FROM client_secrets s",
    )
    .fetch_all(scene.app.pool())
    .await
    .unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(
            ![&given.token, &given.secret, &scene.rp.secret().to_owned()].iter().any(|s| row.contains(*s))
        );
    }
}
