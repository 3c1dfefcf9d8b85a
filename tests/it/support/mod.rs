//! What the tests share.

pub mod app;
pub mod browser;
pub mod database;
pub mod door;
pub mod log;
pub mod wire;
