//! The link by which an official takes their account over: by mail, once, for seven days.

use serde_json::json;
use time::Duration;

use crate::{
    app::{App, notices},
    http::{fault::InternalError, visit::Visit},
    model::{
        journey::{Channel, LinkPurpose},
        user::User,
    },
    portal::staff::Staff,
    secret::Token,
    store::{
        journal,
        password_links::{self, NewLink},
    },
};

/// How long it works.
const LIFE: Duration = Duration::days(7);

/// Sends a link; those sent before work no longer. `false` when the account has no mail address to
/// send it to.
///
/// # Errors
/// When the database fails.
pub async fn send(app: &App, visit: &Visit, staff: &Staff, user: &User) -> Result<bool, InternalError> {
    let Some(contact) = notices::confirmed(user, Channel::Mail) else { return Ok(false) };
    let now = app.clock.now();
    let token = Token::generate(&app.rng);
    let link = NewLink {
        digest: token.digest(),
        user: user.id,
        purpose: LinkPurpose::Invitation,
        created_at: now,
        expires_at: now + LIFE,
    };
    password_links::revoke_all(&app.pool, user.id, now).await?;
    password_links::insert(&app.pool, &link).await?;
    let after = json!({"agency": staff.agency()});
    let entry = staff.entry_after(app, visit, "user.invite", Some(user.id), after);
    journal::insert(&app.pool, &entry).await?;
    let mut address = app.settings.server.public_url.clone();
    address.set_path("/password/link");
    address.query_pairs_mut().append_pair("token", token.expose());
    let further = [("agency", staff.agency()), ("link", address.as_str())];
    notices::tell(app, user, &contact, "notice-invitation", &further).await?;
    Ok(true)
}
