//! What `tamga doctor` and `tamga config check` say of the ways messages go out.

use serde_json::Value;

use super::{Installation, installation, outcome};
use crate::support::{gateway::Gateway, smtp::MailSink};

/// Verdict and message of one check.
fn check(tamga: &Installation, name: &str, settings: &[(&str, &str)]) -> (String, String) {
    let mut command = tamga.command(&["doctor", "--output", "json"]);
    command.envs(settings.iter().copied());
    let report: Value = serde_json::from_str(&outcome(command, "").out).unwrap();
    let checks = report["checks"].as_array().unwrap().iter();
    let found = checks.clone().find(|check| check["name"] == name).unwrap_or_else(|| panic!("{report}"));
    let text = |key: &str| found[key].as_str().unwrap().to_owned();
    (text("verdict"), text("message"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_reaches_the_gateways_without_sending_anything() {
    let (tamga, gateway, sink) = (installation().await, Gateway::start().await, MailSink::start().await);
    let (url, port) = (format!("{}/send?key=hunter2", gateway.address()), sink.port());
    let sms = [("TAMGA_SMS__URL", url.as_str()), ("TAMGA_SMS__BODY", "{{ text | json }}")];
    let mail = |port| {
        [
            ("TAMGA_MAIL__HOST", "localhost"),
            ("TAMGA_MAIL__PORT", port),
            ("TAMGA_MAIL__TLS", "none"),
            ("TAMGA_MAIL__FROM", "a@example.org"),
            ("TAMGA_MAIL__USERNAME", "tamga"),
            ("TAMGA_MAIL__PASSWORD", "hunter2"),
        ]
    };
    assert_eq!(check(&tamga, "sms", &sms).0, "ok");
    assert_eq!(check(&tamga, "mail", &mail(&port)).0, "ok");
    assert_eq!((gateway.asked()[0].uri.path(), gateway.asked()[0].uri.query()), ("/", None));
    assert_eq!((sink.received().len(), sink.logins().len()), (0, 1));
    assert_eq!(check(&tamga, "sms", &[]).0, "warning");
    assert_eq!(check(&tamga, "mail", &[]).0, "warning");
    drop((gateway, sink));
    let (verdict, message) = check(&tamga, "sms", &sms);
    assert!(
        verdict == "fault" && message.contains("look at sms.url") && !message.contains("hunter2"),
        "{message}"
    );
    let (verdict, message) = check(&tamga, "mail", &mail(&port));
    assert!(verdict == "fault" && message.contains("look at mail.host"), "{message}");
}

#[tokio::test]
async fn a_template_that_lets_a_text_break_out_is_a_fault_of_the_settings() {
    let tamga = installation().await;
    let mut command = tamga.command(&["config", "check"]);
    command.env("TAMGA_SMS__URL", "https://sms.example.org/");
    command.env("TAMGA_SMS__BODY", "{\"text\": \"{{ text }}\"}");
    let done = outcome(command, "");
    assert!(done.code == 1 && done.err.contains("sms.body: takes a value as it is"), "{}", done.err);
}
