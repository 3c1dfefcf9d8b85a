//! Sign-ins begun and not yet answered, in memory: this is a demonstration, one process, and an
//! attempt lost at a restart is begun again.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

use crate::{rng::Rng, secret::Token};

/// How long the person may take; the server's own journeys last as long.
pub const TTL: Duration = Duration::minutes(30);
/// How many are kept; past it the oldest goes, so that nobody can fill the memory.
const MOST: usize = 500;

/// What is remembered of each attempt, by the value of the browser's cookie.
pub struct Attempts<T>(Mutex<HashMap<String, (OffsetDateTime, T)>>);

impl<T> Default for Attempts<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T> Attempts<T> {
    /// Remembers an attempt; gives the cookie's value.
    pub fn insert(&self, attempt: T, rng: &Rng, now: OffsetDateTime) -> Token {
        let token = Token::generate(rng);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (begun_at, _)| is_live(*begun_at, now));
        if kept.len() >= MOST
            && let Some(oldest) = kept.iter().min_by_key(|(_, (at, _))| *at).map(|(key, _)| key.clone())
        {
            kept.remove(&oldest);
        }
        kept.insert(token.expose().to_owned(), (now, attempt));
        token
    }

    /// The attempt of that cookie, which goes on.
    pub fn find(&self, cookie: &str, now: OffsetDateTime) -> Option<T>
    where
        T: Clone,
    {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(cookie).filter(|(begun_at, _)| is_live(*begun_at, now)).map(|(_, attempt)| attempt.clone())
    }

    /// The attempt of that cookie, which is over with this: an answer counts once.
    pub fn take(&self, cookie: &str, now: OffsetDateTime) -> Option<T> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(cookie);
        taken.filter(|(begun_at, _)| is_live(*begun_at, now)).map(|(_, attempt)| attempt)
    }
}

fn is_live(begun_at: OffsetDateTime, now: OffsetDateTime) -> bool {
    now - begun_at < TTL
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

    #[test]
    fn an_attempt_is_answered_once_and_only_in_time() {
        let (attempts, rng) = (Attempts::default(), Rng::seeded(1));
        let first = attempts.insert("first", &rng, START);
        let second = attempts.insert("second", &rng, START);
        assert_eq!(attempts.take(first.expose(), START + TTL - Duration::SECOND), Some("first"));
        assert_eq!(attempts.take(first.expose(), START), None);
        assert_eq!(attempts.take(second.expose(), START + TTL), None);
        assert_eq!(attempts.take("made-up", START), None);
    }

    #[test]
    fn only_so_many_are_kept_and_the_oldest_goes_first() {
        let (attempts, rng) = (Attempts::default(), Rng::seeded(1));
        let at = |n: usize| START + Duration::milliseconds(i64::try_from(n).unwrap());
        let tokens: Vec<_> = (0..=MOST).map(|n| attempts.insert(n, &rng, at(n))).collect();
        assert_eq!(attempts.0.lock().unwrap().len(), MOST);
        assert_eq!(attempts.take(tokens[0].expose(), at(MOST)), None);
        assert_eq!(attempts.take(tokens[1].expose(), at(MOST)), Some(1));
    }

    #[test]
    fn expired_ones_make_room() {
        let (attempts, rng) = (Attempts::default(), Rng::seeded(1));
        for n in 0..10 {
            attempts.insert(n, &rng, START);
        }
        attempts.insert(10, &rng, START + TTL);
        assert_eq!(attempts.0.lock().unwrap().len(), 1);
    }
}
