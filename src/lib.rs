//! Tamga: a single-sign-on identity provider for a government.
//!
//! The rooms and who may import whom are told in `README.md` ("Layout") and kept by
//! `tests/it/architecture.rs`.

pub mod account;
pub mod app;
pub mod cli;
pub mod clock;
pub mod crypto;
pub mod demo;
pub mod form;
pub mod http;
pub mod ids;
pub mod journey;
pub mod model;
pub mod outbound;
pub mod pages;
pub mod portal;
pub mod protocol;
pub mod rng;
pub mod router;
pub mod secret;
pub mod settings;
pub mod store;
pub mod templates;

pub use router::{build_router, build_router_with};
pub use store::MIGRATOR;
