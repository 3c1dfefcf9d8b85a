//! Grants of the token endpoint, a file each.

pub mod code;
pub mod refresh;
