//! What people see on a journey: sign in, consent, and the way between them.

pub mod cancel;
pub mod consent;
pub mod home;
mod labels;
pub mod login;
pub mod mismatch;
pub mod resume;
pub mod static_files;
mod traveller;
