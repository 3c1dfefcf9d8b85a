//! Keys, tokens, hashes. Nothing here knows HTTP or SQL.

pub mod jwt;
pub mod keys;
pub mod password;
pub mod sealed;
