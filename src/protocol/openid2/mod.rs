//! OpenID 2.0.
//!
//! Pure files: `message` (what relying parties send), `fields` (what we send), `association`,
//! `diffie_hellman`, `signature`.

pub mod association;
pub mod diffie_hellman;
pub mod fields;
pub mod message;
pub mod signature;
