//! Registration tokens, logos and links on the command line.

use std::fs;

use serde_json::{Value, json};

use super::{Installation, installation};

/// The header of a PNG.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x40\0\0\0\x40\x08\x06\0\0\0\0\0\0\0\0\0\0\0IDAT\0\0\0\0";

fn file(tamga: &Installation, name: &str, content: &[u8]) -> String {
    let path = tamga.folder.join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn add<'a>(options: &[&'a str]) -> Vec<&'a str> {
    let usual = ["client", "add", "--identifier", "tax", "--name", "Tax Service", "--generate-secret"];
    let flow = ["--allowed-flow", "authorization-code", "--redirect-uri", "https://tax.example/cb"];
    [&usual[..], &flow, options].concat()
}

async fn logos(tamga: &Installation) -> Vec<(String, i32)> {
    let pool = sqlx::PgPool::connect(&tamga.database.url).await.unwrap();
    let logos = sqlx::query_as("SELECT media_type, length(content) FROM client_logos");
    let logos = logos.fetch_all(&pool).await.unwrap();
    pool.close().await;
    logos
}

#[tokio::test]
async fn a_registration_token_is_shown_once_and_kept_as_a_digest() {
    let tamga = installation().await;
    assert!(
        tamga.run(&["client", "registration-token", "list"]).out.contains("there is no registration token")
    );
    let made = tamga.json(&["client", "registration-token", "add", "--uses", "3", "--ttl", "2h"]);
    let (value, id) = (made["token"].as_str().unwrap(), made["id"].as_str().unwrap());
    assert_eq!((value.len(), &made["uses_left"], &made["good"]), (43, &json!(3), &json!(true)));
    tamga.json(&["client", "registration-token", "add"]);
    let listed = tamga.json(&["client", "registration-token", "list"]);
    let listed = listed["registration_tokens"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().any(|token| token["uses_left"] == 1), "one use unless more are asked for");
    let text = tamga.run(&["client", "registration-token", "list"]).out;
    assert!(text.contains(id) && !text.contains(value), "{text}");
    let pool = sqlx::PgPool::connect(&tamga.database.url).await.unwrap();
    let kept: String = sqlx::query_scalar("SELECT string_agg(t::text, ' ') FROM registration_tokens t")
        .fetch_one(&pool)
        .await
        .unwrap();
    pool.close().await;
    assert!(!kept.contains(value));
    tamga.json(&["client", "registration-token", "remove", id]);
    assert!(tamga.refused(&["client", "registration-token", "remove", id]).contains("list` shows all"));
    let actions = tamga.journal();
    for (action, times) in [("registration_token.insert", 2), ("registration_token.remove", 1)] {
        assert_eq!(actions.iter().filter(|done| *done == action).count(), times, "{action}");
    }
    assert!(!tamga.run(&["journal", "export"]).out.contains(value));
}

#[tokio::test]
async fn uses_and_times_that_make_no_sense_are_wrong_use() {
    let tamga = installation().await;
    for wrong in
        [&["--uses", "0"][..], &["--uses", "many"], &["--ttl", "0s"], &["--ttl", "366d"], &["--ttl", "7"]]
    {
        let done = tamga.run(&[&["client", "registration-token", "add"][..], wrong].concat());
        assert_eq!(done.code, 2, "{wrong:?}: {}", done.err);
    }
    assert_eq!(tamga.run(&["client", "registration-token", "remove", "x"]).code, 2);
}

#[tokio::test]
async fn a_logo_is_taken_from_a_file_and_links_are_registered() {
    let tamga = installation().await;
    let logo = file(&tamga, "logo.png", PNG);
    let links = [
        "--logo",
        &logo,
        "--client-uri",
        "https://tax.example/",
        "--policy-uri",
        "https://tax.example/policy",
        "--tos-uri",
        "https://tax.example/terms",
    ];
    let added = tamga.json(&add(&links));
    assert_eq!(added["client_uri"], "https://tax.example/");
    assert_eq!(added["logo_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(logos(&tamga).await, [("image/png".to_owned(), i32::try_from(PNG.len()).unwrap())]);
    let text = tamga.run(&["client", "show", "tax"]).out;
    for shown in ["from a file", "https://tax.example/policy", "https://tax.example/terms"] {
        assert!(text.contains(shown), "{text}");
    }
    assert!(!text.contains("registered itself"));
    tamga.json(&["client", "set", "tax", "--name", "Taxes"]);
    assert_eq!(logos(&tamga).await.len(), 1, "it stays when other things change");
    let set = tamga.json(&["client", "set", "tax", "--logo", "", "--policy-uri", ""]);
    assert_eq!((&set["logo_sha256"], &set["policy_uri"]), (&Value::Null, &Value::Null));
    assert!(logos(&tamga).await.is_empty());
}

#[tokio::test]
async fn what_can_not_be_shown_is_refused_with_what_is_wrong() {
    let tamga = installation().await;
    let svg = file(&tamga, "logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    let large = file(&tamga, "large.png", &[PNG, &vec![0; 64 * 1024]].concat());
    let folder = tamga.folder.to_str().unwrap().to_owned();
    for (options, words) in [
        (["--logo", svg.as_str()], "PNG, JPEG or WebP"),
        (["--logo", &large], "64 KB"),
        (["--logo", &folder], "no file"),
        (["--logo", "missing.png"], "--logo"),
        (["--logo", "https://127.0.0.1/logo.png"], "public internet"),
        (["--logo", "http://tax.example/logo.png"], "https"),
        (["--client-uri", "http://tax.example/"], "--client-uri"),
        (["--policy-uri", "tax.example"], "--policy-uri"),
        (["--tos-uri", "javascript:alert(1)"], "--tos-uri"),
        (["--vouched", "false"], "--vouched"),
    ] {
        let refused = tamga.refused(&add(&options));
        assert!(refused.contains(words), "{options:?}: {refused}");
    }
    assert!(tamga.run(&["client", "list"]).out.contains("no client is registered"));
}

#[tokio::test]
async fn unused_clients_are_removed_but_never_an_operators() {
    let tamga = installation().await;
    tamga.json(&add(&[]));
    let done = tamga.json(&["client", "remove-unused", "--for", "1d", "--dry-run"]);
    assert_eq!(done, json!({"clients": [], "removed": false}));
    assert!(tamga.run(&["client", "remove-unused", "--for", "30d"]).out.contains("no client"));
    assert_eq!(tamga.run(&["client", "remove-unused", "--for", "1h"]).code, 2);
    assert_eq!(tamga.json(&["client", "list"])["clients"].as_array().unwrap().len(), 1);
}
