use std::fs;

use scraper::Html;

use super::*;

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
fn a_page_with_its_style_weighs_less_than_30_kilobytes() {
    let branding = Branding { accent: Some("#c8102e".to_owned()), ..Branding::default() };
    let templates = Templates::load(branding).unwrap();
    // Every page has all the style and its images, and the scripts that it names.
    let linked = |html: &str| -> usize {
        let assets = templates.assets.by_hashed_name.iter();
        let of_page = assets.filter(|(name, _)| !name.ends_with(".js") || html.contains(name.as_str()));
        of_page.map(|(_, asset)| asset.body.len()).sum()
    };
    for locale in Locale::ALL {
        for (name, html) in samples::render_all(&templates, locale).unwrap() {
            let weight = html.len() + linked(&html);
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
