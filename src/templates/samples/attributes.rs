//! Samples of the pages that ask for attributes or a level.

use super::{super::*, text};
use crate::model::attribute::Level;

pub(super) fn render(
    templates: &Templates,
    shell: &Shell,
    pages: &mut Vec<(String, String)>,
) -> Result<(), TemplateError> {
    pages.push(("attributes".to_owned(), templates.page(shell, &attributes())?));
    pages.push(("attributes_bare".to_owned(), templates.page(&Shell::plain(shell.locale), &attributes())?));
    for wanted in 1..=3 {
        let confirm = (wanted == 1).then(|| text("+97•••••••33"));
        pages.push((format!("level_{wanted}"), templates.page(shell, &level(wanted, confirm))?));
    }
    pages.push(("level_bare".to_owned(), templates.page(&Shell::plain(shell.locale), &level(1, None))?));
    Ok(())
}

pub(super) fn field(name: &str, choices: &[&str], locked: bool) -> AttributeField {
    AttributeField {
        name: text(name),
        label: text("Овог"),
        hint: Some(text("Паспортад бичсэнээр")),
        value: text("Бат-Эрдэнэ"),
        input_type: "text",
        autocomplete: "off",
        inputmode: Some("numeric"),
        choices: choices.iter().map(|choice| (text(choice), text(choice))).collect(),
        required: !locked,
        locked,
    }
}

fn attributes() -> AttributesPage {
    AttributesPage {
        action: text("/attributes"),
        journey: text("0198"),
        csrf: text("sample"),
        person: text("Сарангэрэл"),
        fields: vec![
            field("last_name", &[], false),
            field("gender", &["female", "male"], false),
            field("iin", &[], true),
        ],
        skippable: true,
        errors: vec![
            FieldError::new("last_name", "attribute-missing"),
            FieldError::new("form", "form-stale"),
        ],
    }
}

fn level(wanted: i16, confirm: Option<String>) -> LevelPage {
    LevelPage {
        action: text("/level"),
        journey: text("0198"),
        csrf: text("sample"),
        person: text("Сарангэрэл"),
        held: Level::UNVERIFIED,
        wanted: Level::try_from(wanted).unwrap_or_default(),
        confirm,
        account: text("/account"),
        errors: vec![FieldError::new("form", "code-too-early")],
        wait_seconds: Some(75),
    }
}
