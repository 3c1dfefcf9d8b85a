//! Typed identifiers: a `ClientId` can't be passed where a `UserId` is meant.
//!
//! All are UUID version 7 (RFC 9562 §5.7), so that rows made together lie together in an index.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

typed_ids! {
    /// A client's row; relying parties know the client by its `identifier`, not by this.
    ClientId;
    /// One of a client's secrets.
    ClientSecretId;
    /// One of a client's certificates.
    ClientCertificateId;
    /// A token with which clients register themselves.
    RegistrationTokenId;
    /// One of a person's certificates.
    UserCertificateId;
    /// A person's account; the public subject (`sub`) of OpenID Connect Core §2.
    UserId;
    /// A browser session.
    SessionId;
    /// What one person goes through between a protocol request and its answer.
    JourneyId;
    /// What one consented authorization gave: codes and tokens hang from it.
    GrantId;
    /// The `jti` of an access token (RFC 9068 §2.2).
    AccessTokenId;
    /// A message waiting to be sent, or sent.
    OutboxId;
    /// A one-time code.
    CodeId;
    /// A sign-in or operation that a person is asked to confirm; `RefID` on the wire.
    ConfirmationId;
    /// A credential.
    CredentialId;
    /// A file of a person's.
    FileId;
    /// One HTTP request, as shown to people and written in the log.
    RequestId;
}
