use std::{collections::BTreeSet, fs};

use scraper::{Html, Selector};

use super::*;

fn templates() -> Templates {
    Templates::load(Branding::default()).unwrap()
}

fn select<'a>(html: &'a Html, css: &str) -> Vec<scraper::ElementRef<'a>> {
    html.select(&Selector::parse(css).unwrap()).collect()
}

/// A directory of an operator's files, gone at the end of the test.
struct Overrides(PathBuf);

impl Overrides {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let dir = std::env::temp_dir().join(format!("tamga-templates-{}-{name}", std::process::id()));
        for (path, content) in files {
            let path = dir.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Self(dir)
    }

    fn load(&self) -> Result<Templates, TemplateError> {
        Templates::load(Branding { templates_dir: Some(self.0.clone()), ..Branding::default() })
    }
}

impl Drop for Overrides {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_page_renders_in_every_language_with_nothing_left_unfilled() {
    let templates = templates();
    for locale in Locale::ALL {
        for (name, html) in samples::render_all(&templates, locale).unwrap() {
            assert!(html.starts_with("<!DOCTYPE html>"), "{name} {locale}");
            for unfilled in ["{$", "{ $", ">none<", "undefined"] {
                assert!(!html.contains(unfilled), "{name} {locale}: {unfilled}\n{html}");
            }
            let page = Html::parse_document(&html);
            assert_eq!(select(&page, "h1").len(), 1, "{name} {locale}");
            assert_eq!(select(&page, &format!("html[lang={locale}]")).len(), 1, "{name} {locale}");
            assert_eq!(select(&page, "a.skip[href='#main']").len(), 1, "{name} {locale}");
            let inline = "[style], [onclick], script:not([src]), style";
            assert_eq!(select(&page, inline).len(), 0, "{name} {locale}: the CSP forbids inline code");
            for link in select(&page, "link[href], img[src], script[src]") {
                let value = link.value();
                let href = value.attr("href").or(value.attr("src")).unwrap();
                let path = href.strip_prefix("/static/").unwrap();
                assert!(templates.asset(path).is_some(), "{name}: {href}");
            }
        }
    }
}

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

#[test]
fn every_text_is_used_by_a_page_or_by_rust() {
    let pages = Sources::open(None).unwrap().texts("pages/").unwrap();
    let whole: BTreeSet<&str> = pages.iter().flat_map(|(_, source)| environment::keys(source)).collect();
    let rust = [include_str!("mod.rs"), include_str!("pages.rs"), include_str!("catalogue.rs")].concat();
    let samples = include_str!("samples.rs");
    let put_together = |key: &str| ["error-", "level-", "month-"].iter().any(|p| key.starts_with(p));
    for key in keys_of(Locale::En) {
        let quoted = format!("\"{key}\"");
        let used = whole.contains(key.as_str())
            || rust.contains(&quoted)
            || samples.contains(&quoted)
            || put_together(&key);
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

#[test]
fn a_login_page_has_its_stable_names_and_keeps_what_was_typed() {
    let templates = templates();
    let mut shell = samples::journey(Locale::En);
    shell.theme = Some(Theme::Dark);
    let page = LoginPage { username: "\"><script>x</script>".to_owned(), ..samples::login() };
    let html = templates.page(&shell, &page).unwrap();
    assert!(!html.contains("<script>x"), "{html}");
    let page = Html::parse_document(&html);
    let username = select(&page, "#login-form input[name=username]")[0];
    assert_eq!(username.attr("value"), Some("\"><script>x</script>"));
    for css in [
        "html[data-theme=dark]",
        "form#login-form[method=post][action='/login'] input[type=hidden][name=journey][value='0198']",
        "#login-form input[type=hidden][name=csrf]",
        "#login-form input[name=password][autocomplete=current-password]:not([value])",
        "#login-form button#login-submit[type=submit]",
        "#login-form button[data-show=password][hidden]",
        "a#register-link",
        "a#certificate-login",
        "a#phone-login",
        "form#cancel-form[method=post] input[name=journey]",
        "form#cancel-form input[name=csrf]",
        "form#cancel-form button#cancel",
        "nav a[lang=th][hreflang=th]",
        "nav a[lang=en][aria-current]",
    ] {
        assert_eq!(select(&page, css).len(), 1, "{css}");
    }
    let title = select(&page, "title")[0].text().collect::<String>();
    assert_eq!(title, "Sign in to Tax Service – Tamga");
}

#[test]
fn links_that_are_not_offered_and_a_cancel_without_journey_are_not_there() {
    let html = templates().page(&Shell::plain(Locale::En), &samples::login_bare()).unwrap();
    let page = Html::parse_document(&html);
    let absent = "#register-link, #certificate-login, #phone-login, #cancel-form, nav, .asker, #errors";
    assert_eq!(select(&page, absent).len(), 0);
}

#[test]
fn errors_are_summed_up_at_the_top_and_tied_to_their_fields() {
    let page = LoginPage {
        errors: vec![FieldError::new("username", "login-throttled"), FieldError::new("csrf", "form-stale")],
        wait_seconds: Some(95),
        ..samples::login()
    };
    let html = templates().page(&samples::journey(Locale::En), &page).unwrap();
    let page = Html::parse_document(&html);
    let summary = select(&page, "#errors[role=alert][tabindex='-1'][autofocus] li");
    assert_eq!(summary.len(), 2);
    let link = select(&page, "#errors a[href='#username']")[0].text().collect::<String>();
    assert_eq!(link, "There were too many wrong tries. Wait 2 minutes, then try again.");
    assert_eq!(
        select(&page, "#errors li")[1].child_elements().count(),
        0,
        "no field of that name to link to"
    );
    let described = select(&page, "#username[aria-invalid=true][aria-describedby=username-error]");
    assert_eq!(described.len(), 1);
    assert_eq!(select(&page, "#username-error").len(), 1);
    assert_eq!(select(&page, "#password[aria-invalid]").len(), 0);
    assert!(select(&page, "title")[0].text().collect::<String>().starts_with("Error: Sign in to"));
}

#[test]
fn a_consent_page_offers_both_answers_and_boxes_only_for_what_is_optional() {
    let html = templates().page(&samples::journey(Locale::En), &samples::consent()).unwrap();
    let page = Html::parse_document(&html);
    for css in [
        "#consent-form button#consent-allow[name=decision][value=allow]",
        "#consent-form button#consent-deny[name=decision][value=deny]",
        "#consent-form input[type=checkbox][name=remember][checked]",
        "#consent-form input[name=claim][value=email][checked]",
        "#consent-form input[name=claim][value=occupation]",
        "#cancel-form #cancel",
    ] {
        assert_eq!(select(&page, css).len(), 1, "{css}");
    }
    assert_eq!(select(&page, "input[name=claim]").len(), 2);
    let badge = select(&page, ".badge")[0].text().collect::<String>();
    assert_eq!(badge, "Checked against the register, 12 March 2026");
}

#[test]
fn the_other_pages_have_their_stable_names() {
    let rendered = samples::render_all(&templates(), Locale::En).unwrap();
    for (name, css) in [
        ("error_developer", "#error-code"),
        ("error_developer", "#error-description[lang=en]"),
        ("error_developer", "#request-id"),
        ("logout", "form#logout-form[method=post] input[name=csrf]"),
        ("logout", "#logout-form input[name=state]"),
        ("logout", "#logout-form button#logout-confirm"),
        ("logged_out", "#logged-out"),
        ("form_post", "form#form-post[method=post] input[name=code]"),
        ("form_post", "#form-post button[type=submit]"),
        ("dev_start", "form button#start"),
        ("dev_result", "#result[data-ok=false]"),
    ] {
        let html = &rendered.iter().find(|(other, _)| other == name).unwrap().1;
        assert_eq!(select(&Html::parse_document(html), css).len(), 1, "{name}: {css}");
    }
    let code = &rendered.iter().find(|(name, _)| name == "code").unwrap().1;
    assert!(code.contains("<title>Success code=a-b_c0</title>"), "{code}");
}

#[test]
fn a_page_with_its_style_weighs_less_than_30_kilobytes() {
    let branding = Branding { accent: Some("#c8102e".to_owned()), ..Branding::default() };
    let templates = Templates::load(branding).unwrap();
    let style: usize = [".css", ".js", ".svg"]
        .iter()
        .flat_map(|kind| templates.assets.by_hashed_name.iter().filter(move |(name, _)| name.ends_with(kind)))
        .map(|(_, asset)| asset.body.len())
        .sum();
    for locale in Locale::ALL {
        for (name, html) in samples::render_all(&templates, locale).unwrap() {
            let weight = html.len() + style;
            assert!(weight < 30_000, "{name} {locale} weighs {weight}");
        }
    }
}

#[test]
fn static_names_carry_a_hash_and_style_sheets_use_it() {
    let templates = templates();
    let href = templates.assets.href("app.css").unwrap();
    let name = href.strip_prefix("/static/").unwrap();
    let hash = name.strip_prefix("app.").and_then(|rest| rest.strip_suffix(".css")).unwrap();
    assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    let css = templates.asset(name).unwrap();
    assert_eq!(css.content_type, "text/css; charset=utf-8");
    let css = String::from_utf8(css.body.to_vec()).unwrap();
    assert!(css.contains(&format!("url({})", templates.assets.href("band.svg").unwrap())));
    assert!(!css.contains("url(band.svg)"));
    assert!(templates.asset("app.css").is_none(), "only hashed names are served");
    assert!(templates.asset("../static/app.css").is_none());
    assert_eq!(templates.assets.href(assets::BRAND_CSS), None);
}

#[test]
fn an_accent_gives_a_style_sheet_of_its_own_and_recolours_the_emblem() {
    let branding = Branding { accent: Some("#c8102e".to_owned()), ..Branding::default() };
    let branded = Templates::load(branding).unwrap();
    let html = branded.page(&Shell::plain(Locale::En), &samples::login_bare()).unwrap();
    let href = branded.assets.href(assets::BRAND_CSS).unwrap();
    assert_eq!(select(&Html::parse_document(&html), &format!("link[href='{href}']")).len(), 1);
    assert_ne!(branded.assets.href("emblem.svg"), templates().assets.href("emblem.svg"));
    let wrong = Branding { accent: Some("red".to_owned()), ..Branding::default() };
    assert!(matches!(Templates::load(wrong), Err(TemplateError::Accent(_))));
}

#[test]
fn an_operator_replaces_single_files_and_single_texts() {
    let operator = Overrides::new(
        "single",
        &[
            (
                "pages/home.html",
                "{% extends \"layout.html\" %}{% block content %}<p>Our own</p>{% endblock %}",
            ),
            ("locales/en.ftl", "login-submit = Come in\n"),
            ("static/emblem.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ],
    );
    let templates = operator.load().unwrap();
    let shell = Shell::plain(Locale::En);
    let home = templates.page(&shell, &HomePage { person: None, logout: None }).unwrap();
    assert!(home.contains("<p>Our own</p>"));
    let login = templates.page(&shell, &samples::login_bare()).unwrap();
    assert!(login.contains("Come in") && login.contains("Password"));
    let emblem = templates.assets.href("emblem.svg").unwrap();
    let emblem = templates.asset(emblem.strip_prefix("/static/").unwrap()).unwrap();
    assert_eq!(emblem.body, "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
}

#[test]
fn a_fault_in_an_operators_file_refuses_to_start_and_names_it() {
    for (name, path, content, told) in [
        ("syntax", "pages/home.html", "{% block %}", "home.html"),
        ("unknown-text", "pages/home.html", "{{ t(\"no-such\") }}", "no-such"),
        ("undefined", "pages/home.html", "{{ page.no_such_field }}", "home.html"),
        ("catalogue", "locales/ru.ftl", "login-submit = { $", "ru.ftl"),
        ("language", "locales/fr.ftl", "login-submit = Entrer", "fr.ftl"),
        ("kind", "static/setup.exe", "MZ", "setup.exe"),
    ] {
        let fault = Overrides::new(name, &[(path, content)]).load().err().unwrap().to_string();
        assert!(fault.contains(told), "{fault}");
    }
    let missing = Overrides(PathBuf::from("/nonexistent/templates"));
    assert!(matches!(missing.load(), Err(TemplateError::Read { .. })));
}

/// `TAMGA_DUMP_PAGES=DIR cargo test dumps` writes every sample there, to look at in a browser.
#[test]
fn dumps_every_page_when_asked_to() {
    let Some(dir) = std::env::var_os("TAMGA_DUMP_PAGES").map(PathBuf::from) else { return };
    let templates = templates();
    fs::create_dir_all(dir.join("static")).unwrap();
    for (name, asset) in &templates.assets.by_hashed_name {
        fs::write(dir.join("static").join(name), &asset.body).unwrap();
    }
    for locale in Locale::ALL {
        for (name, html) in samples::render_all(&templates, locale).unwrap() {
            fs::write(dir.join(format!("{name}.{locale}.html")), html).unwrap();
        }
    }
}
