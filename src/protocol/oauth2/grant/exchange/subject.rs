//! `subject_token`: for whom a token is wanted, and who says so.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;
use time::OffsetDateTime;

use super::{ACCESS_TOKEN, ID_TOKEN, JWT, asked, foreign, own, unsigned};
use crate::{
    app::App,
    crypto::foreign_jwt::ForeignJwt,
    form::Form,
    http::fault::Fault,
    model::{client::Client, scope::ScopeRegistry},
    protocol::oauth2::{reject::Reject, unattended::Proof},
    store::service_grants::Named,
};

/// RFC 8693 §3.
const SAML2: &str = "urn:ietf:params:oauth:token-type:saml2";

/// A subject and what is known of it.
pub struct Vouched {
    /// Who says so.
    pub voucher: Voucher,
    /// Who it is.
    pub named: Named,
    /// When the token ends.
    pub exp: OffsetDateTime,
    /// Who acted for the person so far.
    pub act: Option<Value>,
    /// What may be asked for.
    pub limits: Limits,
    /// How the person proved themselves.
    pub proof: Proof,
}

/// Who says who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voucher {
    /// We do: the token is ours.
    Ourselves,
    /// An issuer that is trusted for the client.
    Issuer,
    /// The token is unsigned.
    Nobody,
}

impl Voucher {
    /// What the journal calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ourselves => "own-token",
            Self::Issuer => "trusted-issuer",
            Self::Nobody => "unsigned",
        }
    }
}

/// What a token issued for another may be good for.
pub enum Limits {
    /// No more than that token.
    Token {
        /// Its scopes.
        scopes: Vec<String>,
        /// Its audiences.
        audiences: Vec<String>,
    },
    /// The client's own resources, with no more than these scopes.
    Scopes(Vec<String>),
    /// What the client registered.
    Client,
}

/// Finds out who is meant.
///
/// # Errors
/// `invalid_request` for a token that is not good (RFC 8693 §2.2.2).
pub async fn find(app: &App, client: &Client, form: &Form) -> Result<Vouched, Fault<Reject>> {
    let bad = |bad| Fault::Reject(Reject::BadParameter(bad));
    let token = form.get("subject_token").map_err(bad)?;
    let token = token.ok_or(Fault::Reject(Reject::Missing("subject_token")))?;
    let kind = form.get("subject_token_type").map_err(bad)?;
    let kind = kind.ok_or(Fault::Reject(Reject::Missing("subject_token_type")))?;
    if ![ACCESS_TOKEN, ID_TOKEN, JWT].contains(&kind) {
        let why = if kind == SAML2 { "SAML is not served" } else { "is unknown" };
        return Err(Fault::Reject(Reject::invalid("subject_token_type", why)));
    }
    let malformed = || Fault::Reject(Reject::invalid("subject_token", "is no JWT that is served here"));
    let parsed = ForeignJwt::parse(token).map_err(|_| malformed())?;
    // RFC 7515 §4.1.1: the name is case-sensitive. Whatever is not exactly this must be signed.
    if parsed.header.alg == "none" {
        return unsigned::read(app, client, kind, token, &parsed).map_err(Fault::Reject);
    }
    #[derive(Deserialize)]
    struct Issuer {
        iss: String,
    }
    let issuer: Issuer = parsed.claims().map_err(|_| malformed())?;
    if issuer.iss == app.issuer {
        own::read(app, client, kind, token).await
    } else {
        foreign::read(app, client, &issuer.iss, &parsed).await
    }
}

impl Vouched {
    /// The scopes of the new token: those asked for, else those of the old one.
    ///
    /// # Errors
    /// [`Reject::Scope`] for one that is not to be had.
    pub fn scopes(
        &self,
        client: &Client,
        registry: &ScopeRegistry,
        form: &Form,
    ) -> Result<Vec<String>, Reject> {
        let asked = asked::scopes(client, registry, form)?;
        let most = match &self.limits {
            Limits::Client => return Ok(asked::without_person(asked.unwrap_or_default())),
            Limits::Token { scopes, .. } | Limits::Scopes(scopes) => scopes,
        };
        match asked {
            // A client gets only scopes it registered, whoever's token it shows.
            None => Ok(most.iter().filter(|scope| client.scopes.contains(scope)).cloned().collect()),
            Some(asked) => match asked.iter().find(|scope| !most.contains(scope)) {
                Some(wider) => Err(Reject::Scope(wider.clone())),
                None => Ok(asked.into_iter().collect()),
            },
        }
    }

    /// The audiences of the new token: those asked for, else those of the old one.
    ///
    /// # Errors
    /// [`Reject::Target`] for one that is not to be had.
    pub fn resources(&self, client: &Client, form: &Form) -> Result<Vec<String>, Reject> {
        const NAMES: [&str; 2] = ["resource", "audience"];
        let Limits::Token { audiences, .. } = &self.limits else {
            return asked::resources(client, form, &NAMES);
        };
        let mut asked: BTreeSet<&str> = BTreeSet::new();
        for name in NAMES {
            asked.extend(form.all(name)?);
        }
        if asked.is_empty() {
            return Ok(audiences.clone());
        }
        let narrowed = |name: &str| audiences.iter().find(|held| held.eq_ignore_ascii_case(name)).cloned();
        let narrowed: Result<BTreeSet<String>, Reject> = asked
            .into_iter()
            .map(|name| narrowed(name).ok_or_else(|| Reject::Target(name.to_owned())))
            .collect();
        Ok(narrowed?.into_iter().collect())
    }
}
