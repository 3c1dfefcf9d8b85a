//! The assertions of the OpenID Foundation's conformance suite, each in a test named after the
//! suite's module, one file a plan.

mod basic;
mod fapi2;
mod fapi2_message_signing;
mod fapi2_security;
mod formpost;
pub mod front_channel;
mod hybrid;
mod implicit;
