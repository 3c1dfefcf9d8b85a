//! Whose server this is: the state's name, colour and links.

use std::{collections::BTreeMap, path::PathBuf};

use url::Url;

use super::TemplateError;
use crate::model::locale::Locale;

/// What an operator sets in `[branding]`.
#[derive(Clone, Debug)]
pub struct Branding {
    /// The name in the header, by language; English is always there.
    pub name: BTreeMap<Locale, String>,
    /// The colour of header, links and buttons, `#rrggbb`. It is darkened or lightened where text
    /// in it would be hard to read.
    pub accent: Option<String>,
    /// A directory whose files go before the ones compiled in.
    pub templates_dir: Option<PathBuf>,
    /// The help page in the footer.
    pub help_url: Option<Url>,
    /// The privacy notice in the footer.
    pub privacy_url: Option<Url>,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            name: BTreeMap::from([(Locale::En, "Tamga".to_owned())]),
            accent: None,
            templates_dir: None,
            help_url: None,
            privacy_url: None,
        }
    }
}

impl Branding {
    /// The name in a language, or in English.
    pub fn name_in(&self, locale: Locale) -> &str {
        self.name.get(&locale).or_else(|| self.name.get(&Locale::En)).map_or("Tamga", String::as_str)
    }
}

type Rgb = [u8; 3];

const WHITE: Rgb = [255; 3];
const BLACK: Rgb = [0; 3];
/// The grounds of `app.css`, light and dark, that text in the accent stands on.
const LIGHT_GROUND: Rgb = [0xf6, 0xf4, 0xee];
const DARK_GROUND: Rgb = [0x1b, 0x26, 0x2d];
/// The colour of our own emblem's disc and of `app.css`'s header.
const OWN_HEAD: &str = "#0d4a57";

/// The colours made from an accent, each with enough contrast for what it is used for (WCAG 2.2 §1.4.3).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Palette {
    head: Rgb,
    light: Rgb,
    dark: Rgb,
}

impl Palette {
    pub(super) fn from_accent(accent: &str) -> Result<Self, TemplateError> {
        let rgb = parse(accent).ok_or_else(|| TemplateError::Accent(accent.to_owned()))?;
        Ok(Self {
            head: towards(rgb, BLACK, |c| contrast(c, WHITE) >= 7.0),
            light: towards(rgb, BLACK, |c| contrast(c, LIGHT_GROUND) >= 5.0),
            dark: towards(rgb, WHITE, |c| contrast(c, DARK_GROUND) >= 6.0),
        })
    }

    /// The custom properties that go over those of `app.css`.
    pub(super) fn css(&self) -> String {
        let (head, light, dark) = (hex(self.head), hex(self.light), hex(self.dark));
        let dark_rules = format!("--accent:{dark};--on-accent:#0b1419");
        format!(
            ":root{{--head:{head};--accent:{light};--on-accent:#fff}}\n\
             @media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark_rules}}}}}\n\
             :root[data-theme=dark]{{{dark_rules}}}\n"
        )
    }

    /// Our emblem on a disc of the header's colour.
    pub(super) fn recolour(&self, emblem: &str) -> String {
        emblem.replace(OWN_HEAD, &hex(self.head))
    }
}

fn parse(colour: &str) -> Option<Rgb> {
    let digits =
        colour.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour nearest to `from` on the way to `to` that is good enough; `to` if none is.
fn towards(from: Rgb, to: Rgb, good: impl Fn(Rgb) -> bool) -> Rgb {
    let mix = |part: u16| {
        let channel =
            |i: usize| ((u16::from(from[i]) * (100 - part) + u16::from(to[i]) * part) / 100).min(255) as u8;
        [channel(0), channel(1), channel(2)]
    };
    (0..=100).map(mix).find(|colour| good(*colour)).unwrap_or(to)
}

/// WCAG 2.2, "contrast ratio".
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// WCAG 2.2, "relative luminance".
fn luminance(colour: Rgb) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_as_wcag_has_it() {
        assert!((contrast(BLACK, WHITE) - 21.0).abs() < 0.01);
        assert!((contrast([0x77; 3], WHITE) - 4.48).abs() < 0.01);
    }

    #[test]
    fn any_accent_gives_readable_colours() {
        for accent in ["#ffffff", "#000000", "#ffff00", "#0000ff", "#c8102e", "#00afca", "#777777"] {
            let palette = Palette::from_accent(accent).unwrap();
            assert!(contrast(palette.head, WHITE) >= 7.0, "{accent}: {palette:?}");
            assert!(contrast(palette.light, LIGHT_GROUND) >= 4.5, "{accent}: {palette:?}");
            assert!(contrast(palette.light, WHITE) >= 4.5, "{accent}: {palette:?}");
            assert!(contrast(palette.dark, DARK_GROUND) >= 4.5, "{accent}: {palette:?}");
            assert!(contrast(palette.dark, [0x0b, 0x14, 0x19]) >= 4.5, "{accent}: {palette:?}");
        }
    }

    #[test]
    fn an_accent_that_is_readable_stays_as_it_is() {
        assert_eq!(hex(Palette::from_accent("#0d4a57").unwrap().light), "#0d4a57");
    }

    #[test]
    fn only_six_hex_digits_are_a_colour() {
        for accent in ["", "red", "#fff", "#12345", "#1234567", "#12345g", "#+1+2+3", "0d4a57", "#ééé"] {
            assert!(matches!(Palette::from_accent(accent), Err(TemplateError::Accent(_))), "{accent}");
        }
    }
}
