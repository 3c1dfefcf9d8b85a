//! The cookie by which a browser that signed in to an account before is known again. It opens
//! nothing; it gives the browser a throttle allowance of its own, so that a stranger who fails on
//! purpose can't shut the owner out.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::hmac;

use crate::{ids::UserId, rng::Rng, secret::Digest};

/// Accounts a browser is known for; at a shared one the earliest is forgotten.
const ACCOUNTS: usize = 8;
/// Bytes by which an account is told from others in the cookie, without naming it.
const MARK: usize = 12;

/// A browser and the accounts it signed in to.
#[derive(Clone, PartialEq, Eq)]
pub struct KnownBrowser {
    id: [u8; 16],
    marks: Vec<[u8; MARK]>,
}

impl KnownBrowser {
    /// A browser that was never here.
    pub fn new(rng: &Rng) -> Self {
        Self { id: rng.bytes(), marks: Vec::new() }
    }

    /// Reads a cookie; `None` unless we signed it.
    pub fn read(cookie: &str, key: &[u8; 32]) -> Option<Self> {
        let (body, tag) = cookie.split_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        // `verify` compares in constant time.
        hmac::verify(&signing(key), body.as_bytes(), &tag).ok()?;
        let bytes = URL_SAFE_NO_PAD.decode(body).ok()?;
        let (id, marks) = bytes.split_first_chunk::<16>()?;
        let (marks, []) = marks.as_chunks::<MARK>() else { return None };
        Some(Self { id: *id, marks: marks.to_vec() })
    }

    /// The cookie.
    pub fn cookie(&self, key: &[u8; 32]) -> String {
        let body = URL_SAFE_NO_PAD.encode([&self.id[..], self.marks.as_flattened()].concat());
        let tag = hmac::sign(&signing(key), body.as_bytes());
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    /// Whether this account signed in here before.
    pub fn knows(&self, user: UserId, key: &[u8; 32]) -> bool {
        self.marks.contains(&mark(user, key))
    }

    /// Notes that this account signed in here.
    pub fn learn(&mut self, user: UserId, key: &[u8; 32]) {
        let mark = mark(user, key);
        self.marks.retain(|known| *known != mark);
        self.marks.push(mark);
        let surplus = self.marks.len().saturating_sub(ACCOUNTS);
        self.marks.drain(..surplus);
    }

    /// What the browser's failures are counted under, whichever account they are for: one browser
    /// has one allowance.
    pub fn throttle_key(&self) -> Digest {
        Digest::of(&[b"browser:".as_slice(), &self.id].concat())
    }
}

fn signing(key: &[u8; 32]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key)
}

fn mark(user: UserId, key: &[u8; 32]) -> [u8; MARK] {
    let tag = hmac::sign(&signing(key), &[b"account:".as_slice(), user.0.as_bytes()].concat());
    let mut mark = [0; MARK];
    mark.copy_from_slice(&tag.as_ref()[..MARK]);
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn user(number: u128) -> UserId {
        UserId(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_browser_is_known_for_the_accounts_that_signed_in_there() {
        let mut browser = KnownBrowser::new(&Rng::seeded(1));
        browser.learn(user(1), &KEY);
        let again = KnownBrowser::read(&browser.cookie(&KEY), &KEY).unwrap();
        assert!(again.knows(user(1), &KEY) && !again.knows(user(2), &KEY));
        assert_eq!(again.throttle_key(), browser.throttle_key());
    }

    #[test]
    fn a_cookie_that_we_did_not_sign_is_nothing() {
        let mut browser = KnownBrowser::new(&Rng::seeded(1));
        browser.learn(user(1), &KEY);
        let cookie = browser.cookie(&KEY);
        assert!(KnownBrowser::read(&cookie, &[8; 32]).is_none());
        for broken in ["", ".", &cookie[1..], &cookie.replace('.', "A."), cookie.split_once('.').unwrap().0] {
            assert!(KnownBrowser::read(broken, &KEY).is_none(), "{broken}");
        }
    }

    #[test]
    fn a_shared_browser_forgets_the_earliest_account() {
        let mut browser = KnownBrowser::new(&Rng::seeded(1));
        (1..=9).for_each(|number| browser.learn(user(number), &KEY));
        assert!(
            !browser.knows(user(1), &KEY) && browser.knows(user(2), &KEY) && browser.knows(user(9), &KEY)
        );
    }
}
