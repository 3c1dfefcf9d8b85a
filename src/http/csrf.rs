//! CSRF tokens: derived from a cookie that only this browser has, so that a form that another
//! site makes the browser send can't carry the right one.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::secret::{Digest, Token};

/// The token for forms of the browser that holds `cookie`.
pub fn token(cookie: &Token) -> String {
    let digest = Digest::of(format!("csrf:{}", cookie.expose()).as_bytes());
    URL_SAFE_NO_PAD.encode(digest.as_bytes())
}

/// Whether a form's token belongs to `cookie`; compared in constant time.
pub fn matches(cookie: &Token, sent: &str) -> bool {
    Digest::of(token(cookie).as_bytes()) == Digest::of(sent.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_one_cookie() {
        let cookie = Token::from("cookie");
        assert!(matches(&cookie, &token(&cookie)));
        assert!(!matches(&Token::from("other"), &token(&cookie)));
        assert!(!matches(&cookie, ""));
        assert!(!token(&cookie).contains("cookie"));
    }
}
