//! What direct requests cost the database (`docs`, "Speed and cost").

use tamga::protocol::openid2::{association::Association, fields::Fields, signature::sign};

use super::{
    direct, lines,
    scene::{Scene, answered, fetch, pairs},
};
use crate::support::{app::TestApp, wire::Counts};

async fn costs(app: &TestApp, fields: &[(&str, &str)]) -> Counts {
    app.wire().take();
    lines(&direct(app, fields).await, 200);
    app.wire().take()
}

#[tokio::test]
async fn associate_costs_nothing() {
    let app = TestApp::over_wire().await;
    for (assoc_type, session_type) in [("HMAC-SHA1", "DH-SHA1"), ("HMAC-SHA256", "DH-SHA256")] {
        let fields = [
            ("mode", "associate"),
            ("assoc_type", assoc_type),
            ("session_type", session_type),
            ("dh_consumer_public", "Aw=="),
        ];
        let counts = costs(&app, &fields).await;
        assert_eq!((counts.round_trips, counts.commits), (0, 0), "{counts:#?}");
    }
}

/// An answer to be confirmed.
fn answer(app: &TestApp, nonce: &str) -> Fields {
    let (handle, association) =
        Association::issue_private(&app.app.sealer, &app.app.rng, app.clock.now()).unwrap();
    let signed = ["op_endpoint", "return_to", "response_nonce", "assoc_handle"];
    let fields = Fields::new()
        .with("op_endpoint", "https://sso.test.example/openid2")
        .with("return_to", "https://rp.example/cb")
        .with("response_nonce", nonce)
        .with("assoc_handle", handle);
    let signature = sign(&association, &fields, &signed).unwrap();
    fields.with("signed", signed.join(",")).with("sig", signature).with("mode", "check_authentication")
}

#[tokio::test]
async fn check_authentication_costs_1_and_1_and_nothing_for_a_forgery() {
    let app = TestApp::over_wire().await;
    // The first prepares the statement.
    let first = answer(&app, "2026-03-01T09:00:00Z1");
    costs(&app, &first.iter().collect::<Vec<_>>()).await;
    let second = answer(&app, "2026-03-01T09:00:00Z2");
    let counts = costs(&app, &second.iter().collect::<Vec<_>>()).await;
    assert!(counts.round_trips <= 1 && counts.commits <= 1, "{counts:#?}");
    let forged = answer(&app, "2026-03-01T09:00:00Z3").with("return_to", "https://evil.example/");
    let counts = costs(&app, &forged.iter().collect::<Vec<_>>()).await;
    assert_eq!((counts.round_trips, counts.commits), (0, 0), "{counts:#?}");
}

#[tokio::test]
async fn a_request_with_a_live_session_and_a_remembered_consent_costs_2_and_1() {
    let mut scene = Scene::at(TestApp::over_wire().await, |_| {}).await;
    let request = fetch(&[("mail", "http://axschema.org/contact/email")], &[]);
    let mut request = pairs(&request);
    scene.answer(&request).await;
    request.push(("openid.mode", "checkid_immediate"));
    answered(&scene.ask(&request).await);
    for _ in 0..10 {
        scene.app.wire().take();
        assert_eq!(answered(&scene.ask(&request).await)["mode"], "id_res");
        let counts = scene.app.wire().take();
        // Clients are believed for 2.5 s of real time; on a busy machine that can pass right here.
        if !counts.statements.iter().any(|statement| statement.contains("FROM clients c")) {
            assert!(counts.round_trips <= 2 && counts.commits <= 1, "{counts:#?}");
            return;
        }
    }
    panic!("the client was never found in memory");
}
