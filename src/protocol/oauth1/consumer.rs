//! Who signed a request (RFC 5849 §3.2): what every signed endpoint does first.
//!
//! 1. Gather the parameters from header, body and query; vet what needs no secret.
//! 2. Find the client. Where there is none, everything goes on with a decoy secret.
//! 3. Compute the signature and compare it in constant time; only then say what is wrong.

use std::sync::Arc;

use axum::http::{Method, header};
use zeroize::Zeroizing;

use super::{
    params::Parameters,
    reject::Reject,
    signature::{self, Keys},
    signed::{Signed, Surroundings},
};
use crate::{
    app::App,
    crypto::rsa_key::RsaKey,
    http::{
        fault::{Fault, InternalError},
        log,
        visit::Visit,
    },
    model::{
        client::{Client, ClientSecret, Flow},
        oauth1::SignatureMethod,
    },
    store::oauth1::Nonce,
};

/// A request with the client it claims to be of.
pub struct Presented {
    /// The request.
    pub signed: Signed,
    /// The client with that identifier.
    pub client: Option<Arc<Client>>,
}

/// The secret of the token that a request goes with.
pub enum TokenSecret {
    /// The step knows no token yet.
    None,
    /// There is no such token of this client.
    Unknown,
    /// It is this one.
    Known(Zeroizing<String>),
}

/// Steps 1 and 2.
///
/// # Errors
/// [`Reject`] for what is wrong without knowing a secret.
pub async fn present(
    app: &App,
    visit: &Visit,
    method: &Method,
    body: &[u8],
) -> Result<Presented, Fault<Reject>> {
    let parameters = gather(visit, body).map_err(Fault::Reject)?;
    // RFC 5849 §3.4.1.2, with the address that the world knows, whatever a proxy made of it.
    let uri =
        format!("{}{}", app.settings.server.public_url.origin().ascii_serialization(), visit.uri.path());
    let settings = &app.settings.oauth1;
    let around = Surroundings {
        http_method: method.as_str(),
        uri: &uri,
        methods: &settings.signature_methods,
        now: app.clock.now(),
        window: settings.timestamp_window.try_into().unwrap_or(time::Duration::MINUTE),
    };
    let signed = Signed::vet(parameters, around).map_err(Fault::Reject)?;
    let client = app.clients.find(&app.pool, &signed.consumer_key).await?;
    if let Some(client) = &client {
        log::client(client.id);
    }
    Ok(Presented { signed, client })
}

/// The parameters of a request, wherever they stand.
///
/// # Errors
/// [`Reject`] when they can't be read.
pub fn gather(visit: &Visit, body: &[u8]) -> Result<Parameters, Reject> {
    let headers = visit.headers.get_all(header::AUTHORIZATION).iter();
    let unreadable = |_| Reject::parameter("Authorization", "is not printable ASCII");
    let headers = headers.map(|value| value.to_str().map_err(unreadable)).collect::<Result<Vec<_>, _>>()?;
    // RFC 5849 §3.4.1.3.1: a body counts if it is a form and says so.
    let form = if is_form(visit) { body } else { &[] };
    Parameters::gather(&headers, visit.uri.query().unwrap_or_default(), form)
}

fn is_form(visit: &Visit) -> bool {
    let sent =
        visit.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = sent.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

impl Presented {
    /// Step 3. An unknown client or token costs the same work as a wrong signature does, so that
    /// the time tells nothing that the answer does not.
    ///
    /// # Errors
    /// [`Reject`] in the order: the client, the method it may use, the token, the signature.
    pub fn prove(&self, app: &App, token: &TokenSecret) -> Result<Arc<Client>, Fault<Reject>> {
        let right = self.is_right(app, token)?;
        let reject = |reject| Err(Fault::Reject(reject));
        let Some(client) = &self.client else { return reject(Reject::ConsumerUnknown) };
        if client.disabled_at.is_some() {
            return reject(Reject::ConsumerRejected("this client has been disabled"));
        }
        if !client.has_flow(Flow::Oauth1) {
            return reject(Reject::ConsumerRejected("the client is not registered for the flow oauth1"));
        }
        self.check_method(app, client).map_err(Fault::Reject)?;
        if matches!(token, TokenSecret::Unknown) {
            return reject(Reject::Token("is unknown, or was issued to another client"));
        }
        if right { Ok(Arc::clone(client)) } else { reject(Reject::Signature) }
    }

    /// The nonce, as the store takes it.
    pub fn nonce(&self) -> Option<Nonce> {
        self.signed.nonce.map(|nonce| Nonce { digest: nonce.digest, expires_at: nonce.expires_at })
    }

    fn is_right(&self, app: &App, token: &TokenSecret) -> Result<bool, InternalError> {
        let decoy;
        let token = match token {
            TokenSecret::Known(secret) => secret.as_str(),
            TokenSecret::None => "",
            TokenSecret::Unknown => {
                decoy = decoy_secret(app);
                decoy.as_str()
            }
        };
        let Some(client) = &self.client else {
            let keys = Keys { consumer: &decoy_secret(app), token, public: None };
            return Ok(self.signed.is_signed_with(keys));
        };
        if self.signed.method == SignatureMethod::RsaSha1 {
            let pem = client.settings.oauth1_public_key.as_deref();
            let public = pem.and_then(|pem| RsaKey::from_pem(pem).ok());
            return Ok(self.signed.is_signed_with(Keys { consumer: "", token, public: public.as_ref() }));
        }
        let (now, mut right) = (app.clock.now(), None);
        for secret in client.secrets.iter().filter(|secret| secret.expires_at.is_none_or(|at| at > now)) {
            let Some(value) = open(app, secret)? else { continue };
            let value = signature::signing_secret(client.settings.oauth1_secret_transform, &value);
            if self.signed.is_signed_with(Keys { consumer: &value, token, public: None }) {
                right = Some(secret.id);
            }
        }
        if let Some(secret) = right {
            app.secret_uses.note(secret, now);
        }
        Ok(right.is_some())
    }

    fn check_method(&self, app: &App, client: &Client) -> Result<(), Reject> {
        let settings = &client.settings;
        match self.signed.method {
            // RFC 5849 §3.4.4: "The server MUST ... require the use of a transport-layer mechanism".
            SignatureMethod::Plaintext if !settings.oauth1_plaintext || !app.is_secure() => {
                let why = "PLAINTEXT is for clients registered with it, over https; use HMAC-SHA1";
                Err(Reject::SignatureMethod(why.to_owned()))
            }
            SignatureMethod::RsaSha1 if settings.oauth1_public_key.is_none() => {
                Err(Reject::SignatureMethod("RSA-SHA1 needs a public key with the registration".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// The value of a client's secret; `None` for one of which only the digest is kept.
fn open(app: &App, secret: &ClientSecret) -> Result<Option<Zeroizing<String>>, InternalError> {
    let Some(sealed) = &secret.sealed else { return Ok(None) };
    let plain = app.sealer.open(&ClientSecret::place(secret.id), &sealed.0)?;
    Ok(Some(Zeroizing::new(String::from_utf8_lossy(&plain).into_owned())))
}

/// A secret that nobody has.
fn decoy_secret(app: &App) -> Zeroizing<String> {
    Zeroizing::new(app.sealer.derive("oauth1 decoy").iter().map(|byte| format!("{byte:02x}")).collect())
}
