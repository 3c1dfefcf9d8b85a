//! Finding people and looking at what they sent.

use axum::http::StatusCode;
use serde_json::json;
use time::Duration;

use super::Office;

#[tokio::test]
async fn a_person_is_found_by_whatever_is_known_of_them() {
    let office = Office::new().await;
    let person = office.person("malee1", "1101002345674").await;
    let other = office.person("other", "3100501122331").await;
    let mut browser = office.at("registrar", "/registrar").await;
    for query in ["1101002345674", "1-1010-02345-67-4", "Malee1@mail.example", "MALEE1"] {
        let stop = browser.open(&format!("/registrar?q={query}")).await;
        assert!(stop.answer.body.contains(&person.to_string()), "{query}");
        assert!(!stop.answer.body.contains(&other.to_string()), "{query}");
    }
    // By the beginning of a name both are there; a wildcard is a letter like any other.
    let stop = browser.open("/registrar?q=saet").await;
    assert_eq!(stop.answer.body.matches("scope=\"row\"").count(), 2);
    for nobody in ["aetang", "%25", "_alee", "'"] {
        assert!(browser.open(&format!("/registrar?q={nobody}")).await.has("empty"), "{nobody}");
    }
    let seen = office.journal("registrar.search").await;
    assert_eq!(seen.len(), 5, "whoever was shown is in the journal");
    assert_eq!(seen[0].0, office.registrar.to_string());
    assert_eq!(seen[0].3, json!({"seen": [person]}), "without what was typed");
}

#[tokio::test]
async fn a_list_is_turned_in_pages_of_fifty() {
    let office = Office::new().await;
    for number in 0..51 {
        let username = format!("a{number:02}");
        let sql = "INSERT INTO users (id, kind, username, username_key, created_at, updated_at)
                   VALUES ($1, 'citizen', $2, $2, $3, $3)";
        let now = office.app.clock.now();
        let id = office.app.app.rng.uuid(now);
        sqlx::query(sql).bind(id).bind(&username).bind(now).execute(office.app.pool()).await.unwrap();
        let sql =
            "INSERT INTO user_attributes (user_id, name, value, level, source, is_identifier, updated_at)
                   VALUES ($1, 'first_name', 'Anong', 0, 'self', false, $2)";
        sqlx::query(sql).bind(id).bind(now).execute(office.app.pool()).await.unwrap();
    }
    let mut browser = office.at("registrar", "/registrar?q=anong").await;
    let first = browser.here().clone();
    assert_eq!(first.answer.body.matches("scope=\"row\"").count(), 50);
    assert!(!first.has("previous"));
    let next = first.attribute("next", "href").unwrap();
    let second = browser.open(&next).await;
    assert_eq!(second.answer.body.matches("scope=\"row\"").count(), 1);
    assert!(second.has("previous") && !second.has("next"));
}

#[tokio::test]
async fn whose_documents_wait_longest_comes_first_until_they_are_seen() {
    let office = Office::new().await;
    let mut browser = office.at("registrar", "/registrar").await;
    assert!(browser.here().has("empty"));
    let second = office.person("second", "3100501122331").await;
    let first = office.person("first", "1101002345674").await;
    office.document(first, "application/pdf").await;
    office.app.clock.advance(Duration::minutes(1));
    office.document(second, "application/pdf").await;
    let stop = browser.open("/registrar").await;
    let place = |id: tamga::ids::UserId| stop.answer.body.find(&id.to_string()).unwrap();
    assert!(place(first) < place(second));
    browser.open(&format!("/registrar/people/{first}")).await;
    let stop = browser.submit("seen-form", &[]).await;
    assert!(!stop.has("seen-form") && stop.answer.body.contains("marked as looked at"));
    let stop = browser.open("/registrar").await;
    assert!(!stop.answer.body.contains(&first.to_string()));
    let lines = office.journal("registrar.review").await;
    assert_eq!((lines.len(), lines[0].1.clone()), (1, Some(first.to_string())));
}

#[tokio::test]
async fn every_look_at_a_person_is_a_line_of_the_journal() {
    let office = Office::new().await;
    let person = office.person("malee", "1101002345674").await;
    let mut browser = office.at("registrar", &format!("/registrar/people/{person}")).await;
    browser.open(&format!("/registrar/people/{person}?lang=th")).await;
    let lines = office.journal("registrar.view").await;
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0].0, office.registrar.to_string());
    assert_eq!(lines[0].1, Some(person.to_string()));
}

#[tokio::test]
async fn a_document_opens_for_registrars_and_runs_nowhere() {
    let office = Office::new().await;
    let person = office.person("malee", "1101002345674").await;
    let other = office.person("other", "3100501122331").await;
    let mut browser = office.at("registrar", "/registrar").await;
    for (sent, media_type, disposition) in [
        ("image/png", "image/png", "inline"),
        ("application/pdf", "application/pdf", "attachment"),
        ("text/html", "application/octet-stream", "attachment"),
        ("image/svg+xml", "application/octet-stream", "attachment"),
    ] {
        let file = office.document(person, sent).await;
        let stop = browser.open(&format!("/registrar/people/{person}/files/{file}")).await;
        assert_eq!(stop.answer.status, StatusCode::OK);
        assert_eq!(stop.answer.header("content-type"), media_type);
        assert!(stop.answer.header("content-disposition").starts_with(disposition), "{sent}");
        assert_eq!(stop.answer.header("x-content-type-options"), "nosniff");
        assert_eq!(stop.answer.header("cache-control"), "no-store");
        let stop = browser.open(&format!("/registrar/people/{other}/files/{file}")).await;
        assert_eq!(stop.answer.status, StatusCode::NOT_FOUND, "of another person");
        let mut stranger = office.at("malee", &format!("/registrar/people/{person}/files/{file}")).await;
        assert_eq!(stranger.here().answer.status, StatusCode::FORBIDDEN);
        stranger.open("/").await;
    }
    assert_eq!(office.journal("registrar.view_file").await.len(), 4);
    for path in ["/registrar/people/x", "/registrar/people/x/files/y"] {
        assert_eq!(browser.open(path).await.answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}
