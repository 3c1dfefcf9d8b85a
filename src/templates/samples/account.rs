//! Samples of the person's own pages.

use time::macros::{date, datetime};

use super::{super::*, text};
use crate::model::attribute::Level;

pub(super) fn render(
    templates: &Templates,
    shell: &Shell,
    pages: &mut Vec<(String, String)>,
) -> Result<(), TemplateError> {
    // These pages are no part of a journey.
    let shell = &Shell { client: None, cancel: None, ..shell.clone() };
    let mut add = |name: &str, html: Result<String, TemplateError>| {
        html.map(|html| pages.push((name.to_owned(), html)))
    };
    add("account_profile", templates.page(shell, &profile()))?;
    add("account_edit", templates.page(shell, &edit()))?;
    add("account_contact_mail", templates.page(shell, &contact("email")))?;
    add("account_contact_phone", templates.page(shell, &contact("mobile_phone")))?;
    add("account_files", templates.page(shell, &files()))?;
    add("account_sessions", templates.page(shell, &sessions()))?;
    add("account_applications", templates.page(shell, &applications()))?;
    let none = ApplicationsPage { applications: Vec::new(), ..applications() };
    add("account_applications_none", templates.page(shell, &none))?;
    add("account_confirmations", templates.page(shell, &confirmations()))?;
    let none = ConfirmationsPage { rows: Vec::new(), ..confirmations() };
    add("account_confirmations_none", templates.page(shell, &none))?;
    add("account_activity", templates.page(shell, &activity()))?;
    let none = ActivityPage { lines: Vec::new(), ..activity() };
    add("account_activity_none", templates.page(shell, &none))?;
    add("account_close", templates.page(shell, &close()))?;
    add("account_closed", templates.page(shell, &ClosedPage {}))?;
    add("account_representatives", templates.page(shell, &representatives()))?;
    add("account_security", templates.page(shell, &security()))?;
    add("account_security_bare", templates.page(shell, &security_bare()))?;
    add("account_password", templates.page(shell, &password()))?;
    add("account_totp", templates.page(shell, &totp()))?;
    add("account_passkey", templates.page(shell, &passkey()))?;
    let codes = vec![text("abcd-efgh-jkmn-pqrs"); 10];
    let recovery = RecoveryCodesPage { frame: frame("security"), codes, errors: Vec::new() };
    add("account_recovery", templates.page(shell, &recovery))
}

fn frame(section: &'static str) -> Frame {
    Frame {
        section,
        csrf: text("sample"),
        person: text("Бат-Эрдэнэ Сарангэрэл"),
        done: Some("done-withdrawn"),
        about: text("Tax Service"),
        organisation: true,
    }
}

fn moment() -> Moment {
    Moment(datetime!(2026 - 03 - 12 10:15 UTC))
}

fn form_error(key: &'static str) -> Vec<FieldError> {
    vec![FieldError::new("form", key)]
}

fn profile() -> ProfilePage {
    let row = |name: &str, value: &str, level: i16, contact| ProfileRow {
        name: text(name),
        label: text(name),
        value: text(value),
        level: Level::try_from(level).unwrap_or_default(),
        verified: (level > 0).then_some(Verified { date: date!(2026 - 03 - 12) }),
        contact,
    };
    let to = Some(text("/account/contact?name=email"));
    ProfilePage {
        frame: frame("profile"),
        level: Level::CONFIRMED,
        kind: text("kind-citizen"),
        username: text("somchai"),
        rows: vec![
            row("full_name", "Сарангэрэл", 2, None),
            row("occupation", "Багш", 0, None),
            row("email", "a@example.mn", 0, to.clone()),
            row("mobile_phone", "+97699112233", 1, to),
        ],
        photo: false,
        work: vec![
            (text("/registrar"), "registrar-title", String::new()),
            (text("/agency"), "agency-title", text("Татварын алба")),
        ],
        locale: text("mn"),
        locales: Locale::ALL.map(|l| (l.tag().to_owned(), l.own_name().to_owned())).to_vec(),
        errors: vec![FieldError::new("locale", "choose-one")],
    }
}

fn edit() -> EditProfilePage {
    EditProfilePage {
        frame: frame("profile"),
        part: text("person"),
        parts: vec![(text("person"), text("About you")), (text("address"), text("Address"))],
        fields: vec![
            super::attributes::field("first_name", &[], false),
            super::attributes::field("gender", &["female", "male"], false),
        ],
        locked: vec![(text("Register number"), text("УБ90051512"))],
        errors: vec![
            FieldError::new("first_name", "attribute-error-text"),
            FieldError::new("form", "edit-locked-what"),
        ],
    }
}

fn contact(name: &'static str) -> ContactPage {
    ContactPage {
        frame: frame("profile"),
        name,
        label: text("Phone"),
        value: text("+97699112233"),
        errors: vec![FieldError::new("contact", "code-too-early")],
        wait_seconds: Some(75),
    }
}

fn files() -> FilesPage {
    let row = |note| DocumentRow { id: text("0198"), note, at: moment(), reviewed: Some(moment()) };
    FilesPage {
        frame: frame("profile"),
        photo: None,
        has_photo: true,
        documents: vec![row(Some(text("Passport"))), row(None)],
        note: text("Passport"),
        errors: vec![
            FieldError::new("photo", "files-too-big"),
            FieldError::new("document", "files-too-many"),
        ],
    }
}

fn confirmations() -> ConfirmationsPage {
    let row = |id: &str, reference: &str, host| ConfirmationRow {
        id: text(id),
        client: text("Tax Service"),
        host,
        reference: text(reference),
        asked: moment(),
        until: moment(),
    };
    ConfirmationsPage {
        frame: Frame { done: Some("done-refused"), ..frame("confirmations") },
        rows: vec![row("1", "Гэрээ 2026/17", Some(text("tax.example"))), row("2", "", None)],
        errors: form_error("account-gone"),
    }
}

fn sessions() -> SessionsPage {
    let row = |id: &str, device: &str, current| SessionRow {
        id: text(id),
        device: text(device),
        address: Some(text("203.0.113.7")),
        began: moment(),
        seen: moment(),
        current,
    };
    SessionsPage {
        frame: frame("sessions"),
        sessions: vec![row("1", "Firefox, Linux", true), row("2", "", false)],
        errors: form_error("account-gone"),
    }
}

fn applications() -> ApplicationsPage {
    let row = ApplicationRow {
        open: Some(text("/oauth2/initiate?client_id=tax")),
        identifier: text("tax"),
        name: text("Tax Service"),
        host: Some(text("tax.example.gov")),
        attributes: vec![text("First name")],
        scopes: vec![text("Your name")],
        since: moment(),
        latest: moment(),
    };
    let errors = form_error("form-stale");
    ApplicationsPage { frame: frame("applications"), applications: vec![row], errors }
}

fn activity() -> ActivityPage {
    const KEYS: [&str; 19] = [
        "activity-signed-in",
        "activity-session-ended",
        "activity-sessions-ended",
        "activity-granted",
        "activity-withdrawn",
        "activity-created",
        "activity-attributes",
        "activity-contact",
        "activity-password",
        "activity-disabled",
        "activity-enabled",
        "activity-exported",
        "activity-raised",
        "activity-factor-added",
        "activity-factor-removed",
        "activity-factor-renamed",
        "activity-files",
        "activity-representatives",
        "activity-other",
    ];
    let line = |key| ActivityLine {
        at: moment(),
        key,
        client: Some(text("Tax Service")),
        address: Some(text("203.0.113.7")),
        by: Some("activity-by-operator"),
    };
    ActivityPage {
        frame: frame("activity"),
        lines: KEYS.map(line).to_vec(),
        show: "all",
        filters: vec![("all", "activity-all"), ("changes", "activity-changes")],
        older: Some(text("/account/activity?before=7")),
        newest: Some(text("/account/activity")),
        errors: Vec::new(),
    }
}

fn close() -> ClosePage {
    ClosePage {
        frame: frame("profile"),
        username: text("somchai"),
        typed: text("somcai"),
        errors: vec![FieldError::new("username", "close-other-name")],
    }
}

fn representatives() -> RepresentativesPage {
    let row = RepresentativeRow {
        name: text("citizen_id"),
        label: text("Citizen number"),
        value: text("УБ90051512"),
        full_name: text("Сарангэрэл"),
        since: moment(),
    };
    RepresentativesPage {
        frame: frame("representatives"),
        rows: vec![row],
        names: vec![(text("citizen_id"), text("Citizen number"))],
        name: text("citizen_id"),
        value: text("1"),
        full_name: text("Сарангэрэл"),
        errors: vec![
            FieldError::new("value", "representatives-there"),
            FieldError::new("form", "representatives-last"),
            FieldError::new("name", "choose-one"),
        ],
    }
}

fn security() -> SecurityPage {
    let row = |id: &str, label: &str| FactorRow {
        id: text(id),
        label: text(label),
        added: moment(),
        used: Some(moment()),
    };
    let on = || ChannelState { id: Some(text("0198")), to: Some(text("+97•••••••33")) };
    SecurityPage {
        frame: frame("security"),
        password: Some(moment()),
        totp: Some(row("1", "")),
        passkeys: vec![row("2", "Firefox, Linux")],
        sms: on(),
        mail: on(),
        recovery_codes: 7,
        enrolled: true,
        can_add_passkeys: true,
        errors: form_error("channel-needs-password"),
    }
}

fn security_bare() -> SecurityPage {
    SecurityPage {
        password: None,
        totp: None,
        passkeys: Vec::new(),
        sms: ChannelState { id: None, to: Some(text("+97•••••••33")) },
        mail: ChannelState { id: None, to: None },
        recovery_codes: 0,
        errors: form_error("channel-unconfirmed"),
        ..security()
    }
}

fn password() -> PasswordPage {
    let errors = vec![FieldError::new("password", "password-too-short")];
    PasswordPage { frame: frame("security"), username: text("somchai"), errors }
}

fn totp() -> TotpPage {
    TotpPage {
        frame: frame("security"),
        sealed: text("sample"),
        secret: text("ABCD EFGH"),
        uri: text("otpauth://totp/Tamga:somchai?secret=SAMPLE"),
        size: 29,
        path: text("M4 4h7v1h-7z"),
        errors: vec![FieldError::new("code", "totp-unconfirmed")],
    }
}

fn passkey() -> NewPasskeyPage {
    NewPasskeyPage {
        frame: frame("security"),
        options: text("{\"challenge\":\"sample\"}"),
        sealed: text("sample"),
        label: text("Firefox, Linux"),
        errors: vec![
            FieldError::new("label", "passkey-label-missing"),
            FieldError::new("form", "new-passkey-refused"),
            FieldError::new("form", "new-passkey-taken"),
        ],
    }
}
