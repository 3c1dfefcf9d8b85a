//! The template engine of one language: the pages, and the functions they may call.

use std::sync::Arc;

use minijinja::{
    Environment, Error, ErrorKind, UndefinedBehavior, Value, context,
    value::{Kwargs, Serde},
};

use super::{
    Branding, TemplateError,
    assets::{Assets, BRAND_CSS},
    catalogue::Catalogue,
};
use crate::model::locale::Locale;

/// Parses all pages for one language. HTML is escaped everywhere; an undefined name is an error.
pub(super) fn build(
    locale: Locale,
    branding: &Branding,
    pages: &[(String, String)],
    catalogue: &Arc<Catalogue>,
    assets: &Arc<Assets>,
) -> Result<Environment<'static>, TemplateError> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    // Else an error carries the page's values, CSRF token and all, into the log.
    env.set_debug(false);
    for (name, source) in pages {
        env.add_template_owned(name.clone(), source.clone()).map_err(|source| TemplateError::Template {
            name: name.clone(),
            detail: detail(&source),
            source,
        })?;
    }
    env.add_global("lang", locale.tag());
    env.add_global(
        "brand",
        context! {
            name => branding.name_in(locale),
            help_url => branding.help_url.as_ref().map(url::Url::as_str),
            privacy_url => branding.privacy_url.as_ref().map(url::Url::as_str),
            stylesheet => assets.href(BRAND_CSS),
        },
    );
    add_functions(&mut env, locale, catalogue, assets);
    Ok(env)
}

/// `t("key", name=value)` a text, `date([y, m, d])` a day in words, `asset("app.css")` a file's address,
/// `href|address` an address with no more escaped than a quoted attribute needs.
fn add_functions(
    env: &mut Environment<'static>,
    locale: Locale,
    catalogue: &Arc<Catalogue>,
    assets: &Arc<Assets>,
) {
    let texts = Arc::clone(catalogue);
    env.add_function("t", move |key: &str, kwargs: Kwargs| -> Result<String, Error> {
        let mut args = Vec::new();
        for name in kwargs.args() {
            args.push((name.to_owned(), kwargs.peek::<Value>(name)?.to_string()));
        }
        texts
            .text(locale, key, args.iter().map(|(name, value)| (name.as_str(), value.as_str())))
            .ok_or_else(|| fault(format!("no catalogue has the text {key:?}")))
    });
    let texts = Arc::clone(catalogue);
    env.add_function("date", move |Serde((year, month, day)): Serde<(i32, u8, u8)>| {
        texts.date(locale, year, month, day).ok_or_else(|| fault(format!("no month {month}")))
    });
    let texts = Arc::clone(catalogue);
    env.add_function("duration", move |seconds: u64| texts.duration(locale, seconds));
    env.add_filter("address", |address: &str| Value::from_safe_string(attribute(address)));
    let files = Arc::clone(assets);
    env.add_function("asset", move |name: &str| {
        files.href(name).ok_or_else(|| fault(format!("no static file {name:?}")))
    });
}

/// For a quoted attribute. The engine's own escaping turns slashes into entities too.
fn attribute(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn fault(detail: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

/// Refuses a template that names a text nobody wrote. Keys put together at run time are met by
/// the rendering of samples.
pub(super) fn check_texts(pages: &[(String, String)], catalogue: &Catalogue) -> Result<(), TemplateError> {
    for (template, source) in pages {
        if let Some(key) = keys(source).find(|key| !catalogue.has(key)) {
            return Err(TemplateError::MissingText { template: template.clone(), key: key.to_owned() });
        }
    }
    Ok(())
}

/// The keys that stand whole in a template: `t("key"` not followed by `~`.
pub(super) fn keys(source: &str) -> impl Iterator<Item = &str> {
    let begins_word = |at: usize| !source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    source
        .match_indices("t(\"")
        .filter(move |(at, _)| begins_word(*at))
        .filter_map(|(at, call)| source[at + call.len()..].split_once('"'))
        .filter(|(_, after)| !after.trim_start().starts_with('~'))
        .map(|(key, _)| key)
}

/// An engine's error with its line and everything that led to it, on one line.
pub(super) fn detail(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
