//! What the tests share.

pub mod app;
pub mod authenticator;
pub mod browser;
pub mod database;
pub mod door;
pub mod gateway;
pub mod iin_keys;
pub mod log;
pub mod pki;
pub mod signer;
pub mod smtp;
pub mod wire;
