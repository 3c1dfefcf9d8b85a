mod files;
mod pages;
mod texts;

use scraper::{Html, Selector};

use super::*;

fn templates() -> Templates {
    Templates::load(Branding::default()).unwrap()
}

fn select<'a>(html: &'a Html, css: &str) -> Vec<scraper::ElementRef<'a>> {
    html.select(&Selector::parse(css).unwrap()).collect()
}
