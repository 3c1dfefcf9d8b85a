//! Requests signed with HMAC-SHA1, and what comes back.

use std::num::NonZeroU64;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use oauth1_request::{Builder, Credentials, HMAC_SHA1, ParameterList, Request};
use openidconnect::reqwest::{RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};

use super::super::{
    Parts,
    wire::{explain, parameter},
};
use crate::secret::Token;

const FORM: &str = "application/x-www-form-urlencoded";

/// One request about to be signed as this consumer.
pub struct Signer<'a> {
    place: &'a Parts,
    token: Option<(&'a str, &'a str)>,
    callback: Option<&'a str>,
    verifier: Option<&'a str>,
}

/// A token with its secret.
pub struct Tokens {
    /// The token.
    pub token: String,
    /// What is signed with, beside the consumer's own secret.
    pub secret: SecretString,
}

impl Tokens {
    /// Reads them from a form.
    pub fn read(answer: &[(String, String)]) -> Result<(Self, String), String> {
        let of = |name| parameter(answer, name).filter(|value| !value.is_empty());
        match (of("oauth_token"), of("oauth_token_secret")) {
            (Some(token), Some(secret)) => {
                Ok((Self { token: token.to_owned(), secret: secret.into() }, String::new()))
            }
            _ => Err("oauth_token or oauth_token_secret did not come".to_owned()),
        }
    }
}

impl<'a> Signer<'a> {
    /// With the consumer's own secret alone.
    pub fn new(place: &'a Parts) -> Self {
        Self { place, token: None, callback: None, verifier: None }
    }

    /// And with a token.
    pub fn token(self, token: &'a str, secret: &'a str) -> Self {
        Self { token: Some((token, secret)), ..self }
    }

    /// Says where the person is to come back.
    pub fn callback(self, callback: &'a str) -> Self {
        Self { callback: Some(callback), ..self }
    }

    /// Shows that the person came back.
    pub fn verifier(self, verifier: &'a str) -> Self {
        Self { verifier: Some(verifier), ..self }
    }

    /// Posts a form; the form that comes back.
    pub async fn post(
        self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<(Vec<(String, String)>, String), String> {
        let fields = ParameterList::new(fields.to_vec());
        let address = self.place.demo.address(path);
        let header = self.header("POST", &address, &fields);
        let request = self.place.demo.http.post(&address).header(CONTENT_TYPE, FORM);
        let (_, body) =
            send(request.header(AUTHORIZATION, header).body(oauth1_request::to_form(&fields))).await?;
        Ok((form_urlencoded::parse(body.as_bytes()).into_owned().collect(), String::new()))
    }

    /// Gets a document: its media type, and itself.
    pub async fn get(self, path: &str) -> Result<((String, String), String), String> {
        let address = self.place.demo.address(path);
        let header = self.header("GET", &address, &());
        let came = send(self.place.demo.http.get(&address).header(AUTHORIZATION, header)).await?;
        let detail = format!("{} bytes", came.1.len());
        Ok((came, detail))
    }

    fn header(&self, method: &str, address: &str, fields: &impl Request) -> String {
        let (consumer, app) = (&self.place.demo.oauth1, &self.place.app);
        let nonce = Token::generate(&app.rng);
        let now = u64::try_from(app.clock.now().unix_timestamp()).ok().and_then(NonZeroU64::new);
        let key = Credentials::new(consumer.client_id.as_str(), consumer.client_secret.expose_secret());
        let mut builder = Builder::<_, _, &str>::new(key, HMAC_SHA1);
        builder.token(self.token.map(|(token, secret)| Credentials::new(token, secret)));
        builder.callback(self.callback).verifier(self.verifier);
        builder.nonce(nonce.expose()).timestamp(now).version(true);
        builder.authorize(method, address, fields)
    }
}

/// The media type and the text of an answer; a refusal in the server's own words.
async fn send(request: RequestBuilder) -> Result<(String, String), String> {
    let answer = request.send().await.map_err(|error| explain(&error))?;
    let (status, kind) = (answer.status(), media_type(&answer));
    let body = answer.text().await.map_err(|error| explain(&error))?;
    if status.is_success() { Ok((kind, body)) } else { Err(format!("{status}: {body}")) }
}

fn media_type(answer: &Response) -> String {
    let value = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_without_a_secret_is_none() {
        let read = |query: &str| {
            let answer: Vec<(String, String)> =
                form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            Tokens::read(&answer).map(|(tokens, _)| tokens.token)
        };
        assert_eq!(read("oauth_token=t&oauth_token_secret=s"), Ok("t".to_owned()));
        for bad in ["oauth_token=t", "oauth_token_secret=s", "oauth_token=&oauth_token_secret=s", "<html>"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
