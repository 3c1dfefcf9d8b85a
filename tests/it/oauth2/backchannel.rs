//! Relying parties hear of the end of a session server to server (OpenID Connect Back-Channel Logout 1.0),
//! however it ended.

use serde_json::{Value, json};
use tamga::{
    model::{journal::Entry, relying_party::SubjectType},
    store::{own_account, passwords, purge, users},
};
use time::Duration;

use super::{Scene, claims, go_on, header, request, text};
use crate::support::{
    app::{ISSUER, PASSWORD, TestApp, TestClient},
    browser::Browser,
    door::encoded,
    gateway::{Asked, Gateway},
};

/// A server, a client that is told of logouts, and where it is told.
pub struct Told {
    pub scene: Scene,
    pub gateway: Gateway,
}

impl Told {
    pub async fn new() -> Self {
        Self::with(&[("outbound.allow", "127.0.0.1")]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let gateway = Gateway::start().await;
        let address = format!("{}/backchannel_logout", gateway.address());
        let scene = Scene::at(TestApp::with(settings).await, |client| {
            client.settings.oidc.backchannel_logout_uri = Some(address);
            client.settings.oidc.backchannel_logout_session_required = true;
        })
        .await;
        Self { scene, gateway }
    }

    /// Another client at the same gateway.
    async fn other(&self, identifier: &str) -> TestClient {
        let address = format!("{}/{identifier}", self.gateway.address());
        self.scene
            .app
            .client(identifier, |client| client.settings.oidc.backchannel_logout_uri = Some(address))
            .await
    }

    /// Signs in, and gives the id_token.
    pub async fn sign_in(&mut self) -> String {
        text(&self.scene.tokens(&[]).await, "id_token").to_owned()
    }

    /// Signs out with that hint.
    async fn sign_out(&mut self, hint: &str) {
        let query = encoded(&[("id_token_hint", hint)]);
        let stop = self.scene.browser.open(&format!("/oauth2/logout?{query}")).await;
        assert!(stop.has("logged-out"));
    }

    /// What was told since the server began, once the worker went round.
    pub async fn asked(&self) -> Vec<Asked> {
        self.scene.app.deliver().await;
        self.gateway.asked()
    }

    /// The same as claims.
    async fn notices(&self) -> Vec<Value> {
        self.asked().await.iter().map(|asked| claims(&logout_token(asked))).collect()
    }

    /// A row's column of every notice.
    async fn outbox(&self) -> Vec<(bool, bool, i32)> {
        sqlx::query_as(
            "SELECT delivered_at IS NOT NULL, failed_at IS NOT NULL, attempts FROM outbox WHERE channel = 'logout'",
        )
        .fetch_all(self.scene.app.pool())
        .await
        .unwrap()
    }
}

/// The token of a request, which has nothing else in it.
pub fn logout_token(asked: &Asked) -> String {
    assert_eq!(asked.headers["content-type"], "application/x-www-form-urlencoded");
    let fields: Vec<(String, String)> = form_urlencoded::parse(asked.body.as_bytes()).into_owned().collect();
    let [(name, token)] = fields.as_slice() else { panic!("{fields:?}") };
    assert_eq!(name, "logout_token");
    token.clone()
}

/// The sid of an id_token.
fn sid(id_token: &str) -> Value {
    claims(id_token)["sid"].clone()
}

#[tokio::test]
async fn backchannel_logout_s2_4_the_token_says_who_where_and_when_and_lives_for_two_minutes() {
    let mut told = Told::new().await;
    let hint = told.sign_in().await;
    assert!(told.asked().await.is_empty(), "nobody signed out");
    told.sign_out(&hint).await;
    let asked = told.asked().await;
    assert_eq!(
        (asked.len(), asked[0].method.as_str(), asked[0].uri.path()),
        (1, "POST", "/backchannel_logout")
    );
    let token = logout_token(&asked[0]);
    let header = header(&token);
    assert_eq!((&header["typ"], &header["alg"]), (&json!("logout+jwt"), &json!("RS256")));
    let now = told.scene.app.clock.now().unix_timestamp();
    let mut claims = claims(&token);
    assert!(claims["jti"].take().is_string());
    let expected = json!({
        "iss": ISSUER, "sub": told.scene.user, "aud": "rp", "iat": now, "exp": now + 120, "jti": null,
        "sid": sid(&hint), "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    assert_eq!(claims, expected, "and no nonce");
}

#[tokio::test]
async fn it_is_signed_with_what_the_clients_id_tokens_are() {
    let mut told = Told::new().await;
    let mut client = told.scene.rp.clone();
    let algorithm = "ES256".parse().unwrap();
    told.scene.app.change_client(&mut client, |client| client.settings.id_token_alg = algorithm).await;
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    assert_eq!(header(&logout_token(&told.asked().await[0]))["alg"], "ES256");
}

#[tokio::test]
async fn rfc_8725_s3_11_a_logout_token_is_no_hint_and_no_access_token() {
    let mut told = Told::new().await;
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    let token = logout_token(&told.asked().await[0]);
    assert_eq!(told.scene.userinfo(&token).await.status.as_u16(), 401);
    let stop = told.scene.ask(&[("prompt", "none"), ("id_token_hint", &token)]).await;
    assert_eq!(stop.parameter("error"), "login_required");
}

#[tokio::test]
async fn a_pairwise_client_is_told_by_the_names_it_knows() {
    let mut told = Told::new().await;
    let mut client = told.scene.rp.clone();
    let pairwise = SubjectType::Pairwise;
    told.scene.app.change_client(&mut client, |client| client.settings.oidc.subject_type = pairwise).await;
    let hint = told.sign_in().await;
    assert_ne!(claims(&hint)["sub"], json!(told.scene.user));
    told.sign_out(&hint).await;
    let notice = &told.notices().await[0];
    assert_eq!((&notice["sub"], &notice["sid"]), (&claims(&hint)["sub"], &sid(&hint)));
}

#[tokio::test]
async fn everybody_who_took_part_is_told_and_nobody_else() {
    let mut told = Told::new().await;
    let other = told.other("other").await;
    told.other("stranger").await;
    let hint = told.sign_in().await;
    // Twice, and one that wants no id_token: it knows of no session.
    told.sign_in().await;
    let plain = told.other("plain").await;
    for (client, scope) in [(&other, "openid"), (&plain, "profile")] {
        let stop = told.scene.browser.open(&request(client.id(), &[("scope", scope)])).await;
        go_on(&mut told.scene.browser, "somchai", stop).await.away();
    }
    told.sign_out(&hint).await;
    let mut paths: Vec<_> = told.asked().await.iter().map(|asked| asked.uri.path().to_owned()).collect();
    paths.sort();
    assert_eq!(paths, ["/backchannel_logout", "/other"]);
}

#[tokio::test]
async fn however_a_session_ends_its_clients_are_told() {
    let mut told = Told::new().await;
    let (user, pool) = (told.scene.user, told.scene.app.pool().clone());
    let entry = |told: &Told, action| Entry::by_operator(told.scene.app.clock.now(), action, "user", user);
    let hash = told.scene.app.app.passwords.hash(PASSWORD.into(), &told.scene.app.app.rng).await.unwrap();
    for way in
        ["other sign-out", "own page", "others", "other person", "password", "reset", "disabled", "closed"]
    {
        let before = told.notices().await.len();
        let sid = sid(&told.sign_in().await);
        assert_eq!(told.notices().await.len(), before, "{way}: a sign-in is no logout");
        match way {
            "other sign-out" => {
                told.scene.browser.open("/openid2/logout").await;
                told.scene.browser.press("logout-form", "logout-confirm").await;
            }
            "own page" => {
                told.scene.browser.open("/account/sessions").await;
                let form = format!("end-{}", sid.as_str().unwrap());
                told.scene.browser.submit(&form, &[]).await;
            }
            "others" => {
                let mut phone = told.scene.app.browser();
                sign_in_at(&mut phone, "/account/sessions").await;
                phone.submit("end-others", &[]).await;
            }
            "other person" => {
                told.scene.app.user_with("maria", PASSWORD, &[]).await;
                let stop = told.scene.ask(&[("prompt", "login")]).await;
                go_on(&mut told.scene.browser, "maria", stop).await.away();
            }
            "password" => {
                let entry = entry(&told, "user.set_password");
                users::set_password(&pool, user, &hash, &entry).await.unwrap();
            }
            "reset" => reset(&told, &hash).await,
            "disabled" => {
                told.scene.app.disable_user(user).await;
                assert_eq!(told.notices().await.len(), before + 1);
                let entry = entry(&told, "user.enable");
                users::set_disabled(&pool, user, false, &entry).await.unwrap();
                assert!(told.scene.ask(&[]).await.has("login-form"), "the session stays over");
            }
            _ => assert!(own_account::close(&pool, user, &entry(&told, "user.close")).await.unwrap()),
        }
        let notices = told.notices().await;
        assert_eq!(notices.len(), before + 1, "{way}");
        assert_eq!(notices[before]["sid"], sid, "{way}");
        told.scene.browser = told.scene.app.browser();
    }
}

/// A password set by a link, which the store knows as a right.
async fn reset(told: &Told, hash: &str) {
    let (app, user) = (&told.scene.app, told.scene.user);
    let now = app.clock.now();
    let digest = tamga::secret::Digest::of(b"link");
    sqlx::query(
        "INSERT INTO password_links (digest, user_id, purpose, created_at, expires_at) VALUES ($1, $2, 'reset', $3, $4)",
    )
    .bind(digest.as_bytes())
    .bind(user.0)
    .bind(now)
    .bind(now + Duration::hours(1))
    .execute(app.pool())
    .await
    .unwrap();
    let new = passwords::NewPassword { user, hash, keep: None, forgotten: &[], message: None };
    let entry = Entry::by_operator(now, "user.reset_password", "user", user);
    assert!(passwords::reset(app.pool(), passwords::Right::Link(digest), &new, &entry).await.unwrap());
}

async fn sign_in_at(browser: &mut Browser, path: &str) {
    let stop = browser.open(path).await;
    go_on(browser, "somchai", stop).await;
}

#[tokio::test]
async fn another_phone_than_the_sessions_ends_it_and_its_clients_are_told() {
    let mut told = Told::new().await;
    told.scene.app.user_with("aigerim", PASSWORD, &[("mobile_phone", "+77010000001", 1)]).await;
    let stop = told.scene.ask(&[]).await;
    go_on(&mut told.scene.browser, "aigerim", stop).await.away();
    told.scene.ask(&[("phone", "+77011234567")]).await;
    assert_eq!(told.notices().await.len(), 1);
}

#[tokio::test]
async fn a_sign_in_that_is_repeated_goes_on_with_the_session_and_its_end_is_told_to_all() {
    let mut told = Told::new().await;
    let other = told.other("other").await;
    let before = sid(&told.sign_in().await);
    let stop = told.scene.browser.open(&request(other.id(), &[("prompt", "login")])).await;
    go_on(&mut told.scene.browser, "somchai", stop).await.away();
    assert!(told.notices().await.is_empty(), "nobody signed out");
    told.scene.browser.open("/oauth2/logout").await;
    told.scene.browser.press("logout-form", "logout-confirm").await;
    let notices = told.notices().await;
    assert_eq!(notices.len(), 2);
    assert!(notices.iter().all(|notice| notice["sid"] == before));
}

#[tokio::test]
async fn two_logouts_at_once_tell_each_client_once() {
    let mut told = Told::new().await;
    let hint = told.sign_in().await;
    let path = format!("/oauth2/logout?{}", encoded(&[("id_token_hint", &hint)]));
    let another = told.scene.app.another_with(&[("outbound.allow", "127.0.0.1")]).await;
    let mut browsers = [told.scene.browser.clone(), told.scene.browser.clone()];
    browsers[1].door = another.door.clone();
    let [one, two] = &mut browsers;
    tokio::join!(one.open(&path), two.open(&path));
    tokio::join!(told.scene.app.deliver(), another.deliver(), told.scene.app.deliver(), another.deliver());
    assert_eq!(told.notices().await.len(), 1);
}

#[tokio::test]
async fn a_logout_and_a_sign_in_at_once_leave_no_grant_that_nobody_was_told_of() {
    let mut told = Told::new().await;
    for round in 0..5 {
        let hint = told.sign_in().await;
        let path = format!("/oauth2/logout?{}", encoded(&[("id_token_hint", &hint)]));
        let other = told.other(&format!("other-{round}")).await;
        let (mut one, mut two) = (told.scene.browser.clone(), told.scene.browser.clone());
        // Allowed before, so that the answer comes at once.
        let again = request(other.id(), &[]);
        let mut earlier = told.scene.app.browser();
        let stop = earlier.open(&again).await;
        go_on(&mut earlier, "somchai", stop).await.away();
        tokio::join!(one.open(&path), two.open(&again));
        let orphans: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM grants g JOIN sessions s ON s.id = g.session_id JOIN clients c ON c.id = g.client_id
             WHERE s.ended_at IS NOT NULL AND c.settings->>'backchannel_logout_uri' IS NOT NULL
               AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.channel = 'logout'
                               AND o.body::jsonb->>'client' = c.identifier
                               AND o.body::jsonb->>'session' = s.id::text)",
        )
        .fetch_one(told.scene.app.pool())
        .await
        .unwrap();
        assert_eq!(orphans, 0);
        told.scene.browser = told.scene.app.browser();
    }
}

#[tokio::test]
async fn what_is_not_taken_is_told_again_with_a_fresh_token_of_the_same_id() {
    let mut told = Told::new().await;
    told.gateway.answer(&[(500, ""), (302, ""), (204, "")]);
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    for _ in 0..8 {
        told.scene.app.deliver().await;
        told.scene.app.clock.advance(Duration::seconds(6));
    }
    let notices = told.notices().await;
    assert_eq!(notices.len(), 3, "and no redirect was followed");
    assert!(notices.iter().all(|notice| notice["jti"] == notices[0]["jti"]));
    assert!(notices[2]["iat"].as_i64() > notices[0]["iat"].as_i64());
    assert_eq!(told.outbox().await, [(true, false, 3)]);
}

#[tokio::test]
async fn backchannel_logout_s2_8_who_answers_400_is_not_told_again() {
    let mut told = Told::new().await;
    told.gateway.answer(&[(400, "{\"error\":\"invalid_request\"}")]);
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    for _ in 0..3 {
        told.scene.app.deliver().await;
        told.scene.app.clock.advance(Duration::minutes(1));
    }
    assert_eq!(told.gateway.asked().len(), 1);
    assert_eq!(told.outbox().await, [(false, true, 1)]);
}

#[tokio::test]
async fn it_is_given_up_after_an_hour() {
    let mut told = Told::new().await;
    told.gateway.answer(&[(503, ""); 60]);
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    for _ in 0..70 {
        told.scene.app.deliver().await;
        told.scene.app.clock.advance(Duration::minutes(1));
    }
    let outbox = told.outbox().await;
    assert!(outbox[0].1 && outbox[0].2 < 15, "{outbox:?}");
}

#[tokio::test]
async fn ssrf_an_address_that_only_we_can_reach_is_not_told_unless_the_operator_lists_it() {
    let mut told = Told::with(&[]).await;
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    assert!(told.asked().await.is_empty());
    assert_eq!(told.outbox().await, [(false, true, 1)]);
}

#[tokio::test]
async fn a_client_that_was_shut_out_or_moved_meanwhile_is_not_told() {
    let mut told = Told::new().await;
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    let mut client = told.scene.rp.clone();
    let elsewhere = format!("{}/elsewhere", told.gateway.address());
    told.scene
        .app
        .change_client(&mut client, |client| client.settings.oidc.backchannel_logout_uri = Some(elsewhere))
        .await;
    assert!(told.asked().await.is_empty());
    let hint = told.sign_in().await;
    let now = told.scene.app.clock.now();
    told.scene.app.change_client(&mut client, |client| client.disabled_at = Some(now)).await;
    told.scene.browser.open(&format!("/oauth2/logout?{}", encoded(&[("id_token_hint", &hint)]))).await;
    assert!(told.asked().await.is_empty());
}

#[tokio::test]
async fn a_session_that_only_lapsed_is_told_of_when_its_person_signs_out() {
    let mut told = Told::new().await;
    let hint = told.sign_in().await;
    told.scene.app.clock.advance(Duration::hours(9));
    purge::purge_expired(told.scene.app.pool(), told.scene.app.clock.now()).await.unwrap();
    assert!(told.notices().await.is_empty(), "nobody signed out");
    // A hint alone, without the browser's cookie, ends nothing.
    let path = format!("/oauth2/logout?{}", encoded(&[("id_token_hint", &hint)]));
    told.scene.app.browser().open(&path).await;
    assert!(told.notices().await.is_empty());
    told.sign_out(&hint).await;
    let notices = told.notices().await;
    assert_eq!((notices.len(), &notices[0]["sid"]), (1, &sid(&hint)));
}

#[tokio::test]
async fn neither_token_nor_person_is_in_the_log() {
    let mut told = Told::new().await;
    told.gateway.answer(&[(500, "")]);
    let hint = told.sign_in().await;
    told.sign_out(&hint).await;
    let token = logout_token(&told.asked().await[0]);
    let log = told.scene.app.log();
    assert!(log.contains("message not delivered"), "the log was listened to");
    let signature = token.rsplit('.').next().unwrap();
    for secret in [&token, signature, "backchannel_logout", sid(&hint).as_str().unwrap(), "somchai@"] {
        assert!(!log.contains(secret), "{secret}");
    }
}
