//! Samples of the pages for signing in by phone and code.

use super::{super::*, text};

pub(super) fn render(
    templates: &Templates,
    shell: &Shell,
    pages: &mut Vec<(String, String)>,
) -> Result<(), TemplateError> {
    pages.push(("phone".to_owned(), templates.page(shell, &phone(&[]))?));
    let errors = ["phone-missing", "phone-wrong", "code-too-early", "code-too-many"];
    pages.push(("phone_errors".to_owned(), templates.page(shell, &phone(&errors))?));
    let sent = SentCode { to: text("+97•••••••33"), lives: 300, tries: 4 };
    for (name, title, source) in [
        ("code_sms", "code-title-phone", CodeSource::Sms(sent.clone())),
        ("code_mail", "code-title-mail", CodeSource::Mail(sent.clone())),
        ("code_unnamed", "forgotten-code-title", CodeSource::Unnamed(sent)),
        ("code_application", "code-title-application", CodeSource::Application),
        ("code_recovery", "recovery-title", CodeSource::Recovery),
    ] {
        pages.push((name.to_owned(), templates.page(shell, &code(title, source))?));
    }
    for (name, options) in [("passkey", Some(text("{\"challenge\":\"sample\"}"))), ("passkey_none", None)] {
        let page = PasskeyPage {
            action: text("/login/passkey"),
            journey: text("0198"),
            csrf: text("sample"),
            options,
            ways: vec![Way { href: text("/login?journey=0198"), key: "login-password-way" }],
            errors: vec![FieldError::new("form", "passkey-refused")],
        };
        pages.push((name.to_owned(), templates.page(shell, &page)?));
    }
    Ok(())
}

fn phone(errors: &[&'static str]) -> PhonePage {
    PhonePage {
        action: text("/login/phone"),
        journey: text("0198"),
        csrf: text("sample"),
        phone: text("+976 9911 2233"),
        errors: errors.iter().map(|key| FieldError::new("phone", key)).collect(),
        wait_seconds: Some(75),
        password: text("/login?journey=0198"),
    }
}

fn code(title: &'static str, source: CodeSource) -> OneTimeCodePage {
    OneTimeCodePage {
        title,
        action: text("/second-factor"),
        journey: Some(text("0198")),
        csrf: text("sample"),
        source,
        resend: Some(Resend { action: text("/second-factor/resend"), wait: 75 }),
        ways: vec![Way { href: text("/second-factor?way=totp"), key: "way-totp" }],
        errors: vec![FieldError::new("code", "code-wrong").with("count", 3)],
        wait_seconds: None,
    }
}
