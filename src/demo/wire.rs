//! What the relying parties read from answers, and the cookie that ties an answer to its attempt.

use std::error::Error;

use axum::http::{HeaderMap, header::COOKIE};

use super::{Demo, attempts::TTL};
use crate::secret::Token;

/// A `Set-Cookie` that remembers an attempt at this browser.
pub fn set_cookie(demo: &Demo, name: &str, key: &Token) -> String {
    let secure = if demo.base.scheme() == "https" { "; Secure" } else { "" };
    let life = TTL.whole_seconds();
    format!("{name}={}; Path=/demo; Max-Age={life}; HttpOnly; SameSite=Lax{secure}", key.expose())
}

/// The code, or the error in the server's words (RFC 6749 §4.1.2.1).
pub fn code(answer: &[(String, String)]) -> Result<(&str, String), String> {
    match (parameter(answer, "code"), parameter(answer, "error")) {
        (Some(code), None) => Ok((code, String::new())),
        (_, Some(error)) => match parameter(answer, "error_description") {
            Some(description) => Err(format!("{error}: {description}")),
            None => Err(error.to_owned()),
        },
        (None, None) => Err("neither code nor error came".to_owned()),
    }
}

/// A parameter of an answer.
pub fn parameter<'a>(answer: &'a [(String, String)], name: &str) -> Option<&'a str> {
    answer.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
}

/// The value of a cookie of ours.
pub fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    pairs
        .flat_map(|pairs| pairs.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

/// An error with its causes: the first alone often says no more than "request failed".
pub fn explain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

/// The beginning of a bearer value: enough to see that one came, too little to use.
pub fn shortened(token: &str) -> String {
    token.chars().take(12).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str) -> Vec<(String, String)> {
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    #[test]
    fn an_error_is_shown_in_the_servers_words() {
        let refused = answer("error=access_denied&error_description=Cancelled+by+the+person&state=1");
        assert_eq!(code(&refused), Err("access_denied: Cancelled by the person".to_owned()));
        assert_eq!(code(&answer("error=server_error&code=1")), Err("server_error".to_owned()));
        assert_eq!(code(&answer("code=abc")), Ok(("abc", String::new())));
        assert!(code(&answer("")).is_err());
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let headers = |value: &str| HeaderMap::from_iter([(COOKIE, value.parse().unwrap())]);
        assert_eq!(cookie(&headers("a=1; demo=x; demo2=y"), "demo"), Some("x"));
        assert_eq!(cookie(&headers("mydemo=1"), "demo"), None);
        assert_eq!(cookie(&HeaderMap::new(), "demo"), None);
    }

    #[test]
    fn a_shortened_token_is_of_no_use() {
        assert_eq!(shortened("0123456789abcdefghij"), "0123456789ab...");
    }
}
