//! `tamga user ...`

use serde_json::json;
use tamga::{secret::Token, store::password_links};
use time::Duration;

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
    "citizen_id=1234567890121@2",
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
            &["--username", "b", "--attribute", "citizen_id=1234567890121@3"],
            "another account holds this identifier",
        ),
        (&["--username", "b", "--attribute", "emial=a@b.example"], "did you mean `email`?"),
        (&["--username", "b", "--attribute", "date_of_birth=2001-02-30"], "YYYY-MM-DD"),
        (&["--username", "b", "--attribute", "date_of_birth=2999-01-01"], "1900-01-01 to today"),
        (&["--username", "b", "--attribute", "citizen_id=1234567890123"], "check digit"),
        (&["--username", "b", "--attribute", "iin=900515400124@2"], "check digit"),
        (&["--username", "b", "--attribute", "mobile_phone=0812345678"], "country's code"),
        (&["--username", "b", "--attribute", "photo=x"], "is a file"),
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
        "citizen_id=1234567890121@1",
    ]);
    let risen = tamga.refused(&["user", "set", "b", "--attribute", "citizen_id=1234567890121@2"]);
    assert!(risen.contains("another account"), "{risen}");
    assert_eq!(tamga.json(&["user", "list"])["users"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn values_are_kept_in_one_form_and_the_journal_knows_no_identifier() {
    let tamga = installation().await;
    tamga.json_with(&SOMCHAI, "correct horse");
    let set = ["citizen_id=1-1010-02345-67-4@2", "mobile_phone=+66 (81) 234-5678@1", "occupation= ครู "];
    let options = set.iter().flat_map(|given| ["--attribute", given]);
    let arguments: Vec<&str> = ["user", "set", "somchai"].into_iter().chain(options).collect();
    let held = &tamga.json(&arguments)["attributes"];
    assert_eq!(held["citizen_id"]["value"], "1101002345674");
    assert_eq!(held["mobile_phone"]["value"], "+66812345678");
    assert_eq!(held["occupation"]["value"], "ครู");
    let journal = tamga.run(&["journal", "export"]).out;
    assert!(journal.contains("+66812345678") && journal.contains("citizen_id"), "{journal}");
    assert!(!journal.contains("1101002345674") && !journal.contains("1234567890121"), "{journal}");
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
    let (digest, now) = (Token::from(token).digest(), tamga::clock::Clock::System.now());
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

#[tokio::test]
async fn roles_are_granted_shown_and_taken_away() {
    let tamga = installation().await;
    tamga.json_with(&SOMCHAI, "correct horse");
    fn grant<'a>(options: &[&'a str]) -> Vec<&'a str> {
        [&["user", "grant", "somchai"], options].concat()
    }
    let refused = tamga.refused(&grant(&["--role", "agency-administrator"]));
    assert!(refused.contains("--agency"), "{refused}");
    let refused = tamga.refused(&grant(&["--role", "registrar", "--agency", "Revenue"]));
    assert!(refused.contains("no agency"), "{refused}");
    tamga.json(&grant(&["--role", "registrar"]));
    tamga.json(&grant(&["--role", "registrar"]));
    tamga.json(&grant(&["--role", "agency-administrator", "--agency", "Revenue"]));
    let both = json!([{"role": "registrar"}, {"role": "agency-administrator", "agency": "Revenue"}]);
    assert_eq!(tamga.json(&["user", "show", "somchai"])["roles"], both);
    let revoke = ["user", "revoke-role", "somchai", "--role", "registrar"];
    tamga.json(&revoke);
    let left = tamga.json(&revoke);
    assert_eq!(left["roles"], json!([{"role": "agency-administrator", "agency": "Revenue"}]));
    assert_eq!(tamga.journal(), ["user.insert", "role.grant", "role.grant", "role.revoke"], "changes alone");
}

#[tokio::test]
async fn an_organisation_alone_has_representatives() {
    let tamga = installation().await;
    tamga.json_with(&SOMCHAI, "correct horse");
    let refused = tamga.refused(&["user", "representative", "somchai", "--add", "citizen_id=1101002345674"]);
    assert!(refused.contains("no juristic person"), "{refused}");
    tamga.json(&["user", "add", "--kind", "juristic-person", "--username", "company"]);
    let change =
        |option: &str, given: &str| tamga.json(&["user", "representative", "company", option, given]);
    assert_eq!(change("--add", "citizen_id=1101002345674")["changed"], true);
    assert_eq!(change("--add", "citizen_id=1101002345674")["changed"], false);
    assert_eq!(change("--remove", "citizen_id=1101002345674")["changed"], true);
    assert_eq!(change("--remove", "citizen_id=1101002345674")["changed"], false);
    assert_eq!(change("--add", "citizen_id=1101002345674")["changed"], true, "again");
    let refused = tamga.refused(&["user", "representative", "company", "--add", "email=a@b.example"]);
    assert!(refused.contains("citizen_id"), "{refused}");
    assert!(!tamga.run(&["journal", "export"]).out.contains("1101002345674"));
}

#[tokio::test]
async fn an_operator_is_told_for_whom_they_may_act() {
    let tamga = installation().await;
    tamga.json(&["user", "add", "--kind", "citizen", "--username", "somchai"]);
    let set = |options: &[&'static str]| [&["user", "set", "somchai"], options].concat();
    let both = ["--may-act-for", "organisation", "--may-act-for", "kind:foreigner"];
    for _ in 0..2 {
        assert_eq!(tamga.json(&set(&both))["may_act_for"], json!(["organisation", "kind:foreigner"]));
    }
    assert!(tamga.run(&["user", "show", "somchai"]).out.contains("organisation, kind:foreigner"));
    let refused = tamga.refused(&set(&["--may-act-for", "all", "--may-act-for", "organisation"]));
    assert!(refused.contains("everybody already"), "{refused}");
    assert_eq!(tamga.run(&set(&[])).code, 2);
    assert_eq!(tamga.json(&set(&["--may-act-for", ""]))["may_act_for"], json!([]));
    let changes = tamga.journal().into_iter().filter(|action| action == "user.set_may_act_for").count();
    assert_eq!(changes, 2, "what changes nothing is not written");
}
