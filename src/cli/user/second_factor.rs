//! `--second-factor`, and the link of `tamga user reset-password`.

use serde_json::{Value, json};
use time::Duration;

use crate::{
    app,
    cli::{CliError, context::Context, output},
    crypto::totp::Seed,
    ids::{CredentialId, UserId},
    model::{
        credential::{Credential, CredentialKind},
        journal::Entry,
        journey::LinkPurpose,
        user::User,
    },
    secret::Token,
    store::{
        StoreError, journal,
        password_links::{self, NewLink},
        users::NewAttribute,
    },
};

/// How long an operator's link works.
const LINK_LIFE: Duration = Duration::hours(24);

/// What an operator may give an account.
pub const KINDS: &[CredentialKind] = &[CredentialKind::Sms, CredentialKind::Mail, CredentialKind::Totp];

/// Codes need somewhere to go.
///
/// # Errors
/// Names the attribute that is missing.
pub fn check(kind: CredentialKind, attributes: &[NewAttribute]) -> Result<(), CliError> {
    let needed = match kind {
        CredentialKind::Sms => "mobile_phone",
        CredentialKind::Mail => "email",
        _ => return Ok(()),
    };
    if attributes.iter().any(|attribute| attribute.name == needed) {
        return Ok(());
    }
    Err(CliError::refused(format!(
        "--second-factor {kind}: codes have nowhere to go; give --attribute {needed}=VALUE"
    )))
}

/// A credential ready to be stored, and what is shown of it: the seed, once.
///
/// # Errors
/// The encryption keys are at fault.
pub fn make(
    context: &Context,
    user: UserId,
    username: &str,
    kind: CredentialKind,
) -> Result<(Credential, Option<Value>), CliError> {
    let now = context.clock.now();
    let (mut sealed, mut shown) = (None, None);
    if kind == CredentialKind::Totp {
        let failed =
            |error: &dyn std::fmt::Display| CliError::refused(format!("the seed can't be kept: {error}"));
        let seed = Seed::generate(&context.rng);
        let sealer = app::sealer(context.settings()).map_err(|error| failed(&error))?;
        let place = Credential::place(user);
        sealed = Some(sealer.seal(&place, seed.expose(), &context.rng).map_err(|error| failed(&error))?);
        let issuer = context.settings().server.public_url.host_str().unwrap_or("Tamga").to_owned();
        let uri = seed.uri(&issuer, username).map_err(|error| failed(&error))?;
        shown = Some(json!({"secret": seed.base32(), "uri": uri}));
    }
    let credential = Credential {
        id: CredentialId(context.rng.uuid(now)),
        user_id: user,
        kind,
        label: None,
        data: json!({}),
        sealed,
        created_at: now,
        last_used_at: None,
    };
    Ok((credential, shown))
}

/// Prints a link, good once, by which its owner sets a password.
///
/// # Errors
/// The database fails.
pub async fn print_link(context: &Context, user: &User) -> Result<(), CliError> {
    let now = context.clock.now();
    let token = Token::generate(&context.rng);
    let link = NewLink {
        digest: token.digest(),
        user: user.id,
        purpose: LinkPurpose::Reset,
        created_at: now,
        expires_at: now + LINK_LIFE,
    };
    let entry = Entry::by_operator(now, "password_link.insert", "user", user.id);
    let mut tx = context.pool.begin().await.map_err(StoreError::from)?;
    password_links::insert(&mut *tx, &link).await?;
    journal::insert(&mut *tx, &entry).await?;
    tx.commit().await.map_err(StoreError::from)?;
    let url = format!("{}/password/link?token={}", context.settings().server.issuer(), token.expose());
    let until = output::time(link.expires_at);
    let text = format!("{url}\nworks once, until {until}; send it to the owner of `{}` alone", user.username);
    let object = json!({"user_id": user.id, "username": user.username, "link": url, "expires_at": until});
    Ok(context.output.print(&text, &object)?)
}
