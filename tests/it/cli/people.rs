//! `tamga import` and `tamga export --users`

use std::fs;

use serde_json::json;

use super::installation;

/// By crypt_blowfish, of `U*U`.
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

fn people() -> String {
    let lines = [
        json!({"kind": "citizen", "username": "somchai", "password_hash": BCRYPT, "locale": "th",
               "attributes": {"first_name": "สมชาย", "email": {"value": "somchai@example.org", "level": 1},
                              "citizen_id": {"value": "1101002345674", "level": 2}}}),
        json!({"kind": "juristic-person", "username": "company"}),
    ];
    format!("{}\n\n{}\n", lines[0], lines[1])
}

#[tokio::test]
async fn what_is_exported_can_be_imported_elsewhere_and_again() {
    let (from, to) = (installation().await, installation().await);
    assert_eq!(from.json_with(&["import", "-"], &people()), json!({"imported": 2, "present": 0}));
    let exported = from.run(&["export", "--users"]).out;
    assert_eq!(exported.lines().count(), 2);
    fs::write(to.folder.join("people.jsonl"), &exported).unwrap();
    assert_eq!(to.json(&["import", "people.jsonl"]), json!({"imported": 2, "present": 0}));
    assert_eq!(to.run(&["export", "--users"]).out, exported);
    assert_eq!(to.json(&["import", "people.jsonl"]), json!({"imported": 0, "present": 2}));
    let shown = to.json(&["user", "show", "somchai"]);
    assert_eq!((shown["level"].as_i64(), shown["locale"].as_str()), (Some(2), Some("th")));
    assert_eq!(shown["attributes"]["email"]["source"], "import");
    assert_eq!(shown["attributes"]["first_name"]["level"], 0);
    assert_eq!(to.journal(), ["user.insert", "user.insert"]);
    assert!(!to.run(&["journal", "export"]).out.contains(BCRYPT));
}

#[tokio::test]
async fn every_fault_is_told_with_its_line_and_nobody_is_imported() {
    let tamga = installation().await;
    let lines = [
        r#"{"kind":"citizen","username":"good"}"#,
        r#"{"kind":"citizen"}"#,
        r#"{"kind":"alien","username":"a"}"#,
        r#"{"kind":"citizen","username":"GOOD"}"#,
        r#"{"kind":"citizen","username":"b","password_hash":"plain text"}"#,
        r#"{"kind":"citizen","username":"c","password_hash":"pbkdf2_sha256$999999999$salt$dIeuBcpbpnbKxBYv4wF3J8fZD6sP615z8d5utx2uERA="}"#,
        r#"{"kind":"citizen","username":"d","attributes":{"emial":"a@b.example","date_of_birth":"2001-02-30"}}"#,
        r#"{"kind":"citizen","username":"e","attributes":{"email":{"value":"a@b.example","level":4}}}"#,
        r#"{"kind":"citizen","username":"f","surname":"x"}"#,
        "not json",
    ];
    let refused = tamga.refused_with(&["import", "-"], &lines.join("\n"));
    for words in [
        "line 2: is not a person: missing field `username`",
        "line 3: is not a person: `alien` is not one of citizen",
        "line 4: username: line 1 has the same",
        "line 5: password_hash: the hash is of no kind that can be checked",
        "line 6: password_hash: the hash asks for more work than is allowed",
        "line 7: date_of_birth: ",
        "line 7: emial: is not known here; did you mean `email`?",
        "line 8: is not a person: ",
        "line 9: is not a person: unknown field `surname`",
        "line 10: is not a person: ",
    ] {
        assert!(refused.contains(words), "{words}\n{refused}");
    }
    assert!(!refused.contains("line 1:") && !refused.contains("plain text"), "{refused}");
    assert_eq!(tamga.json(&["user", "list"])["users"], json!([]));
}

#[tokio::test]
async fn an_identifier_that_is_taken_stops_the_whole_file() {
    let tamga = installation().await;
    tamga.json_with(&["import", "-"], &people());
    let holder = |name: &str| {
        format!(
            r#"{{"kind":"citizen","username":"{name}","attributes":{{"citizen_id":{{"value":"1101002345674","level":2}}}}}}"#
        )
    };
    let file = format!("{{\"kind\":\"citizen\",\"username\":\"fine\"}}\n{}\n", holder("other"));
    let refused = tamga.refused_with(&["import", "-"], &file);
    assert!(refused.contains("line 2: another account holds this identifier"), "{refused}");
    let twice = tamga.refused_with(&["import", "-"], &format!("{}\n{}", holder("x"), holder("y")));
    assert!(twice.contains("line 2: citizen_id: an earlier line holds the same identifier"), "{twice}");
    assert_eq!(tamga.json(&["user", "list"])["users"].as_array().unwrap().len(), 2);
}
