//! The texts, in every language we speak (Fluent).

use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

use super::{TemplateError, sources::Sources};
use crate::model::locale::Locale;

/// All catalogues, in the order of [`Locale::ALL`].
pub(super) struct Catalogue {
    bundles: Vec<FluentBundle<Arc<FluentResource>>>,
}

impl Catalogue {
    /// Parses ours, then the operator's, text by text over them.
    pub(super) fn load(sources: &Sources) -> Result<Self, TemplateError> {
        let mut overrides = sources.overrides("locales/")?;
        let mut bundles = Vec::new();
        for locale in Locale::ALL {
            let name = format!("{}.ftl", locale.tag());
            let ours = sources.compiled(&format!("locales/{name}"))?.unwrap_or_default();
            let mut bundle = FluentBundle::new_concurrent(vec![language(locale, &name)?]);
            // Isolation marks would end up in titles, mails and what people copy.
            bundle.set_use_isolating(false);
            bundle.add_resource_overriding(parse(&name, ours)?);
            if let Some(at) = overrides.iter().position(|(file, _)| *file == name) {
                bundle.add_resource_overriding(parse(&name, overrides.swap_remove(at).1)?);
            }
            bundles.push(bundle);
        }
        match overrides.pop() {
            Some((name, _)) => {
                Err(TemplateError::Catalogue { name, detail: "not a language we speak".to_owned() })
            }
            None => Ok(Self { bundles }),
        }
    }

    /// A text; in English if the language lacks it, none if English does too.
    pub(super) fn text<'a>(
        &self,
        locale: Locale,
        key: &str,
        args: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Option<String> {
        let mut fluent_args = FluentArgs::new();
        for (name, value) in args {
            match value.parse::<u32>() {
                Ok(count) if name == "count" => fluent_args.set(name, count),
                _ => fluent_args.set(name, value),
            }
        }
        [locale, Locale::En].into_iter().find_map(|locale| {
            let bundle = &self.bundles[locale as usize];
            let pattern = bundle.get_message(key)?.value()?;
            let mut faults = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&fluent_args), &mut faults).into_owned();
            for fault in faults {
                tracing::warn!(key, %locale, %fault, "a text could not be filled in");
            }
            Some(text)
        })
    }

    /// A day in the words of a language. Catalogues choose between `$year` and `$buddhist`, the
    /// year of the Thai calendar.
    pub(super) fn date(&self, locale: Locale, year: i32, month: u8, day: u8) -> Option<String> {
        let month = self.text(locale, &format!("month-{month}"), [])?;
        let (day, buddhist, year) = (day.to_string(), (year + 543).to_string(), year.to_string());
        let args = [("day", &*day), ("month", &*month), ("year", &*year), ("buddhist", &*buddhist)];
        self.text(locale, "date", args)
    }

    /// A wait in words: seconds up to a minute, then whole minutes, rounded up so that nobody
    /// comes back too early.
    pub(super) fn duration(&self, locale: Locale, seconds: u64) -> String {
        let (key, count) = match seconds {
            0..60 => ("duration-seconds", seconds.max(1)),
            _ => ("duration-minutes", seconds.div_ceil(60)),
        };
        self.text(locale, key, [("count", &*count.to_string())]).unwrap_or_else(|| count.to_string())
    }

    /// Whether English has the text, as all languages then do.
    pub(super) fn has(&self, key: &str) -> bool {
        self.bundles[Locale::En as usize].has_message(key)
    }
}

fn language(locale: Locale, name: &str) -> Result<unic_langid::LanguageIdentifier, TemplateError> {
    let fault = |e: unic_langid::LanguageIdentifierError| e.to_string();
    locale.tag().parse().map_err(|e| TemplateError::Catalogue { name: name.to_owned(), detail: fault(e) })
}

fn parse(name: &str, source: String) -> Result<Arc<FluentResource>, TemplateError> {
    FluentResource::try_new(source).map(Arc::new).map_err(|(resource, faults)| {
        let line = |at: usize| resource.source().get(..at).map_or(1, |before| before.lines().count().max(1));
        let detail: Vec<String> =
            faults.iter().map(|fault| format!("line {}: {fault}", line(fault.pos.start))).collect();
        TemplateError::Catalogue { name: name.to_owned(), detail: detail.join("; ") }
    })
}
