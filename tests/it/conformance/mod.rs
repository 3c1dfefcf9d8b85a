//! The assertions of the OpenID Foundation's conformance suite, each in a test named after the
//! suite's module, one file a plan.

mod backchannel;
mod basic;
mod config;
mod dynamic;
mod ekyc;
mod formpost;
mod front_channel;
pub mod front_channel;
mod frontchannel;
mod hybrid;
mod implicit;
mod rp_initiated;
mod session;
