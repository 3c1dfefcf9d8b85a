//! A forgotten password: a code to the confirmed phone or mail, or a link good once.

use axum::http::StatusCode;
use tamga::{
    ids::{CredentialId, UserId},
    model::{
        credential::{Credential, CredentialKind},
        journal::Entry,
        journey::LinkPurpose,
    },
    secret::Token,
    store::{self, password_links::NewLink},
};
use time::Duration;

use super::register::messages;
use crate::{
    oauth2::Scene,
    support::{
        app::{PASSWORD, TestApp},
        browser::Stop,
    },
};

/// The mail of the scene's own person, confirmed; their phone is not.
const MAIL: &str = "somchai@citizen.example";
const NEW: &str = "seven tall camels walk";

impl Scene {
    async fn forgot(&mut self, name: &str) -> Stop {
        let login = self.ask(&[]).await;
        let link = login.attribute("forgotten-link", "href").unwrap();
        assert!(self.browser.open(&link).await.has("forgotten-form"));
        self.browser.submit("forgotten-form", &[("username", name)]).await
    }

    /// On to the page of the new password.
    async fn came_back(&mut self) -> Stop {
        assert!(self.forgot("somchai").await.has("code-form"));
        let code = self.app.sent_code(MAIL).await;
        self.browser.submit("code-form", &[("code", &code)]).await
    }

    async fn opens(&self, password: &str) -> bool {
        let mut browser = self.app.browser();
        browser.door.peer = "203.0.113.77".parse().unwrap();
        browser.open(&self.request(&[])).await;
        let page = browser.submit("login-form", &[("username", "somchai"), ("password", password)]).await;
        !page.has("login-form")
    }

    async fn enroll(&self, kind: CredentialKind) {
        let now = self.app.clock.now();
        let factor = Credential {
            id: CredentialId(self.app.app.rng.uuid(now)),
            user_id: self.user,
            kind,
            label: None,
            data: serde_json::json!({}),
            sealed: None,
            created_at: now,
            last_used_at: None,
        };
        let entry = Entry::by_operator(now, "credential.insert", "user", self.user);
        store::credentials::insert(self.app.pool(), &[factor], None, &entry).await.unwrap();
    }

    async fn link(&self, user: UserId, purpose: LinkPurpose) -> String {
        let (token, now) = (Token::generate(&self.app.app.rng), self.app.clock.now());
        let expires_at = now + Duration::hours(1);
        let link = NewLink { digest: token.digest(), user, purpose, created_at: now, expires_at };
        store::password_links::insert(self.app.pool(), &link).await.unwrap();
        format!("/password/link?token={}", token.expose())
    }
}

#[tokio::test]
async fn the_code_from_the_mail_sets_a_new_password_and_ends_other_sessions() {
    let mut scene = Scene::new().await;
    // Signed in elsewhere.
    let mut elsewhere = scene.app.browser();
    elsewhere.open(&scene.request(&[])).await;
    elsewhere.submit("login-form", &[("username", "somchai"), ("password", PASSWORD)]).await;
    let page = scene.came_back().await;
    assert!(page.has("new-password-form"), "{}", page.answer.body);
    assert_eq!(page.attribute("username", "value").as_deref(), Some("somchai"), "for password managers");
    let page = scene.browser.submit("new-password-form", &[("password", NEW)]).await;
    assert!(page.has("password-set"), "{}", page.answer.body);
    let page = scene.browser.open(&page.attribute("go-on-link", "href").unwrap()).await;
    assert!(page.has("login-form"), "the new password is asked for: {}", page.url);
    let page = scene.browser.submit("login-form", &[("username", "somchai"), ("password", NEW)]).await;
    assert!(page.has("consent-form"), "and the journey goes on");
    assert!(elsewhere.open(&scene.request(&[])).await.has("login-form"), "signed out there");
    assert!(!scene.opens(PASSWORD).await);
    assert!(messages(&scene.app, MAIL).await.iter().any(|text| text.contains("a new password was set")));
    let log = scene.app.log();
    for secret in [NEW, MAIL] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
}

/// The page without what differs from one journey to the next.
fn words(stop: &Stop) -> String {
    let fields = stop.fields("code-form");
    stop.answer.body.replace(&fields["csrf"], "").replace(&fields["journey"], "")
}

#[tokio::test]
async fn no_page_tells_whether_there_is_an_account() {
    let mut scene = Scene::new().await;
    let mut pages = Vec::new();
    for name in ["somchai", "nobody-at-all"] {
        scene.browser = scene.app.browser();
        let mut seen = vec![scene.forgot(name).await];
        assert!(!seen[0].answer.body.contains("citizen.example"), "nor where the code went");
        for wrong in ["000000", "000001", "000002", "000003", "000004", "000005"] {
            seen.push(scene.browser.submit("code-form", &[("code", wrong)]).await);
        }
        seen.push(scene.browser.press("resend-form", "resend").await);
        pages.push(seen);
    }
    for (known, unknown) in pages[0].iter().zip(&pages[1]) {
        assert_eq!(known.answer.status, unknown.answer.status);
        assert_eq!(words(known), words(unknown));
    }
    assert_eq!(pages[1][7].answer.status, StatusCode::TOO_MANY_REQUESTS);
    // One letter went out, to whoever has an account.
    assert_eq!(store::outbox::list(scene.app.pool(), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn asking_again_in_another_journey_does_not_tell_either() {
    let app = TestApp::with(&[("codes.per_address_hourly", "4")]).await;
    let mut scene = Scene::at(app, |_| {}).await;
    let first = scene.forgot("somchai").await;
    scene.browser = scene.app.browser();
    let second = scene.forgot("somchai").await;
    assert_eq!(words(&first), words(&second));
    assert_eq!(messages(&scene.app, MAIL).await.len(), 1, "120 seconds for the same mail");
    for _ in 0..2 {
        scene.browser = scene.app.browser();
        assert!(scene.forgot("nobody-at-all").await.has("code-form"));
    }
    // What is asked for nobody counts for the address as well.
    scene.browser = scene.app.browser();
    for name in ["somchai", "nobody-at-all"] {
        let page = scene.forgot(name).await;
        assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS, "{name}");
        assert_eq!(page.fields("forgotten-form")["username"], name, "kept");
    }
}

#[tokio::test]
async fn a_mail_phone_or_identifier_stands_for_the_account_and_a_disabled_one_gets_nothing() {
    let mut scene = Scene::new().await;
    let held = [
        ("email", "suda@example.org", 1),
        ("mobile_phone", "+77011234567", 1),
        ("citizen_id", "1101002345674", 2),
    ];
    let suda = scene.app.user_with("suda", PASSWORD, &held).await;
    for (typed, to) in [
        ("8-suda", None),
        ("SUDA@example.org", Some("suda@example.org")),
        ("+7 701 123 45 67", Some("+77011234567")),
        ("1-1010-02345-67-4", Some("suda@example.org")),
    ] {
        let before = store::outbox::list(scene.app.pool(), 100).await.unwrap().len();
        scene.app.clock.advance(Duration::seconds(120));
        scene.browser = scene.app.browser();
        assert!(scene.forgot(typed).await.has("code-form"));
        let sent = store::outbox::list(scene.app.pool(), 100).await.unwrap();
        assert_eq!(sent.len(), before + usize::from(to.is_some()), "{typed}");
        assert_eq!(to, to.and(sent.first().map(|message| message.recipient.as_str())), "{typed}");
    }
    scene.app.disable_user(suda).await;
    scene.app.clock.advance(Duration::seconds(120));
    let before = messages(&scene.app, "suda@example.org").await.len();
    scene.browser = scene.app.browser();
    assert!(scene.forgot("suda").await.has("code-form"));
    assert_eq!(messages(&scene.app, "suda@example.org").await.len(), before);
}

#[tokio::test]
async fn a_mail_that_is_the_only_second_factor_sets_no_password_and_its_owner_is_told() {
    let mut scene = Scene::new().await;
    scene.enroll(CredentialKind::Mail).await;
    assert!(scene.forgot("somchai").await.has("code-form"));
    let told = messages(&scene.app, MAIL).await;
    assert!(told.len() == 1 && told[0].contains("second factor"), "{told:?}");
    let page = scene.browser.submit("code-form", &[("code", "123456")]).await;
    assert!(page.has("code-error"));
    // With another factor beside it, the new password alone opens nothing, so the mail may set it.
    scene.enroll(CredentialKind::Totp).await;
    scene.app.clock.advance(Duration::seconds(120));
    scene.browser = scene.app.browser();
    assert!(scene.came_back().await.has("new-password-form"));
    scene.browser.submit("new-password-form", &[("password", NEW)]).await;
    scene.browser.open(&scene.request(&[])).await;
    let page = scene.browser.submit("login-form", &[("username", "somchai"), ("password", NEW)]).await;
    assert!(page.url.path() == "/second-factor", "still asked: {}", page.url);
}

#[tokio::test]
async fn a_stranger_who_asks_for_ever_does_not_flood_an_owner_who_can_not_be_helped() {
    let mut scene = Scene::new().await;
    scene.enroll(CredentialKind::Mail).await;
    for _ in 0..5 {
        scene.browser = scene.app.browser();
        assert!(scene.forgot("somchai").await.has("code-form"), "the page is the same each time");
    }
    assert_eq!(messages(&scene.app, MAIL).await.len(), 3, "three a day");
    scene.app.clock.advance(Duration::days(1));
    scene.browser = scene.app.browser();
    scene.forgot("somchai").await;
    assert_eq!(messages(&scene.app, MAIL).await.len(), 4);
}

#[tokio::test]
async fn a_code_that_came_back_sets_nobody_elses_password() {
    // Of one code an hour, so that none goes to the account named next.
    let app = TestApp::with(&[("codes.per_address_hourly", "1")]).await;
    let mut scene = Scene::at(app, |_| {}).await;
    scene.app.user_with("thief", PASSWORD, &[("email", "thief@citizen.example", 1)]).await;
    assert!(scene.forgot("thief").await.has("code-form"));
    let code = scene.app.sent_code("thief@citizen.example").await;
    let own = scene.browser.submit("code-form", &[("code", &code)]).await;
    let form = own.fields("new-password-form");
    let form = [("journey", form["journey"].as_str()), ("csrf", form["csrf"].as_str())];
    scene.app.clock.advance(Duration::seconds(120));
    let other = [&form[..], &[("username", "somchai")]].concat();
    assert_eq!(scene.browser.post("/password/forgotten", &other).await.answer.status, 429);
    for typed in [code.as_str(), "000000"] {
        let stop = scene.browser.post("/password/code", &[&form[..], &[("code", typed)]].concat()).await;
        let owner = stop.attribute("username", "value");
        assert!(!stop.has("new-password-form") || owner.as_deref() == Some("thief"), "{owner:?}");
    }
    scene.browser.post("/password/new", &[&form[..], &[("password", NEW)]].concat()).await;
    assert!(scene.opens(PASSWORD).await, "somchai's password stands");
}

#[tokio::test]
async fn a_bad_new_password_is_told_beside_its_field_and_uses_nothing_up() {
    let mut scene = Scene::new().await;
    scene.came_back().await;
    for (bad, said) in
        [("", "8 characters"), ("short", "8 characters"), ("password", "Many people"), (MAIL, "your name")]
    {
        let page = scene.browser.submit("new-password-form", &[("password", bad)]).await;
        assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text("password-error").contains(said), "{bad}: {}", page.text("password-error"));
        assert!(bad.is_empty() || bad == "password" || !page.answer.body.contains(&format!("\"{bad}\"")));
    }
    assert!(scene.opens(PASSWORD).await);
    assert!(scene.browser.submit("new-password-form", &[("password", NEW)]).await.has("password-set"));
}

#[tokio::test]
async fn of_two_at_once_one_sets_the_password_and_a_second_press_is_harmless() {
    let mut scene = Scene::new().await;
    let page = scene.came_back().await;
    let fields = page.fields("new-password-form");
    let sent =
        |password| [("journey", &*fields["journey"]), ("csrf", &*fields["csrf"]), ("password", password)];
    let (left, right) = (sent("the password of the left"), sent("the password of the right"));
    let (mut one, mut two) = (scene.browser.clone(), scene.browser.clone());
    let (first, second) = tokio::join!(one.post("/password/new", &left), two.post("/password/new", &right));
    assert!(first.has("password-set") && second.has("password-set"));
    let opens =
        (scene.opens("the password of the left").await, scene.opens("the password of the right").await);
    assert!(opens.0 != opens.1, "{opens:?}");
    let told = messages(&scene.app, MAIL).await;
    assert_eq!(told.iter().filter(|text| text.contains("a new password was set")).count(), 1);
    // The page left open sets nothing any more.
    let third = sent("the password of somebody else");
    assert!(one.post("/password/new", &third).await.has("password-set"));
    assert!(!scene.opens("the password of somebody else").await);
}

#[tokio::test]
async fn nobody_sets_a_password_without_the_code_or_by_a_strangers_form() {
    let mut scene = Scene::new().await;
    let page = scene.forgot("somchai").await;
    let fields = page.fields("code-form");
    let sent = [("journey", &*fields["journey"]), ("csrf", &*fields["csrf"]), ("password", NEW)];
    let page = scene.browser.post("/password/new", &sent).await;
    assert!(page.has("forgotten-form"), "{}", page.url);
    scene.app.clock.advance(Duration::seconds(120));
    scene.browser = scene.app.browser();
    let page = scene.came_back().await;
    let journey = page.fields("new-password-form")["journey"].clone();
    let forged = [("journey", &*journey), ("csrf", "forged"), ("password", NEW)];
    assert_eq!(scene.browser.post("/password/new", &forged).await.answer.status, StatusCode::FORBIDDEN);
    assert!(scene.opens(PASSWORD).await && !scene.opens(NEW).await);
    let name = [("journey", &*journey), ("csrf", "forged"), ("username", "somchai")];
    assert_eq!(scene.browser.post("/password/forgotten", &name).await.answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_link_sets_the_password_once_and_opening_it_uses_nothing_up() {
    let mut scene = Scene::new().await;
    let (path, other) = (
        scene.link(scene.user, LinkPurpose::Reset).await,
        scene.link(scene.user, LinkPurpose::Invitation).await,
    );
    for _ in 0..2 {
        assert!(scene.browser.open(&path).await.has("new-password-form"), "mail scanners open links");
    }
    let page = scene.browser.submit("new-password-form", &[("password", "short")]).await;
    assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = page.fields("new-password-form");
    let forged = [("token", &*fields["token"]), ("csrf", "forged"), ("password", NEW)];
    assert_eq!(scene.browser.post("/password/link", &forged).await.answer.status, StatusCode::FORBIDDEN);
    let sent = |password| [("token", &*fields["token"]), ("csrf", &*fields["csrf"]), ("password", password)];
    let (left, right) = (sent("the password of the left"), sent("the password of the right"));
    let (mut one, mut two) = (scene.browser.clone(), scene.browser.clone());
    let (first, second) = tokio::join!(one.post("/password/link", &left), two.post("/password/link", &right));
    assert!(first.has("password-set") != second.has("password-set"), "one of two at once");
    assert!(first.has("link-over") != second.has("link-over"));
    for used in [&path, &other] {
        let page = scene.browser.open(used).await;
        assert_eq!(page.answer.status, StatusCode::GONE, "used, or sent before the new password");
        assert!(page.has("link-over"));
    }
}

#[tokio::test]
async fn an_expired_or_unknown_link_says_so() {
    let mut scene = Scene::new().await;
    let path = scene.link(scene.user, LinkPurpose::Reset).await;
    scene.app.clock.advance(Duration::hours(1));
    for path in
        [path.as_str(), "/password/link?token=nonsense", "/password/link", "/password/link?token=a&token=b"]
    {
        let page = scene.browser.open(path).await;
        assert_eq!(page.answer.status, StatusCode::GONE, "{path}");
        let link = page.attribute("go-on-link", "href").unwrap();
        assert_eq!(link, "/password/forgotten", "what to do");
    }
    assert!(scene.browser.open("/password/forgotten").await.has("forgotten-form"));
}
