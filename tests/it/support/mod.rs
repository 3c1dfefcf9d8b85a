//! What the tests share.

pub mod app;
pub mod browser;
pub mod database;
pub mod door;
pub mod iin_keys;
pub mod log;
pub mod wire;
