//! What each request costs the database, and that refusals cost the same.

use axum::http::Method;

use super::{Credentials, Scene, USER_INFO, signing::Call};
use crate::support::{app::TestApp, wire::Counts};

/// The costs of sending what `prepare` gives, after every statement has been prepared once.
async fn cost(scene: &mut Scene, prepare: impl AsyncFn(&mut Scene) -> Call, status: u16) -> Counts {
    let call = prepare(scene).await;
    call.send(&scene.app.door).await;
    for _ in 0..10 {
        let call = prepare(scene).await;
        scene.app.wire().take();
        let answer = call.send(&scene.app.door).await;
        let counts = scene.app.wire().take();
        assert_eq!(answer.status.as_u16(), status, "{answer:?}");
        // Clients are believed for 2.5 s of real time; on a busy machine that can pass right here.
        let known = call.get("oauth_consumer_key") == Some("rp");
        if !known || !counts.statements.iter().any(|statement| statement.contains("FROM clients c")) {
            return counts;
        }
    }
    panic!("the client was never found in memory");
}

async fn scene() -> Scene {
    let mut scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    scene.access_token("profile").await;
    scene
}

#[track_caller]
fn assert_costs(counts: &Counts, round_trips: u64, commits: u64) {
    assert_eq!((counts.round_trips, counts.commits), (round_trips, commits), "{counts:#?}");
}

#[tokio::test]
async fn a_request_token_costs_1_and_1() {
    let mut scene = scene().await;
    let counts = cost(&mut scene, async |scene| scene.request_token_call(), 200).await;
    assert_costs(&counts, 1, 1);
}

#[tokio::test]
async fn an_access_token_costs_2_and_1() {
    let mut scene = scene().await;
    let exchange = async |scene: &mut Scene| {
        let (token, verifier) = scene.allowed("profile").await;
        scene.exchange_call(&token, &verifier)
    };
    assert_costs(&cost(&mut scene, exchange, 200).await, 2, 1);
}

#[tokio::test]
async fn user_info_costs_2_and_1_signed_and_1_and_1_by_bearer() {
    let mut scene = scene().await;
    let access = scene.access_token("profile").await;
    let signed = async |scene: &mut Scene| scene.call(Method::GET, USER_INFO, Some(&access));
    assert_costs(&cost(&mut scene, signed, 200).await, 2, 1);
    scene.user_info_by_bearer(&access.token).await;
    scene.app.wire().take();
    assert_eq!(scene.user_info_by_bearer(&access.token).await.status, 200);
    assert_costs(&scene.app.wire().take(), 1, 1);
}

#[tokio::test]
async fn an_unknown_client_and_an_unknown_token_cost_the_same() {
    let mut scene = scene().await;
    let access = scene.access_token("profile").await;
    let made_up = Credentials { token: "made-up".into(), secret: "made-up".into() };
    let wrong_secret = Credentials { secret: "wrong".into(), ..access.clone() };
    let unknown_client = async |scene: &mut Scene| {
        let mut call = scene.call(Method::GET, USER_INFO, Some(&access));
        call.set("oauth_consumer_key", "nobody");
        call
    };
    let unknown_token = async |scene: &mut Scene| scene.call(Method::GET, USER_INFO, Some(&made_up));
    let wrong = async |scene: &mut Scene| scene.call(Method::GET, USER_INFO, Some(&wrong_secret));
    assert_costs(&cost(&mut scene, unknown_client, 401).await, 1, 0);
    assert_costs(&cost(&mut scene, unknown_token, 401).await, 1, 0);
    assert_costs(&cost(&mut scene, wrong, 401).await, 1, 0);
}
