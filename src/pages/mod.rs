//! What people see on a journey: sign in, consent, and the way between them.

pub mod cancel;
pub mod codes;
pub mod consent;
pub mod home;
pub mod labels;
pub mod login;
pub mod mismatch;
pub mod phone;
pub mod resume;
pub mod second_factor;
pub mod sign_in;
pub mod static_files;
pub mod traveller;
