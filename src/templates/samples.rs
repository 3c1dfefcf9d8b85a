//! One of every page with everything on it, to find at start, and in tests, what only shows when
//! a page is rendered.

mod account;
mod attributes;
mod portal;
mod register;
mod sign_in;

use time::macros::date;

use super::*;
use crate::model::attribute::Level;

/// Renders every page in a language: a name for each, and its HTML.
pub(super) fn render_all(
    templates: &Templates,
    locale: Locale,
) -> Result<Vec<(String, String)>, TemplateError> {
    let bare = Shell::plain(locale);
    let full = journey(locale);
    let mut pages = vec![
        ("login".to_owned(), templates.page(&full, &login())?),
        ("login_bare".to_owned(), templates.page(&bare, &login_bare())?),
        ("login_errors".to_owned(), templates.page(&full, &login_errors())?),
        ("consent".to_owned(), templates.page(&full, &consent())?),
        ("consent_bare".to_owned(), templates.page(&full, &consent_bare())?),
        ("mismatch_iin".to_owned(), templates.page(&full, &mismatch(Mismatch::Iin))?),
        ("mismatch_organisation".to_owned(), templates.page(&full, &mismatch(Mismatch::Organisation))?),
        ("logout".to_owned(), templates.page(&bare, &logout())?),
        ("logged_out".to_owned(), templates.page(&bare, &logged_out(true))?),
        ("logged_out_bare".to_owned(), templates.page(&bare, &logged_out(false))?),
        ("form_post".to_owned(), templates.page(&full, &form_post())?),
        ("code".to_owned(), templates.page(&full, &CodePage { code: "a-b_c0".to_owned() })?),
        ("verifier".to_owned(), templates.page(&full, &VerifierPage { verifier: "a-b_c0".to_owned() })?),
        ("denied".to_owned(), templates.page(&bare, &denied(Some(back())))?),
        ("denied_bare".to_owned(), templates.page(&bare, &denied(None))?),
        ("device".to_owned(), templates.page(&bare, &device())?),
        ("device_errors".to_owned(), templates.page(&bare, &device_errors())?),
        ("consent_device".to_owned(), templates.page(&at_device(locale), &consent_device())?),
        ("device_done".to_owned(), templates.page(&bare, &device_done(true))?),
        ("device_denied".to_owned(), templates.page(&bare, &device_done(false))?),
        ("home".to_owned(), templates.page(&bare, &home())?),
        ("home_bare".to_owned(), templates.page(&bare, &HomePage { person: None, logout: None })?),
        ("identity".to_owned(), templates.page(&bare, &identity())?),
        ("dev_outbox".to_owned(), templates.page(&bare, &outbox())?),
        ("dev_demos".to_owned(), templates.page(&bare, &demos())?),
        ("dev_start".to_owned(), templates.page(&bare, &demo_start())?),
        ("dev_device".to_owned(), templates.page(&bare, &demo_device())?),
        ("dev_result".to_owned(), templates.page(&bare, &demo_result())?),
        ("dev_signed_out".to_owned(), templates.page(&bare, &DemoSignedOutPage::from(demo_result()))?),
    ];
    attributes::render(templates, &full, &mut pages)?;
    register::render(templates, &full, &mut pages)?;
    sign_in::render(templates, &full, &mut pages)?;
    portal::render(templates, &bare, &mut pages)?;
    account::render(templates, &full, &mut pages)?;
    for kind in ErrorKind::ALL {
        pages.push((format!("error_{kind:?}").to_lowercase(), templates.page(&full, &error(kind))?));
    }
    Ok(pages)
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// The shell of a journey, with every part.
pub(super) fn journey(locale: Locale) -> Shell {
    let link = |other: Locale| LanguageLink {
        locale: other,
        href: format!("/login?journey=0198&locale={other}"),
        current: other == locale,
    };
    Shell {
        locale,
        theme: None,
        client: Some(ClientCard {
            name: text("Tax Service"),
            host: Some(text("tax.example.gov")),
            organisation: Some(text("Ministry of Finance")),
            logo: Some(text("/clients/0198/logo?v=ba7816bf8f01cfea")),
            home_url: Some(text("https://tax.example.gov/")),
            policy_url: Some(text("https://tax.example.gov/privacy")),
            tos_url: Some(text("https://tax.example.gov/terms")),
            unvouched: true,
        }),
        cancel: Some(Cancel {
            action: text("/cancel"),
            journey: text("0198"),
            csrf: text("sample"),
            stays: false,
        }),
        languages: Locale::ALL.map(link).to_vec(),
    }
}

fn denied(back: Option<BackLink>) -> DeniedPage {
    DeniedPage { client: text("Tax Service"), back }
}

fn device() -> DevicePage {
    DevicePage {
        action: text("/device"),
        csrf: text("sample"),
        user_code: text("WDJB-MJHT"),
        errors: Vec::new(),
        wait_seconds: None,
    }
}

fn device_errors() -> DevicePage {
    let keys = [
        ("user_code", "device-code-missing"),
        ("user_code", "device-code-wrong"),
        ("form", "form-stale"),
        ("form", "login-throttled"),
    ];
    DevicePage {
        errors: keys.map(|(field, key)| FieldError::new(field, key)).to_vec(),
        wait_seconds: Some(95),
        ..device()
    }
}

fn at_device(locale: Locale) -> Shell {
    let shell = journey(locale);
    Shell { cancel: shell.cancel.map(|cancel| Cancel { stays: true, ..cancel }), ..shell }
}

fn consent_device() -> ConsentPage {
    ConsentPage { remember: None, user_code: Some(text("WDJB-MJHT")), ..consent() }
}

fn device_done(allowed: bool) -> DeviceDonePage {
    DeviceDonePage { client: text("Tax Service"), allowed }
}

fn identity() -> IdentityPage {
    IdentityPage {
        address: text("https://sso.example/id/Orn@dga.or.th"),
        op_endpoint: text("https://sso.example/openid2"),
    }
}

fn back() -> BackLink {
    BackLink { href: text("https://tax.example.gov/"), name: text("Tax Service") }
}

pub(super) fn login_bare() -> LoginPage {
    LoginPage {
        action: text("/login"),
        journey: text("0198"),
        csrf: text("sample"),
        username: String::new(),
        errors: Vec::new(),
        wait_seconds: None,
        register: None,
        certificate: None,
        phone: None,
        passkey: None,
        forgotten: None,
    }
}

pub(super) fn login() -> LoginPage {
    LoginPage {
        register: Some(text("/register")),
        certificate: Some(text("/login/certificate")),
        phone: Some(text("/login/phone")),
        passkey: Some(text("/login/passkey")),
        forgotten: Some(text("/password/forgotten")),
        ..login_bare()
    }
}

fn login_errors() -> LoginPage {
    let keys = [
        ("username", "login-bad-credentials"),
        ("username", "login-username-missing"),
        ("password", "login-password-missing"),
        ("username", "login-throttled"),
        ("form", "form-stale"),
        ("form", "server-busy"),
    ];
    LoginPage {
        username: text("bat.erdene"),
        errors: keys.map(|(field, key)| FieldError::new(field, key)).to_vec(),
        wait_seconds: Some(95),
        ..login()
    }
}

pub(super) fn consent() -> ConsentPage {
    let row = |name: &str, label: &str, value: &str, level: Level, checked_on, optional| ConsentRow {
        name: text(name),
        label: text(label),
        value: text(value),
        level: Some(level),
        verified: checked_on,
        optional,
        checked: optional,
    };
    let level = |level: i16| Level::try_from(level).unwrap_or_default();
    let on = |date| Some(Verified { date });
    ConsentPage {
        rows: vec![
            row("name", "Full name", "Бат-Эрдэнэ Сарангэрэл", level(2), on(date!(2026 - 03 - 12)), false),
            row("birthdate", "Date of birth", "1987-04-02", level(3), on(date!(2025 - 11 - 01)), false),
            row("email", "E-mail", "sarangerel.bat-erdene@example.mn", level(1), None, true),
            row("occupation", "Occupation", "Teacher", level(0), None, true),
        ],
        scopes: vec![text("Keep access while you are away")],
        ..consent_bare()
    }
}

fn consent_bare() -> ConsentPage {
    ConsentPage {
        action: text("/consent"),
        journey: text("0198"),
        csrf: text("sample"),
        person: text("Бат-Эрдэнэ Сарангэрэл"),
        rows: Vec::new(),
        scopes: Vec::new(),
        remember: Some(true),
        user_code: None,
        errors: vec![FieldError::new("form", "form-stale")],
    }
}

pub(super) fn error(kind: ErrorKind) -> ErrorPage {
    ErrorPage {
        code: text("invalid_request"),
        description: text("redirect_uri is not one of those registered for this client"),
        request_id: text("01983f5c-7b1e-7c3a-9a54-3f1f0c9f2b11"),
        kind,
        back: Some(back()),
    }
}

fn mismatch(mismatch: Mismatch) -> MismatchPage {
    MismatchPage {
        action: text("/mismatch"),
        journey: text("0198"),
        csrf: text("sample"),
        person: text("Айгерім Нұрланова"),
        mismatch,
        organisation: (mismatch == Mismatch::Organisation).then(|| text("050740004819")),
    }
}

fn logout() -> LogoutPage {
    LogoutPage {
        action: text("/oauth2/logout"),
        csrf: text("sample"),
        hidden: vec![(text("state"), text("af0ifjsldkj"))],
        person: text("Сарангэрэл"),
        client: Some(text("Tax Service")),
    }
}

fn logged_out(full: bool) -> LoggedOutPage {
    let frames = ["https://tax.example.gov/out?iss=x", "https://land.example.gov/out?iss=x"].map(text);
    LoggedOutPage {
        back: full.then(back),
        onward: full,
        frames: if full { frames.to_vec() } else { Vec::new() },
    }
}

fn form_post() -> FormPostPage {
    FormPostPage {
        action: text("https://tax.example.gov/callback"),
        fields: vec![(text("code"), text("sample")), (text("state"), text("<&\">"))],
    }
}

fn home() -> HomePage {
    HomePage { person: Some(text("Сарангэрэл")), logout: Some(text("/oauth2/logout")) }
}

fn outbox() -> OutboxPage {
    let message = |channel: &str, to: &str, subject: &str| OutboxItem {
        at: text("2026-03-12 10:15:00"),
        channel: text(channel),
        to: text(to),
        subject: text(subject),
        text: text("Your code is 123456.\nIt lives five minutes."),
    };
    OutboxPage { messages: vec![message("sms", "+97699112233", ""), message("mail", "a@example.mn", "Code")] }
}

fn demos() -> DemoIndexPage {
    DemoIndexPage {
        demos: vec![DemoLink {
            href: text("/dev/demo/oidc"),
            title: text("OpenID Connect"),
            description: text("Signs you in to a sample tax service."),
        }],
        accounts: vec![DemoAccount {
            username: text("citizen"),
            password: text("a long sample password"),
            kind: text("Citizen, checked against the register"),
        }],
    }
}

fn demo_start() -> DemoStartPage {
    DemoStartPage {
        action: text("/dev/demo/oidc"),
        method: "post",
        title: text("Sample tax service"),
        description: text("You will be sent to sign in, and come back with your details."),
        button: text("Sign in with Tamga"),
        fields: vec![
            DemoField { name: "phone", label: text("Phone"), is_choice: false },
            DemoField { name: "sign", label: text("Sign it"), is_choice: true },
        ],
        hidden: vec![(text("scope"), text("openid profile"))],
    }
}

fn demo_device() -> DemoDevicePage {
    DemoDevicePage {
        action: text("/demo/device/wait"),
        user_code: text("WDJB-MJHT"),
        address: text("http://localhost:8080/device"),
        complete: text("http://localhost:8080/device?user_code=WDJB-MJHT"),
        qr: Drawing::qr("http://localhost:8080/device?user_code=WDJB-MJHT").ok(),
        word: text("authorization_pending"),
        interval: 5,
    }
}

fn demo_result() -> DemoResultPage {
    let check = |name: &str, ok: bool, detail: &str| DemoCheck::from((text(name), ok, text(detail)));
    DemoResultPage {
        ok: false,
        checks: vec![check("state", true, "as sent"), check("nonce", false, "missing")],
        claims: vec![(text("sub"), text("01983f5c"))],
        raw: text("{\n  \"sub\": \"01983f5c\"\n}"),
        again: text("/dev/demo/oidc"),
        logout: Some(text("/oauth2/logout")),
    }
}
