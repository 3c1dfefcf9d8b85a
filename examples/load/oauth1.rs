//! Requests of OAuth 1.0a, signed by the `oauth1-request` crate.

use hyper::{StatusCode, header};
use oauth1_request::{Builder, Credentials, HMAC_SHA1, HmacSha1};
use tamga::{ids::ClientId, rng::Rng, secret::Digest};

use crate::{
    Failed,
    data::{CLIENT, Data, REDIRECT_URI, SECRET},
    flows::Workload,
    server,
    wire::{Answer, Wire},
};

/// How many access tokens are shown in turn.
const ACCESS_TOKENS: usize = 1_000;

/// Puts in the tokens. What the database holds of each is sealed for its row, which SQL can't do.
pub async fn fill(data: &Data, client: ClientId) -> Result<(), Failed> {
    let sealer = server::sealer()?;
    let sealed = |table: &str, token: &str, plain: &str| {
        let digest = Digest::of(token.as_bytes());
        let row: String = digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let sealed = sealer.seal(&format!("{table}/{row}"), plain.as_bytes(), &Rng::System);
        sealed.map(|sealed| (digest.as_bytes().to_vec(), sealed))
    };
    let requests = (0..data.request_tokens).map(|i| {
        let token = format!("load-request-{i}");
        sealed("oauth1_request_tokens", &token, &format!("{} {token}", secret(i)))
    });
    let (digests, seals): (Vec<_>, Vec<_>) = requests.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    sqlx::query(
        "INSERT INTO oauth1_request_tokens (digest, client_id, sealed, callback, scopes, grant_id, verifier_digest,
                                            attempts, created_at, expires_at)
         SELECT digest, $3, sealed, $4, '{profile,email}', load.id(5, (i - 1)::int),
                load.digest('verifier', (i - 1)::int), 0, now(), now() + interval '8 hours'
         FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS made (digest, sealed, i)",
    )
    .bind(digests)
    .bind(seals)
    .bind(client.0)
    .bind(REDIRECT_URI)
    .execute(&data.pool)
    .await?;

    let access = (0..ACCESS_TOKENS.min(data.users))
        .map(|i| sealed("oauth1_access_tokens", &format!("load-access-{i}"), &secret(i)));
    let (digests, seals): (Vec<_>, Vec<_>) = access.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    sqlx::query(
        "INSERT INTO oauth1_access_tokens (digest, grant_id, sealed, created_at, expires_at)
         SELECT digest, load.id(2, (i - 1)::int), sealed, now(), now() + interval '8 hours'
         FROM unnest($1::bytea[], $2::bytea[]) WITH ORDINALITY AS made (digest, sealed, i)",
    )
    .bind(digests)
    .bind(seals)
    .execute(&data.pool)
    .await?;
    Ok(())
}

/// The secret of a token.
fn secret(number: usize) -> String {
    format!("load-token-secret-{number}")
}

fn builder<'a>(token: Option<(&'a str, &'a str)>, nonce: &'a str) -> Builder<'a, HmacSha1, &'a str> {
    let mut builder = Builder::new(Credentials::new(CLIENT, SECRET), HMAC_SHA1);
    builder.token(token.map(|(token, secret)| Credentials::new(token, secret))).nonce(nonce);
    builder
}

impl Workload {
    /// A request token.
    pub async fn request_token(&self, wire: &Wire, turn: usize) -> Result<(), String> {
        let (path, nonce) = ("/oauth1/request_token", format!("request-{turn}"));
        let mut builder = builder(None, &nonce);
        let header = builder.callback(REDIRECT_URI).post(format!("{}{path}", self.base), &());
        let answer = wire.post(path, (header::AUTHORIZATION, &header), String::new()).await?;
        form(answer, "&oauth_callback_confirmed=true")
    }

    /// An access token for a request token that was allowed.
    pub async fn access_token(&self, wire: &Wire, turn: usize) -> Result<(), String> {
        let (path, nonce) = ("/oauth1/access_token", format!("access-{turn}"));
        let (token, secret, verifier) =
            (format!("load-request-{turn}"), secret(turn), format!("load-verifier-{turn}"));
        let mut builder = builder(Some((&token, &secret)), &nonce);
        let header = builder.verifier(verifier.as_str()).post(format!("{}{path}", self.base), &());
        let answer = wire.post(path, (header::AUTHORIZATION, &header), String::new()).await?;
        form(answer, "&oauth_token_secret=")
    }

    /// The document, for one of the access tokens.
    pub async fn user_info(&self, wire: &Wire, turn: usize) -> Result<(), String> {
        let (path, nonce) = ("/oauth1/user_info", format!("info-{turn}"));
        let number = turn % ACCESS_TOKENS.min(self.data.users);
        let (token, secret) = (format!("load-access-{number}"), secret(number));
        let header = builder(Some((&token, &secret)), &nonce).get(format!("{}{path}", self.base), &());
        let answer = wire.get(path, Some((header::AUTHORIZATION, &header))).await?.expect(StatusCode::OK)?;
        let name = format!(">First{number} Last{number}</FullName>");
        if has(&answer, &name) { Ok(()) } else { Err(answer.describe()) }
    }
}

fn form(answer: Answer, wanted: &str) -> Result<(), String> {
    let answer = answer.expect(StatusCode::OK)?;
    if answer.body.starts_with(b"oauth_token=") && has(&answer, wanted) {
        Ok(())
    } else {
        Err(answer.describe())
    }
}

fn has(answer: &Answer, text: &str) -> bool {
    answer.body.windows(text.len()).any(|part| part == text.as_bytes())
}
