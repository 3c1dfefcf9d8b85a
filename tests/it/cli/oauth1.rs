//! `tamga client ...` for consumers of OAuth 1.0a.

use serde_json::json;
use tamga::crypto::sealed::Sealer;

use super::{Installation, installation};
use crate::support::iin_keys;

const CONSUMER: [&str; 10] = [
    "client",
    "add",
    "--identifier",
    "kiosk",
    "--name",
    "Kiosk",
    "--allowed-flow",
    "oauth1",
    "--oauth1-callback",
    "https://kiosk.example/cb",
];

/// The secrets that the database keeps sealed, opened.
async fn sealed_secrets(tamga: &Installation) -> Vec<String> {
    let sealer = Sealer::new([("t", &[0; 32])]).unwrap();
    let rows: Vec<(sqlx::types::Uuid, Vec<u8>)> =
        sqlx::query_as("SELECT id, sealed FROM client_secrets WHERE sealed IS NOT NULL ORDER BY created_at")
            .fetch_all(&tamga.database.pool().await)
            .await
            .unwrap();
    let open = |(id, sealed): &(sqlx::types::Uuid, Vec<u8>)| {
        String::from_utf8(sealer.open(&format!("client_secrets/{id}"), sealed).unwrap().to_vec()).unwrap()
    };
    rows.iter().map(open).collect()
}

#[tokio::test]
async fn a_consumers_secret_is_printed_once_and_kept_sealed() {
    let tamga = installation().await;
    let scopes = ["--scope", "profile", "--scope", "citizen_id", "--generate-secret"];
    let client = tamga.json(&[&CONSUMER[..], &scopes].concat());
    let secret = client["client_secret"].as_str().unwrap();
    assert_eq!(client["oauth1"], json!({"consumer_key": "kiosk", "consumer_secret": secret}));
    assert_eq!(client["oauth1_callbacks"], json!(["https://kiosk.example/cb"]));
    assert_eq!(client["oauth1_secret_transform"], "raw");
    assert_eq!(sealed_secrets(&tamga).await, [secret]);
    let added = tamga.json(&["client", "add-secret", "kiosk", "--generate"]);
    assert_eq!(sealed_secrets(&tamga).await, [secret, added["client_secret"].as_str().unwrap()]);
}

#[tokio::test]
async fn a_given_secret_is_sealed_too_and_not_printed() {
    let tamga = installation().await;
    let given = "a secret of the old system";
    let client = tamga.json_with(&[&CONSUMER[..], &["--secret-stdin"]].concat(), given);
    assert_eq!(client["oauth1"], json!({"consumer_key": "kiosk", "consumer_secret": null}));
    assert_eq!(sealed_secrets(&tamga).await, [given]);
}

#[tokio::test]
async fn another_clients_secret_is_a_digest_only() {
    let tamga = installation().await;
    let options = [
        "--allowed-flow",
        "authorization-code",
        "--redirect-uri",
        "https://a.example/cb",
        "--generate-secret",
    ];
    let client = tamga
        .json(&[&["client", "add", "--identifier", "portal", "--name", "Portal"][..], &options].concat());
    assert!(client.get("oauth1").is_none());
    assert!(sealed_secrets(&tamga).await.is_empty());
    // Made a consumer later, it is told what is missing.
    let set = ["client", "set", "portal", "--allowed-flow", "oauth1", "--oauth1-callback", "oob"];
    let text = tamga.run(&set).out;
    assert!(text.contains("tamga client add-secret portal --generate"), "{text}");
    tamga.json(&["client", "add-secret", "portal", "--generate"]);
    let text = tamga.run(&["client", "set", "portal", "--name", "The portal"]).out;
    assert!(!text.contains("add-secret"), "{text}");
}

#[tokio::test]
async fn options_are_set_shown_and_taken_back() {
    let tamga = installation().await;
    std::fs::write(tamga.folder.join("key.pem"), &iin_keys::own().public_pem).unwrap();
    tamga.json(&[&CONSUMER[..], &["--generate-secret"]].concat());
    let set = |options: &[&str]| tamga.json(&[&["client", "set", "kiosk"][..], options].concat());
    let client = set(&[
        "--oauth1-secret-transform",
        "md5x10:EGA",
        "--oauth1-plaintext",
        "--oauth1-denial-page",
        "--oauth1-require-scope",
        "--oauth1-public-key",
        "key.pem",
        "--oauth1-callback",
        "https://kiosk.example/cb",
        "--oauth1-callback",
        "oob",
    ]);
    assert_eq!(client["oauth1_secret_transform"], "md5x10:EGA");
    assert_eq!(client["oauth1_callbacks"], json!(["https://kiosk.example/cb", "oob"]));
    for flag in ["oauth1_plaintext", "oauth1_denial_page", "oauth1_require_scope"] {
        assert_eq!(client[flag], true, "{flag}");
    }
    assert_eq!(client["oauth1_public_key"], iin_keys::own().public_pem.trim());
    let shown = tamga.run(&["client", "show", "kiosk"]).out;
    for words in ["md5x10:EGA", "oauth1 callback     oob", "RSA of 2048 bits"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let client =
        set(&["--oauth1-plaintext", "false", "--oauth1-public-key", "", "--oauth1-secret-transform", "raw"]);
    assert_eq!((&client["oauth1_plaintext"], &client["oauth1_public_key"]), (&json!(false), &json!(null)));
}

#[tokio::test]
async fn what_can_not_work_is_refused_with_what_to_do() {
    let tamga = installation().await;
    let with = |options: &[&str]| tamga.refused(&[&CONSUMER[..], options].concat());
    assert!(with(&[]).contains("--generate-secret"), "nothing to sign with");
    assert!(with(&["--type", "public"]).contains("leave out --type public"));
    let callback = |callback: &str| with(&["--generate-secret", "--oauth1-callback", callback]);
    assert!(callback("https://kiosk.example/cb").contains("given twice"));
    assert!(callback("http://kiosk.example/cb").contains("https"));
    assert!(callback("kiosk").contains("absolute"));
    assert!(callback("urn:ietf:wg:oauth:2.0:oob:auto").contains("`oob`"));
    let without: Vec<&str> = CONSUMER[..8].iter().copied().chain(["--generate-secret"]).collect();
    assert!(tamga.refused(&without).contains("--oauth1-callback is missing"));
    let unknown =
        tamga.run(&[&CONSUMER[..], &["--generate-secret", "--oauth1-secret-transform", "md5"]].concat());
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("md5x10:EGA"), "{}", unknown.err);
}
