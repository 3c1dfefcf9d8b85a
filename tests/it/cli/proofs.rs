//! What clients and people prove themselves by, on the command line.

use std::fs;

use serde_json::json;

use super::{Installation, installation};
use crate::support::{
    pki::{Authority, Holder},
    signer::Signer,
};

impl Installation {
    /// A file in the installation's folder.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

/// A new service with these options beside.
fn service<'a>(options: &[&'a str]) -> Vec<&'a str> {
    let usual = ["client", "add", "--identifier", "service", "--name", "Service", "--allowed-flow"];
    [&usual[..], &["client-credentials"], options].concat()
}

#[tokio::test]
async fn add_secret_takes_certificates_and_remove_secret_takes_them_away() {
    let tamga = installation().await;
    tamga.json(&service(&["--generate-secret"]));
    let holder = Holder::self_signed(|_| {});
    let pem = tamga.file("system.pem", &holder.certificate.pem());
    let add = ["client", "add-secret", "service", "--type", "certificate", "--pem", &pem, "--expires", "90d"];
    let added = tamga.json(&add);
    assert!(added["expires_at"].is_string(), "{added}");
    assert_eq!(added["subject"], "CN=system");
    assert_eq!(
        added["auth_methods"],
        json!(["client_secret_basic", "client_secret_post", "self_signed_tls_client_auth"])
    );
    assert!(tamga.refused(&add).contains("already"));
    // Another certificate of the same key is the same to us.
    let shown = tamga.json(&["client", "show", "service"]);
    assert_eq!(shown["certificates"][0]["secret_id"], added["secret_id"]);
    assert_eq!(shown["certificates"][0]["key_sha256"].as_str().unwrap().len(), 64);
    let text = tamga.run(&["client", "show", "service"]).out;
    assert!(text.contains("CN=system, key "), "{text}");
    let id = added["secret_id"].as_str().unwrap();
    tamga.json(&["client", "remove-secret", "service", id]);
    assert!(tamga.refused(&["client", "remove-secret", "service", id]).contains("has no secret"));
    assert_eq!(tamga.json(&["client", "show", "service"])["certificates"], json!([]));
    let actions = tamga.journal();
    for action in ["client.insert_certificate", "client.remove_certificate"] {
        assert!(actions.iter().any(|done| done == action), "{actions:?}");
    }
}

#[tokio::test]
async fn certificates_that_are_none_or_hold_more_are_refused() {
    let tamga = installation().await;
    tamga.json(&service(&["--generate-secret"]));
    let holder = Holder::self_signed(|_| {});
    let key = tamga.file("key.pem", &(holder.certificate.pem() + &holder.key.serialize_pem()));
    let nonsense = tamga.file("nonsense.pem", "nonsense");
    let good = tamga.file("good.pem", &holder.certificate.pem());
    let refused =
        |arguments: &[&str]| tamga.refused(&[&["client", "add-secret", "service"], arguments].concat());
    assert!(refused(&["--type", "certificate", "--pem", &key]).contains("private key"));
    assert!(refused(&["--type", "certificate", "--pem", &nonsense]).contains("well-formed"));
    assert!(refused(&["--type", "certificate", "--pem", "/nowhere"]).contains("/nowhere"));
    assert!(refused(&["--type", "certificate", "--generate"]).contains("--pem"));
    assert!(refused(&["--pem", &good]).contains("--type certificate"));
}

#[tokio::test]
async fn a_client_with_keys_or_a_certificate_needs_no_secret() {
    let tamga = installation().await;
    let signer = Signer::new("one");
    let jwks = tamga.file("jwks.json", &signer.jwks().to_string());
    let pem = tamga.file("system.pem", &Holder::self_signed(|_| {}).certificate.pem());
    let added = tamga.json(&service(&["--jwks", &jwks, "--certificate", &pem, "--assertion-alg", "ES256"]));
    assert_eq!(added["auth_methods"], json!(["private_key_jwt", "self_signed_tls_client_auth"]));
    assert_eq!(added["jwks"], signer.jwks());
    assert_eq!(added["assertion_alg"], "ES256");
    assert_eq!(added["certificates"].as_array().unwrap().len(), 1);
    // By address, and the file's keys are forgotten.
    let changed = tamga.json(&["client", "set", "service", "--jwks", "https://service.example/jwks"]);
    assert_eq!(
        (&changed["jwks_uri"], &changed["jwks"]),
        (&json!("https://service.example/jwks"), &json!(null))
    );
    let without = tamga.refused(&["client", "set", "service", "--jwks", ""]);
    assert!(without.contains("private_key_jwt") && without.contains("--jwks"), "{without}");
}

#[tokio::test]
async fn keys_that_will_not_do_are_refused() {
    let tamga = installation().await;
    let mut private = Signer::new("one").jwks();
    private["keys"][0]["d"] = json!("AA");
    for (text, why) in [
        (private.to_string(), "private key"),
        ("{}".to_owned(), "holds no keys"),
        ("nonsense".to_owned(), "no JSON"),
        (r#"{"keys":[{"kty":"oct","k":"AA"}]}"#.to_owned(), "private key"),
        (r#"{"keys":[{"kty":"EC","crv":"secp256k1"}]}"#.to_owned(), "not served"),
    ] {
        let file = tamga.file("jwks.json", &text);
        let refused = tamga.refused(&service(&["--jwks", &file]));
        assert!(refused.contains(why), "{refused}");
    }
    for address in
        ["http://service.example/jwks", "https://127.0.0.1/jwks", "https://169.254.169.254/", "ftp://x/"]
    {
        let refused = tamga.refused(&service(&["--jwks", address]));
        assert!(refused.contains("refused to fetch"), "{refused}");
    }
}

#[tokio::test]
async fn ways_of_authentication_that_cannot_work_are_refused_with_what_to_do() {
    let tamga = installation().await;
    for (options, advice) in [
        (&["--auth-method", "private_key_jwt"][..], "--jwks"),
        (&["--auth-method", "client_secret_jwt"], "--generate-secret"),
        (&["--auth-method", "self_signed_tls_client_auth"], "--certificate FILE"),
        (&["--auth-method", "tls_client_auth"], "--tls-client-auth-san-dns"),
        (&["--tls-client-auth-san-dns", "system.example"], "tls.client_ca"),
        (&["--tls-client-auth-san-dns", "*.example"], "write it like"),
        (&["--tls-client-auth-subject-dn", "system"], "write it like CN="),
        (&["--tls-client-auth-san-ip", "system"], "write it like"),
        (&["--auth-method", "none"], "--type public"),
        (&[], "--generate-secret"),
    ] {
        let refused = tamga.refused(&service(options));
        assert!(refused.contains(advice), "{options:?}: {refused}");
    }
    let both = ["--tls-client-auth-san-dns", "a.example", "--tls-client-auth-san-ip", "192.0.2.1"];
    assert_eq!(tamga.run(&service(&both)).code, 2, "exactly one name");
    let short = [&service(&["--auth-method", "client_secret_jwt", "--secret-stdin"])[..]].concat();
    assert!(tamga.refused_with(&short, "0123456789abcdef\n").contains("32 characters"));
}

#[tokio::test]
async fn a_client_of_an_authority_is_registered_by_a_name_and_its_tokens_are_bound() {
    let tamga = installation().await;
    let ca = tamga.file("ca.pem", &Authority::new("Root").pem());
    let folder = tamga.folder.join("config");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("tamga.toml"), format!("[tls]\nclient_ca = {ca:?}\n")).unwrap();
    let added = tamga.json(&service(&["--tls-client-auth-san-dns", "system.example"]));
    assert_eq!(added["auth_methods"], json!(["tls_client_auth"]));
    assert_eq!(added["tls_client_auth"], json!({"san_dns": "system.example"}));
    let set = ["client", "set", "service", "--certificate-bound-access-tokens", "true"];
    let changed = tamga.json(&[&set[..], &["--tls-client-auth-subject-dn", "CN=system,C=MN"]].concat());
    assert_eq!(changed["certificate_bound_access_tokens"], json!(true));
    assert_eq!(changed["tls_client_auth"], json!({"subject_dn": "CN=system,C=MN"}));
    let text = tamga.run(&["client", "show", "service"]).out;
    assert!(text.contains("subject CN=system,C=MN"), "{text}");
}

#[tokio::test]
async fn a_client_that_turns_to_signing_with_its_secret_is_told_that_it_needs_another() {
    let tamga = installation().await;
    tamga.json(&service(&["--generate-secret"]));
    let done = tamga.run(&["client", "set", "service", "--auth-method", "client_secret_jwt"]);
    assert!(done.code == 0 && done.out.contains("add-secret service --generate"), "{}{}", done.out, done.err);
    tamga.json(&["client", "add-secret", "service", "--generate"]);
    let done = tamga.run(&["client", "set", "service", "--name", "Other"]);
    assert!(done.code == 0 && !done.out.contains("add-secret"), "{}", done.out);
}

#[tokio::test]
async fn a_person_is_given_certificates_to_sign_in_with() {
    let tamga = installation().await;
    for username in ["bat", "dorj"] {
        tamga.json(&["user", "add", "--kind", "citizen", "--username", username]);
    }
    let pem = tamga.file("bat.pem", &Holder::self_signed(|_| {}).certificate.pem());
    let added = tamga.json(&["user", "add-certificate", "bat", "--pem", &pem]);
    assert_eq!(added["subject"], "CN=system");
    assert_eq!(added["fingerprint_sha256"].as_str().unwrap().len(), 64);
    assert!(
        tamga.refused(&["user", "add-certificate", "dorj", "--pem", &pem]).contains("somebody's already")
    );
    let shown = tamga.json(&["user", "show", "bat"]);
    assert_eq!(shown["certificates"][0]["certificate_id"], added["certificate_id"]);
    let id = added["certificate_id"].as_str().unwrap();
    assert!(tamga.refused(&["user", "remove-certificate", "dorj", id]).contains("has no certificate"));
    tamga.json(&["user", "remove-certificate", "bat", id]);
    tamga.json(&["user", "add-certificate", "dorj", "--pem", &pem]);
    let old = Holder::self_signed(|params| params.not_after = rcgen::date_time_ymd(2021, 1, 1));
    let old = tamga.file("old.pem", &old.certificate.pem());
    assert!(tamga.refused(&["user", "add-certificate", "bat", "--pem", &old]).contains("expired"));
}
