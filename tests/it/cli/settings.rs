//! `tamga config check`, `migrate`, and how commands fail that can't begin.

use super::{installation, outcome};

#[tokio::test]
async fn config_check_prints_every_fault_at_once() {
    let tamga = installation().await;
    assert_eq!(tamga.run(&["config", "check"]).code, 0);
    let mut command = tamga.command(&["config", "check"]);
    command
        .env("TAMGA_SERVER__LISTEN", "here")
        .env("TAMGA_SERVR__LISTEN", "x")
        .env("TAMGA_OAUTH2__CODE_TTL", "1h");
    let done = outcome(command, "");
    assert_eq!((done.code, done.out.as_str()), (1, ""));
    for key in ["server.listen", "servr", "did you mean `server`?", "oauth2.code_ttl"] {
        assert!(done.err.contains(key), "{key}: {}", done.err);
    }
}

#[tokio::test]
async fn config_check_reads_what_the_settings_name() {
    let tamga = installation().await;
    std::fs::create_dir_all(tamga.folder.join("own/pages")).unwrap();
    std::fs::write(tamga.folder.join("own/pages/login.html"), "{% if %}").unwrap();
    std::fs::write(tamga.folder.join("cert.pem"), "nothing").unwrap();
    let mut command = tamga.command(&["config", "check"]);
    command.env("TAMGA_BRANDING__TEMPLATES_DIR", "own");
    command.env("TAMGA_TLS__CERTIFICATE", "cert.pem").env("TAMGA_TLS__KEY", "cert.pem");
    let done = outcome(command, "");
    assert_eq!(done.code, 1);
    assert!(done.err.contains("login.html") && done.err.contains("tls.certificate"), "{}", done.err);
}

#[tokio::test]
async fn a_database_without_its_migrations_is_named_and_mended() {
    let tamga = installation().await;
    let pool = tamga.database.pool().await;
    sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute(&pool).await.unwrap();
    assert!(tamga.refused(&["client", "list"]).contains("run `tamga migrate` first"));
    let applied = tamga.json(&["migrate"]);
    assert_eq!(applied["applied"].as_array().unwrap().len(), tamga::MIGRATOR.iter().count());
    assert_eq!(tamga.json(&["migrate"])["applied"].as_array().unwrap().len(), 0);
    assert_eq!(tamga.run(&["client", "list"]).code, 0);
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_so() {
    let tamga = installation().await;
    let mut command = tamga.command(&["client", "list"]);
    command.env("TAMGA_DATABASE__URL", "postgresql://tamga:hidden-word@127.0.0.1:1/tamga");
    let done = outcome(command, "");
    assert_eq!(done.code, 1);
    assert!(done.err.contains("can't be reached") && !done.err.contains("hidden-word"), "{}", done.err);
}

#[tokio::test]
async fn in_a_development_folder_commands_use_its_private_database_and_key() {
    let tamga = installation().await;
    let own = tamga.folder.join(".tamga");
    std::fs::create_dir_all(own.join("postgres")).unwrap();
    let without = |arguments: &[&str]| {
        let mut command = tamga.command(arguments);
        command.env_remove("TAMGA_DATABASE__URL").env_remove("TAMGA_SECRETS__ENCRYPTION_KEYS");
        command
    };
    tamga::cli::environment::ensure_encryption_key(&own).unwrap();
    assert_eq!(outcome(without(&["migrate"]), "").code, 0);
    let add = ["user", "add", "--kind", "citizen", "--username", "somchai"];
    assert_eq!(outcome(without(&add), "").code, 0);
    // Stopped in between; the account is there again, and not in the other database.
    let listed = outcome(without(&["user", "list"]), "");
    assert_eq!((listed.out.as_str(), listed.err.as_str()), ("somchai  citizen\n", ""));
    assert_eq!(tamga.json(&["user", "list"])["users"], serde_json::json!([]));
    // A server never takes them.
    assert!(outcome(without(&["serve"]), "").err.contains("database.url: is missing"));
}
