//! Word to relying parties that a session they took part in is over (OpenID Connect Back-Channel
//! Logout 1.0 §2.5). The outbox holds who is to be told of what; the token is signed at each try, so
//! that it lives for minutes however long the relying party was away.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use url::Url;

use super::{
    Undelivered,
    fetch::{FetchError, Fetcher},
};
use crate::{
    ids::{OutboxId, SessionId, UserId},
    store::outbox::Leased,
};

/// Whom a relying party is to be told of.
#[derive(Clone, Debug)]
pub struct Notice {
    /// The same at every try.
    pub id: OutboxId,
    /// The client's identifier.
    pub client: String,
    /// Whose session it was.
    pub user: UserId,
    /// The session that ended.
    pub session: SessionId,
    /// Where the client was to be told when it ended.
    pub address: String,
}

/// The message's text.
#[derive(Deserialize)]
struct Body {
    client: String,
    user: UserId,
    session: SessionId,
}

/// Signs logout tokens; made by whoever holds the keys.
#[derive(Clone)]
pub struct Minter(Arc<Mint>);

type Mint = dyn Fn(Notice) -> BoxFuture<'static, Result<String, Undelivered>> + Send + Sync;

impl Minter {
    /// What gives the token of a notice, or says why there is none.
    pub fn new<F>(mint: impl Fn(Notice) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, Undelivered>> + Send + 'static,
    {
        Self(Arc::new(move |notice| Box::pin(mint(notice))))
    }
}

impl std::fmt::Debug for Minter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Minter(..)")
    }
}

/// Posts a fresh logout token.
pub(super) async fn send(fetcher: &Fetcher, minter: &Minter, message: &Leased) -> Result<(), Undelivered> {
    let never = |why: &str| Undelivered::Never(why.to_owned());
    let body: Body = serde_json::from_str(&message.body).map_err(|_| never("the notice can't be read"))?;
    let url = Url::parse(&message.recipient).map_err(|_| never("the address is no URL"))?;
    let notice = Notice {
        id: message.id,
        client: body.client,
        user: body.user,
        session: body.session,
        address: message.recipient.clone(),
    };
    let token = (minter.0)(notice).await?;
    fetcher.post_form(&url, &[("logout_token", &token)]).await.map_err(|error| match &error {
        FetchError::Refused(_) => Undelivered::Never(error.to_string()),
        // Back-Channel Logout §2.8: 400 says that the request was invalid or the logout failed, and the
        // same request would fail again. Nor does what is not there come back for it.
        FetchError::Status(400 | 404 | 410) => Undelivered::Never(error.to_string()),
        _ => Undelivered::Later(error.to_string()),
    })
}
