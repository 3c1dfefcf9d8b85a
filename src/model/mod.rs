//! Pure data and rules: no database, no HTTP, no templates.

pub mod attribute;
pub mod locale;
pub mod scope;
