//! Requests through the browser (OpenID Authentication 2.0 §9, §10).

use super::scene::{REALM, RETURN_TO, SELECT, Scene, answered, openid2, ours, request, verified};
use crate::{
    oauth2::go_on,
    support::{
        app::{PASSWORD, TestApp},
        browser::Stop,
    },
};

#[track_caller]
fn assert_page(stop: &Stop, status: u16, named: &str) {
    assert_eq!(stop.answer.status.as_u16(), status, "{}", stop.url);
    let description = stop.text("error-description");
    assert!(description.contains(named), "{description:?} does not name {named}");
}

#[track_caller]
fn assert_error(stop: &Stop, named: &str) {
    let answer = answered(stop);
    assert_eq!(
        (answer["mode"].as_str(), answer["ns"].as_str()),
        ("error", "http://specs.openid.net/auth/2.0")
    );
    assert!(answer["error"].contains(named), "{:?} does not name {named}", answer["error"]);
}

#[tokio::test]
async fn a_person_signs_in_consents_and_is_asserted() {
    let mut scene = Scene::new().await;
    let (handle, association) = scene.associate();
    let stop = scene.ask(&[("openid.assoc_handle", &handle)]).await;
    assert_eq!(stop.url.path(), "/login");
    let stop = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert_eq!(stop.url.path(), "/consent");
    let shown = stop.answer.body.replace("&#x2f;", "/");
    assert!(shown.contains(&ours("/id/Somchai")), "the person sees what is sent");
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    let answer = answered(&stop);
    assert_eq!(
        verified(&association, &answer),
        ["op_endpoint", "claimed_id", "identity", "return_to", "response_nonce", "assoc_handle"]
    );
    for (key, value) in [
        ("ns", "http://specs.openid.net/auth/2.0"),
        ("mode", "id_res"),
        ("op_endpoint", &ours("/openid2")),
        ("claimed_id", &ours("/id/Somchai")),
        ("identity", &ours("/id/Somchai")),
        ("return_to", RETURN_TO),
        ("assoc_handle", &handle),
    ] {
        assert_eq!(answer[key], value, "{key}");
    }
    assert!(!answer.contains_key("invalidate_handle"));
    // §10.1: a UTC moment to the second, then what makes it unique.
    assert!(answer["response_nonce"].starts_with("2026-03-01T09:00:00Z"));
    assert!(answer["response_nonce"].len() > 30 && answer["response_nonce"].len() <= 255);
}

#[tokio::test]
async fn with_a_live_session_and_a_remembered_consent_the_answer_comes_at_once() {
    let mut scene = Scene::new().await;
    scene.answer(&[]).await;
    scene.browser.trail.clear();
    let first = answered(&scene.ask(&[]).await);
    assert_eq!(scene.browser.trail.len(), 1);
    let second = answered(&scene.ask(&[("openid.mode", "checkid_immediate")]).await);
    assert_ne!(first["response_nonce"], second["response_nonce"]);
}

#[tokio::test]
async fn s9_3_immediate_never_shows_a_page() {
    let mut scene = Scene::new().await;
    for mode in ["checkid_immediate", "checked_immediate"] {
        let answer = answered(&scene.ask(&[("openid.mode", mode)]).await);
        assert_eq!(
            answer.into_iter().collect::<Vec<_>>(),
            [
                ("mode".to_owned(), "setup_needed".to_owned()),
                ("ns".to_owned(), "http://specs.openid.net/auth/2.0".to_owned()),
            ]
        );
    }
    // Signed in, but nothing was allowed yet.
    let stop = scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    assert!(stop.has("login-form"));
    let answer = answered(&scene.ask(&[("openid.mode", "checkid_immediate")]).await);
    assert_eq!(answer["mode"], "setup_needed");
    scene.answer(&[("openid.mode", "checked_setup")]).await;
    let answer = answered(&scene.ask(&[("openid.mode", "checkid_immediate")]).await);
    assert_eq!(answer["mode"], "id_res");
}

#[tokio::test]
async fn a_person_who_says_no_is_cancelled() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let stop = scene.browser.press("consent-form", "consent-deny").await;
    let answer = answered(&stop);
    assert_eq!((answer["mode"].as_str(), answer.len()), ("cancel", 2));
}

#[tokio::test]
async fn s9_2_a_bad_return_to_gets_a_page_and_never_a_redirect() {
    let mut scene = Scene::new().await;
    for bad in [
        "https://evil.example/back",
        "http://rp.example/back",
        "https://rp.example:8443/back",
        "https://rp.example.evil.example/back",
        "https://rp.example@evil.example/back",
        "https://rp.example/back#x",
        "https://rp.example/ba ck",
        "https://rp.example/ก",
        "https://rp.example/a\r\nSet-Cookie:b",
        "javascript:alert(1)",
        "//rp.example/back",
        "/back",
        "",
    ] {
        for other in
            [("openid.mode", "checkid_setup"), ("openid.mode", "nonsense"), ("openid.ns", "nonsense")]
        {
            let stop = scene.ask(&[("openid.return_to", bad), other]).await;
            assert_page(&stop, 400, "openid.return_to");
        }
    }
    for repeated in ["return_to", "realm"] {
        let stop =
            scene.browser.open(&format!("{}&openid.{repeated}=https://rp.example/", request(&[]))).await;
        assert_page(&stop, 400, repeated);
    }
}

#[tokio::test]
async fn a_realm_that_no_client_has_gets_a_page() {
    let mut scene = Scene::with(|client| {
        client.settings.openid2_realms =
            vec!["https://rp.example/app/".to_owned(), "https://*.wide.example/".to_owned()];
    })
    .await;
    for (realm, return_to) in [
        ("https://rp.example/", "https://rp.example/app/back"),
        ("https://*.example/", "https://rp.example/app/back"),
        ("https://other.example/", "https://other.example/back"),
        ("", "https://other.example/back"),
    ] {
        let stop = scene.ask(&[("openid.realm", realm), ("openid.return_to", return_to)]).await;
        assert_eq!(stop.answer.status.as_u16(), 400);
        assert!(stop.text("error-description").contains("openid.re"), "{realm}");
    }
    for (realm, return_to) in [
        ("https://rp.example/app/", "https://rp.example/app/back"),
        ("https://rp.example/app/part", "https://rp.example/app/part/back"),
        ("", "https://rp.example/app/back?x=1"),
        ("https://*.wide.example/", "https://a.wide.example/back"),
        ("https://a.wide.example/", "https://a.wide.example/back"),
        ("https://*.a.wide.example/", "https://b.a.wide.example/back"),
    ] {
        let stop = scene.ask(&[("openid.realm", realm), ("openid.return_to", return_to)]).await;
        assert!(stop.has("login-form"), "{realm}");
    }
}

#[tokio::test]
async fn the_client_whose_realm_says_most_is_the_one_that_asks() {
    let mut scene = Scene::new().await;
    let inner = "https://rp.example/inner/";
    scene
        .app
        .client("inner", |client| {
            openid2(client, |c| {
                c.settings.openid2_realms = vec![inner.to_owned()];
                c.name = "The inner service".to_owned();
            })
        })
        .await;
    let stop =
        scene.ask(&[("openid.realm", inner), ("openid.return_to", "https://rp.example/inner/b")]).await;
    assert!(stop.answer.body.contains("The inner service"));
    let stop = scene.ask(&[("openid.return_to", "https://rp.example/inner/b")]).await;
    assert!(stop.answer.body.contains("The service rp"));
}

#[tokio::test]
async fn a_disabled_client_and_one_without_the_flow_get_a_page_with_403() {
    let mut scene = Scene::new().await;
    scene.app.change_client(&mut scene.rp, |client| client.flows.clear()).await;
    assert_page(&scene.ask(&[]).await, 403, "openid.realm");
    let now = scene.app.clock.now();
    scene.app.change_client(&mut scene.rp, |client| client.disabled_at = Some(now)).await;
    assert_page(&scene.ask(&[]).await, 403, "disabled");
}

#[tokio::test]
async fn with_open_realms_anybody_is_served_and_nothing_remembered() {
    let app = TestApp::with(&[("openid2.open_realms", "true")]).await;
    let mut scene = Scene::at(app, |_| {}).await;
    let foreign = [("openid.realm", "https://else.example/"), ("openid.return_to", "https://else.example/b")];
    for _ in 0..2 {
        let stop = scene.ask(&foreign).await;
        assert!(stop.answer.body.contains("else.example"), "who asks is shown");
        let stop = match stop.has("login-form") {
            true => {
                scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await
            }
            false => stop,
        };
        assert!(stop.has("consent-form"), "{} {}", stop.url, stop.answer.body);
        assert!(!stop.has("remember"));
        let stop = scene.browser.press("consent-form", "consent-allow").await;
        assert_eq!(stop.parameter("openid.mode"), "id_res");
    }
    let noted = sqlx::query_scalar::<_, i64>(
        "SELECT count(*) FROM journal WHERE action = 'realm.assert' AND after->>'realm' = 'https://else.example/'",
    );
    assert_eq!(noted.fetch_one(scene.app.pool()).await.unwrap(), 2);
}

#[tokio::test]
async fn s5_2_3_every_other_fault_goes_back_as_an_error() {
    let mut scene = Scene::new().await;
    let local = ours("/id/Somchai");
    for (change, named) in [
        (vec![("openid.ns", "http://specs.openid.net/auth/3.0")], "openid.ns"),
        (vec![("openid.mode", "")], "openid.mode"),
        (vec![("openid.mode", "checkid_later")], "openid.mode"),
        (vec![("openid.claimed_id", "")], "openid.claimed_id"),
        (vec![("openid.identity", "")], "openid.identity"),
        (vec![("openid.identity", local.as_str())], "openid.claimed_id"),
        (vec![("openid.claimed_id", local.as_str())], "openid.identity"),
        (
            vec![("openid.claimed_id", "https://blog.example/"), ("openid.identity", local.as_str())],
            "openid.claimed_id",
        ),
        (
            vec![
                ("openid.claimed_id", "https://blog.example/"),
                ("openid.identity", "https://blog.example/"),
            ],
            "openid.identity",
        ),
        (vec![("openid.ns.a.b", "urn:x")], "openid.ns.a.b"),
    ] {
        assert_error(&scene.ask(&change).await, named);
    }
    // §4.1.1: a parameter sent twice.
    let repeated = format!("{}&openid.mode=checkid_setup", request(&[]));
    assert_error(&scene.browser.open(&repeated).await, "openid.mode");
    let repeated = format!("{}&openid.x=1&openid.x=1", request(&[]));
    assert_error(&scene.browser.open(&repeated).await, "openid.x");
}

#[tokio::test]
async fn a_posted_request_is_answered_like_one_in_the_address() {
    let mut scene = Scene::new().await;
    scene.answer(&[]).await;
    let path = request(&[("openid.mode", "checkid_immediate")]);
    let (path, query) = path.split_once('?').unwrap();
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let fields = super::scene::pairs(&fields);
    let answer = answered(&scene.browser.post(path, &fields).await);
    assert_eq!(answer["mode"], "id_res");
    // From the relying party's own page it comes without our cookie, and is asked again by GET.
    scene.browser.headers.push(("sec-fetch-site".into(), "cross-site".into()));
    let answer = answered(&scene.browser.post_from_elsewhere(path, &fields).await);
    assert_eq!(answer["mode"], "id_res");
}

#[tokio::test]
async fn s10_1_an_unknown_or_expired_handle_is_called_invalid() {
    let mut scene = Scene::new().await;
    let (handle, _) = scene.associate();
    scene.answer(&[]).await;
    let app = &scene.app.app;
    use tamga::protocol::openid2::association::{Association, Kind};
    let (private, _) = Association::issue_private(&app.sealer, &app.rng, scene.app.clock.now()).unwrap();
    for unknown in ["nonsense", "a\nb", &private] {
        let answer = answered(&scene.ask(&[("openid.assoc_handle", unknown)]).await);
        assert_eq!(answer["invalidate_handle"], unknown);
        assert_ne!(answer["assoc_handle"], unknown);
        assert!(!answer["signed"].contains("invalidate_handle"));
        let app = &scene.app.app;
        let now = scene.app.clock.now();
        let association =
            Association::open(&app.sealer, Kind::Private, &answer["assoc_handle"], now).unwrap();
        verified(&association, &answer);
    }
    scene.app.clock.advance(time::Duration::hours(2));
    let answer = answered(&scene.answer(&[("openid.assoc_handle", &handle)]).await);
    assert_eq!(answer["invalidate_handle"], handle);
}

#[tokio::test]
async fn an_answer_over_2047_bytes_goes_as_a_form() {
    let mut scene = Scene::new().await;
    let long = format!("https://rp.example/back?keep={}", "x".repeat(1_900));
    let stop = scene.answer(&[("openid.return_to", &long)]).await;
    assert_eq!(stop.answer.status.as_u16(), 200);
    let fields = stop.fields("form-post");
    assert_eq!(fields["openid.mode"], "id_res");
    assert_eq!(fields["openid.return_to"], long);
    assert_eq!(stop.attribute("form-post", "action"), Some(long.clone()));
    // What fits goes in the address.
    let fits = "x".repeat(1_500);
    let fits = format!("https://rp.example/back?keep={fits}");
    let stop = scene.ask(&[("openid.return_to", &fits), ("openid.mode", "nonsense")]).await;
    assert!(stop.away().as_str().starts_with(&fits));
}

#[tokio::test]
async fn a_journey_is_answered_once() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    let stop = scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let journey = stop.fields("consent-form")["journey"].clone();
    let mut other = scene.browser.clone();
    let first = scene.browser.press("consent-form", "consent-allow").await;
    assert_eq!(answered(&first)["mode"], "id_res");
    let again = other.open(&format!("/continue/{journey}")).await;
    assert_eq!(again.answer.status.as_u16(), 410);
}

#[tokio::test]
async fn the_client_may_be_shut_out_while_the_person_is_on_their_way() {
    let mut scene = Scene::new().await;
    scene.ask(&[]).await;
    scene.browser.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    scene
        .app
        .change_client(&mut scene.rp, |client| {
            client.settings.openid2_realms = vec!["https://moved.example/".to_owned()]
        })
        .await;
    let stop = scene.browser.press("consent-form", "consent-allow").await;
    assert_page(&stop, 400, "openid.realm");
}

#[tokio::test]
async fn s14_an_openid_1_1_request_is_answered_in_its_own_words() {
    let mut scene = Scene::new().await;
    let identity = ours("/id/Somchai");
    let old: Vec<(&str, &str)> = vec![
        ("openid.ns", ""),
        ("openid.claimed_id", ""),
        ("openid.realm", ""),
        ("openid.identity", &identity),
        ("openid.trust_root", REALM),
    ];
    let mut immediate = old.clone();
    immediate.push(("openid.mode", "checkid_immediate"));
    let answer = answered(&scene.ask(&immediate).await);
    assert_eq!((answer["mode"].as_str(), answer.contains_key("ns")), ("id_res", false));
    assert!(answer["user_setup_url"].starts_with(&format!("{}?openid.mode=checkid_setup", ours("/openid2"))));
    let (handle, association) = scene.associate();
    let mut setup = old.clone();
    setup.push(("openid.assoc_handle", &handle));
    let stop = scene.ask(&setup).await;
    assert_eq!(stop.fields("login-form")["username"], "Somchai", "the name is prefilled");
    let answer = answered(&go_on(&mut scene.browser, "somchai", stop).await);
    assert_eq!(verified(&association, &answer), ["mode", "identity", "return_to", "assoc_handle"]);
    assert_eq!((answer["identity"].as_str(), answer.contains_key("claimed_id")), (identity.as_str(), false));
    let answer = answered(&scene.ask(&[("openid.claimed_id", SELECT), ("openid.identity", SELECT)]).await);
    assert_eq!(answer["ns"], "http://specs.openid.net/auth/2.0");
}
