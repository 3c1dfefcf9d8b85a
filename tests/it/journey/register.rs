//! Making an account, in a journey that a client began.

use axum::http::{Method, StatusCode};
use base64::{Engine, engine::general_purpose::STANDARD};
use tamga::model::client::Client;
use time::Duration;

use crate::{
    oauth2::{Scene, claims, text},
    support::{app::TestApp, browser::Stop, iin_keys},
};

const PHONE: &str = "+77011234567";
const CITIZEN_ID: &str = "1101002345674";
const CHOSEN: &str = "seven tall camels walk";

/// The texts sent to this phone or mail so far, the newest first.
pub async fn messages(app: &TestApp, to: &str) -> Vec<String> {
    app.messages(to).await.into_iter().map(|message| message.body).collect()
}

const CITIZEN: [(&str, &str); 4] = [
    ("citizen_id", CITIZEN_ID),
    ("first_name", "Suda"),
    ("last_name", "Jaidee"),
    ("date_of_birth", "1990-05-15"),
];

impl Scene {
    /// From the sign-in page to the page of the details.
    async fn details(&mut self, kind: &str, change: &[(&str, &str)]) -> Stop {
        let login = self.ask(change).await;
        let link = login.attribute("register-link", "href").unwrap();
        assert!(self.browser.open(&link).await.has("kind-form"));
        self.browser.submit("kind-form", &[("kind", kind)]).await
    }

    /// On to the page of the code.
    async fn reach_code(&mut self, kind: &str, details: &[(&str, &str)], contact: &[(&str, &str)]) -> Stop {
        assert!(self.details(kind, &[("scope", "openid profile phone email")]).await.has("register-form"));
        let page = self.browser.submit("register-form", details).await;
        assert!(page.has("contact-form"), "{}", page.answer.body);
        self.browser.submit("contact-form", contact).await
    }

    /// On to the page of the password.
    async fn reach_password(&mut self, kind: &str, details: &[(&str, &str)], to: &str) -> Stop {
        let field = if to.contains('@') { "email" } else { "mobile_phone" };
        assert!(self.reach_code(kind, details, &[(field, to)]).await.has("code-form"));
        let code = self.app.sent_code(to).await;
        self.browser.submit("code-form", &[("code", &code)]).await
    }

    async fn finish(&mut self) -> Stop {
        self.browser.submit("password-form", &[("password", CHOSEN), ("terms", "yes")]).await
    }

    /// What userinfo says after consent.
    async fn given(&mut self) -> serde_json::Value {
        let back = self.browser.press("consent-form", "consent-allow").await;
        let tokens = self.exchange(&back.parameter("code"), &[]).await.good();
        assert_eq!(claims(text(&tokens, "id_token"))["nonce"], "nonce-1");
        self.userinfo(text(&tokens, "access_token")).await.good()
    }

    async fn count(&self, table: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(self.app.pool())
            .await
            .unwrap()
    }

    /// Level of an attribute of the account that is not the scene's own.
    async fn level(&self, name: &str) -> i16 {
        sqlx::query_scalar("SELECT level FROM user_attributes WHERE name = $1 AND user_id <> $2")
            .bind(name)
            .bind(self.user.0)
            .fetch_one(self.app.pool())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_citizen_makes_an_account_and_comes_to_consent() {
    let mut scene = Scene::new().await;
    let page = scene.reach_password("citizen", &CITIZEN, PHONE).await;
    assert!(page.has("password-form"), "{}", page.answer.body);
    assert_eq!(page.attribute("password", "autocomplete").as_deref(), Some("new-password"));
    assert_eq!(page.attribute("terms-link", "href").as_deref(), Some("/terms"));
    let page = scene.finish().await;
    assert!(page.has("consent-form"), "{} {}", page.url, page.answer.body);
    let given = scene.given().await;
    assert_eq!(given["given_name"], "Suda");
    assert_eq!(given["phone_number"], PHONE);
    assert_eq!(given["phone_number_verified"], true);
    assert_eq!(scene.level("citizen_id").await, 1, "its check digit is right and the phone confirmed");
    assert_eq!(scene.level("first_name").await, 0);
    let told = messages(&scene.app, PHONE).await;
    assert!(told.iter().any(|text| text.contains("your account") && text.contains("user-")), "{told:?}");
    let lines: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM journal WHERE action = 'user.insert' AND actor_kind = 'user'",
    )
    .fetch_one(scene.app.pool())
    .await
    .unwrap();
    assert_eq!(lines, 1);
    let log = scene.app.log();
    for secret in [PHONE, CITIZEN_ID, CHOSEN, "Suda"] {
        assert!(!log.contains(secret), "{secret} in the log");
    }
    // The new account signs in with its phone and password.
    let mut other = scene.app.browser();
    other.open(&scene.request(&[("scope", "openid profile phone email")])).await;
    let page = other.submit("login-form", &[("username", PHONE), ("password", CHOSEN)]).await;
    assert!(!page.has("login-form"), "{}", page.url);
}

#[tokio::test]
async fn every_kind_is_asked_what_it_needs_and_comes_to_consent() {
    let foreigner = [
        ("passport_id", "AB1234567"),
        ("first_name", "Ann"),
        ("nationality", "NZ"),
        ("date_of_birth", "1985-02-28"),
    ];
    let official = [
        ("citizen_id", CITIZEN_ID),
        ("first_name", "Suda"),
        ("date_of_birth", "1990-05-15"),
        ("organization.name", "Revenue Department"),
    ];
    let company = [
        ("juristic_id", "0107537000521"),
        ("organization.name", "Tulpar"),
        ("representative.citizen_id", CITIZEN_ID),
        ("representative.full_name", "Suda Jaidee"),
    ];
    for (kind, details, identifier) in [
        ("foreigner", &foreigner, "passport_id"),
        ("government-agent", &official, "citizen_id"),
        ("juristic-person", &company, "juristic_id"),
    ] {
        let mut scene = Scene::new().await;
        scene.reach_password(kind, details, PHONE).await;
        let page = scene.finish().await;
        assert!(page.has("consent-form"), "{kind}: {}", page.answer.body);
        let level = i16::from(kind != "foreigner");
        assert_eq!(scene.level(identifier).await, level, "{kind}: a passport's number has no check digit");
        let held: String = sqlx::query_scalar("SELECT kind FROM users WHERE id <> $1")
            .bind(scene.user.0)
            .fetch_one(scene.app.pool())
            .await
            .unwrap();
        assert_eq!(held, kind);
        assert_eq!(scene.count("representatives").await, i64::from(kind == "juristic-person"));
    }
}

#[tokio::test]
async fn an_account_confirmed_by_mail_has_its_mail_at_level_1_and_its_identifier_at_0() {
    let mut scene = Scene::new().await;
    scene.reach_password("citizen", &CITIZEN, "suda@example.org").await;
    assert!(scene.finish().await.has("consent-form"));
    assert_eq!(scene.given().await["email_verified"], true);
    assert_eq!(scene.level("citizen_id").await, 0);
}

#[tokio::test]
async fn with_phone_and_mail_the_phone_is_confirmed_and_the_mail_is_kept_unconfirmed() {
    let mut scene = Scene::new().await;
    let both = [("mobile_phone", "0077011234567"), ("email", "suda@example.org")];
    assert!(scene.reach_code("citizen", &CITIZEN, &both).await.has("code-form"));
    assert!(messages(&scene.app, "suda@example.org").await.is_empty());
    let code = scene.app.sent_code(PHONE).await;
    scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(scene.finish().await.has("consent-form"));
    assert_eq!(scene.level("mobile_phone").await, 1);
    assert_eq!(scene.level("email").await, 0);
}

#[tokio::test]
async fn each_wrong_detail_is_told_beside_its_field_and_all_of_it_is_kept() {
    let mut scene = Scene::new().await;
    scene.details("citizen", &[]).await;
    let wrong = [("citizen_id", "1101002345675"), ("first_name", ""), ("date_of_birth", "1990-02-30")];
    let page = scene.browser.submit("register-form", &wrong).await;
    assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text("citizen_id-error").contains("mistake in this number"));
    assert_eq!(page.text("first_name-error"), "Fill this in.");
    assert!(page.text("date_of_birth-error").contains("exists"));
    assert!(!page.has("last_name-error"), "names may be one word");
    let kept = page.fields("register-form");
    assert_eq!((&*kept["citizen_id"], &*kept["date_of_birth"]), ("1101002345675", "1990-02-30"));
    // Nor is it lost on the way to another language.
    let link = format!("/register/details?journey={}&lang=mn", kept["journey"]);
    let page = scene.browser.open(&link).await;
    assert_eq!(page.fields("register-form")["date_of_birth"], "1990-02-30");
    let future = [("citizen_id", CITIZEN_ID), ("first_name", "Suda"), ("date_of_birth", "2026-03-02")];
    let page = scene.browser.submit("register-form", &future).await;
    assert!(page.has("date_of_birth-error") && !page.has("citizen_id-error"));
    // Pages further on are not open yet.
    for path in ["contact", "code", "known", "password"] {
        let page = scene.browser.open(&format!("/register/{path}?journey={}", kept["journey"])).await;
        assert!(page.has("register-form"), "{path}");
    }
}

#[tokio::test]
async fn an_unusable_phone_or_mail_is_told_beside_its_field() {
    let mut scene = Scene::new().await;
    for (contact, field) in [
        ([("mobile_phone", "12"), ("email", "")], "mobile_phone"),
        ([("mobile_phone", "none"), ("email", "")], "mobile_phone"),
        ([("mobile_phone", ""), ("email", "suda@")], "email"),
        ([("mobile_phone", ""), ("email", "")], "mobile_phone"),
    ] {
        let page = scene.reach_code("citizen", &CITIZEN, &contact).await;
        assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{contact:?}");
        assert!(page.has(&format!("{field}-error")), "{contact:?}");
        let kept = page.fields("contact-form");
        assert_eq!((&*kept["mobile_phone"], &*kept["email"]), (contact[0].1, contact[1].1));
    }
    assert_eq!(scene.count("outbox").await, 0);
    let back = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(back.parameter("error"), "access_denied");
}

#[tokio::test]
async fn a_code_lives_330_seconds_and_5_tries() {
    let mut scene = Scene::new().await;
    scene.reach_code("citizen", &CITIZEN, &[("mobile_phone", PHONE)]).await;
    let first = scene.app.sent_code(PHONE).await;
    let wrong = if first == "000000" { "000001" } else { "000000" };
    for left in ["4 tries", "3 tries", "2 tries", "1 try"] {
        let page = scene.browser.submit("code-form", &[("code", wrong)]).await;
        assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.text("code-error").contains(left), "{}", page.text("code-error"));
    }
    scene.browser.submit("code-form", &[("code", wrong)]).await;
    let page = scene.browser.submit("code-form", &[("code", &first)]).await;
    assert!(page.text("code-error").contains("too many wrong tries"));
    // A new one, no sooner than after 120 seconds.
    scene.app.clock.advance(Duration::seconds(119));
    let page = scene.browser.press("resend-form", "resend").await;
    assert_eq!(page.answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(page.answer.header("retry-after"), "1");
    scene.app.clock.advance(Duration::seconds(1));
    scene.browser.press("resend-form", "resend").await;
    let second = scene.app.sent_code(PHONE).await;
    scene.app.clock.advance(Duration::seconds(330));
    let page = scene.browser.submit("code-form", &[("code", &second)]).await;
    assert!(page.text("code-error").contains("too old"));
    scene.browser.press("resend-form", "resend").await;
    let third = scene.app.sent_code(PHONE).await;
    scene.app.clock.advance(Duration::seconds(329));
    assert!(scene.browser.submit("code-form", &[("code", &third)]).await.has("password-form"));
}

/// The page without what differs from one journey to the next.
fn words(stop: &Stop, form: &str) -> String {
    let fields = stop.fields(form);
    stop.answer.body.replace(&fields["csrf"], "").replace(&fields["journey"], "")
}

#[tokio::test]
async fn the_page_does_not_tell_whether_a_phone_has_an_account_and_its_owner_is_told() {
    let mut scene = Scene::new().await;
    let held = [("mobile_phone", "+66812349978", 1), ("citizen_id", CITIZEN_ID, 2)];
    scene.app.user_with("owner", CHOSEN, &held).await;
    let known = scene.reach_code("citizen", &CITIZEN, &[("mobile_phone", "+66812349978")]).await;
    scene.browser = scene.app.browser();
    let unknown = scene.reach_code("citizen", &CITIZEN, &[("mobile_phone", "+66812340078")]).await;
    assert_eq!(known.answer.status, unknown.answer.status);
    assert_eq!(words(&known, "code-form"), words(&unknown, "code-form"));
    let told = messages(&scene.app, "+66812349978").await;
    assert!(told[0].contains("there is one already"), "{told:?}");
    assert!(!messages(&scene.app, "+66812340078").await[0].contains("already"));
}

#[tokio::test]
async fn whoever_holds_the_phone_may_sign_in_or_make_another_account() {
    let mut scene = Scene::new().await;
    let owner = scene.app.user_with("owner", CHOSEN, &[("mobile_phone", PHONE, 1)]).await;
    let page = scene.reach_password("citizen", &CITIZEN, PHONE).await;
    assert!(page.has("account-known"), "{}", page.answer.body);
    let before = scene.count("users").await;
    let page = scene.browser.press("known-form", "known-submit").await;
    assert!(page.has("consent-form"), "{}", page.url);
    assert_eq!(scene.given().await["sub"], owner.to_string());
    assert_eq!(scene.count("users").await, before);
    // A number that changed hands: the new owner makes an account of their own.
    scene.app.clock.advance(Duration::seconds(120));
    scene.browser = scene.app.browser();
    let page = scene.reach_password("citizen", &CITIZEN, PHONE).await;
    let link = page.attribute("go-on-link", "href").unwrap();
    scene.browser.open(&link).await;
    assert!(scene.finish().await.has("consent-form"));
    assert_eq!(scene.count("users").await, before + 1);
}

#[tokio::test]
async fn an_identifier_that_is_verified_elsewhere_makes_no_difference_but_a_message_to_its_owner() {
    let mut scene = Scene::new().await;
    let held = [("email", "owner@example.org", 1), ("citizen_id", CITIZEN_ID, 2)];
    let owner = scene.app.user_with("owner", CHOSEN, &held).await;
    scene.reach_password("citizen", &CITIZEN, PHONE).await;
    assert!(scene.finish().await.has("consent-form"));
    let level: i16 =
        sqlx::query_scalar("SELECT level FROM user_attributes WHERE name = 'citizen_id' AND user_id <> $1")
            .bind(owner.0)
            .fetch_one(scene.app.pool())
            .await
            .unwrap();
    assert_eq!(level, 1);
    let told = messages(&scene.app, "owner@example.org").await;
    assert!(told[0].contains("another account"), "{told:?}");
}

#[tokio::test]
async fn terms_password_and_user_name_are_each_told_beside_their_field() {
    let mut scene = Scene::new().await;
    scene.reach_password("citizen", &CITIZEN, PHONE).await;
    let tries = [
        (&[("username", "somchai"), ("password", CHOSEN), ("terms", "yes")][..], "username", "Somebody else"),
        (&[("username", "a@b.example"), ("password", CHOSEN), ("terms", "yes")], "username", "letters"),
        (&[("username", "AB1234567"), ("password", CHOSEN), ("terms", "yes")], "username", "four digits"),
        (&[("username", "suda.j"), ("password", "short"), ("terms", "yes")], "password", "8 characters"),
        (&[("username", "suda.j"), ("password", "password"), ("terms", "yes")], "password", "Many people"),
        (&[("username", "suda.j"), ("password", CHOSEN), ("terms", "")], "terms", "agree to the terms"),
    ];
    for (fields, field, said) in tries {
        let page = scene.browser.submit("password-form", fields).await;
        assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.text(&format!("{field}-error")).contains(said), "{fields:?} {}", page.answer.body);
        assert_eq!(page.fields("password-form")["username"], fields[0].1, "kept");
        assert!(!page.answer.body.contains(CHOSEN), "never the password");
        let agreed = page.attribute("terms", "checked").is_some();
        assert_eq!(agreed, fields[2].1 == "yes", "kept");
    }
    assert_eq!(scene.count("users").await, 1);
    let good = [("username", "Suda.J"), ("password", CHOSEN), ("terms", "yes")];
    assert!(scene.browser.submit("password-form", &good).await.has("consent-form"));
}

#[tokio::test]
async fn a_second_press_makes_no_second_account_and_two_at_once_make_one() {
    let mut scene = Scene::new().await;
    let page = scene.reach_password("citizen", &CITIZEN, PHONE).await;
    let fields = page.fields("password-form");
    let sent = [
        ("journey", &*fields["journey"]),
        ("csrf", &*fields["csrf"]),
        ("username", "suda"),
        ("password", CHOSEN),
        ("terms", "yes"),
    ];
    let (mut one, mut two) = (scene.browser.clone(), scene.browser.clone());
    let (first, second) =
        tokio::join!(one.post("/register/password", &sent), two.post("/register/password", &sent));
    assert!(first.has("consent-form") && second.has("consent-form"), "{} {}", first.url, second.url);
    assert!(one.post("/register/password", &sent).await.has("consent-form"), "a second press");
    assert_eq!(scene.count("users").await, 2, "the scene's own and this one");
    // The page left open for whoever comes next opens nothing without the password.
    let other = [&sent[..3], &[("password", "another long password"), ("terms", "yes")]].concat();
    let page = scene.browser.post("/register/password", &other).await;
    assert!(page.has("login-form"), "{}", page.url);
}

#[tokio::test]
async fn the_right_code_twice_at_once_lands_on_the_next_page_both_times() {
    let mut scene = Scene::new().await;
    let page = scene.reach_code("citizen", &CITIZEN, &[("mobile_phone", PHONE)]).await;
    let code = scene.app.sent_code(PHONE).await;
    let fields = page.fields("code-form");
    let sent = [("journey", &*fields["journey"]), ("csrf", &*fields["csrf"]), ("code", &*code)];
    let (mut one, mut two) = (scene.browser.clone(), scene.browser.clone());
    let (first, second) = tokio::join!(one.post("/register/code", &sent), two.post("/register/code", &sent));
    assert!(first.has("password-form") && second.has("password-form"));
    let redeemed: i64 =
        sqlx::query_scalar("SELECT count(*) FROM one_time_codes WHERE redeemed_at IS NOT NULL")
            .fetch_one(scene.app.pool())
            .await
            .unwrap();
    assert_eq!(redeemed, 1);
}

#[tokio::test]
async fn a_strangers_form_neither_keeps_nor_sends_nor_makes_anything() {
    let mut scene = Scene::new().await;
    let page = scene.reach_password("citizen", &CITIZEN, PHONE).await;
    let journey = page.fields("password-form")["journey"].clone();
    for (path, field) in [
        ("/register", ("kind", "foreigner")),
        ("/register/details", ("first_name", "Eve")),
        ("/register/password", ("password", CHOSEN)),
    ] {
        let sent = [("journey", &*journey), ("csrf", "forged"), ("terms", "yes"), field];
        let page = scene.browser.post(path, &sent).await;
        assert_eq!(page.answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.has("errors"), "{path}");
    }
    assert_eq!(scene.count("users").await, 1);
    assert!(scene.finish().await.has("consent-form"));
    assert_eq!(scene.given().await["given_name"], "Suda");
    // Nor a message.
    let mut scene = Scene::new().await;
    scene.details("citizen", &[]).await;
    let page = scene.browser.submit("register-form", &CITIZEN).await;
    let journey = page.fields("contact-form")["journey"].clone();
    let sent = [("journey", &*journey), ("csrf", ""), ("mobile_phone", PHONE)];
    assert_eq!(scene.browser.post("/register/contact", &sent).await.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.count("outbox").await, 0);
}

fn detailed(client: &mut Client) {
    client.settings.detailed_errors = true;
}

#[tokio::test]
async fn who_leaves_from_registration_leaves_at_the_stage_register() {
    let mut scene = Scene::with(detailed).await;
    scene.details("citizen", &[]).await;
    scene.browser.submit("register-form", &[("citizen_id", "1")]).await;
    let back = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(back.parameter("cancel_stage"), "register");
    assert_eq!(back.parameter("cancel_reason"), "attribute_invalid");
    // Back at the sign-in, it is the sign-in that is left.
    scene.details("citizen", &[]).await;
    let page = scene.browser.here().clone();
    scene.browser.open(&format!("/login?journey={}", page.fields("register-form")["journey"])).await;
    let back = scene.browser.press("cancel-form", "cancel").await;
    assert_eq!(back.parameter("cancel_stage"), "login");
}

#[tokio::test]
async fn without_a_client_one_comes_to_ones_own_account() {
    let mut scene = Scene::new().await;
    let page = scene.browser.open("/register").await;
    assert!(page.has("kind-form") && page.has("cancel-form"));
    let page = scene.browser.submit("kind-form", &[("kind", "citizen")]).await;
    assert!(page.has("register-form"));
    scene.browser.open(&format!("/register?journey={}", page.fields("register-form")["journey"])).await;
    let page = scene.browser.here();
    assert!(page.attribute("kind-citizen", "checked").is_some(), "kept");
    let sent =
        [("journey", &*page.fields("kind-form")["journey"]), ("csrf", &*page.fields("kind-form")["csrf"])];
    let sent: Vec<(&str, String)> = sent.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = scene.browser.post("/register", &sent).await;
    assert_eq!(page.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.has("kind-error"));
}

#[tokio::test]
async fn the_terms_are_the_operators_or_our_own_page() {
    let app = TestApp::new().await;
    let page = app.browser().open("/terms").await;
    assert_eq!(page.answer.status, StatusCode::OK);
    assert!(page.has("terms"));
    let app = TestApp::with(&[
        ("branding.terms_url", "https://www.example.org/terms"),
        ("accounts.citizen_identifier", "iin"),
    ])
    .await;
    let mut scene = Scene::at(app, |_| {}).await;
    let page = scene.details("citizen", &[]).await;
    assert!(page.fields("register-form").contains_key("iin"), "the country's own identifier");
    let citizen = [("iin", "900515400123"), ("first_name", "Suda"), ("date_of_birth", "1990-05-15")];
    let page = scene.reach_password("citizen", &citizen, PHONE).await;
    assert_eq!(page.attribute("terms-link", "href").as_deref(), Some("https://www.example.org/terms"));
}

#[tokio::test]
async fn a_phone_confirmed_at_the_sign_in_is_not_asked_for_again() {
    let mut scene = Scene::new().await;
    let login = scene.ask(&[("scope", "openid phone")]).await;
    scene.browser.open(&login.attribute("phone-login", "href").unwrap()).await;
    scene.browser.submit("phone-form", &[("phone", PHONE)]).await;
    let code = scene.app.sent_code(PHONE).await;
    let page = scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(page.has("kind-form"), "no account has it: {}", page.url);
    scene.browser.submit("kind-form", &[("kind", "citizen")]).await;
    let page = scene.browser.submit("register-form", &CITIZEN).await;
    assert!(page.has("password-form"), "{}", page.url);
    assert!(scene.finish().await.has("consent-form"));
    assert_eq!(scene.given().await["phone_number"], PHONE);
}

#[tokio::test]
async fn a_phone_the_client_vouches_for_needs_no_code() {
    let aitu = |client: &mut Client| client.settings.trusted_phone = true;
    let app = TestApp::with(&[("profiles.aitu", "true")]).await;
    let mut scene = Scene::at(app, aitu).await;
    let (id, secret) = (scene.rp.id().to_owned(), scene.rp.secret().to_owned());
    let body = serde_json::json!({ "phone": PHONE, "client_id": id, "client_secret": secret });
    let json = [("content-type", "application/json")];
    let answer = scene.app.door.call(Method::POST, "/api/v1/trusted-phone", &json, &body.to_string()).await;
    let word = text(&answer.good(), "secret").to_owned();
    let hints = [("phone", "77011234567"), ("otp_confirmation", word.as_str())];
    // From the page of the phone to that of the password, and there to a new account.
    let page = scene.ask(&hints).await;
    let journey = page.fields("phone-form")["journey"].clone();
    scene.browser.open(&format!("/register?journey={journey}")).await;
    scene.browser.submit("kind-form", &[("kind", "citizen")]).await;
    let page = scene.browser.submit("register-form", &CITIZEN).await;
    assert_eq!(page.fields("contact-form")["mobile_phone"], PHONE, "what the client says");
    let page = scene.browser.press("contact-form", "contact-form-submit").await;
    assert!(page.has("password-form"), "{}", page.url);
    assert_eq!(scene.count("outbox").await, 0);
    assert!(scene.finish().await.has("consent-form"));
    assert_eq!(scene.level("mobile_phone").await, 1);
}

#[tokio::test]
async fn an_iin_the_client_says_begins_the_field_and_a_signed_one_stays() {
    const IIN: &str = "900515400123";
    let keyed =
        |client: &mut Client| client.settings.iin_public_key = Some(iin_keys::own().public_pem.clone());
    let mut scene = Scene::with(keyed).await;
    let page = scene.details("citizen", &[("iin", IIN)]).await;
    assert_eq!(page.fields("register-form")["iin"], IIN);
    assert!(page.attribute("iin", "readonly").is_none(), "not believed");
    let changed = [("iin", "860904350504"), ("first_name", "Suda"), ("date_of_birth", "")];
    let page = scene.browser.submit("register-form", &changed).await;
    assert_eq!(page.fields("register-form")["iin"], "860904350504", "editable");
    // Signed: neither the page nor a form of one's own changes it.
    let signature = STANDARD.encode(iin_keys::own().sign(IIN));
    let signed = [("iin", IIN), ("iin_signature", signature.as_str())];
    let login = scene.ask(&signed).await;
    let page = scene.browser.open(&login.attribute("register-link", "href").unwrap()).await;
    assert!(page.has("kind-citizen") && !page.has("kind-foreigner"), "only kinds known by an IIN");
    let page = scene.browser.submit("kind-form", &[("kind", "citizen")]).await;
    assert!(page.attribute("iin", "readonly").is_some());
    let changed = [("iin", "860904350504"), ("first_name", "Suda"), ("date_of_birth", "1990-05-15")];
    assert!(scene.browser.submit("register-form", &changed).await.has("contact-form"));
    scene.browser.submit("contact-form", &[("mobile_phone", PHONE)]).await;
    let code = scene.app.sent_code(PHONE).await;
    scene.browser.submit("code-form", &[("code", &code)]).await;
    assert!(scene.finish().await.has("consent-form"));
    let held: String = sqlx::query_scalar("SELECT value FROM user_attributes WHERE name = 'iin'")
        .fetch_one(scene.app.pool())
        .await
        .unwrap();
    assert_eq!(held, IIN);
}
