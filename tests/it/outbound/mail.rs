//! Mail, to an SMTP server.

use base64::{Engine, engine::general_purpose::STANDARD};
use time::Duration;

use super::{deliver, put, state};
use crate::support::{
    app::TestApp,
    smtp::{MailSink, Received},
};

const ADDRESS: &str = "somchai@citizen.example";
const TEXT: &str = "Ваш код 123456 действует 5 минут.\n\nรหัสของคุณคือ 123456\n.\nA line after a lone dot.\n";

async fn app(sink: &MailSink, more: &[(&str, &str)]) -> TestApp {
    let port = sink.port();
    let usual = [
        ("mail.host", "localhost"),
        ("mail.port", port.as_str()),
        ("mail.from", "Тамга <no-reply@sso.test.example>"),
    ];
    TestApp::with(&[&usual, more].concat()).await
}

const PLAIN: [(&str, &str); 1] = [("mail.tls", "none")];

fn header<'a>(mail: &'a Received, name: &str) -> &'a str {
    let prefix = format!("{name}: ");
    mail.data.lines().find_map(|line| line.strip_prefix(prefix.as_str())).unwrap_or_default()
}

/// The words of an encoded header (RFC 2047), its lines unfolded.
fn subject(mail: &Received) -> String {
    let head = mail.data.split("\n\n").next().unwrap().replace("\n ", " ");
    let line = head.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap().to_owned();
    let mut bytes = Vec::new();
    for word in line.split(' ') {
        let inner = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
        bytes.extend(STANDARD.decode(inner.unwrap_or_else(|| panic!("{line}"))).unwrap());
    }
    String::from_utf8(bytes).unwrap()
}

fn body(mail: &Received) -> String {
    let (_, body) = mail.data.split_once("\n\n").unwrap();
    match header(mail, "Content-Transfer-Encoding") {
        "base64" => {
            String::from_utf8(STANDARD.decode(body.replace('\n', "")).unwrap()).unwrap().replace("\r\n", "\n")
        }
        "8bit" | "7bit" => body.to_owned(),
        "quoted-printable" => unquoted(body),
        other => panic!("{other}"),
    }
}

fn unquoted(body: &str) -> String {
    let joined = body.replace("=\n", "");
    let (mut bytes, mut rest) = (Vec::new(), joined.as_bytes());
    while let [first, tail @ ..] = rest {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&tail[..2]).unwrap(), 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn a_mail_is_delivered_once_with_its_letters_intact() {
    let sink = MailSink::start().await;
    let app = app(&sink, &PLAIN).await;
    let id = put(&app, "mail", ADDRESS, TEXT).await;
    assert_eq!(deliver(&app).await, 1);
    assert_eq!(deliver(&app).await, 0);
    let mails = sink.received();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert!(mail.from.contains("<no-reply@sso.test.example>"), "{}", mail.from);
    assert!(mail.to.contains(&format!("<{ADDRESS}>")));
    assert_eq!(subject(mail), "Код подтверждения · รหัสยืนยัน");
    assert_eq!(body(mail).trim_end(), TEXT.trim_end());
    assert_eq!(header(mail, "To"), ADDRESS);
    assert_eq!(header(mail, "Message-ID"), format!("<{id}@sso.test.example>"));
    assert_eq!(header(mail, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(mail, "Date"), "Sun, 01 Mar 2026 09:00:00 +0000");
    assert!(header(mail, "Content-Type").contains("charset=utf-8"));
    let state = state(&app, id).await;
    assert_eq!((state.delivered_at, state.body.as_str()), (Some(app.clock.now()), ""));
}

#[tokio::test]
async fn what_is_refused_for_now_is_tried_again_and_the_same_mail_sent() {
    let sink = MailSink::start().await;
    let app = app(&sink, &PLAIN).await;
    sink.refuse(&["451 somchai@citizen.example: try later"]);
    let id = put(&app, "mail", ADDRESS, TEXT).await;
    deliver(&app).await;
    assert_eq!(state(&app, id).await.delivered_at, None);
    assert_eq!(sink.received().len(), 0);
    app.clock.advance(Duration::seconds(3));
    deliver(&app).await;
    assert_eq!(header(&sink.received()[0], "Message-ID"), format!("<{id}@sso.test.example>"));
    assert!(!app.log().lines().any(|line| line.contains("tamga::outbound") && line.contains(ADDRESS)));
}

#[tokio::test]
async fn what_is_refused_for_good_is_given_up() {
    let sink = MailSink::start().await;
    let app = app(&sink, &PLAIN).await;
    sink.refuse(&["550 somchai@citizen.example: nobody of this name"]);
    let id = put(&app, "mail", ADDRESS, TEXT).await;
    let unreadable = put(&app, "mail", "not an address", TEXT).await;
    deliver(&app).await;
    for id in [id, unreadable] {
        let state = state(&app, id).await;
        assert_eq!((state.failed_at, state.body.as_str()), (Some(app.clock.now()), ""));
    }
    assert_eq!(sink.received().len(), 0);
    assert!(!app.log().lines().any(|line| line.contains("tamga::outbound") && line.contains("somchai")));
}

#[tokio::test]
async fn over_tls_with_a_name_and_password() {
    let sink = MailSink::with_tls().await;
    let more =
        [("mail.username", "tamga"), ("mail.password", "hunter2"), ("mail.trusted_ca", sink.certificate())];
    let app = app(&sink, &more).await;
    put(&app, "mail", ADDRESS, TEXT).await;
    deliver(&app).await;
    assert_eq!(sink.received().len(), 1);
    let login = format!("AUTH PLAIN {}", STANDARD.encode("\0tamga\0hunter2"));
    assert_eq!(sink.logins(), [login]);
}

#[tokio::test]
async fn a_server_whose_certificate_nobody_vouches_for_gets_nothing() {
    let sink = MailSink::with_tls().await;
    let more = [("mail.username", "tamga"), ("mail.password", "hunter2")];
    let app = app(&sink, &more).await;
    let id = put(&app, "mail", ADDRESS, TEXT).await;
    deliver(&app).await;
    assert_eq!((sink.received().len(), sink.logins().len()), (0, 0));
    assert_eq!(state(&app, id).await.failed_at, None, "it may be mended");
}

#[tokio::test]
async fn a_server_without_starttls_gets_nothing_when_it_is_wanted() {
    let sink = MailSink::start().await;
    let app = app(&sink, &[("mail.tls", "starttls")]).await;
    put(&app, "mail", ADDRESS, TEXT).await;
    deliver(&app).await;
    assert_eq!(sink.received().len(), 0);
}
