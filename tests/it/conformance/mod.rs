//! The assertions of the OpenID Foundation's conformance suite, each in a test named after the
//! suite's module, one file a plan.

mod backchannel;
mod basic;
mod formpost;
pub mod front_channel;
mod frontchannel;
mod hybrid;
mod implicit;
mod rp_initiated;
mod session;
mod thirdparty;
