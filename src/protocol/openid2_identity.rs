//! What OpenID 2.0 relying parties know a person by. OpenID Connect tells it too (`openid2_id`), to
//! clients that move there (OpenID 2.0 to OpenID Connect Migration 1.0).

use ring::hmac;
use uuid::Uuid;

use super::openid2::{addresses, identity};
use crate::{
    app::App,
    model::{client::Client, user::User},
};

/// The person's identifier at this client: `claimed_id` and `identity`.
pub fn identifier(app: &App, client: Option<&Client>, user: &User) -> String {
    addresses(app).identity(&name(app, client, user))
}

/// The name in it: the user name, or for a client that asks for it one that says nothing and is
/// another at every client.
pub fn name(app: &App, client: Option<&Client>, user: &User) -> String {
    match client.filter(|client| client.settings.openid2_pairwise) {
        Some(client) => identity::name_of(&pairwise(app, client, user).simple().to_string()),
        None => identity::name_of(&user.username),
    }
}

/// The account's number at this client: its own, or one that is another at every client.
pub fn user_id(app: &App, client: Option<&Client>, user: &User) -> String {
    match client.filter(|client| client.settings.openid2_pairwise) {
        Some(client) => pairwise(app, client, user).to_string(),
        None => user.id.to_string(),
    }
}

/// 122 bits that nobody without the installation's secret can compute or undo.
fn pairwise(app: &App, client: &Client, user: &User) -> Uuid {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app.pairwise_key.as_slice());
    let place = [b"openid2".as_slice(), client.id.0.as_bytes(), user.id.0.as_bytes()].concat();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hmac::sign(&key, &place).as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
