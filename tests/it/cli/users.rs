//! `tamga user ...`

use serde_json::json;
use tamga::{secret::Token, store::password_links};
use time::{Duration, OffsetDateTime};

use super::installation;

const SOMCHAI: [&str; 11] = [
    "user",
    "add",
    "--kind",
    "citizen",
    "--username",
    "somchai",
    "--password-stdin",
    "--attribute",
    "citizen_id=1234567890123@2",
    "--attribute",
    "email=somchai@example.org",
];

#[tokio::test]
async fn a_new_account_is_printed_and_its_password_hashed() {
    let tamga = installation().await;
    let added = tamga.json_with(&SOMCHAI, "correct horse\n");
    assert_eq!(added["username"], "somchai");
    let shown = tamga.json(&["user", "show", "SomChai"]);
    assert_eq!(shown["user_id"], added["user_id"]);
    assert_eq!(shown["level"], 2);
    assert_eq!(shown["attributes"]["email"]["value"], "somchai@example.org");
    assert_eq!(shown["attributes"]["email"]["level"], 0);
    let hash: String = sqlx::query_scalar("SELECT hash FROM passwords")
        .fetch_one(&tamga.database.pool().await)
        .await
        .unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
    assert!(!tamga.run(&["journal", "export"]).out.contains("correct horse"));
}

#[tokio::test]
async fn what_is_taken_or_unknown_is_refused_with_what_to_do() {
    let tamga = installation().await;
    tamga.json_with(&SOMCHAI, "correct horse");
    let add = |options: &[&str]| tamga.refused(&[&["user", "add", "--kind", "citizen"], options].concat());
    for (options, words) in [
        (&["--username", "SOMCHAI"][..], "is taken"),
        (
            &["--username", "b", "--attribute", "citizen_id=1234567890123@3"],
            "another account holds this identifier",
        ),
        (&["--username", "b", "--attribute", "emial=a@b.example"], "did you mean `email`?"),
        (&["--username", "b", "--attribute", "date_of_birth=2001-02-30"], "YYYY-MM-DD"),
        (&["--username", "b", "--attribute", "title=a", "--attribute", "title=b"], "given twice"),
        (&["--username", " b"], "--username"),
        (&["--username", "b", "--password-stdin"], "standard input is empty"),
    ] {
        let refused = add(options);
        assert!(refused.contains(words), "{options:?}: {refused}");
    }
    let short = tamga
        .refused_with(&["user", "add", "--kind", "citizen", "--username", "b", "--password-stdin"], "short");
    assert!(short.contains("8 to 128"), "{short}");
    for (password, words) in [("Password1", "guessed first"), ("somebody@example.org", "who the person is")] {
        let add = ["user", "add", "--kind", "citizen", "--username", "b", "--password-stdin", "--attribute"];
        let refused = tamga.refused_with(&[&add[..], &["email=somebody@example.org"]].concat(), password);
        assert!(refused.contains(words), "{password}: {refused}");
    }
    // Unverified, the same identifier may be typed by anybody.
    tamga.json(&[
        "user",
        "add",
        "--kind",
        "citizen",
        "--username",
        "b",
        "--attribute",
        "citizen_id=1234567890123@1",
    ]);
    let risen = tamga.refused(&["user", "set", "b", "--attribute", "citizen_id=1234567890123@2"]);
    assert!(risen.contains("another account"), "{risen}");
    assert_eq!(tamga.json(&["user", "list"])["users"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_account_is_changed_disabled_and_given_another_password() {
    let tamga = installation().await;
    tamga.json_with(&SOMCHAI, "correct horse");
    let set = tamga.json(&["user", "set", "somchai", "--attribute", "email=new@example.org@1"]);
    assert_eq!(set["attributes"]["email"]["level"], 1);
    assert_eq!(tamga.json(&["user", "disable", "somchai"])["disabled"], true);
    assert!(tamga.json(&["user", "show", "somchai"])["disabled_at"].is_string());
    assert_eq!(tamga.json(&["user", "enable", "somchai"])["disabled"], false);
    tamga.json_with(&["user", "reset-password", "somchai", "--password-stdin"], "battery staple");
    assert_eq!(
        tamga.journal(),
        ["user.insert", "user.set_attributes", "user.disable", "user.enable", "user.set_password"]
    );
    assert_eq!(
        tamga.json(&["user", "list"])["users"],
        json!([{"username": "somchai", "kind": "citizen", "disabled": false}])
    );
}

#[tokio::test]
async fn without_a_password_a_link_is_printed_that_works_once() {
    let tamga = installation().await;
    tamga.json_with(&SOMCHAI, "correct horse");
    let printed = tamga.json(&["user", "reset-password", "somchai"]);
    let (page, token) = printed["link"].as_str().unwrap().split_once("?token=").unwrap();
    assert_eq!(page, "http://localhost:8080/password/link");
    assert_eq!(token.len(), 43);
    let pool = tamga.database.pool().await;
    let (digest, now) = (Token::from(token).digest(), OffsetDateTime::now_utc());
    assert_eq!(password_links::redeem(&pool, digest, now + Duration::hours(25)).await.unwrap(), None);
    let (one, two) = tokio::join!(
        password_links::redeem(&pool, digest, now + Duration::seconds(1)),
        password_links::redeem(&pool, digest, now + Duration::seconds(1)),
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(one.is_some() != two.is_some(), "one of two at once");
    assert_eq!(one.or(two).unwrap().to_string(), printed["user_id"]);
    assert_eq!(tamga.journal(), ["user.insert", "password_link.insert"]);
    assert!(!tamga.run(&["journal", "export"]).out.contains(token));
}

#[tokio::test]
async fn a_second_factor_is_given_with_the_account() {
    let tamga = installation().await;
    let add = |name: &'static str, kind: &'static str| {
        ["user", "add", "--kind", "citizen", "--username", name, "--second-factor", kind]
    };
    for (kind, attribute) in [("sms", "mobile_phone"), ("mail", "email")] {
        let refused = tamga.refused(&add("a", kind));
        assert!(refused.contains(&format!("give --attribute {attribute}=VALUE")), "{refused}");
    }
    let made = tamga.json(&add("b", "totp"));
    let secret = made["totp"]["secret"].as_str().unwrap();
    assert_eq!(secret.len(), 32, "160 bits in base32");
    let uri = made["totp"]["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/") && uri.contains(secret), "{uri}");
    let phone = ["--attribute", "mobile_phone=+66812345678@1"];
    assert!(tamga.json(&[&add("c", "sms")[..], &phone].concat())["totp"].is_null());
    let kept: Vec<(String, Option<Vec<u8>>)> =
        sqlx::query_as("SELECT kind, sealed FROM credentials ORDER BY kind")
            .fetch_all(&tamga.database.pool().await)
            .await
            .unwrap();
    assert_eq!(kept.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>(), ["sms", "totp"]);
    assert!(kept[1].1.as_ref().is_some_and(|sealed| sealed.len() > 20), "sealed");
    assert!(!tamga.run(&["journal", "export"]).out.contains(secret));
}
