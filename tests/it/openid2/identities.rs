//! Who is asserted: names, the identity that a request names, pairwise names.

use super::scene::{Scene, answered, openid2, ours};
use crate::{
    oauth2::go_on,
    support::app::{PASSWORD, TestApp},
};

#[tokio::test]
async fn a_named_identity_is_that_persons_or_nobodys() {
    let mut scene = Scene::new().await;
    scene.app.user("bat").await;
    let bat = ours("/id/Bat");
    let named = [("openid.claimed_id", bat.as_str()), ("openid.identity", bat.as_str())];
    scene.answer(&[]).await;
    // Another is signed in: at once there is no answer, with pages the named one may sign in.
    let mut immediate = named.to_vec();
    immediate.push(("openid.mode", "checkid_immediate"));
    assert_eq!(answered(&scene.ask(&immediate).await)["mode"], "setup_needed");
    let stop = scene.ask(&named).await;
    assert_eq!(stop.fields("login-form")["username"], "Bat");
    let stop = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert_eq!(answered(&stop)["mode"], "cancel", "somebody else signed in");
    let stop = scene.ask(&named).await;
    let stop = go_on(&mut scene.browser, "bat", stop).await;
    assert_eq!(answered(&stop)["claimed_id"], bat);
}

#[tokio::test]
async fn names_are_one_without_regard_to_case_and_in_either_form() {
    let mut scene = Scene::at(TestApp::with(&[("profiles.egov_th", "true")]).await, |_| {}).await;
    scene.answer(&[]).await;
    for path in ["/id/Somchai", "/user.aspx/Somchai", "/id/sOMCHAI", "/user.aspx/somchai"] {
        let named = ours(path);
        let answer =
            answered(&scene.ask(&[("openid.claimed_id", &named), ("openid.identity", &named)]).await);
        assert_eq!(answer["mode"], "id_res", "{path}");
        // One form an installation, whichever was asked.
        assert_eq!(answer["claimed_id"], ours("/user.aspx/Somchai"));
        assert_eq!(answer["op_endpoint"], ours("/server.aspx"));
    }
}

#[tokio::test]
async fn the_alias_path_and_the_canonical_one_give_the_same_answer() {
    let mut scene = Scene::at(TestApp::with(&[("profiles.egov_th", "true")]).await, |_| {}).await;
    scene.answer(&[]).await;
    let request = super::scene::request(&[]);
    let alias = request.replace("/openid2?", "/server.aspx?");
    let one = answered(&scene.browser.open(&request).await);
    let other = answered(&scene.browser.open(&alias).await);
    for key in ["op_endpoint", "claimed_id", "identity", "signed"] {
        assert_eq!(one[key], other[key], "{key}");
    }
}

#[tokio::test]
async fn a_pairwise_name_says_nothing_and_is_another_at_every_client() {
    let mut scene = Scene::with(|client| client.settings.openid2_pairwise = true).await;
    scene
        .app
        .client("other", |client| {
            openid2(client, |c| {
                c.settings.openid2_pairwise = true;
                c.settings.openid2_realms = vec!["https://other.example/".to_owned()];
            })
        })
        .await;
    let uuid = super::scene::fetch(&[("u", "http://www.egov.go.th/2012/identifier/uuid")], &[]);
    let first = answered(&scene.answer(&super::scene::pairs(&uuid)).await);
    let again = answered(&scene.ask(&super::scene::pairs(&uuid)).await);
    assert_eq!(first["claimed_id"], again["claimed_id"], "the same for ever");
    let name = first["claimed_id"].strip_prefix(&ours("/id/")).unwrap().to_owned();
    assert!(name.len() == 32 && !name.to_lowercase().contains("somchai"), "{name}");
    assert_ne!(first["x.value.u"], scene.user.to_string(), "the account's number would give it away");
    let elsewhere =
        [("openid.realm", "https://other.example/"), ("openid.return_to", "https://other.example/b")];
    let stop = scene.answer(&elsewhere).await;
    assert!(stop.parameter("openid.claimed_id").starts_with(&ours("/id/")));
    assert_ne!(stop.parameter("openid.claimed_id"), first["claimed_id"]);
    // The relying party may name it; it is no user name to begin the sign-in page with.
    let named =
        [("openid.claimed_id", first["claimed_id"].as_str()), ("openid.identity", &first["claimed_id"])];
    assert_eq!(answered(&scene.ask(&named).await)["mode"], "id_res");
    let mut fresh = scene.app.browser();
    let stop = fresh.open(&super::scene::request(&named)).await;
    assert_eq!(stop.fields("login-form")["username"], "");
    let stop = go_on(&mut fresh, "somchai", stop).await;
    assert_eq!(answered(&stop)["claimed_id"], first["claimed_id"]);
}

#[tokio::test]
async fn two_instances_give_a_person_the_same_pairwise_name() {
    let mut scene = Scene::with(|client| client.settings.openid2_pairwise = true).await;
    let here = answered(&scene.answer(&[]).await);
    let other = scene.app.another().await;
    let mut browser = other.browser();
    let stop = browser.open(&super::scene::request(&[])).await;
    let there = answered(&go_on(&mut browser, "somchai", stop).await);
    assert_eq!(here["claimed_id"], there["claimed_id"]);
}
