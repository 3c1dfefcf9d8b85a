//! What each request costs the database: round trips and commits (`docs`, "Speed and cost"). These
//! hold on any machine, so they are bounds that fail.

use super::{Scene, text};
use crate::support::{
    app::{PASSWORD, TestApp},
    wire::Counts,
};

/// The costs of `work` on what `prepare` gave, after every statement has been prepared once.
async fn cost<P>(
    scene: &mut Scene,
    prepare: impl AsyncFn(&mut Scene) -> P,
    work: impl AsyncFn(&mut Scene, P),
) -> Counts {
    let prepared = prepare(scene).await;
    work(scene, prepared).await;
    for _ in 0..10 {
        let prepared = prepare(scene).await;
        scene.app.wire().take();
        work(scene, prepared).await;
        let counts = scene.app.wire().take();
        // Clients are believed for 2.5 s of real time; on a busy machine that can pass right here.
        if !counts.statements.iter().any(|statement| statement.contains("FROM clients c")) {
            return counts;
        }
    }
    panic!("the client was never found in memory");
}

#[track_caller]
fn assert_at_most(counts: &Counts, round_trips: u64, commits: u64) {
    let within = counts.round_trips <= round_trips && counts.commits <= commits;
    assert!(within, "at most {round_trips} round trips and {commits} commits: {counts:#?}");
}

async fn scene() -> Scene {
    let mut scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    scene.code(&[("scope", "openid email offline_access")]).await;
    scene
}

const SCOPE: (&str, &str) = ("scope", "openid email offline_access");

#[tokio::test]
async fn authorize_with_a_live_session_and_a_remembered_consent_costs_2_and_1() {
    let mut scene = scene().await;
    let work = async |scene: &mut Scene, ()| {
        assert!(!scene.ask(&[SCOPE]).await.parameter("code").is_empty());
    };
    assert_at_most(&cost(&mut scene, async |_| (), work).await, 2, 1);
}

#[tokio::test]
async fn a_code_exchange_costs_2_and_1() {
    let mut scene = scene().await;
    let code = async |scene: &mut Scene| scene.code(&[SCOPE]).await;
    let work = async |scene: &mut Scene, code: String| {
        scene.exchange(&code, &[]).await.good();
    };
    assert_at_most(&cost(&mut scene, code, work).await, 2, 1);
}

#[tokio::test]
async fn a_whole_code_flow_costs_5_and_2() {
    let mut scene = scene().await;
    let work = async |scene: &mut Scene, ()| {
        let tokens = scene.tokens(&[SCOPE]).await;
        scene.userinfo(text(&tokens, "access_token")).await.good();
    };
    assert_at_most(&cost(&mut scene, async |_| (), work).await, 5, 2);
}

#[tokio::test]
async fn a_refresh_costs_1_and_1() {
    let mut scene = scene().await;
    let token = async |scene: &mut Scene| {
        let tokens = scene.tokens(&[SCOPE]).await;
        text(&tokens, "refresh_token").to_owned()
    };
    let work = async |scene: &mut Scene, token: String| {
        scene.refresh(&token, &[]).await.good();
    };
    assert_at_most(&cost(&mut scene, token, work).await, 1, 1);
}

#[tokio::test]
async fn introspection_and_userinfo_cost_1_and_0() {
    let mut scene = scene().await;
    let bearer = async |scene: &mut Scene| {
        let tokens = scene.tokens(&[SCOPE]).await;
        text(&tokens, "access_token").to_owned()
    };
    let introspect = async |scene: &mut Scene, token: String| {
        let answer = scene.app.door.post_as(&scene.rp, "/oauth2/introspect", &[("token", &token)]).await;
        assert_eq!(answer.good()["active"], true);
    };
    assert_at_most(&cost(&mut scene, bearer, introspect).await, 1, 0);
    let userinfo = async |scene: &mut Scene, token: String| {
        scene.userinfo(&token).await.good();
    };
    assert_at_most(&cost(&mut scene, bearer, userinfo).await, 1, 0);
}

#[tokio::test]
async fn discovery_and_keys_cost_nothing() {
    let mut scene = scene().await;
    for path in
        ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/oauth2/jwks"]
    {
        let work = async |scene: &mut Scene, ()| {
            scene.app.door.get(path).await.good();
        };
        assert_at_most(&cost(&mut scene, async |_| (), work).await, 0, 0);
    }
}

#[tokio::test]
async fn a_password_sign_in_costs_3_and_1() {
    let mut scene = scene().await;
    let login = async |scene: &mut Scene| {
        scene.browser = scene.app.browser();
        let stop = scene.ask(&[SCOPE]).await;
        stop.fields("login-form")
    };
    for (password, status) in [(PASSWORD, 303), ("not the password", 422)] {
        // The post alone; the redirect after it is a request of its own.
        let work = async |scene: &mut Scene, fields: std::collections::BTreeMap<String, String>| {
            let mut fields = fields;
            fields.insert("username".to_owned(), "somchai".to_owned());
            fields.insert("password".to_owned(), password.to_owned());
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let cookie = scene.browser.cookie_header();
            let answer = scene.app.door.post_with("/login", &[("cookie", &cookie)], &fields).await;
            assert_eq!(answer.status.as_u16(), status);
        };
        assert_at_most(&cost(&mut scene, login, work).await, 3, 1);
    }
}

#[tokio::test]
async fn a_pushed_request_costs_one_more_read() {
    let mut scene = scene().await;
    let push = async |scene: &mut Scene, ()| {
        scene.pushed(&[SCOPE]).await;
    };
    assert_at_most(&cost(&mut scene, async |_| (), push).await, 1, 1);
    let pushed = async |scene: &mut Scene| scene.pushed(&[SCOPE]).await;
    let work = async |scene: &mut Scene, uri: String| {
        assert!(!scene.visit(&uri).await.parameter("code").is_empty());
    };
    assert_at_most(&cost(&mut scene, pushed, work).await, 3, 1);
}
