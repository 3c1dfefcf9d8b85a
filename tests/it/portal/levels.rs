//! Saying how well a value was checked.

use axum::http::StatusCode;
use serde_json::json;
use tamga::ids::UserId;

use super::Office;
use crate::support::browser::{Browser, Stop};

const NUMBER: &str = "1101002345674";

fn path(person: UserId) -> String {
    format!("/registrar/people/{person}")
}

/// Sends the form of the page that is open, with these attributes ticked.
async fn judge(browser: &mut Browser, chosen: &[&str], fields: &[(&str, &str)]) -> Stop {
    let page = browser.here().fields("levels-form");
    let mut sent: Vec<(&str, &str)> = page
        .iter()
        .filter(|(name, _)| *name != "attribute" && !fields.iter().any(|(field, _)| field == name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    sent.extend(chosen.iter().map(|name| ("attribute", *name)));
    sent.extend(fields);
    let path = browser.here().url.path().to_owned();
    browser.post(&path, &sent).await
}

const FACE_TO_FACE: [(&str, &str); 3] =
    [("level", "3"), ("evidence", "face-to-face"), ("reason", "Passport seen at the office")];

#[tokio::test]
async fn a_level_rises_with_evidence_a_reason_and_a_line_in_the_journal() {
    let office = Office::new().await;
    let person = office.person("malee", NUMBER).await;
    office.document(person, "image/png").await;
    let mut browser = office.at("registrar", &path(person)).await;
    let stop = judge(&mut browser, &["citizen_id", "first_name"], &FACE_TO_FACE).await;
    assert_eq!(stop.answer.status, StatusCode::OK, "{}", stop.answer.body);
    let source = "registrar".to_owned();
    assert_eq!(office.held(person, "citizen_id").await, (NUMBER.to_owned(), 3, source.clone()));
    assert_eq!(office.held(person, "first_name").await, ("Malee".to_owned(), 3, source));
    assert_eq!(office.held(person, "last_name").await.1, 0, "not ticked");
    let lines = office.journal("registrar.set_levels").await;
    let (actor, subject, before, after) = &lines[0];
    assert_eq!((actor, subject.as_ref()), (&office.registrar.to_string(), Some(&person.to_string())));
    assert_eq!(*before, json!({"levels": {"citizen_id": 0, "first_name": 0}}));
    let expected = json!({
        "levels": {"citizen_id": 3, "first_name": 3},
        "corrected": [],
        "evidence": "face-to-face",
        "reason": "Passport seen at the office",
    });
    assert_eq!(*after, expected, "names and levels, no values");
    let history: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM user_attribute_history WHERE user_id = $1 AND source = 'registrar' AND level = 3",
    )
    .bind(person.0)
    .fetch_one(office.app.pool())
    .await
    .unwrap();
    assert_eq!(history, 2);
    assert!(!stop.has("seen-form"), "the documents were looked at");
    assert!(office.messages("malee@mail.example").await[0].contains("registrar"));
    assert!(!office.app.log().contains(NUMBER));
}

#[tokio::test]
async fn the_highest_level_needs_the_person_or_a_certificate() {
    let office = Office::new().await;
    let person = office.person("malee", NUMBER).await;
    let mut browser = office.at("registrar", &path(person)).await;
    for (level, evidence, allowed) in [
        ("3", "documents-sent", false),
        ("3", "registry-extract", false),
        ("2", "documents-sent", true),
        ("2", "registry-extract", true),
        ("3", "certificate", true),
        ("3", "face-to-face", true),
        ("1", "documents-sent", true),
        ("0", "face-to-face", false),
        ("4", "face-to-face", false),
        ("2", "hearsay", false),
    ] {
        browser.open(&path(person)).await;
        let fields = [("level", level), ("evidence", evidence), ("reason", "Seen")];
        let stop = judge(&mut browser, &["citizen_id"], &fields).await;
        let expected = if allowed { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(stop.answer.status, expected, "{level} by {evidence}");
        if allowed {
            assert_eq!(office.held(person, "citizen_id").await.1.to_string(), level);
        }
    }
}

#[tokio::test]
async fn a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost() {
    let office = Office::new().await;
    let person = office.person("malee", NUMBER).await;
    let mut browser = office.at("registrar", &path(person)).await;
    let stop = judge(&mut browser, &[], &[("level", ""), ("evidence", ""), ("reason", " ")]).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["attributes-error", "level-error", "evidence-error", "reason-error"] {
        assert!(stop.has(field), "{field}");
    }
    let fields = [
        ("level", "3"),
        ("evidence", "documents-sent"),
        ("reason", "By letter"),
        ("value-citizen_id", "1101002345675"),
    ];
    let stop = judge(&mut browser, &["citizen_id"], &fields).await;
    assert!(stop.has("value-citizen_id-error") && stop.has("evidence-error"));
    let kept = stop.fields("levels-form");
    assert_eq!(kept["value-citizen_id"], "1101002345675");
    assert_eq!(kept["reason"], "By letter");
    assert_eq!(kept["attribute"], "citizen_id", "still ticked");
    assert!(stop.answer.body.contains("<option value=\"3\" selected>"));
    assert!(stop.answer.body.contains("<option value=\"documents-sent\" selected>"));
    assert_eq!(office.held(person, "citizen_id").await.1, 0);
    assert!(office.journal("registrar.set_levels").await.is_empty());
}

#[tokio::test]
async fn a_slip_is_corrected_with_the_level() {
    let office = Office::new().await;
    let person = office.person("malee", NUMBER).await;
    let mut browser = office.at("registrar", &path(person)).await;
    let mut fields = FACE_TO_FACE.to_vec();
    fields.push(("value-citizen_id", " 3-1005-01122-33-1 "));
    let stop = judge(&mut browser, &["citizen_id"], &fields).await;
    assert_eq!(stop.answer.status, StatusCode::OK);
    assert_eq!(office.held(person, "citizen_id").await.0, "3100501122331", "in its stored form");
    let lines = office.journal("registrar.set_levels").await;
    assert_eq!(lines[0].3["corrected"], json!(["citizen_id"]));
    assert!(!lines[0].3.to_string().contains("3100501122331"));
}

#[tokio::test]
async fn an_identifier_that_another_account_holds_as_checked_is_refused() {
    let office = Office::new().await;
    let holder = office.person("holder", NUMBER).await;
    let person = office.person("malee", NUMBER).await;
    let mut browser = office.at("registrar", &path(holder)).await;
    judge(&mut browser, &["citizen_id"], &FACE_TO_FACE).await;
    browser.open(&path(person)).await;
    let stop = judge(&mut browser, &["citizen_id", "first_name"], &FACE_TO_FACE).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.text("value-citizen_id-error").starts_with("Another account"));
    assert_eq!(stop.fields("levels-form")["reason"], "Passport seen at the office");
    assert_eq!(office.held(person, "first_name").await.1, 0, "all or none");
    // At level 1 both may say so.
    let fields = [("level", "1"), ("evidence", "documents-sent"), ("reason", "Seen")];
    assert_eq!(judge(&mut browser, &["citizen_id"], &fields).await.answer.status, StatusCode::OK);
}

#[tokio::test]
async fn of_two_registrars_the_second_is_told_and_overwrites_nothing() {
    let office = Office::new().await;
    let person = office.person("malee", NUMBER).await;
    let mut first = office.at("registrar", &path(person)).await;
    let mut second = first.clone();
    judge(&mut first, &["citizen_id"], &FACE_TO_FACE).await;
    let fields = [("level", "2"), ("evidence", "documents-sent"), ("reason", "By letter")];
    let stop = judge(&mut second, &["citizen_id"], &fields).await;
    assert_eq!(stop.answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stop.text("value-citizen_id-error").starts_with("Somebody changed this"));
    assert_eq!(office.held(person, "citizen_id").await.1, 3);
    assert_eq!(stop.fields("levels-form")["reason"], "By letter");
    // Who has seen the new value may go on.
    assert_eq!(judge(&mut second, &["citizen_id"], &fields).await.answer.status, StatusCode::OK);
    assert_eq!(office.held(person, "citizen_id").await.1, 2);
}

#[tokio::test]
async fn at_the_same_moment_one_registrar_wins() {
    let office = Office::new().await;
    let person = office.person("malee", NUMBER).await;
    let mut first = office.at("registrar", &path(person)).await;
    let mut second = first.clone();
    let other = [("level", "2"), ("evidence", "documents-sent"), ("reason", "By letter")];
    let (one, two) = tokio::join!(
        judge(&mut first, &["citizen_id"], &FACE_TO_FACE),
        judge(&mut second, &["citizen_id"], &other)
    );
    let mut statuses = [one.answer.status.as_u16(), two.answer.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    assert_eq!(office.journal("registrar.set_levels").await.len(), 1);
}

#[tokio::test]
async fn nobody_raises_their_own_levels() {
    let office = Office::new().await;
    let mut browser = office.at("registrar", &path(office.registrar)).await;
    assert!(!browser.here().has("levels-submit"));
    let page = &browser.here().answer.body;
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let csrf = csrf.unwrap().to_owned();
    let mut fields = vec![("csrf", csrf.as_str()), ("attribute", "email")];
    fields.extend([("seen-email", "1 registrar@citizen.example"), ("value-email", "")]);
    fields.extend(FACE_TO_FACE);
    let stop = browser.post(&path(office.registrar), &fields).await;
    assert_eq!(stop.answer.status, StatusCode::FORBIDDEN);
    assert_eq!(office.held(office.registrar, "email").await.1, 1);
    assert!(office.journal("registrar.set_levels").await.is_empty());
}
