//! What every endpoint shares below the protocols: the listener and its TLS, the request log,
//! limits, headers, cookies, faults, and what a request says about its sender.

pub mod accept;
pub mod begin;
pub mod client_certificate;
pub mod client_verifier;
pub mod conditional;
pub mod cookies;
pub mod csrf;
pub mod fault;
pub mod headers;
pub mod health;
pub mod known;
pub mod limits;
pub mod log;
pub mod page;
pub mod serve;
pub mod session_cookies;
pub mod tls;
pub mod visit;

#[cfg(test)]
mod serve_tests;
