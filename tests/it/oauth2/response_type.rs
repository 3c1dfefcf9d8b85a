//! Which response types a client may have, and what none of them gives.

use tamga::model::client::{AuthMethod, Client, ClientType, Flow};

use super::{CHALLENGE, Scene, VERIFIER, claims, text};
use crate::support::{app::TestApp, browser::Stop};

const PKCE: [(&str, &str); 2] = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];

fn every_flow(client: &mut Client) {
    client.flows.extend([Flow::Implicit, Flow::Hybrid]);
}

async fn ask(scene: &mut Scene, response_type: &str, change: &[(&str, &str)]) -> Stop {
    let change: Vec<_> = [("response_type", response_type)].iter().chain(change).copied().collect();
    scene.answer(&change).await
}

#[track_caller]
fn refused(stop: &Stop) -> String {
    let told = stop.in_fragment();
    assert_eq!(told["state"], "state-1");
    for never in ["code", "access_token", "id_token"] {
        assert_eq!(told.get(never), None);
    }
    told["error"].clone()
}

#[tokio::test]
async fn rfc_6749_s4_2_2_1_a_client_gets_the_types_of_the_flows_it_listed() {
    let implicit = ["id_token", "token", "id_token token"];
    let hybrid = ["code id_token", "code token", "code id_token token"];
    for (flow, good, bad) in [(Flow::Implicit, implicit, hybrid), (Flow::Hybrid, hybrid, implicit)] {
        let mut scene = Scene::with(|client| client.flows = vec![flow]).await;
        for response_type in good {
            assert_eq!(ask(&mut scene, response_type, &[]).await.in_fragment().get("error"), None);
        }
        for response_type in bad {
            assert_eq!(refused(&ask(&mut scene, response_type, &[]).await), "unauthorized_client");
        }
        let stop = ask(&mut scene, "code", &[]).await;
        assert_eq!(stop.parameter("error"), "unauthorized_client");
    }
    let mut scene = Scene::new().await;
    for response_type in implicit.into_iter().chain(hybrid) {
        assert_eq!(refused(&ask(&mut scene, response_type, &[]).await), "unauthorized_client");
    }
    assert_eq!(refused(&ask(&mut scene, "token device", &[]).await), "unsupported_response_type");
}

#[tokio::test]
async fn a_client_of_the_hybrid_flow_exchanges_its_codes() {
    let mut scene = Scene::with(|client| client.flows = vec![Flow::Hybrid]).await;
    let told = ask(&mut scene, "code token", &[]).await.in_fragment();
    scene.exchange(&told["code"], &[]).await.good();
}

#[tokio::test]
async fn multiple_response_types_s5_no_token_travels_in_a_query() {
    let mut scene = Scene::with(every_flow).await;
    for response_type in ["token", "id_token", "code token", "code id_token token"] {
        let stop = ask(&mut scene, response_type, &[("response_mode", "query")]).await;
        assert_eq!(refused(&stop), "invalid_request", "{response_type}");
        let stop = ask(&mut scene, response_type, &[("response_mode", "telepathy")]).await;
        assert_eq!(refused(&stop), "invalid_request", "{response_type}");
    }
}

#[tokio::test]
async fn an_id_token_is_for_openid_requests_alone() {
    let mut scene = Scene::with(every_flow).await;
    let stop = ask(&mut scene, "code id_token", &[("scope", "email")]).await;
    assert_eq!(refused(&stop), "invalid_request");
    // RFC 6749 §4.2: an access token needs none.
    let told = ask(&mut scene, "token", &[("scope", "email"), ("nonce", "")]).await.in_fragment();
    assert_eq!((told["scope"].as_str(), told.get("id_token")), ("email", None));
}

#[tokio::test]
async fn rfc_6749_s4_2_2_no_refresh_token_comes_without_a_code() {
    let always = |client: &mut Client| {
        every_flow(client);
        client.settings.always_refresh = true;
    };
    let mut scene = Scene::with(always).await;
    let told = ask(&mut scene, "token", &[("scope", "openid offline_access")]).await.in_fragment();
    // OpenID Connect Core §11: offline_access is passed over.
    assert_eq!((told["scope"].as_str(), told.get("refresh_token")), ("openid", None));
    assert_eq!(claims(&told["access_token"])["scope"], "openid");
    let told = ask(&mut scene, "code token", &[("scope", "openid offline_access")]).await.in_fragment();
    assert_eq!(told.get("refresh_token"), None);
    let tokens = scene.exchange(&told["code"], &[]).await.good();
    assert!(!text(&tokens, "refresh_token").is_empty());
}

#[tokio::test]
async fn no_bearer_token_is_issued_to_a_client_whose_tokens_are_bound() {
    let tweaks: [fn(&mut Client); 2] = [
        |client| client.settings.dpop_bound_access_tokens = true,
        |client| client.settings.certificate_bound_access_tokens = true,
    ];
    for tweak in tweaks {
        let mut scene = Scene::with(|client| {
            every_flow(client);
            tweak(client);
        })
        .await;
        for response_type in ["token", "id_token token", "code token", "code id_token token"] {
            let stop = ask(&mut scene, response_type, &[]).await;
            assert_eq!(refused(&stop), "unauthorized_client", "{response_type}");
        }
    }
}

#[tokio::test]
async fn rfc_9700_s2_1_1_a_public_client_needs_pkce_for_codes_and_for_nothing_else() {
    let public = |client: &mut Client| {
        every_flow(client);
        client.client_type = ClientType::Public;
        client.auth_methods = vec![AuthMethod::None];
        client.secrets.clear();
    };
    let mut scene = Scene::with(public).await;
    assert_eq!(refused(&ask(&mut scene, "code id_token", &[]).await), "invalid_request");
    assert_eq!(ask(&mut scene, "id_token", &[]).await.in_fragment().get("error"), None);
    let told = ask(&mut scene, "code id_token", &PKCE).await.in_fragment();
    assert_eq!(scene.exchange(&told["code"], &[]).await.error(400), "invalid_grant");
    scene.exchange(&told["code"], &[("code_verifier", VERIFIER)]).await.good();
}

#[tokio::test]
async fn where_a_code_is_shown_no_token_is() {
    let oob = "urn:ietf:wg:oauth:2.0:oob:auto";
    let with_oob = |client: &mut Client| {
        every_flow(client);
        client.redirect_uris.push(oob.to_owned());
    };
    let mut scene = Scene::with(with_oob).await;
    for response_type in ["token", "id_token", "code id_token token"] {
        let stop = ask(&mut scene, response_type, &[("redirect_uri", oob)]).await;
        assert!(stop.answer.body.contains("unauthorized_client"), "{response_type}");
    }
}

#[tokio::test]
async fn a_journey_gives_its_tokens_once_even_to_two_at_once() {
    let mut scene = Scene::with(every_flow).await;
    let stop = scene.ask(&[("response_type", "id_token token")]).await;
    assert!(stop.has("login-form"));
    let login = [("username", "somchai"), ("password", crate::support::app::PASSWORD)];
    let stop = scene.browser.submit("login-form", &login).await;
    assert!(stop.has("consent-form"));
    let mut other = scene.browser.clone();
    let (one, two) = tokio::join!(
        scene.browser.press("consent-form", "consent-allow"),
        other.press("consent-form", "consent-allow")
    );
    let gave = |stop: &Stop| stop.url.fragment().is_some_and(|told| told.contains("access_token="));
    assert_eq!([gave(&one), gave(&two)].into_iter().filter(|gave| *gave).count(), 1);
}

#[tokio::test]
async fn tokens_from_the_authorization_endpoint_cost_2_and_1() {
    let mut scene = Scene::at(TestApp::over_wire().await, every_flow).await;
    for response_type in ["id_token token", "code id_token token"] {
        ask(&mut scene, response_type, &[]).await;
        for _ in 0..10 {
            scene.app.wire().take();
            ask(&mut scene, response_type, &[]).await;
            let counts = scene.app.wire().take();
            // The client was asked for anew; try again.
            if counts.statements.iter().any(|statement| statement.contains("FROM clients c")) {
                continue;
            }
            assert!(counts.round_trips <= 2 && counts.commits <= 1, "{counts:#?}");
            break;
        }
    }
}
