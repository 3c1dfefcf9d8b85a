//! Samples of the pages for making an account and for a forgotten password.

use super::{super::*, text};
use crate::model::user::UserKind;

pub(super) fn render(
    templates: &Templates,
    shell: &Shell,
    pages: &mut Vec<(String, String)>,
) -> Result<(), TemplateError> {
    let kind = RegisterKindPage {
        form: form("/register"),
        kinds: UserKind::ALL.to_vec(),
        chosen: Some(UserKind::Citizen),
        login: text("/login?journey=0198"),
        errors: vec![FieldError::new("kind", "register-kind-missing")],
    };
    pages.push(("register_kind".to_owned(), templates.page(shell, &kind)?));
    pages.push(("register_details".to_owned(), templates.page(shell, &details())?));
    let known = RegisterKnownPage {
        sign_in: Some(form("/register/known")),
        login: text("/login?journey=0198"),
        forgotten: text("/password/forgotten?journey=0198"),
        go_on: text("/register/password?journey=0198"),
    };
    pages.push(("register_known".to_owned(), templates.page(shell, &known)?));
    let known = RegisterKnownPage { sign_in: None, ..known };
    pages.push(("register_known_mail".to_owned(), templates.page(shell, &known)?));
    pages.push(("register_password".to_owned(), templates.page(shell, &password())?));
    pages.push(("terms".to_owned(), templates.page(shell, &TermsPage {})?));
    let forgotten = ForgottenPage {
        form: form("/password/forgotten"),
        username: text("bat.erdene"),
        login: text("/login?journey=0198"),
        errors: vec![FieldError::new("username", "code-too-many")],
        wait_seconds: Some(600),
    };
    pages.push(("forgotten".to_owned(), templates.page(shell, &forgotten)?));
    for (name, title) in
        [("new_password", "new-password-title"), ("invitation", "new-password-title-invitation")]
    {
        pages.push((name.to_owned(), templates.page(shell, &new_password(title))?));
    }
    for (name, done) in [("password_set", true), ("password_link_over", false)] {
        let end = PasswordEndPage { done, href: text("/login") };
        pages.push((name.to_owned(), templates.page(shell, &end)?));
    }
    Ok(())
}

fn form(action: &str) -> JourneyForm {
    JourneyForm { action: text(action), journey: text("0198"), csrf: text("sample") }
}

fn field(name: &str, label: &str, value: &str, locked: bool) -> AttributeField {
    AttributeField {
        name: text(name),
        label: text(label),
        hint: Some(text("As on the document")),
        value: text(value),
        input_type: "text",
        autocomplete: "off",
        inputmode: None,
        choices: Vec::new(),
        required: !locked,
        locked,
    }
}

fn details() -> RegisterFieldsPage {
    RegisterFieldsPage {
        id: "register-form",
        title: "register-details-title",
        lead: "register-details-lead",
        form: form("/register/details"),
        fields: vec![
            field("juristic_id", "Number of the organisation", "971240001315", true),
            field("organization.name", "Name of the organisation", "ТОО «Тулпар»", false),
        ],
        representative: vec![field("representative.iin", "IIN", "900515400123", false)],
        back: text("/register?journey=0198"),
        errors: vec![
            FieldError::new("organization.name", "attribute-missing"),
            FieldError::new("representative.iin", "attribute-error-check-digit"),
        ],
        wait_seconds: None,
    }
}

fn password() -> RegisterPasswordPage {
    let keys = [
        ("username", "username-length"),
        ("username", "username-letters"),
        ("username", "username-digits"),
        ("username", "username-taken"),
        ("password", "password-too-short"),
        ("terms", "register-terms-missing"),
    ];
    RegisterPasswordPage {
        form: form("/register/password"),
        username: text("bat.erdene"),
        terms: text("/terms"),
        agreed: true,
        errors: keys.map(|(field, key)| FieldError::new(field, key)).to_vec(),
    }
}

fn new_password(title: &'static str) -> NewPasswordPage {
    NewPasswordPage {
        title,
        action: text("/password/new"),
        hidden: vec![("journey", text("0198")), ("csrf", text("sample"))],
        username: text("bat.erdene"),
        errors: vec![FieldError::new("password", "password-common")],
    }
}
