use std::fs;

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

/// `TAMGA_DUMP_PAGES=DIR cargo test dumps` writes every sample there, to look at in a browser.
#[test]
fn dumps_every_page_when_asked_to() {
    let Some(dir) = std::env::var_os("TAMGA_DUMP_PAGES").map(PathBuf::from) else { return };
    let templates = templates();
    fs::create_dir_all(dir.join("static")).unwrap();
    for locale in Locale::ALL {
        for (name, html) in samples::render_all(&templates, locale).unwrap() {
            for path in html.split('"').filter_map(|part| part.strip_prefix("&#x2f;static&#x2f;")) {
                fs::write(dir.join("static").join(path), &templates.asset(path).unwrap().body).unwrap();
            }
            fs::write(dir.join(format!("{name}.{locale}.html")), html).unwrap();
        }
    }
    for (name, asset) in &templates.assets.by_hashed_name {
        fs::write(dir.join("static").join(name), &asset.body).unwrap();
    }
}
