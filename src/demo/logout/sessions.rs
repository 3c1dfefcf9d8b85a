//! Who is signed in at this relying party, and what it was told of their logouts. In memory: it is a
//! demonstration.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;

use crate::{rng::Rng, secret::Token};

/// How many are kept; past it the oldest goes.
const MOST: usize = 500;

/// A session.
#[derive(Clone)]
pub struct Session {
    /// The server's name of it.
    pub sid: String,
    /// Whose it is.
    pub sub: String,
    /// The browser brought word of its end.
    pub front: bool,
    /// The server did, with these claims.
    pub back: Option<Value>,
}

/// All of them, by the value of the browser's cookie.
#[derive(Default)]
pub struct Sessions(Mutex<VecDeque<(String, Session)>>);

impl Sessions {
    /// Remembers a session; gives the cookie's value.
    pub fn insert(&self, sid: String, sub: String, rng: &Rng) -> Token {
        let token = Token::generate(rng);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back((token.expose().to_owned(), Session { sid, sub, front: false, back: None }));
        token
    }

    /// The session of that cookie.
    pub fn find(&self, cookie: &str) -> Option<Session> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(key, _)| key == cookie).map(|(_, session)| session.clone())
    }

    /// The browser brought word of the end of this session.
    pub fn note_front(&self, sid: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, session) in kept.iter_mut().filter(|(_, session)| session.sid == sid) {
            session.front = true;
        }
    }

    /// The server did: sessions of that `sid`, or of that `sub` when it names none. A session that is not
    /// here any longer is as it should be (Back-Channel Logout §2.7).
    pub fn note_back(&self, claims: Value) -> Result<(), String> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // §2.6: a token that was received before is a replay. A repeated delivery changes nothing.
        if kept
            .iter()
            .filter_map(|(_, session)| session.back.as_ref())
            .any(|seen| seen["jti"] == claims["jti"])
        {
            return Ok(());
        }
        let (sid, sub) = (claims["sid"].as_str(), claims["sub"].as_str());
        let about = |session: &Session| match sid {
            Some(sid) => session.sid == sid && sub.is_none_or(|sub| sub == session.sub),
            None => sub == Some(&session.sub),
        };
        for (_, session) in kept.iter_mut().filter(|(_, session)| about(session)) {
            session.back = Some(claims.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn word_reaches_the_session_it_is_about_and_no_other() {
        let (sessions, rng) = (Sessions::default(), Rng::seeded(1));
        let mine = sessions.insert("s1".to_owned(), "u1".to_owned(), &rng);
        let other = sessions.insert("s2".to_owned(), "u1".to_owned(), &rng);
        sessions.note_front("s1");
        sessions.note_back(json!({"jti": "1", "sid": "s1", "sub": "u1"})).unwrap();
        sessions.note_back(json!({"jti": "2", "sid": "s2", "sub": "somebody else"})).unwrap();
        let found = |key: &Token| sessions.find(key.expose()).unwrap();
        assert!(found(&mine).front && found(&mine).back.is_some());
        assert!(!found(&other).front && found(&other).back.is_none());
        sessions.note_back(json!({"jti": "3", "sub": "u1"})).unwrap();
        assert!(found(&other).back.is_some(), "all of the person's sessions");
    }

    #[test]
    fn only_so_many_are_kept() {
        let (sessions, rng) = (Sessions::default(), Rng::seeded(1));
        let first = sessions.insert("s".to_owned(), "u".to_owned(), &rng);
        for _ in 0..MOST {
            sessions.insert("s".to_owned(), "u".to_owned(), &rng);
        }
        assert!(sessions.find(first.expose()).is_none());
    }
}
