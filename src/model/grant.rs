//! What one authorization gave: codes and tokens hang from it.

use time::OffsetDateTime;

use super::{hints::Identifier, session::Amr};
use crate::ids::{ClientId, GrantId, SessionId, UserId};

/// A grant as it is stored.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Its row.
    pub id: GrantId,
    /// To whom.
    pub client_id: ClientId,
    /// Of whom.
    pub user_id: UserId,
    /// From which browser session.
    pub session_id: Option<SessionId>,
    /// Scopes granted.
    pub scopes: Vec<String>,
    /// Attributes consented to.
    pub attributes: Vec<String>,
    /// Claims the `claims` parameter asked in the id_token (OpenID Connect Core §5.5).
    pub id_token_claims: Vec<String>,
    /// Claims the `claims` parameter asked at userinfo.
    pub userinfo_claims: Vec<String>,
    /// Resources its tokens may name (RFC 8707).
    pub resources: Vec<String>,
    /// The BIN of the organisation the person acts for, when the client named one.
    pub acting_for: Option<Identifier>,
    /// How the person proved themselves.
    pub amr: Vec<Amr>,
    /// When they did.
    pub auth_time: OffsetDateTime,
    /// When the grant was made.
    pub created_at: OffsetDateTime,
}

impl Grant {
    /// Whether a scope was granted.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|s| s == scope)
    }
}
