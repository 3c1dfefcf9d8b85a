//! Where foreign bytes go in: shared by the fuzz targets and by the test that replays the corpora
//! (`tests/it/corpora.rs`). Each reads the bytes as the server would, and panics when something
//! that must hold does not.

mod authorize;
mod clients;
mod oauth1;
mod openid2;
mod registration;
mod requests;
mod server;

pub use authorize::authorize_query;
pub use clients::{certificate, client_assertion, dpop};
pub use oauth1::oauth1_request;
pub use openid2::openid2_message;
pub use registration::{logo, registration};
pub use requests::request_object;
