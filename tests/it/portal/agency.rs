//! An agency's administrator and its officials.

use axum::http::StatusCode;
use tamga::{
    ids::UserId,
    model::{journey::LinkPurpose, role::Role},
    secret::Token,
    store::password_links,
};
use time::Duration;

use super::{Office, member};
use crate::support::browser::Browser;

const NOK: [(&str, &str); 6] = [
    ("citizen_id", "1101002345674"),
    ("first_name", "Nok"),
    ("last_name", "Suwan"),
    ("email", "nok@revenue.example"),
    ("occupation", "Inspector"),
    ("organization.division", "Audit"),
];

/// The office, and the administrator's browser after an official was added.
async fn with_nok() -> (Office, Browser, UserId) {
    let office = Office::new().await;
    let mut browser = office.at("administrator", "/agency/officials/new").await;
    let stop = browser.submit("official-form", &NOK).await;
    assert_eq!(stop.answer.status, StatusCode::OK, "{}", stop.answer.body);
    let nok = sqlx::query_scalar("SELECT id FROM users WHERE username = $1")
        .bind("nok@revenue.example")
        .fetch_one(office.app.pool())
        .await
        .unwrap();
    (office, browser, UserId(nok))
}

/// The token of a link in a message.
fn token(message: &str) -> Token {
    let link = message.split_whitespace().find(|word| word.starts_with("https://")).unwrap();
    let (path, token) = link.split_once("?token=").unwrap();
    assert_eq!(path, "https://sso.test.example/password/link");
    Token::from(token)
}

#[tokio::test]
async fn an_official_is_added_at_level_2_without_a_password_and_invited() {
    let (office, browser, nok) = with_nok().await;
    let agency = "agency".to_owned();
    assert_eq!(office.held(nok, "citizen_id").await, ("1101002345674".to_owned(), 2, agency.clone()));
    assert_eq!(office.held(nok, "organization.name").await, ("Revenue Department".to_owned(), 2, agency));
    let (kind, passwords): (String, i64) = sqlx::query_as(
        "SELECT kind, (SELECT count(*) FROM passwords p WHERE p.user_id = u.id) FROM users u WHERE id = $1",
    )
    .bind(nok.0)
    .fetch_one(office.app.pool())
    .await
    .unwrap();
    assert_eq!((kind.as_str(), passwords), ("government-agent", 0));
    assert!(browser.here().answer.body.contains("Nok Suwan"), "in the list");
    let messages = office.messages("nok@revenue.example").await;
    assert!(messages[0].contains("Revenue Department"), "{}", messages[0]);
    let digest = token(&messages[0]).digest();
    let now = office.app.clock.now();
    let pool = office.app.pool();
    let (user, purpose) = password_links::find(pool, digest, now).await.unwrap().unwrap();
    assert_eq!((user.id, purpose), (nok, LinkPurpose::Invitation));
    let week = now + Duration::days(7);
    assert!(password_links::find(pool, digest, week - Duration::seconds(1)).await.unwrap().is_some());
    assert!(password_links::find(pool, digest, week).await.unwrap().is_none(), "seven days");
    let (one, two) =
        tokio::join!(password_links::redeem(pool, digest, now), password_links::redeem(pool, digest, now));
    assert_eq!([one.unwrap(), two.unwrap()].iter().flatten().count(), 1, "once");
    let lines = office.journal("user.insert").await;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].0, office.administrator.to_string());
    assert!(!lines[0].3.to_string().contains("1101002345674"));
    assert!(!office.app.log().contains("nok@"));
}

#[tokio::test]
async fn mistakes_keep_what_was_typed() {
    let office = Office::new().await;
    let mut browser = office.at("administrator", "/agency/officials/new").await;
    let fields = [
        ("citizen_id", "1101002345675"),
        ("first_name", "Nok"),
        ("email", "nok"),
        ("occupation", "Inspector"),
    ];
    let stop = browser.submit("official-form", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for error in ["citizen_id-error", "last_name-error", "email-error"] {
        assert!(stop.has(error), "{error}");
    }
    assert!(!stop.has("occupation-error"));
    let kept = stop.fields("official-form");
    for (name, value) in fields {
        assert_eq!(kept[name], value);
    }
}

#[tokio::test]
async fn a_taken_identifier_or_name_tells_no_more_than_that() {
    let (office, mut browser, _) = with_nok().await;
    browser.open("/agency/officials/new").await;
    let mut fields = NOK.to_vec();
    fields[3] = ("email", "second@revenue.example");
    let stop = browser.submit("official-form", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.text("citizen_id-error").contains("Ask a registrar"));
    assert!(office.messages("second@revenue.example").await.is_empty());
    fields[0] = ("citizen_id", "3100501122331");
    fields.push(("username", "Registrar"));
    let stop = browser.submit("official-form", &fields).await;
    assert!(stop.text("username-error").contains("taken"));
    assert_eq!(stop.fields("official-form")["username"], "Registrar");
}

#[tokio::test]
async fn officials_of_another_agency_are_not_there() {
    let (office, _, nok) = with_nok().await;
    let customs = Role::AgencyAdministrator("Customs".to_owned());
    member(&office.app, "customs", Some(customs)).await;
    let mut browser = office.at("customs", "/agency").await;
    assert!(browser.here().has("empty"));
    for query in ["nok@revenue.example", "1101002345674", "nok"] {
        assert!(browser.open(&format!("/agency?q={query}")).await.has("empty"), "{query}");
    }
    let path = format!("/agency/officials/{nok}");
    let stop = browser.open(&path).await;
    assert_eq!(stop.answer.status, StatusCode::NOT_FOUND);
    assert!(!stop.answer.body.contains("Nok"));
    let csrf = browser.open("/agency/officials/new").await.fields("official-form")["csrf"].clone();
    for what in ["invite", "shut-out"] {
        let fields =
            [("csrf", csrf.as_str()), ("do", what), ("reason", "x"), ("name", "nok@revenue.example")];
        assert_eq!(browser.post(&path, &fields).await.answer.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(office.messages("nok@revenue.example").await.len(), 1);
    assert!(office.journal("user.disable").await.is_empty());
    // Who says of themselves that they work there is none of this agency's making either.
    let entry = tamga::model::journal::Entry::by_operator(office.app.clock.now(), "user.set", "user", nok);
    let name = tamga::store::users::NewAttribute {
        name: "organization.name".to_owned(),
        value: "Customs".to_owned(),
        level: tamga::model::attribute::Level::UNVERIFIED,
        identifier: false,
    };
    tamga::store::users::set_attributes(office.app.pool(), nok, &[name], "self", &entry).await.unwrap();
    assert_eq!(browser.open(&path).await.answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_link_sent_again_ends_the_first_and_none_is_sent_past_a_password() {
    let (office, mut browser, nok) = with_nok().await;
    office.app.clock.advance(Duration::minutes(1));
    browser.open(&format!("/agency/officials/{nok}")).await;
    let stop = browser.submit("invite-form", &[]).await;
    assert_eq!(stop.answer.status, StatusCode::OK);
    let messages = office.messages("nok@revenue.example").await;
    let now = office.app.clock.now();
    let pool = office.app.pool();
    let works = async |message: &str| {
        password_links::find(pool, token(message).digest(), now).await.unwrap().is_some()
    };
    assert!(works(&messages[0]).await && !works(&messages[1]).await);
    let page = stop.fields("invite-form");
    let entry = tamga::model::journal::Entry::by_operator(now, "user.set_password", "user", nok);
    tamga::store::users::set_password(pool, nok, "$argon2id$x", &entry).await.unwrap();
    let fields = [("csrf", page["csrf"].as_str()), ("do", "invite")];
    let stop = browser.post(&format!("/agency/officials/{nok}"), &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!stop.has("invite-form"));
    assert_eq!(office.messages("nok@revenue.example").await.len(), 2);
}

#[tokio::test]
async fn an_official_is_shut_out_with_a_reason_and_the_name_typed() {
    let (office, mut browser, nok) = with_nok().await;
    browser.open(&format!("/agency/officials/{nok}")).await;
    let stop = browser.submit("shut-out-form", &[("reason", "Left"), ("name", "nok")]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.has("name-error") && !stop.has("reason-error"));
    assert_eq!(stop.fields("shut-out-form")["reason"], "Left");
    let stop = browser.submit("shut-out-form", &[("reason", ""), ("name", "nok@revenue.example")]).await;
    assert!(stop.has("reason-error"));
    office.app.clock.advance(Duration::minutes(1));
    let fields = [("reason", "Left"), ("name", "NOK@revenue.example")];
    let stop = browser.submit("shut-out-form", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::OK);
    assert!(!stop.has("shut-out-form"));
    let lines = office.journal("user.disable").await;
    assert_eq!((lines.len(), &lines[0].3["reason"]), (1, &serde_json::json!("Left")));
    assert_eq!(lines[0].1, Some(nok.to_string()));
    assert!(office.messages("nok@revenue.example").await[0].contains("shut out"));
    let link = token(office.messages("nok@revenue.example").await.last().unwrap()).digest();
    let now = office.app.clock.now();
    assert!(password_links::find(office.app.pool(), link, now).await.unwrap().is_none());
}
