//! What every endpoint shares below the protocols: the listener and its TLS.

pub mod serve;
pub mod tls;

#[cfg(test)]
mod serve_tests;
