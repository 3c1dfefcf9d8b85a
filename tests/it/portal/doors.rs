//! Who gets in.

use axum::http::StatusCode;
use tamga::{ids::UserId, model::role::Role};
use time::Duration;

use super::{Office, member, sign_in};

fn pages(person: UserId, official: UserId) -> [(String, &'static str); 6] {
    [
        ("/registrar".to_owned(), "registrar"),
        (format!("/registrar/people/{person}"), "registrar"),
        (format!("/registrar/people/{person}/files/{person}"), "registrar"),
        ("/agency".to_owned(), "administrator"),
        ("/agency/officials/new".to_owned(), "administrator"),
        (format!("/agency/officials/{official}"), "administrator"),
    ]
}

#[tokio::test]
async fn who_lacks_the_role_is_refused_and_told_nothing() {
    let office = Office::new().await;
    let person = office.person("malee", "1101002345674").await;
    member(&office.app, "nobody", None).await;
    for (path, role) in pages(person, office.administrator) {
        for username in ["nobody", "registrar", "administrator", "malee"] {
            if username == role {
                continue;
            }
            let browser = office.at(username, &path).await;
            let stop = browser.here();
            assert_eq!(stop.answer.status, StatusCode::FORBIDDEN, "{username} {path}");
            assert!(!stop.answer.body.contains("Malee"), "{path}");
        }
    }
    assert!(office.journal("registrar.view").await.is_empty());
}

#[tokio::test]
async fn a_second_factor_given_just_now_is_demanded() {
    let office = Office::new().await;
    let mut browser = office.at("registrar", "/registrar").await;
    assert_eq!(browser.here().url.path(), "/registrar");
    office.app.clock.advance(Duration::minutes(11));
    let stop = browser.open("/registrar").await;
    assert!(stop.has("login-form"), "{}", stop.url);
    let stop = sign_in(&office.app, &mut browser, "registrar", stop).await;
    assert_eq!((stop.answer.status, stop.url.path()), (StatusCode::OK, "/registrar"));
}

#[tokio::test]
async fn a_password_alone_is_not_enough_even_where_no_second_factor_is_set_up() {
    let office = Office::new().await;
    let person = office.app.user("new-registrar").await;
    let entry =
        tamga::model::journal::Entry::by_operator(office.app.clock.now(), "role.grant", "user", person);
    tamga::store::roles::grant(office.app.pool(), person, &Role::Registrar, &entry).await.unwrap();
    let browser = office.at("new-registrar", "/registrar?q=malee").await;
    assert!(!browser.here().has("search-form"), "{}", browser.here().url);
}

#[tokio::test]
async fn an_open_form_may_still_be_sent_for_five_minutes_and_no_longer() {
    let office = Office::new().await;
    let person = office.person("malee", "1101002345674").await;
    office.document(person, "image/png").await;
    let path = format!("/registrar/people/{person}");
    let mut browser = office.at("registrar", &path).await;
    office.app.clock.advance(Duration::minutes(14));
    let stop = browser.submit("seen-form", &[]).await;
    assert_eq!(office.journal("registrar.review").await.len(), 1);
    let stop = sign_in(&office.app, &mut browser, "registrar", stop).await;
    assert_eq!(stop.answer.status, StatusCode::OK);
    office.document(person, "image/png").await;
    browser.open(&path).await;
    office.app.clock.advance(Duration::minutes(16));
    browser.submit("seen-form", &[]).await;
    assert_eq!(office.journal("registrar.review").await.len(), 1, "too late");
}

#[tokio::test]
async fn a_form_of_another_sites_changes_nothing() {
    let office = Office::new().await;
    let person = office.person("malee", "1101002345674").await;
    office.document(person, "image/png").await;
    let mut browser = office.at("registrar", "/registrar").await;
    for csrf in ["", "wrong"] {
        let fields = [("do", "seen"), ("csrf", csrf)];
        let stop = browser.post(&format!("/registrar/people/{person}"), &fields).await;
        assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    }
    assert!(office.journal("registrar.review").await.is_empty());
    let mut browser = office.at("administrator", "/agency").await;
    let fields = [("citizen_id", "1101002345674"), ("email", "a@b.example"), ("csrf", "wrong")];
    let stop = browser.post("/agency/officials/new", &fields).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(stop.fields("official-form")["citizen_id"], "1101002345674", "what was typed is kept");
}

#[tokio::test]
async fn a_role_that_is_taken_away_ends_at_once() {
    let office = Office::new().await;
    let mut browser = office.at("registrar", "/registrar").await;
    let entry = tamga::model::journal::Entry::by_operator(
        office.app.clock.now(),
        "role.revoke",
        "user",
        office.registrar,
    );
    let role = tamga::model::role::RoleName::Registrar;
    assert!(tamga::store::roles::revoke(office.app.pool(), office.registrar, role, &entry).await.unwrap());
    assert_eq!(browser.open("/registrar").await.answer.status, StatusCode::FORBIDDEN);
}
