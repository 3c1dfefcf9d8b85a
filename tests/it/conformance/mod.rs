//! The assertions of the OpenID Foundation's conformance suite, each in a test named after the
//! suite's module, one file a plan.

pub mod authorization;
mod backchannel;
mod basic;
mod config;
mod dynamic;
mod dynamic_requests;
mod ekyc;
mod fapi2_answers;
mod fapi2_message_signing;
mod fapi2_proofs;
mod fapi2_security;
mod fapi2_stage;
mod fapi2_tokens;
mod formpost;
mod frontchannel;
mod hybrid;
mod implicit;
mod rp_initiated;
mod session;
mod thirdparty;
