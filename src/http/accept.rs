//! What kind of answer a request would rather have (RFC 9110 §12.5.1).

use axum::http::{HeaderMap, header};

const HTML: &str = "text/html";

/// The one of these media types that the sender names and wants no less than a page; of several the
/// one it wants most, the first listed among equals. A browser names none of them, and a range such
/// as `*/*` is no name: both get the page.
pub fn rather_than_html<'o>(headers: &HeaderMap, others: &[&'o str]) -> Option<&'o str> {
    let ranges: Vec<(&str, u16)> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(range)
        .collect();
    let html = [HTML, "text/*", "*/*"].into_iter().find_map(|name| weight(&ranges, name)).unwrap_or(0);
    let mut wanted: Option<(&str, u16)> = None;
    for other in others {
        // RFC 9110 §12.4.2: "a value of 0 means 'not acceptable'".
        let Some(weight) = weight(&ranges, other).filter(|weight| *weight > 0 && *weight >= html) else {
            continue;
        };
        if wanted.is_none_or(|(_, best)| weight > best) {
            wanted = Some((*other, weight));
        }
    }
    wanted.map(|(name, _)| name)
}

fn weight(ranges: &[(&str, u16)], name: &str) -> Option<u16> {
    ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(name)).map(|(_, weight)| *weight)
}

/// A range and its weight in thousandths.
fn range(entry: &str) -> (&str, u16) {
    let mut parts = entry.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| thousandths(value.trim()))
    });
    (name, weight.unwrap_or(1_000))
}

/// RFC 9110 §12.4.2: 0 to 1 with at most three decimals; anything else is not wanted.
fn thousandths(text: &str) -> u16 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return 0;
    }
    let part = format!("{decimals:0<3}").parse().unwrap_or(0);
    match (whole, part) {
        ("0", part) => part,
        ("1", 0) => 1_000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const XRDS: &str = "application/xrds+xml";
    const JSON: &str = "application/json";

    fn chosen(accept: &[&str]) -> Option<&'static str> {
        let headers = accept.iter().map(|value| (header::ACCEPT, value.parse().unwrap()));
        rather_than_html(&HeaderMap::from_iter(headers), &[XRDS, JSON])
    }

    #[test]
    fn browsers_and_those_who_take_anything_get_the_page() {
        for accept in [
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "*/*",
            "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
            "application/*",
            "text/html, application/xrds+xml;q=0.9",
            "application/xrds+xml;q=0",
            "application/xrds+xml;q=0.5, */*",
            "",
        ] {
            assert_eq!(chosen(&[accept]), None, "{accept}");
        }
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn relying_parties_get_the_document() {
        for accept in [
            "application/xrds+xml",
            "Application/XRDS+XML",
            "text/html; q=0.3, application/xhtml+xml; q=0.5, application/xrds+xml",
            "application/xrds+xml, */*",
            "text/html, application/xrds+xml",
            "application/xrds+xml;q=0.2, text/html;q=0.1",
            "application/xrds+xml; charset=utf-8; q=0.800, */*; q=0.3",
            "application/xrds+xml, application/json",
            "application/xrds+xml;q=0.2, text/html;q=0, */*;q=1",
        ] {
            assert_eq!(chosen(&[accept]), Some(XRDS), "{accept}");
        }
        assert_eq!(chosen(&["text/html;q=0.5", "application/xrds+xml"]), Some(XRDS));
        assert_eq!(chosen(&["application/json, text/plain, */*"]), Some(JSON));
        assert_eq!(chosen(&["application/json, application/xrds+xml;q=0.9"]), Some(JSON));
    }

    #[test]
    fn a_weight_is_a_number_from_0_to_1() {
        for (text, weight) in [
            ("1", 1_000),
            ("1.000", 1_000),
            ("0.05", 50),
            ("0", 0),
            ("0.", 0),
            ("1.5", 0),
            ("2", 0),
            ("x", 0),
        ] {
            assert_eq!(thousandths(text), weight, "{text}");
        }
        assert_eq!(thousandths("0.1234"), 0);
        assert_eq!(thousandths("-1"), 0);
    }
}
