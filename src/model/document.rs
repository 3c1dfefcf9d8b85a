//! A document that is asked for again and again though it seldom changes, with a tag by which whoever has
//! a copy can ask whether it still holds (RFC 9110 §8.8.3).

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;

use crate::secret::Digest;

/// A document with its tag; cheap to clone.
#[derive(Clone, Debug)]
pub struct Document {
    /// What is in it.
    pub body: Bytes,
    /// Its entity tag, quotes and all. Made of the content, so every instance gives the same.
    pub tag: Arc<str>,
}

impl Document {
    /// A document of this content.
    pub fn new(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let digest = Digest::of(&body).into_bytes();
        let tag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16])).into();
        Self { body, tag }
    }

    /// Whether an `If-None-Match` names it (RFC 9110 §13.1.2). The comparison is weak, so a proxy that
    /// compressed its copy has it, too.
    pub fn is_named(&self, if_none_match: &str) -> bool {
        let mut tags = if_none_match.split(',').map(str::trim);
        tags.any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == &*self.tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_9110_s13_1_2_a_copy_is_known_by_its_tag() {
        let (document, other) = (Document::new("keys"), Document::new("other keys").tag);
        let tag = &document.tag;
        for value in [tag.to_string(), "*".to_owned(), format!("W/{tag}"), format!("{other}, {tag}")] {
            assert!(document.is_named(&value), "{value}");
        }
        for value in ["", "W/\"\"", &other, tag.trim_matches('"')] {
            assert!(!document.is_named(value), "{value}");
        }
    }
}
