//! The person's own pages: profile, sessions, applications, credentials, activity.

pub mod activity;
pub mod applications;
pub mod attributes;
pub mod channels;
pub mod close;
pub mod confirmations;
pub mod contact;
pub mod export;
pub mod files;
pub mod passkeys;
pub mod password;
pub mod profile;
pub mod recovery;
pub mod representatives;
pub mod security;
pub mod sessions;
pub mod totp;
pub mod visitor;

mod frame;
