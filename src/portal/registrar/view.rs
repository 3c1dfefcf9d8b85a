//! The page of a person, put together.

use super::judgement::{Typed, seen};
use crate::{
    app::App,
    model::{attribute::Format, evidence::EvidenceKind, locale::Locale, user::User},
    pages::labels,
    store::evidence::{Document, Past},
    templates::{Choice, EvidenceRow, HeldRow, PastRow, PersonPage, Verified},
};

/// Everything but who looks at it and what was wrong.
pub fn page(
    app: &App,
    user: &User,
    documents: &[Document],
    history: &[Past],
    typed: Option<&Typed>,
    locale: Locale,
) -> PersonPage {
    let nothing = Typed::default();
    let typed = typed.unwrap_or(&nothing);
    let mut names: Vec<&String> = user.attributes.keys().collect();
    names.sort_by_key(|name| labels::place(name));
    let path = super::person::path(&user.id.to_string());
    let choice = |kind: &EvidenceKind| Choice {
        value: kind.word(),
        label: app.templates().text(locale, &format!("evidence-{kind}"), &[]),
        chosen: typed.evidence == kind.word(),
    };
    let document = |document: &Document| EvidenceRow {
        href: format!("{path}/files/{}", document.id),
        photo: document.name == "photo",
        note: document.note.clone(),
        sent: Verified { date: document.created_at.date() },
        seen: document.reviewed_at.is_some(),
    };
    let past = |past: &Past| PastRow {
        label: labels::attribute(app, &past.name, locale),
        value: if is_file(app, &past.name) { String::new() } else { past.value.clone() },
        level: past.level,
        source: source(app, &past.source, locale),
        at: Verified { date: past.recorded_at.date() },
    };
    PersonPage {
        name: user.display_name(),
        username: user.username.clone(),
        kind: app.templates().text(locale, &format!("kind-{}", user.kind), &[]),
        disabled: user.disabled_at.is_some(),
        own: false,
        done: None,
        csrf: String::new(),
        rows: names.into_iter().map(|name| row(app, user, name, typed, locale)).collect(),
        level: typed.level.clone(),
        evidence: EvidenceKind::ALL.iter().map(choice).collect(),
        reason: typed.reason.clone(),
        waiting: documents.iter().any(|one| one.name == "document" && one.reviewed_at.is_none()),
        documents: documents.iter().map(document).collect(),
        history: history.iter().map(past).collect(),
        action: path,
        errors: Vec::new(),
    }
}

fn row(app: &App, user: &User, name: &str, typed: &Typed, locale: Locale) -> HeldRow {
    let Some(held) = user.attributes.get(name) else { return HeldRow::default() };
    HeldRow {
        name: name.to_owned(),
        label: labels::attribute(app, name, locale),
        value: labels::value(app, user, name, locale),
        typed: typed.values.get(name).unwrap_or(&held.value).clone(),
        seen: seen(held.level, &held.value),
        level: held.level.into(),
        source: source(app, &held.source, locale),
        verified: held.verified_at.map(|at| Verified { date: at.date() }),
        chosen: typed.chosen.iter().any(|chosen| chosen == name),
        file: is_file(app, name),
    }
}

fn is_file(app: &App, name: &str) -> bool {
    app.settings.attributes.get(name).is_some_and(|definition| definition.format == Format::File)
}

/// Who says so, in words where there are some.
fn source(app: &App, source: &str, locale: Locale) -> String {
    match source {
        "self" | "operator" | "registrar" | "agency" => {
            app.templates().text(locale, &format!("source-{source}"), &[])
        }
        other => other.to_owned(),
    }
}
