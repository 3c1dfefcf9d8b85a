//! What these requests cost the database: bounds that hold on any machine.

use super::Scene;
use crate::support::{app::TestApp, wire::Counts};

/// The cost of a request, after every statement has been prepared once.
async fn cost(scene: &Scene, work: impl AsyncFn(&Scene)) -> Counts {
    for _ in 0..10 {
        work(scene).await;
        scene.app.wire().take();
        work(scene).await;
        let counts = scene.app.wire().take();
        // Clients are believed for 2.5 s of real time; on a busy machine that can pass right here.
        if !counts.statements.iter().any(|statement| statement.contains("FROM clients c")) {
            return counts;
        }
    }
    panic!("the client was never found in memory");
}

#[tokio::test]
async fn a_service_clients_password_grant_costs_1_and_1() {
    let scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    let work = async |scene: &Scene| {
        scene.password(&[]).await.good();
    };
    let counts = cost(&scene, work).await;
    assert_eq!((counts.round_trips, counts.commits), (1, 1), "{counts:#?}");
}

#[tokio::test]
async fn unknown_disabled_and_out_of_scope_users_cost_the_same() {
    let scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    let disabled = scene.app.user("disabled").await;
    scene.app.disable_user(disabled).await;
    for username in ["nobody", "disabled"] {
        let work = async |scene: &Scene| {
            scene.password(&[("username", username)]).await.error(400);
        };
        let counts = cost(&scene, work).await;
        assert_eq!((counts.round_trips, counts.commits), (1, 1), "{username}: {counts:#?}");
    }
}

#[tokio::test]
async fn concurrent_grants_share_their_commits() {
    let scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    scene.password(&[]).await.good();
    scene.app.wire().take();
    let answers = futures_util::future::join_all((0..50).map(|_| scene.password(&[]))).await;
    for answer in answers {
        answer.good();
    }
    let counts = scene.app.wire().take();
    assert!(counts.commits <= 10, "50 grants: {counts:#?}");
    assert_eq!(scene.journal("grant.service").await.len(), 51, "and each left its line");
}

#[tokio::test]
async fn client_credentials_cost_nothing() {
    let scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    let work = async |scene: &Scene| {
        let fields = [("grant_type", "client_credentials"), ("resource", super::OTHER)];
        scene.ask(&fields).await.good();
    };
    let counts = cost(&scene, work).await;
    assert_eq!((counts.round_trips, counts.commits), (0, 0), "{counts:#?}");
}
