//! Tokens with their secrets, as they are kept: the digest to find them by, the rest sealed.

use zeroize::Zeroizing;

use super::{consumer::TokenSecret, reject::Reject};
use crate::{
    app::App,
    http::fault::{Fault, InternalError},
    ids::ClientId,
    secret::{Digest, Token},
};

/// A token with its secret: URL-safe text, because naive clients don't encode.
pub struct Credentials {
    /// The token.
    pub token: Token,
    /// What is signed with beside the consumer's own secret.
    pub secret: Token,
}

/// Which of a table's rows a sealed value belongs to.
#[derive(Clone, Copy)]
pub enum Place {
    /// `oauth1_request_tokens`: token and secret are kept, the token goes back with the person.
    RequestToken,
    /// `oauth1_access_tokens`: the secret alone.
    AccessToken,
}

impl Credentials {
    /// New ones.
    pub fn generate(app: &App) -> Self {
        Self { token: Token::generate(&app.rng), secret: Token::generate(&app.rng) }
    }

    /// What is stored of them beside the digest.
    ///
    /// # Errors
    /// Only if the cipher itself refuses.
    pub fn seal(&self, app: &App, place: Place) -> Result<Vec<u8>, InternalError> {
        let plain = match place {
            Place::RequestToken => format!("{} {}", self.secret.expose(), self.token.expose()),
            Place::AccessToken => self.secret.expose().to_owned(),
        };
        let plain = Zeroizing::new(plain);
        Ok(app.sealer.seal(&row(place, self.token.digest()), plain.as_bytes(), &app.rng)?)
    }
}

/// What was sealed: the secret, and the token where it was sealed with it.
///
/// # Errors
/// When it was damaged or its encryption key is gone.
pub fn open(
    app: &App,
    place: Place,
    digest: Digest,
    sealed: &[u8],
) -> Result<(Zeroizing<String>, Option<Token>), InternalError> {
    let plain = app.sealer.open(&row(place, digest), sealed)?;
    let plain = Zeroizing::new(String::from_utf8_lossy(&plain).into_owned());
    let (secret, token) = plain.split_once(' ').map_or((plain.as_str(), None), |(s, t)| (s, Some(t)));
    Ok((Zeroizing::new(secret.to_owned()), token.map(Token::from)))
}

/// The secret of a token that was found, for the client that presents it: another client's token
/// is none.
///
/// # Errors
/// As [`open`].
pub fn secret_of(
    app: &App,
    place: Place,
    digest: Digest,
    found: Option<(ClientId, &[u8])>,
    presented_by: Option<ClientId>,
) -> Result<TokenSecret, Fault<Reject>> {
    match found.filter(|(owner, _)| Some(*owner) == presented_by) {
        Some((_, sealed)) => Ok(TokenSecret::Known(open(app, place, digest, sealed)?.0)),
        None => Ok(TokenSecret::Unknown),
    }
}

/// A digest as text.
pub fn hexadecimal(digest: Digest) -> String {
    digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The digest that such a text stands for.
pub fn from_hexadecimal(text: &str) -> Option<Digest> {
    let pair = |at| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(pair).collect();
    Digest::from_stored(&bytes?)
}

fn row(place: Place, digest: Digest) -> String {
    let table = match place {
        Place::RequestToken => "oauth1_request_tokens",
        Place::AccessToken => "oauth1_access_tokens",
    };
    format!("{table}/{}", hexadecimal(digest))
}
