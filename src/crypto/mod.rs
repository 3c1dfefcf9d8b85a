//! Keys, tokens, hashes. Nothing here knows HTTP or SQL.

pub mod authorities;
pub mod certificate;
pub mod distinguished_name;
pub mod foreign_jwt;
pub mod iin_signature;
pub mod jwk;
pub mod jwt;
pub mod keys;
pub mod known_browser;
mod old_hashes;
pub mod one_time_code;
pub mod passkey;
pub mod password;
pub mod pool;
pub mod recovery_code;
pub mod rsa_key;
pub mod sealed;
pub mod tls_subject;
pub mod totp;
pub mod user_code;
