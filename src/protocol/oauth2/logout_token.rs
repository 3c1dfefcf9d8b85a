//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4): what a relying party is told, signed,
//! when a session it took part in has ended.

use serde_json::{Value, json};
use time::Duration;

use super::{fapi2, issue, subject};
use crate::{
    app::App,
    model::client::Client,
    outbound::{
        Undelivered,
        logout::{Minter, Notice},
    },
};

/// How long a token is good: Back-Channel Logout §2.4 advises two minutes at most.
const LIFE: Duration = Duration::minutes(2);
/// What makes it a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What signs the notices that the outbox delivers.
pub fn minter(app: &App) -> Minter {
    let app = app.clone();
    Minter::new(move |notice| {
        let app = app.clone();
        async move { mint(&app, &notice).await }
    })
}

async fn mint(app: &App, notice: &Notice) -> Result<String, Undelivered> {
    let found = app.clients.find(&app.pool, &notice.client).await;
    let client = found.map_err(|error| Undelivered::Later(error.to_string()))?;
    // Taken away since: an operator means it at once.
    let client = client
        .filter(|client| {
            let address = client.settings.oidc.backchannel_logout_uri.as_ref();
            client.disabled_at.is_none() && address == Some(&notice.address)
        })
        .ok_or_else(|| Undelivered::Never("its client is no longer told there".to_owned()))?;
    // RFC 8725 §3.11: the type tells it from an id_token, which §2.4 of the standard recommends.
    let algorithm = fapi2::signing(&client, client.settings.id_token_alg);
    issue::sign(app, algorithm, "logout+jwt", &claims(app, &client, notice))
        .map_err(|error| Undelivered::Later(error.to_string()))
}

/// Never a `nonce` (§2.4), so that the token can't be passed off as an id_token.
fn claims(app: &App, client: &Client, notice: &Notice) -> Value {
    let now = app.clock.now();
    json!({
        "iss": app.issuer,
        "sub": subject::of(app, client, notice.user),
        "aud": client.identifier,
        "iat": now.unix_timestamp(),
        "exp": (now + LIFE).unix_timestamp(),
        "jti": notice.id,
        "sid": subject::sid(app, client, notice.session),
        "events": { EVENT: {} },
    })
}
