//! What each kind of account is asked, and what was typed there.

use std::collections::BTreeMap;

use super::Traveller;
use crate::{
    app::App,
    model::{attribute::AttributeDefinition, locale::Locale, user::UserKind},
    templates::{AttributeField, FieldError},
};

/// Before the name of a field about an organisation's representative.
pub(super) const REPRESENTATIVE: &str = "representative.";

/// A field to fill in.
pub(super) struct Field<'a> {
    /// Its name.
    pub(super) name: String,
    /// The attribute it is for.
    pub(super) attribute: &'static str,
    definition: &'a AttributeDefinition,
    optional: bool,
    /// What to begin with.
    begin: Option<String>,
    /// Whether that can't be changed.
    locked: bool,
}

/// The identifier by which this kind of account is known here: the IIN when the client says one,
/// else the country's own.
pub(super) fn identifier(app: &App, traveller: &Traveller, kind: UserKind) -> &'static str {
    let codes = kind.verify_codes();
    let wanted = match traveller.request.hints().iin {
        Some(_) => "iin",
        None => app.settings.accounts.citizen_identifier,
    };
    codes.iter().copied().find(|code| *code == wanted).or(codes.first().copied()).unwrap_or(wanted)
}

/// What this kind of account is asked.
pub(super) fn wanted<'a>(app: &'a App, traveller: &Traveller, kind: UserKind) -> Vec<Field<'a>> {
    let code = identifier(app, traveller, kind);
    // Names may be one word: the last name is asked and not demanded.
    let wanted: &[(&'static str, bool)] = match kind {
        UserKind::Citizen => {
            &[(code, false), ("first_name", false), ("last_name", true), ("date_of_birth", false)]
        }
        UserKind::Foreigner => &[
            (code, false),
            ("first_name", false),
            ("last_name", true),
            ("nationality", false),
            ("date_of_birth", false),
        ],
        UserKind::GovernmentAgent => &[
            (code, false),
            ("first_name", false),
            ("last_name", true),
            ("date_of_birth", false),
            ("organization.name", false),
            ("organization.division", true),
        ],
        UserKind::JuristicPerson => &[(code, false), ("organization.name", false)],
    };
    let hints = traveller.request.hints();
    let registry = &app.settings.attributes;
    let field = |prefix: &str, attribute: &'static str, optional| {
        let is_iin = attribute == "iin" && hints.iin.is_some();
        Some(Field {
            name: format!("{prefix}{attribute}"),
            attribute,
            definition: registry.get(attribute)?,
            optional,
            begin: hints.iin.clone().filter(|_| is_iin),
            locked: is_iin && hints.iin_locked,
        })
    };
    let mut fields: Vec<Field<'_>> =
        wanted.iter().filter_map(|(attribute, optional)| field("", attribute, *optional)).collect();
    if kind == UserKind::JuristicPerson {
        let person = identifier(app, traveller, UserKind::Citizen);
        fields
            .extend([person, "full_name"].into_iter().filter_map(|name| field(REPRESENTATIVE, name, false)));
    }
    fields
}

impl Field<'_> {
    /// What stands in the field. A locked one is never read from a form: whoever changes the page
    /// must not pass for somebody else.
    fn value<'a>(&'a self, typed: &'a BTreeMap<String, String>) -> &'a str {
        match (&self.begin, typed.get(&self.name)) {
            (Some(begin), None) => begin,
            (Some(begin), _) if self.locked => begin,
            (_, typed) => typed.map(String::as_str).unwrap_or_default(),
        }
    }

    /// The field as it is shown.
    fn shown(&self, app: &App, typed: &BTreeMap<String, String>, locale: Locale) -> Option<AttributeField> {
        let value = self.value(typed);
        let mut shown =
            super::super::fields::field(app, self.attribute, value, locale, !self.optional, self.locked)?;
        shown.name.clone_from(&self.name);
        if self.attribute == "last_name" {
            shown.hint = Some(app.templates().text(locale, "register-last-name-hint", &[]));
        }
        if self.is_representatives() {
            shown.autocomplete = "off";
        }
        Some(shown)
    }

    fn is_representatives(&self) -> bool {
        self.name.starts_with(REPRESENTATIVE)
    }
}

/// The fields as they are shown: the account's own, and those about who acts for it.
pub(super) fn shown(
    app: &App,
    fields: &[Field<'_>],
    typed: &BTreeMap<String, String>,
    locale: Locale,
) -> (Vec<AttributeField>, Vec<AttributeField>) {
    let shown = |about: bool| {
        let fields = fields.iter().filter(|field| field.is_representatives() == about);
        fields.filter_map(|field| field.shown(app, typed, locale)).collect()
    };
    (shown(false), shown(true))
}

/// The values in the form in which they are stored, by field name.
///
/// # Errors
/// What is wrong, beside each field.
pub(super) fn check(
    app: &App,
    fields: &[Field<'_>],
    typed: &BTreeMap<String, String>,
) -> Result<Vec<(String, String)>, Vec<FieldError>> {
    let today = app.clock.now().date();
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for field in fields {
        let value = field.value(typed);
        if value.trim().is_empty() {
            if !field.optional {
                errors.push(FieldError::new(field.name.clone(), "attribute-missing"));
            }
            continue;
        }
        match field.definition.normalised(value, today) {
            Ok(value) => values.push((field.name.clone(), value)),
            Err(error) => errors.push(FieldError::new(field.name.clone(), error.key())),
        }
    }
    if errors.is_empty() { Ok(values) } else { Err(errors) }
}

/// The two ways to reach somebody: one at least is demanded, by the page.
pub(super) fn contacts<'a>(app: &'a App, traveller: &Traveller) -> Vec<Field<'a>> {
    let hints = traveller.request.hints();
    let field = |attribute: &'static str, begin: Option<String>| {
        let definition = app.settings.attributes.get(attribute)?;
        Some(Field {
            name: attribute.to_owned(),
            attribute,
            definition,
            optional: true,
            begin,
            locked: false,
        })
    };
    [field("mobile_phone", hints.phone), field("email", None)].into_iter().flatten().collect()
}
