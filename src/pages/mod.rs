//! What people see on a journey: sign in, consent, and the way between them.

pub mod attributes;
pub mod cancel;
pub mod codes;
pub mod consent;
pub mod fields;
pub mod home;
pub mod labels;
pub mod level;
pub mod login;
pub mod mismatch;
pub mod passkey;
pub mod phone;
mod rehash;
pub mod resume;
pub mod second_factor;
pub mod sign_in;
pub mod static_files;
pub mod traveller;
