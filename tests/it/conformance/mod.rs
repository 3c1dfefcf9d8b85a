//! The assertions of the OpenID Foundation's conformance suite, each in a test named after the
//! suite's module, one file a plan.

mod basic;
mod config;
mod ekyc;
mod formpost;
pub mod front_channel;
mod hybrid;
mod implicit;
