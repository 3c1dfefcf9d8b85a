//! Whose certificate it is: registered to a person, or vouched for by an authority that the operator
//! believes about people, and naming one.

use super::App;
use crate::{
    crypto::certificate::{Certificate, Chain},
    model::user::User,
    settings::{CertificateField, CertificateLogin, USERNAME},
    store::{StoreError, user_certificates, users},
};

/// What became of the search.
pub enum Owner {
    /// It is this person's; they may be disabled.
    Is(Box<User>),
    /// It names nobody here.
    Nobody,
    /// Its time has not come, or is over.
    NotNow,
    /// It was taken back.
    Revoked,
}

/// Whose certificate it is, whose key was proved already.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, chain: &Chain) -> Result<Owner, StoreError> {
    let (now, trust) = (app.clock.now(), app.trust());
    if trust.is_revoked(chain) {
        return Ok(Owner::Revoked);
    }
    if !chain.leaf.is_current(now) {
        return Ok(Owner::NotNow);
    }
    // The one that was registered, whoever vouches for it.
    if let Some(user) = user_certificates::find_user(&app.pool, chain.leaf.fingerprint(), now).await? {
        return Ok(Owner::Is(Box::new(user)));
    }
    let (Some(login), Some(authorities)) = (&app.settings.certificate_login, &trust.people) else {
        return Ok(Owner::Nobody);
    };
    let Some(value) = value_in(login, &chain.leaf).filter(|_| authorities.vouch_for(chain, now)) else {
        return Ok(Owner::Nobody);
    };
    let found = if login.attribute == USERNAME {
        users::find(&app.pool, value).await?
    } else {
        user_certificates::find_by_identifier(&app.pool, &login.attribute, value).await?
    };
    Ok(found.map_or(Owner::Nobody, |user| Owner::Is(Box::new(user))))
}

/// What the certificate says in the place that counts. A value that stands there twice is none.
fn value_in<'c>(login: &CertificateLogin, certificate: &'c Certificate) -> Option<&'c str> {
    let value = match &login.field {
        CertificateField::Subject(name) => certificate.subject.only(name)?,
        CertificateField::SanEmail => match certificate.names.emails.as_slice() {
            [only] => only,
            _ => return None,
        },
    };
    let value = value.strip_prefix(&login.prefix)?.trim();
    (!value.is_empty()).then_some(value)
}
