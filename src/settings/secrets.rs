//! `[secrets]`: the keys under which stored secrets are sealed.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::reader::Section;

/// `[secrets]`.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// The first seals; all of them open. Never empty, ids differ.
    pub encryption_keys: Vec<EncryptionKey>,
}

/// A 256-bit key-encryption key and the id that is stored beside what it sealed.
#[derive(Clone)]
pub struct EncryptionKey {
    /// 1 to 32 letters, digits, `-` or `_`.
    pub id: String,
    /// The key, wiped when dropped.
    pub key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey").field("id", &self.id).finish_non_exhaustive()
    }
}

const KEY: &str = "encryption_keys";
const HOW: &str = "write [\"ID:KEY\"], where KEY comes from `openssl rand -base64 32`";

impl Secrets {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let given = section.gives(KEY);
        let Some(items) = section.secret_list(KEY) else {
            if !given {
                section.fault(KEY, format!("is missing; {HOW}"));
            }
            return None;
        };
        if items.is_empty() {
            section.fault(KEY, format!("is empty; {HOW}"));
            return None;
        }
        let mut encryption_keys: Vec<EncryptionKey> = Vec::new();
        for (index, item) in items.into_iter().map(Zeroizing::new).enumerate() {
            match parse(&item) {
                Ok(key) if encryption_keys.iter().any(|other| other.id == key.id) => {
                    section.fault(KEY, format!("holds the id `{}` twice; give each key its own", key.id));
                }
                Ok(key) => encryption_keys.push(key),
                // By its place: the item itself is secret.
                Err(reason) => section.fault(KEY, format!("item {}: {reason}; {HOW}", index + 1)),
            }
        }
        Some(Self { encryption_keys })
    }
}

fn parse(item: &str) -> Result<EncryptionKey, &'static str> {
    let (id, encoded) = item.split_once(':').ok_or("there is no `:` between id and key")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if id.is_empty() || id.len() > 32 || !id.chars().all(plain) {
        return Err("the id is not 1 to 32 letters, digits, `-` or `_`");
    }
    let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| "the key is not standard base64")?);
    let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| "the key is not 32 bytes long")?;
    Ok(EncryptionKey { id: id.to_owned(), key: Zeroizing::new(bytes) })
}
