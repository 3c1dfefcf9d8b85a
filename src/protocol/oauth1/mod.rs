//! OAuth 1.0a (RFC 5849) and the user information document.
//!
//! Endpoint files, in the order a consumer meets them: `request_token`, `authorize`, `access_token`,
//! `user_info`; `alias` tells them apart at the one path of the Thai e-Government service; `consumer`
//! proves who signed, `credentials` keeps tokens, `answer` writes answers. Pure files: `params`, `signature`, `signed`, `scope`,
//! `xml`, `reject`.

pub mod access_token;
pub mod alias;
mod answer;
pub mod authorize;
mod consumer;
mod credentials;
pub mod params;
pub mod reject;
pub mod request_token;
pub mod scope;
pub mod signature;
pub mod signed;
pub mod user_info;
pub mod xml;
