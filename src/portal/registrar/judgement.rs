//! What a registrar typed, checked against the person as they are now.

use std::collections::BTreeMap;

use time::Date;

use crate::{
    form::Form,
    model::{
        attribute::{AttributeRegistry, Level},
        evidence::EvidenceKind,
        user::User,
    },
    store::evidence::Judged,
    templates::FieldError,
};

/// The longest reason, in characters.
const REASON: usize = 500;

/// The form as it came.
#[derive(Clone, Default)]
pub struct Typed {
    /// The attributes that are ticked.
    pub chosen: Vec<String>,
    /// The values typed beside them.
    pub values: BTreeMap<String, String>,
    seen: BTreeMap<String, String>,
    /// The level.
    pub level: String,
    /// The kind of evidence.
    pub evidence: String,
    /// The reason.
    pub reason: String,
}

impl Typed {
    /// Reads the fields of this person's attributes.
    pub fn read(form: &Form, user: &User) -> Self {
        let get = |name: &str| form.get(name).ok().flatten().unwrap_or_default().to_owned();
        let of_each = |prefix: &str| {
            let field = |name: &String| Some((name.clone(), get(&format!("{prefix}-{name}"))));
            user.attributes.keys().filter_map(field).collect()
        };
        let chosen = form.all("attribute").unwrap_or_default();
        Self {
            chosen: chosen.iter().map(|name| (*name).to_owned()).collect(),
            values: of_each("value"),
            seen: of_each("seen"),
            level: get("level"),
            evidence: get("evidence"),
            reason: get("reason").trim().to_owned(),
        }
    }
}

/// What a page shows of a value, to be sent back: how it is known whether somebody else changed it
/// meanwhile.
pub fn seen(level: Level, value: &str) -> String {
    format!("{level} {value}")
}

/// A judgement that may be written.
pub struct Checked {
    /// The values, by name.
    pub values: Vec<Judged>,
    /// What was seen.
    pub evidence: EvidenceKind,
}

/// Checks a judgement.
///
/// # Errors
/// All that is wrong, each beside its field.
pub fn check(
    typed: &Typed,
    user: &User,
    registry: &AttributeRegistry,
    today: Date,
) -> Result<Checked, Vec<FieldError>> {
    let mut errors = Vec::new();
    let level = typed.level.parse().ok().and_then(|level: i16| Level::try_from(level).ok());
    let level = level.filter(|level| *level > Level::UNVERIFIED);
    let evidence = typed.evidence.parse::<EvidenceKind>().ok();
    let mut values = Vec::new();
    for (name, held) in &user.attributes {
        if !typed.chosen.contains(name) {
            continue;
        }
        let id = format!("value-{name}");
        if typed.seen.get(name) != Some(&seen(held.level, &held.value)) {
            errors.push(FieldError::new(id, "registrar-changed"));
            continue;
        }
        let written = typed.values.get(name).map(String::as_str).unwrap_or_default();
        // A value that stays is not judged by rules that may be younger than it.
        let value = match registry.get(name) {
            _ if written == held.value || written.is_empty() => Ok(held.value.clone()),
            Some(definition) => definition.normalised(written, today),
            None => Ok(held.value.clone()),
        };
        match (value, level) {
            (Err(wrong), _) => errors.push(FieldError::new(id, wrong.key())),
            (Ok(value), Some(level)) => values.push(Judged {
                name: name.clone(),
                seen: held.value.clone(),
                seen_level: held.level,
                value,
                level,
            }),
            (Ok(_), None) => {}
        }
    }
    if !user.attributes.keys().any(|name| typed.chosen.contains(name)) {
        errors.insert(0, FieldError::new("attributes", "registrar-none-chosen"));
    }
    if level.is_none() {
        errors.push(FieldError::new("level", "registrar-level-missing"));
    }
    match evidence {
        None => errors.push(FieldError::new("evidence", "registrar-evidence-missing")),
        // people.md, "Verification levels": 3 is for who was checked face to face or by certificate.
        Some(kind) if level.is_some_and(|level| level > kind.highest()) => {
            errors.push(FieldError::new("evidence", "registrar-evidence-weak"));
        }
        Some(_) => {}
    }
    if let Some(key) = wrong_reason(&typed.reason) {
        errors.push(FieldError::new("reason", key));
    }
    match evidence {
        Some(evidence) if errors.is_empty() => Ok(Checked { values, evidence }),
        _ => Err(errors),
    }
}

/// What is wrong with a reason.
pub fn wrong_reason(reason: &str) -> Option<&'static str> {
    match reason.chars().count() {
        0 => Some("portal-reason-missing"),
        count if count > REASON || reason.chars().any(char::is_control) => Some("portal-reason-long"),
        _ => None,
    }
}
