//! Tests against a real PostgreSQL and the real router. One binary, so that it links once.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may give up

mod account;
mod architecture;
mod cli;
mod confirmation;
mod conformance;
mod corpora;
mod database_away;
mod documents;
mod journey;
mod limits;
mod oauth1;
mod oauth2;
mod openid2;
mod outbound;
mod portal;
mod private_postgres;
mod service;
mod support;
