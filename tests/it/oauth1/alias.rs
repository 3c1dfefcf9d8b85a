//! `/OAuth.ashx`: one address for three steps, told apart by what is sent.

use axum::http::Method;

use super::{
    Scene, credentials,
    signing::{Place, problem},
};
use crate::{oauth2::go_on, support::app::CALLBACK};

const ALIAS: &str = "/OAuth.ashx";

#[tokio::test]
async fn the_whole_flow_goes_through_one_address_in_every_place() {
    for (place, method) in [
        (Place::Query, Method::GET),
        (Place::Header, Method::GET),
        (Place::Header, Method::POST),
        (Place::Body, Method::POST),
    ] {
        let mut scene = Scene::new().await;
        let mut call = scene.call(method.clone(), ALIAS, None);
        call.place = place;
        call.set("oauth_callback", CALLBACK);
        call.set("scope", "http://tempuri.org/IDataApi/GetName");
        let token = credentials(&call.send(&scene.app.door).await);

        let stop = scene.browser.open(&format!("{ALIAS}?oauth_token={}", token.token)).await;
        let back = go_on(&mut scene.browser, "somchai", stop).await;

        let mut call = scene.call(method, ALIAS, Some(&token));
        call.place = place;
        call.set("oauth_verifier", &back.parameter("oauth_verifier"));
        // As ScribeJava sends it at this step too.
        call.set("scope", "http://tempuri.org/IDataApi/GetName");
        let access = credentials(&call.send(&scene.app.door).await);
        let document = scene.app.door.get(&format!("/XmlUserInfo.aspx?AccessToken={}", access.token)).await;
        assert!(document.body.contains(">Somchai</FirstName>"), "{place:?}: {}", document.body);
    }
}

#[tokio::test]
async fn an_empty_token_counts_as_none() {
    let scene = Scene::new().await;
    let mut call = scene.call(Method::GET, ALIAS, None);
    call.set("oauth_callback", CALLBACK);
    call.add("oauth_token", "");
    credentials(&call.send(&scene.app.door).await);
}

#[tokio::test]
async fn what_is_none_of_the_steps_is_refused() {
    let scene = Scene::new().await;
    assert_eq!(problem(&scene.app.door.get(ALIAS).await, 400), "parameter_absent");
    assert_eq!(problem(&scene.app.door.post(ALIAS, &[("a", "b")]).await, 400), "parameter_absent");
    let twice = format!("{ALIAS}?oauth_consumer_key=a&oauth_consumer_key=b");
    assert_eq!(problem(&scene.app.door.get(&twice).await, 400), "parameter_rejected");
}
