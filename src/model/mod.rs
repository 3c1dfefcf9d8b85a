//! Pure data and rules: no database, no HTTP, no templates.

pub mod attribute;
pub mod client;
mod common_passwords;
pub mod consent;
pub mod credential;
pub mod evidence;
pub mod file;
pub mod grant;
pub mod hints;
pub mod journal;
pub mod journey;
pub mod kz;
pub mod level;
pub mod locale;
pub mod oauth1;
pub mod openid2;
pub mod password;
pub mod realm;
pub mod registry;
pub mod role;
pub mod scope;
pub mod session;
pub mod signing;
pub mod theme;
pub mod user;
pub mod username;
mod words;
