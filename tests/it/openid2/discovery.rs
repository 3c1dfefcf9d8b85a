//! Discovery (OpenID Authentication 2.0 §7.3, Yadis 1.0).

use std::{io::Write, process::Stdio};

use axum::http::{Method, StatusCode};
use scraper::{Html, Selector};

use super::scene::ours;
use crate::support::{
    app::{ISSUER, TestApp},
    door::Answer,
};

const XRDS: (&str, &str) = ("accept", "application/xrds+xml");
const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
const SERVER: &str = "http://specs.openid.net/auth/2.0/server";
const SIGNON: &str = "http://specs.openid.net/auth/2.0/signon";
const SIGNON_1: &str = "http://openid.net/signon/1.0";
const AX: &str = "http://openid.net/srv/ax/1.0";

async fn egov_th() -> TestApp {
    TestApp::with(&[("profiles.egov_th", "true")]).await
}

async fn get(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    app.door.call(Method::GET, path, headers, "").await
}

/// The services of a document that relying parties can read, one way or the other.
#[track_caller]
fn services(answer: &Answer) -> Vec<(Option<u32>, Vec<String>, Vec<String>)> {
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/xrds+xml; charset=utf-8");
    assert_eq!(answer.header("x-xrds-location"), "", "a document does not lead on to itself");
    assert!(answer.body.len() < 10_000, "JOpenID reads no more than 10 KB");
    is_valid(&answer.body);
    // As LightOpenID does it: regular expressions over lines.
    let text_of = |line: &str, name: &str| {
        let text = line.trim().strip_prefix(&format!("<{name}>"))?.strip_suffix(&format!("</{name}>"))?;
        assert!(!text.contains(|c: char| c.is_whitespace() || c == '&'), "{text}");
        Some(text.to_owned())
    };
    let all =
        |text: &str, name: &str| text.lines().filter_map(|line| text_of(line, name)).collect::<Vec<_>>();
    let service = |part: &str| {
        let (attributes, content) = part.split_once('>').unwrap();
        let priority = attributes.trim().strip_prefix("priority=\"").and_then(|p| p.strip_suffix('"'));
        (priority.map(|p| p.parse().unwrap()), all(content, "Type"), all(content, "URI"))
    };
    answer.body.split("<Service").skip(1).map(service).collect()
}

/// Holds a document against the schema, as OpenID4Java does.
#[track_caller]
fn is_valid(document: &str) {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/openid2/schema/xrds.xsd");
    let mut xmllint = std::process::Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema", schema, "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("xmllint: scripts/setup test installs it");
    xmllint.stdin.take().unwrap().write_all(document.as_bytes()).unwrap();
    let done = xmllint.wait_with_output().unwrap();
    assert!(done.status.success(), "{}\n{document}", String::from_utf8_lossy(&done.stderr));
}

fn provider(endpoint: &str) -> Vec<(Option<u32>, Vec<String>, Vec<String>)> {
    vec![(Some(10), vec![SERVER.into(), AX.into()], vec![endpoint.into()])]
}

fn person(endpoint: &str) -> Vec<(Option<u32>, Vec<String>, Vec<String>)> {
    vec![
        (Some(10), vec![SIGNON.into(), AX.into()], vec![endpoint.into()]),
        (Some(20), vec![SIGNON_1.into()], vec![endpoint.into()]),
    ]
}

#[tokio::test]
async fn the_op_identifier_answers_its_document_to_who_asks_for_it() {
    let app = TestApp::new().await;
    for path in ["/", "/openid2/xrds"] {
        assert_eq!(services(&get(&app, path, &[XRDS]).await), provider(&ours("/openid2")), "{path}");
    }
    let any = services(&get(&app, "/openid2/xrds", &[BROWSER]).await);
    assert_eq!(any, provider(&ours("/openid2")), "the document's own address has no other answer");
}

#[tokio::test]
async fn yadis_s6_2_4_browsers_get_the_home_page_with_the_documents_address() {
    let app = TestApp::new().await;
    for headers in
        [&[BROWSER][..], &[("accept", "*/*")], &[], &[("accept", "text/html, application/xrds+xml;q=0.9")]]
    {
        let page = get(&app, "/", headers).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.header("content-type").starts_with("text/html"), "{headers:?}");
        assert!(page.body.contains("login-link"));
        let addresses: Vec<_> = page.headers.get_all("x-xrds-location").iter().collect();
        assert_eq!(addresses, [&ours("/openid2/xrds")], "absolute, and once");
        assert_eq!(page.header("vary"), "Accept");
    }
}

#[tokio::test]
async fn weights_decide_which_it_is() {
    let app = TestApp::new().await;
    for (accept, document) in [
        ("text/html; q=0.3, application/xhtml+xml; q=0.5, application/xrds+xml", true),
        ("application/xrds+xml, */*", true),
        ("application/xrds+xml;q=0.4, text/html;q=0.5", false),
        ("application/xrds+xml;q=0", false),
    ] {
        for path in ["/", "/id/Somchai"] {
            let answer = get(&app, path, &[("accept", accept)]).await;
            assert_eq!(
                answer.header("content-type").starts_with("application/xrds+xml"),
                document,
                "{accept}"
            );
            assert_eq!(answer.header("x-xrds-location").is_empty(), document);
        }
    }
}

#[tokio::test]
async fn head_is_answered_like_get() {
    let app = egov_th().await;
    for path in [
        "/",
        "/openid2/xrds",
        "/op_xrds.aspx",
        "/id/Somchai",
        "/id/Somchai/xrds",
        "/user.aspx/Somchai",
        "/user_xrds.aspx?id=Somchai",
        "/id/a%2Fb",
    ] {
        for headers in [&[XRDS][..], &[BROWSER], &[("accept", "application/json")], &[]] {
            let got = get(&app, path, headers).await;
            let head = app.door.call(Method::HEAD, path, headers, "").await;
            assert_eq!(head.status, got.status, "{path}");
            assert_eq!(head.body, "", "{path}");
            for name in ["content-type", "x-xrds-location", "vary", "cache-control"] {
                assert_eq!(head.header(name), got.header(name), "{path} {name}");
            }
        }
    }
    let other = app.door.post("/openid2/xrds", &[]).await;
    assert_eq!(other.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn an_identity_page_leads_to_the_provider_by_header_and_by_links() {
    let app = TestApp::new().await;
    for (path, xrds) in [("/id/Somchai", "/id/Somchai/xrds"), ("/id/Orn@dga.or.th", "/id/Orn@dga.or.th/xrds")]
    {
        let page = get(&app, path, &[BROWSER]).await;
        assert_eq!(page.status, StatusCode::OK);
        let addresses: Vec<_> = page.headers.get_all("x-xrds-location").iter().collect();
        assert_eq!(addresses, [&ours(xrds)]);
        let html = Html::parse_document(&page.body);
        let link = |rel: &str| {
            let selector = Selector::parse(&format!("head > link[rel='{rel}']")).unwrap();
            let links: Vec<_> = html.select(&selector).filter_map(|link| link.attr("href")).collect();
            assert_eq!(links.len(), 1, "{rel}");
            links[0].to_owned()
        };
        // §7.3.3: HTML-based discovery; §14.2.1 for OpenID 1.1.
        assert_eq!(link("openid2.provider"), ours("/openid2"));
        assert_eq!(link("openid.server"), ours("/openid2"));
        assert_eq!(link("openid2.local_id"), ours(path));
        assert_eq!(link("openid.delegate"), ours(path));
        // For those who look with regular expressions and know no entities.
        assert!(page.body.contains(&format!("rel=\"openid2.provider\" href=\"{ISSUER}/openid2\"")));
        assert_eq!(services(&get(&app, xrds, &[]).await), person(&ours("/openid2")));
        assert_eq!(services(&get(&app, path, &[XRDS]).await), person(&ours("/openid2")));
    }
}

#[tokio::test]
async fn an_identity_page_speaks_five_languages() {
    let app = TestApp::new().await;
    for (tag, word) in [
        ("en", "An address for signing in"),
        ("mn", "Нэвтрэх хаяг"),
        ("kk", "Кіруге арналған мекенжай"),
        ("ru", "Адрес для входа"),
        ("th", "ที่อยู่สำหรับเข้าสู่ระบบ"),
    ] {
        let page = get(&app, "/id/Somchai", &[BROWSER, ("accept-language", tag)]).await;
        assert!(page.body.contains(&format!("<h1>{word}</h1>")), "{tag}");
    }
    let clicked = get(&app, "/id/Somchai?lang=th", &[BROWSER]).await;
    assert!(clicked.body.contains("lang=\"th\""));
}

#[tokio::test]
async fn every_well_formed_name_gets_the_same_answer_and_no_other_gets_one() {
    let app = egov_th().await;
    app.user("somchai").await;
    let masked = |answer: &Answer, name: &str| answer.body.replace(name, "NAME");
    for path in ["/id/", "/user.aspx/"] {
        let known = get(&app, &format!("{path}Somchai"), &[BROWSER]).await;
        for name in ["Anybody", "x", "0123456789abcdef", "%E0%B8%81%E0%B8%82", "A%20b", "a'b"] {
            let page = get(&app, &format!("{path}{name}"), &[BROWSER]).await;
            assert_eq!(page.status, StatusCode::OK, "{name}");
            assert_eq!(page.headers.len(), known.headers.len());
        }
        let unknown = get(&app, &format!("{path}Anybody"), &[BROWSER]).await;
        assert_eq!(masked(&known, "Somchai"), masked(&unknown, "Anybody"));
        let long = "a".repeat(256);
        for name in ["%FF", "a%2Fb", "a%0Ab", "..", "%2e%2e", "a%3Fb", "a%23b", "a%5Cb", &long] {
            for headers in [&[BROWSER][..], &[XRDS], &[("accept", "application/json")]] {
                let page = get(&app, &format!("{path}{name}"), headers).await;
                assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}{name}");
                assert_eq!(page.header("x-xrds-location"), "");
            }
        }
    }
    for path in [
        "/id/",
        "/id",
        "/id/a/b",
        "/id/%FF/xrds",
        "/id/../xrds",
        "/user_xrds.aspx",
        "/user_xrds.aspx?id=",
        "/user_xrds.aspx?id=a%2Fb",
        "/user_xrds.aspx?id=a&id=b",
        "/user.aspx/",
    ] {
        assert_eq!(get(&app, path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn every_document_names_one_form_of_the_addresses_whichever_path_it_came_by() {
    for (paths, endpoint, op_xrds, identity, xrds) in [
        ("canonical", "/openid2", "/openid2/xrds", "/id/Orn@dga.or.th", "/id/Orn@dga.or.th/xrds"),
        (
            "egov_th",
            "/server.aspx",
            "/op_xrds.aspx",
            "/user.aspx/Orn@dga.or.th",
            "/user_xrds.aspx?id=Orn@dga.or.th",
        ),
    ] {
        let app = TestApp::with(&[("profiles.egov_th", "true"), ("openid2.paths", paths)]).await;
        assert_eq!(get(&app, "/", &[BROWSER]).await.header("x-xrds-location"), ours(op_xrds));
        for path in ["/", "/openid2/xrds", "/op_xrds.aspx"] {
            assert_eq!(services(&get(&app, path, &[XRDS]).await), provider(&ours(endpoint)), "{path}");
        }
        for path in ["/id/Orn@dga.or.th", "/user.aspx/Orn@dga.or.th"] {
            let page = get(&app, path, &[BROWSER]).await;
            assert_eq!(page.header("x-xrds-location"), ours(xrds));
            assert!(page.body.contains(&format!("rel=\"openid2.local_id\" href=\"{}\"", ours(identity))));
            assert_eq!(services(&get(&app, path, &[XRDS]).await), person(&ours(endpoint)));
        }
        for path in [
            "/id/Orn@dga.or.th/xrds",
            "/user_xrds.aspx?id=Orn@dga.or.th",
            "/user_xrds.aspx?id=Orn%40dga.or.th",
        ] {
            assert_eq!(services(&get(&app, path, &[]).await), person(&ours(endpoint)), "{path}");
        }
    }
}

#[tokio::test]
async fn without_the_profile_its_paths_are_not_there() {
    let app = TestApp::new().await;
    for path in
        ["/op_xrds.aspx", "/user.aspx/Somchai", "/user_xrds.aspx?id=Somchai", "/server.aspx", "/Logout.aspx"]
    {
        assert_eq!(get(&app, path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn migration_s6_an_identity_says_whose_id_tokens_may_speak_of_it() {
    let app = egov_th().await;
    for path in ["/id/Somchai", "/user.aspx/Somchai", "/id/Anybody"] {
        let answer = get(&app, path, &[("accept", "application/json")]).await;
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.good(), serde_json::json!({ "iss": ISSUER }), "{path}");
    }
    assert!(
        get(&app, "/", &[("accept", "application/json")])
            .await
            .header("content-type")
            .starts_with("text/html")
    );
}

#[tokio::test]
async fn discovery_asks_the_database_nothing() {
    let app = TestApp::over_wire().await;
    app.wire().take();
    for (path, headers) in [
        ("/", &[XRDS][..]),
        ("/openid2/xrds", &[]),
        ("/id/Somchai", &[BROWSER]),
        ("/id/Somchai", &[XRDS]),
        ("/id/Somchai", &[("accept", "application/json")]),
        ("/id/Somchai/xrds", &[]),
    ] {
        assert_eq!(get(&app, path, headers).await.status, StatusCode::OK);
        let counts = app.wire().take();
        assert_eq!((counts.round_trips, counts.commits), (0, 0), "{path} {counts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn discovery_answers_while_the_database_is_away() {
    let app = TestApp::over_wire_with_connections(4).await;
    let _background = app.run_background();
    app.wire().cut();
    while app.app.presence.is_present() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    for (path, headers) in
        [("/", &[XRDS][..]), ("/openid2/xrds", &[]), ("/id/Somchai", &[BROWSER]), ("/id/Somchai/xrds", &[])]
    {
        assert_eq!(get(&app, path, headers).await.status, StatusCode::OK, "{path}");
    }
    // The home page itself needs it, and is still the OP Identifier.
    let home = get(&app, "/", &[BROWSER]).await;
    assert_eq!(home.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(home.header("x-xrds-location"), ours("/openid2/xrds"));
}
