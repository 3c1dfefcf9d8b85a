//! The members of a registration as they came (RFC 7591 §2). A member that is null or empty counts as
//! left out (RFC 7592 §2.2); those that nobody asks for are passed over.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::Value;

use super::refusal::Refusal;
use crate::form::json_fault;

/// Longer texts are no addresses and no names.
const LONGEST: usize = 2_000;
/// More of anything is not registered.
const MOST: usize = 50;

/// What was sent.
#[derive(Debug)]
pub struct Members(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = BTreeMap<String, Value>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
                let mut members = BTreeMap::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    // RFC 8259 §4: of two members of one name one reader takes the first, another the
                    // last: what somebody looked at before us may not be what we would register.
                    if members.insert(name.clone(), value).is_some() {
                        return Err(Error::custom(format!("duplicate field `{name}`")));
                    }
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(Each).map(Self)
    }
}

impl Members {
    /// Reads the body.
    ///
    /// # Errors
    /// [`Refusal::Body`] when it is no JSON object, or one with a member twice.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| {
            Refusal::Body(format!("the body is not the JSON object that is wanted: {}", json_fault(&error)))
        })
    }

    /// A member that is there and not empty.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| match value {
            Value::Null => false,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        })
    }

    /// A text.
    ///
    /// # Errors
    /// It is none, or none that could be kept.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        self.get(name).map(|value| text(name, value)).transpose()
    }

    /// A truth value; false when left out.
    ///
    /// # Errors
    /// It is none.
    pub fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => Err(Refusal::of(name, "must be true or false")),
        }
    }

    /// A whole number.
    ///
    /// # Errors
    /// It is none, negative or far too large.
    pub fn number(&self, name: &str) -> Result<Option<u32>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number.map(Some).ok_or_else(|| Refusal::of(name, "must be a whole number, 0 or more"))
    }

    /// A list of texts, each there once.
    ///
    /// # Errors
    /// It is none.
    pub fn texts(&self, name: &str) -> Result<Vec<String>, Refusal> {
        let items = match self.get(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) if items.len() <= MOST => items,
            Some(Value::Array(_)) => return Err(Refusal::of(name, format!("has more than {MOST} items"))),
            Some(_) => return Err(Refusal::of(name, "must be a list of texts")),
        };
        let mut read: Vec<String> = Vec::with_capacity(items.len());
        for item in items {
            let item = text(name, item)?;
            if read.iter().any(|known| known == item) {
                return Err(Refusal::of(name, format!("holds `{item}` twice")));
            }
            read.push(item.to_owned());
        }
        Ok(read)
    }

    /// A text that is one of fixed words.
    ///
    /// # Errors
    /// It is none of them.
    pub fn word<T: FromStr<Err = String>>(&self, name: &str) -> Result<Option<T>, Refusal> {
        self.text(name)?.map(|text| text.parse().map_err(|why: String| Refusal::of(name, why))).transpose()
    }

    /// Members of this name in other languages (RFC 7591 §2.2), as `name#tag`: tag and value.
    pub fn tagged<'m>(&'m self, name: &'m str) -> impl Iterator<Item = (&'m str, &'m Value)> {
        self.0.iter().filter_map(move |(key, value)| {
            let tag = key.strip_prefix(name)?.strip_prefix('#')?;
            Some((tag, value))
        })
    }
}

fn text<'v>(name: &str, value: &'v Value) -> Result<&'v str, Refusal> {
    match value.as_str() {
        None => Err(Refusal::of(name, "must be text")),
        Some(text) if text.len() > LONGEST => {
            Err(Refusal::of(name, format!("is longer than {LONGEST} bytes")))
        }
        // The database keeps no NUL, and nothing else of the kind belongs on a page.
        Some(text) if text.chars().any(char::is_control) => {
            Err(Refusal::of(name, "holds control characters"))
        }
        Some(text) => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn null_and_empty_members_count_as_left_out() {
        let members = Members::parse(br#"{"a":null,"b":"","c":[],"d":"x","e":false}"#).unwrap();
        for name in ["a", "b", "c", "z"] {
            assert!(members.get(name).is_none(), "{name}");
        }
        assert_eq!(members.text("d"), Ok(Some("x")));
        assert_eq!(members.flag("e"), Ok(false));
    }

    #[test]
    fn a_member_of_another_kind_is_named() {
        let members =
            Members::parse(br#"{"a":5,"b":["x","x"],"c":[5],"d":"x\u0000","e":-1,"f":{}}"#).unwrap();
        let named = |refusal: Refusal| refusal.to_string().split(':').next().unwrap().to_owned();
        assert_eq!(named(members.text("a").unwrap_err()), "a");
        assert_eq!(named(members.texts("b").unwrap_err()), "b");
        assert_eq!(named(members.texts("c").unwrap_err()), "c");
        assert_eq!(named(members.text("d").unwrap_err()), "d");
        assert_eq!(named(members.number("e").unwrap_err()), "e");
        assert_eq!(named(members.flag("f").unwrap_err()), "f");
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused() {
        let refusal = Members::parse(br#"{"scope":"a","scope":"b"}"#).unwrap_err();
        assert!(refusal.to_string().contains("scope is repeated"), "{refusal}");
        for body in [&b""[..], b"[]", b"5", b"{", b"\xff"] {
            assert!(Members::parse(body).is_err());
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(body in any::<Vec<u8>>()) {
            let _ = Members::parse(&body);
        }
    }
}
