//! The document and its schema (`docs/schemas/member.xsd`), read by xmllint.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::Scene;

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas")
}

/// Whether a document is one of the schema, and what xmllint says.
fn validated(document: &str) -> (bool, String) {
    let mut lint = Command::new("xmllint")
        .arg("--noout")
        .arg("--nonet")
        .arg("--schema")
        .arg(schemas().join("member.xsd"))
        .arg("-")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint; scripts/setup test installs it");
    lint.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let output = lint.wait_with_output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[track_caller]
fn assert_valid(document: &str) {
    let (valid, said) = validated(document);
    assert!(valid, "{said}{document}");
}

#[test]
fn the_examples_of_each_kind_are_of_the_schema() {
    for kind in ["citizen", "juristic-person", "foreigner", "government-agent"] {
        assert_valid(&std::fs::read_to_string(schemas().join(format!("{kind}.xml"))).unwrap());
    }
}

#[test]
fn the_schema_refuses_what_is_not_the_document() {
    let good = std::fs::read_to_string(schemas().join("government-agent.xml")).unwrap();
    for (what, bad) in [
        ("an element left out", good.replace("  <Title VerifiedLevel=\"VerifiedLevel1\">Mr</Title>\n", "")),
        (
            "another order",
            good.replace("Telephone", "X").replace("Email", "Telephone").replace("<X ", "<Email "),
        ),
        ("no level", good.replacen(" VerifiedLevel=\"VerifiedLevel1\"", "", 1)),
        ("an unknown level", good.replacen("VerifiedLevel1", "VerifiedLevel4", 1)),
        ("an unknown kind", good.replace("GovernmentAgent", "Official")),
        ("no date", good.replace("1990-05-15", "15 May 1990")),
        ("no code", good.replace(" Code=\"007\"", "")),
    ] {
        assert_ne!(bad, good, "{what}");
        assert!(!validated(&bad).0, "{what}");
    }
}

#[tokio::test]
async fn what_the_server_gives_and_refuses_is_of_the_schema() {
    let mut scene = Scene::new().await;
    let access = scene.access_token("profile email phone").await;
    assert_valid(&scene.user_info(&access).await.body);
    assert_valid(&scene.user_info_by_bearer("made-up").await.body);
}
