//! Keys, tokens, hashes. Nothing here knows HTTP or SQL.

pub mod iin_signature;
pub mod jwt;
pub mod keys;
pub mod password;
pub mod sealed;
