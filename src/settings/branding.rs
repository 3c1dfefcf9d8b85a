//! `[branding]`: what the pages look like and where they lead for help.

use std::{collections::BTreeMap, path::PathBuf};

use url::Url;

use super::reader::Section;
use crate::model::locale::Locale;

/// `[branding]`.
#[derive(Debug, Clone)]
pub struct Branding {
    /// What the service is called, by language; English is always there.
    pub name: BTreeMap<Locale, String>,
    /// The accent colour as `#RRGGBB`; the style sheet's own when left out.
    pub accent: Option<String>,
    /// A folder whose templates are used in place of those built in.
    pub templates_dir: Option<PathBuf>,
    /// The help link at the foot of every page.
    pub help_url: Option<Url>,
    /// The privacy link at the foot of every page.
    pub privacy_url: Option<Url>,
    /// What people agree to when they make an account; our own page when left out.
    pub terms_url: Option<Url>,
}

impl Branding {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self {
            name: name(section),
            accent: accent(section),
            templates_dir: templates_dir(section),
            help_url: section.page("help_url"),
            privacy_url: section.page("privacy_url"),
            terms_url: section.page("terms_url"),
        }
    }
}

fn name(section: &mut Section<'_>) -> BTreeMap<Locale, String> {
    let mut names = section.texts("name");
    names.entry(Locale::En).or_insert_with(|| "Tamga".to_owned());
    names
}

fn accent(section: &mut Section<'_>) -> Option<String> {
    let colour = section.text("accent")?;
    let digits = colour.strip_prefix('#').unwrap_or_default();
    // It is written into the style sheet, so nothing but a colour may pass.
    if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Some(colour);
    }
    section.fault("accent", format!("`{colour}` is not a colour; write it like \"#1d4f91\""));
    None
}

fn templates_dir(section: &mut Section<'_>) -> Option<PathBuf> {
    let path = section.path("templates_dir")?;
    if !path.is_dir() {
        section.fault("templates_dir", format!("{} is not a folder that can be read", path.display()));
    }
    Some(path)
}
