//! `tamga serve`, and the commands that look at what it made.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use super::{Installation, installation};
use crate::support::pki::{Holder, Scratch};

/// A server on a port of its own; killed with this value.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn the_second_port_asks_for_certificates_and_the_first_does_not() {
    let tamga = installation().await;
    let own = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = [Scratch::new(&own.cert.pem()), Scratch::new(&own.signing_key.serialize_pem())];
    let second = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let portal = ["--redirect-uri", "https://portal.example/cb", "--allowed-flow", "authorization-code"];
    let add = ["client", "add", "--identifier", "portal", "--name", "Portal", "--generate-secret"];
    tamga.json(&[&add[..], &portal].concat());
    let mut command = tamga.command(&["serve"]);
    command.env("TAMGA_SERVER__LISTEN", "127.0.0.1:0").env("TAMGA_TLS__MTLS_PORT", second.to_string());
    command.env("TAMGA_TLS__CERTIFICATE", files[0].path()).env("TAMGA_TLS__KEY", files[1].path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("https://").unwrap().1.to_owned();
    let first: u16 = address.rsplit_once(':').unwrap().1.parse().unwrap();
    let _server = Server { child, address };

    let holder = Holder::self_signed(|_| {});
    let pem = holder.key.serialize_pem() + &holder.certificate.pem();
    let client = reqwest::Client::builder()
        .use_rustls_tls()
        .identity(reqwest::Identity::from_pem(pem.as_bytes()).unwrap())
        .add_root_certificate(reqwest::Certificate::from_der(own.cert.der()).unwrap())
        .no_proxy()
        .build()
        .unwrap();
    let path = "/oauth2/authorize/certificate?client_id=portal&response_type=code&scope=openid\
                &redirect_uri=https%3A%2F%2Fportal.example%2Fcb";
    for (port, code) in [(first, "certificate_missing"), (second, "certificate_unknown")] {
        let answer = client.get(format!("https://localhost:{port}{path}")).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 401);
        let page = answer.text().await.unwrap();
        assert!(page.contains(code), "{port}: {page}");
    }
}

fn serve(tamga: &Installation) -> Server {
    let mut command = tamga.command(&["serve"]);
    command.env("TAMGA_SERVER__LISTEN", "127.0.0.1:0").env("TAMGA_METRICS__LISTEN", "127.0.0.1:0");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit_once("http://").unwrap().1.to_owned();
    Server { child, address }
}

#[tokio::test]
async fn it_migrates_listens_makes_keys_and_stops_when_told() {
    let tamga = installation().await;
    sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        .execute(&tamga.database.pool().await)
        .await
        .unwrap();
    let mut server = serve(&tamga);
    tokio::net::TcpStream::connect(&server.address).await.unwrap();
    let keys = tamga.json(&["keys", "list"])["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 8);
    let pid = server.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let ended = tokio::task::spawn_blocking(move || server.child.wait().unwrap());
    assert!(tokio::time::timeout(Duration::from_secs(20), ended).await.unwrap().unwrap().success());
}

#[tokio::test]
async fn keys_rotate_and_only_former_ones_retire() {
    let tamga = installation().await;
    assert!(tamga.refused(&["keys", "rotate"]).contains("start the server once"));
    drop(serve(&tamga));
    let keys = |status: &str| -> Vec<Value> {
        let all = tamga.json(&["keys", "list"])["keys"].as_array().unwrap().clone();
        all.into_iter().filter(|key| key["status"] == status && key["alg"] == "ES256").collect()
    };
    let kid = |key: &Value| key["kid"].as_str().unwrap().to_owned();
    let (signs, waits) = (kid(&keys("signs")[0]), kid(&keys("waits")[0]));
    assert!(tamga.refused(&["keys", "retire", &signs]).contains("rotate --alg ES256"));
    assert!(tamga.refused(&["keys", "retire", &waits]).contains("waits"));
    let rotated = tamga.json(&["keys", "rotate", "--alg", "ES256"]);
    assert_eq!(rotated["rotated"][0]["active"], json!(waits));
    let due = rotated["rotated"][0]["rotates_at"].as_str().unwrap().to_owned();
    assert_eq!(
        (&keys("signs")[0]["rotates_at"], &keys("waits")[0]["rotates_at"]),
        (&json!(due), &Value::Null)
    );
    assert_eq!(kid(&keys("published")[0]), signs);
    assert_eq!(tamga.json(&["keys", "retire", &signs])["rotates_at"], json!(due));
    assert_eq!(kid(&keys("retired")[0]), signs);
    assert!(tamga.refused(&["keys", "retire", &signs]).contains("already"));
    assert!(tamga.journal().contains(&"key.retire".to_owned()));
}

#[tokio::test]
async fn the_journal_is_sealed_and_a_change_is_found() {
    let tamga = installation().await;
    let _server = serve(&tamga);
    let give_up = std::time::Instant::now() + Duration::from_secs(30);
    while tamga.json(&["journal", "head"])["batch"] == json!(0) {
        assert!(std::time::Instant::now() < give_up);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(tamga.json(&["journal", "head"])["hash"].as_str().unwrap().len(), 64);
    assert_eq!(tamga.json(&["journal", "verify"])["ok"], true);
    sqlx::raw_sql(
        "ALTER TABLE journal DISABLE TRIGGER USER; UPDATE journal SET subject_id = 'other' WHERE seq = 1",
    )
    .execute(&tamga.database.pool().await)
    .await
    .unwrap();
    let done = tamga.run(&["journal", "verify", "--output", "json"]);
    assert_eq!(done.code, 1);
    assert_eq!(serde_json::from_str::<Value>(&done.out).unwrap()["broken"], json!({"batch": 1, "seq": 1}));
    assert!(done.err.contains("batch 1 does not fit"), "{}", done.err);
}

#[tokio::test]
async fn the_doctor_looks_at_everything() {
    let tamga = installation().await;
    let done = tamga.run(&["doctor", "--output", "json"]);
    let found: Value = serde_json::from_str(&done.out).unwrap();
    let verdict = |name: &str| {
        let checks = found["checks"].as_array().unwrap();
        checks.iter().find(|check| check["name"] == name).unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    for (name, expected) in
        [("settings", "ok"), ("database", "ok"), ("clock", "ok"), ("schema", "ok"), ("keys", "warning")]
    {
        assert_eq!(verdict(name), expected, "{name}");
    }
    drop(serve(&tamga));
    let mut command = tamga.command(&["doctor"]);
    command.env("TAMGA_SECRETS__ENCRYPTION_KEYS", format!("other:{}=", "E".repeat(43)));
    let done = super::outcome(command, "");
    assert_eq!(done.code, 1);
    assert!(done.out.contains("`t`") && done.out.contains("put the encryption key"), "{}", done.out);
    let mut command = tamga.command(&["doctor", "--ready"]);
    command.env("TAMGA_SERVER__LISTEN", "127.0.0.1:1");
    assert!(super::outcome(command, "").err.contains("not ready"));
}
