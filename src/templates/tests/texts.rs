use std::collections::BTreeSet;

use super::*;

/// The keys of a catalogue as it is in the repository.
fn keys_of(locale: Locale) -> BTreeSet<String> {
    let sources = Sources::open(None).unwrap();
    let text = sources.compiled(&format!("locales/{locale}.ftl")).unwrap().unwrap();
    let key = |line: &str| Some(line.split_once(" =")?.0.to_owned());
    text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(key).collect()
}

#[test]
fn every_language_has_the_texts_of_every_other() {
    let english = keys_of(Locale::En);
    assert!(english.len() > 100);
    for locale in Locale::ALL {
        let differing: Vec<_> = english.symmetric_difference(&keys_of(locale)).cloned().collect();
        assert!(differing.is_empty(), "{locale}: {differing:?}");
    }
}

#[test]
fn no_language_still_has_an_english_text() {
    let templates = templates();
    let order_only = ["document-title", "date", "level-dated"];
    for locale in Locale::ALL.into_iter().filter(|locale| *locale != Locale::En) {
        for key in keys_of(Locale::En).iter().filter(|key| !order_only.contains(&key.as_str())) {
            let english = templates.text(Locale::En, key, &[]);
            assert_ne!(templates.text(locale, key, &[]), english, "{locale}: {key}");
        }
    }
}

/// All of the program's source, its own tests left out.
fn rust_sources(folder: &std::path::Path) -> String {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "tests") {
                all.push_str(&rust_sources(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    all
}

#[test]
fn every_text_is_used_by_a_page_or_by_rust() {
    let pages = Sources::open(None).unwrap().texts("pages/").unwrap();
    let whole: BTreeSet<&str> = pages.iter().flat_map(|(_, source)| environment::keys(source)).collect();
    let rust = rust_sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    // Keys that are put together from a word, here or by the consent page.
    let put_together = |key: &str| {
        [
            "error-",
            "level-",
            "month-",
            "attribute-",
            "kind-",
            "gender-",
            "people-",
            "registrar-level-",
            "evidence-",
            "source-",
            "register-kind-",
        ]
        .iter()
        .any(|p| key.starts_with(p))
    };
    for key in keys_of(Locale::En) {
        let quoted = format!("\"{key}\"");
        let used = whole.contains(key.as_str()) || rust.contains(&quoted) || put_together(&key);
        assert!(used, "{key} is not used");
    }
}

#[test]
fn dates_waits_and_plurals_follow_the_language() {
    let templates = templates();
    let date = |locale| templates.catalogue.date(locale, 2026, 3, 12).unwrap();
    assert_eq!(date(Locale::En), "12 March 2026");
    assert_eq!(date(Locale::Mn), "2026 оны 3 дугаар сарын 12");
    assert_eq!(date(Locale::Kk), "2026 жылғы 12 наурыз");
    assert_eq!(date(Locale::Ru), "12 марта 2026 года");
    assert_eq!(date(Locale::Th), "12 มีนาคม พ.ศ. 2569");

    let wait = |locale, seconds| templates.catalogue.duration(locale, seconds);
    assert_eq!(wait(Locale::En, 0), "1 second");
    assert_eq!(wait(Locale::En, 59), "59 seconds");
    assert_eq!(wait(Locale::En, 60), "1 minute");
    assert_eq!(wait(Locale::En, 61), "2 minutes");
    assert_eq!(wait(Locale::Ru, 2), "2 секунды");
    assert_eq!(wait(Locale::Ru, 21), "21 секунду");
    assert_eq!(wait(Locale::Ru, 300), "5 минут");
}

#[test]
fn text_falls_back_to_the_key_and_never_isolates_its_arguments() {
    let templates = templates();
    assert_eq!(templates.text(Locale::Th, "no-such-text", &[]), "no-such-text");
    let named = templates.text(Locale::En, "login-title-client", &[("client", "007")]);
    assert_eq!(named, "Sign in to 007");
}
