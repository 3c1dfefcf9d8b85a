//! Keys that tokens are bound to, so that a stolen token is worth nothing alone: a DPoP key (RFC 9449)
//! or the certificate of the connection (RFC 8705 §3).

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ring::hmac;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    dpop::{Proof, Request},
    fapi2,
    reject::Reject,
};
use crate::{
    app::App,
    http::{
        fault::{Fault, InternalError},
        visit::Visit,
    },
    model::{
        client::{Client, ClientType},
        signing::ForeignAlgorithm,
    },
    store::used_assertions,
};

/// How long a nonce is given out; it is taken for as long again.
const NONCE_STEP: i64 = 300;

/// The keys that a token is bound to; `cnf` in tokens (RFC 7800 §3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Binding {
    /// Thumbprint of the DPoP key (RFC 9449 §6.1).
    pub jkt: Option<String>,
    /// Thumbprint of the certificate (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256")]
    pub certificate: Option<String>,
}

impl Binding {
    /// The keys that tokens of this request will be bound to: that of its DPoP proof, and that of its
    /// certificate when the client registered so.
    ///
    /// # Errors
    /// The proof is no good, or the client must bind its tokens and shows nothing to bind them to.
    pub async fn of_request(app: &App, visit: &Visit, client: &Client) -> Result<Self, Fault<Reject>> {
        let proved = match prove_key(app, visit, None).await {
            Ok(proved) => proved,
            Err(Unproved::Refused(why)) => return Err(Fault::Reject(Reject::Dpop(why))),
            Err(Unproved::NonceWanted(nonce)) => return Err(Fault::Reject(Reject::DpopNonce(nonce))),
            Err(Unproved::Failed(error)) => return Err(Fault::Internal(error)),
        };
        if proved.as_ref().is_some_and(|proved| !fapi2::proves(client, proved.algorithm)) {
            return Err(Fault::Reject(Reject::Dpop(fapi2::UNFIT_PROOF)));
        }
        let jkt = proved.map(|proved| proved.jkt);
        // RFC 9449 §5.2: a client that registered so never gets a plain bearer token.
        if jkt.is_none() && client.settings.dpop_bound_access_tokens {
            return Err(Fault::Reject(Reject::Missing(
                "the DPoP proof that this client's tokens are bound to",
            )));
        }
        let shown = visit.certificate.as_deref();
        let certificate = if client.settings.certificate_bound_access_tokens {
            let missing = Reject::Missing("the certificate that this client's tokens are bound to");
            Some(shown.ok_or(Fault::Reject(missing))?.leaf.thumbprint())
        } else if jkt.is_none() && client.is_fapi2() {
            // FAPI 2.0 Security Profile §5.3.2.1: "shall only issue sender-constrained access tokens".
            let missing =
                Reject::Missing("the DPoP proof or certificate that this client's tokens are bound to");
            Some(shown.ok_or(Fault::Reject(missing))?.leaf.thumbprint())
        } else {
            None
        };
        Ok(Self { jkt, certificate })
    }

    /// Whether there is no key: whoever holds the token may use it.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }

    /// The word of RFC 6749 §7.1 for tokens that are bound so.
    pub fn token_type(&self) -> &'static str {
        if self.jkt.is_some() { "DPoP" } else { "Bearer" }
    }

    /// Adds `cnf` to a token's claims, when there is a key.
    pub fn confirm(&self, claims: &mut Map<String, Value>) {
        let members = [("jkt", &self.jkt), ("x5t#S256", &self.certificate)];
        let members: Map<String, Value> = members
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), json!(value.as_ref()?))))
            .collect();
        if !members.is_empty() {
            claims.insert("cnf".to_owned(), Value::Object(members));
        }
    }

    /// What a refresh token of this client is bound to. A confidential client proves itself at each
    /// refresh; a public one has nothing but the key (RFC 9449 §5, RFC 8705 §4).
    pub fn of_refresh_token(&self, client: &Client) -> Option<String> {
        if client.client_type == ClientType::Public { self.stored().into_iter().next() } else { None }
    }

    /// The keys of this request as they are stored with refresh tokens.
    pub fn stored(&self) -> Vec<String> {
        let jkt = self.jkt.as_ref().map(|jkt| format!("jkt:{jkt}"));
        jkt.into_iter().chain(self.certificate.as_ref().map(|x5t| format!("x5t:{x5t}"))).collect()
    }
}

/// Why a request proves no key.
#[derive(Debug)]
pub enum Unproved {
    /// The proof is no good.
    Refused(&'static str),
    /// It must carry this nonce (RFC 9449 §8).
    NonceWanted(String),
    /// We failed.
    Failed(InternalError),
}

/// A key that a request proves.
#[derive(Debug)]
pub struct Proved {
    /// Its thumbprint.
    pub jkt: String,
    /// What it signed with.
    pub algorithm: ForeignAlgorithm,
}

/// The thumbprint of the key that the request proves by its DPoP proof; `None` without a proof. With an
/// access token, the proof must name it.
///
/// # Errors
/// [`Unproved`] when there is a proof that is no good for this request.
pub async fn prove(app: &App, visit: &Visit, access_token: Option<&str>) -> Result<Option<String>, Unproved> {
    Ok(prove_key(app, visit, access_token).await?.map(|proved| proved.jkt))
}

/// As [`prove`], for whom the algorithm matters.
///
/// # Errors
/// [`Unproved`] when there is a proof that is no good for this request.
pub async fn prove_key(
    app: &App,
    visit: &Visit,
    access_token: Option<&str>,
) -> Result<Option<Proved>, Unproved> {
    let Some(proof) = only(&visit.headers)? else { return Ok(None) };
    let proof = Proof::read(proof).map_err(Unproved::Refused)?;
    let now = app.clock.now();
    let bases = [Some(app.issuer.clone()), app.mtls_base()];
    let addresses: Vec<String> =
        bases.into_iter().flatten().map(|base| format!("{base}{}", visit.uri.path())).collect();
    let request = Request { method: visit.method.as_str(), addresses: &addresses, access_token };
    proof.check(&request, now).map_err(Unproved::Refused)?;
    if app.settings.oauth2.dpop_nonce {
        let step = now.unix_timestamp().div_euclid(NONCE_STEP);
        let good = [step, step - 1].map(|step| nonce(app, step));
        if !proof.nonce.as_ref().is_some_and(|shown| good.contains(shown)) {
            let [fresh, _] = good;
            return Err(Unproved::NonceWanted(fresh));
        }
    }
    // RFC 9449 §11.1: a proof that was seen before is a replay. Last, so that nothing but a good proof
    // is remembered.
    let (digest, expires_at) = proof.use_once();
    match used_assertions::claim(&app.pool, digest, expires_at).await {
        Ok(true) => Ok(Some(Proved { jkt: proof.jkt, algorithm: proof.algorithm })),
        Ok(false) => Err(Unproved::Refused("the DPoP proof was used before")),
        Err(error) => Err(Unproved::Failed(error.into())),
    }
}

/// RFC 9449 §4.3 (1): "There is not more than one DPoP HTTP request header field."
fn only(headers: &HeaderMap) -> Result<Option<&str>, Unproved> {
    let mut values = headers.get_all("dpop").iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            value.to_str().map(Some).map_err(|_| Unproved::Refused("the DPoP proof is malformed"))
        }
        _ => Err(Unproved::Refused("there is more than one DPoP proof")),
    }
}

/// The nonce of a stretch of time: every instance makes the same, and nothing is stored.
fn nonce(app: &App, step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, app.sealer.derive("dpop nonces").as_slice());
    B64.encode(&hmac::sign(&key, &step.to_be_bytes()).as_ref()[..16])
}
