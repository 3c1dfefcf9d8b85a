//! Relying parties to try a sign-in with, and the outbox: pages of a development server only.
//!
//! The relying parties are built from independent client code and reach the server as any other
//! would, over HTTP at its public address. They touch none of its insides, or they would prove
//! nothing; of [`App`] they use the templates, the clock and the randomness.

mod aitu;
mod attempts;
mod device;
mod direct;
mod jws;
mod logout;
mod metadata;
mod oauth1;
mod oidc;
mod openid2;
mod outbox;
mod outcome;
mod par;
mod service;
mod wire;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use openidconnect::reqwest;
use secrecy::SecretString;
use url::Url;

use crate::{
    app::App,
    model::locale::Locale,
    templates::{DemoAccount, DemoIndexPage, DemoLink, Page, Shell},
};

pub use jws::Key;
pub use service::{RESOURCE, Systems};

/// How long the server may take to answer its own relying party.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the relying parties know: the server's address, what they are registered as there, and
/// who can sign in.
pub struct Demo {
    base: Url,
    oidc: Credentials,
    oauth1: Credentials,
    logout: Credentials,
    aitu: Credentials,
    /// What the Aitu-style one signs IINs with: PKCS#8, PEM.
    iin_key: SecretString,
    systems: Systems,
    /// The device's `client_id`: it has no secret.
    device: String,
    /// Whose secret is the key it signs with ([`Key::generate`]).
    par: Credentials,
    accounts: Vec<DemoAccount>,
    http: reqwest::Client,
}

/// What a relying party is registered with.
pub struct Credentials {
    /// Its `client_id`.
    pub client_id: String,
    /// Its secret.
    pub client_secret: SecretString,
}

/// The HTTP client can't be made.
#[derive(Debug, thiserror::Error)]
#[error("the demonstration's HTTP client: {0}")]
pub struct DemoError(#[from] reqwest::Error);

impl Demo {
    /// The relying parties of the server at `base`, as they are registered there.
    ///
    /// # Errors
    /// [`DemoError`] when no HTTP client can be made.
    pub fn new(
        base: Url,
        (oidc, oauth1, logout): (Credentials, Credentials, Credentials),
        (aitu, iin_key): (Credentials, SecretString),
        systems: Systems,
        (device, par): (String, Credentials),
        accounts: Vec<DemoAccount>,
    ) -> Result<Self, DemoError> {
        let http = reqwest::Client::builder()
            // The server never redirects these requests; following one would reach where it points (SSRF).
            .redirect(reqwest::redirect::Policy::none())
            // The server is on this machine, whatever proxy the environment names.
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        Ok(Self { base, oidc, oauth1, logout, aitu, iin_key, systems, device, par, accounts, http })
    }

    /// `/demo` and `/dev`, for [`App`]'s router to be merged with before its layers.
    pub fn router(self, app: App) -> Router {
        let place = Place(Arc::new(Parts {
            demo: self,
            app,
            attempts: attempts::Attempts::default(),
            aitu_attempts: attempts::Attempts::default(),
            openid2_attempts: attempts::Attempts::default(),
            oauth1_attempts: attempts::Attempts::default(),
            logout_attempts: attempts::Attempts::default(),
            logout_sessions: logout::Sessions::default(),
            device_attempts: attempts::Attempts::default(),
            par_attempts: attempts::Attempts::default(),
        }));
        Router::new()
            .route("/demo", get(index))
            .route("/demo/oidc", get(oidc::get))
            .route("/demo/oidc/start", post(oidc::start))
            .route("/demo/oidc/callback", get(oidc::callback))
            .route("/demo/aitu", get(aitu::get))
            .route("/demo/aitu/start", post(aitu::start))
            .route("/demo/aitu/callback", get(aitu::callback))
            .route("/demo/openid2", get(openid2::get))
            .route("/demo/openid2/start", post(openid2::start))
            .route("/demo/openid2/callback", get(openid2::callback).post(openid2::callback_form))
            .route("/demo/oauth1", get(oauth1::get))
            .route("/demo/oauth1/start", post(oauth1::start))
            .route("/demo/oauth1/callback", get(oauth1::callback))
            .route("/demo/logout", get(logout::get))
            .route("/demo/logout/start", post(logout::start))
            .route("/demo/logout/callback", get(logout::callback))
            .route("/demo/logout/frontchannel", get(logout::frontchannel))
            .route("/demo/logout/backchannel", post(logout::backchannel))
            .route("/demo/logout/done", get(logout::done))
            .route("/demo/service", get(service::get))
            .route("/demo/service/start", post(service::start))
            .route("/demo/device", get(device::get))
            .route("/demo/device/start", post(device::start))
            .route("/demo/device/wait", get(device::wait))
            .route("/demo/par", get(par::get))
            .route("/demo/par/start", post(par::start))
            .route("/demo/par/callback", get(par::callback))
            .route("/dev/outbox", get(outbox::get))
            .with_state(place)
    }

    /// The server as it names itself.
    fn issuer(&self) -> String {
        self.base.origin().ascii_serialization()
    }

    /// An address of ours.
    fn address(&self, path: &str) -> String {
        // The base is an origin, so that its text ends in the one slash that `path` begins with.
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }
}

/// What the handlers share; cheap to clone.
#[derive(Clone)]
struct Place(Arc<Parts>);

struct Parts {
    demo: Demo,
    app: App,
    attempts: attempts::Attempts<oidc::Attempt>,
    aitu_attempts: attempts::Attempts<aitu::Attempt>,
    openid2_attempts: attempts::Attempts<openid2::Attempt>,
    oauth1_attempts: attempts::Attempts<oauth1::Attempt>,
    logout_attempts: attempts::Attempts<oidc::Attempt>,
    logout_sessions: logout::Sessions,
    device_attempts: attempts::Attempts<device::Attempt>,
    par_attempts: attempts::Attempts<par::Attempt>,
}

impl std::ops::Deref for Place {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Parts {
    /// A page in English, as all of these are.
    fn page<P: Page>(&self, page: &P) -> Response {
        match self.app.templates().page(&Shell::plain(Locale::En), page) {
            Ok(html) => Html(html).into_response(),
            Err(error) => {
                tracing::error!(%error, "a page of the demonstration could not be rendered");
                (StatusCode::INTERNAL_SERVER_ERROR, "The page could not be rendered; the log says why.\n")
                    .into_response()
            }
        }
    }
}

async fn index(State(place): State<Place>) -> Response {
    place.page(&DemoIndexPage {
        demos: vec![
            DemoLink {
                href: "/demo/oidc".to_owned(),
                title: "OpenID Connect".to_owned(),
                description:
                    "The code flow with PKCE: sign in, consent, and see what the service receives and \
                              how it checks it."
                        .to_owned(),
            },
            DemoLink {
                href: "/demo/par".to_owned(),
                title: "Signed requests (FAPI 2.0)".to_owned(),
                description:
                    "A signed request handed over beforehand, a signed answer, and tokens that work \
                              with one key alone."
                        .to_owned(),
            },
            DemoLink {
                href: "/demo/device".to_owned(),
                title: "A device without a keyboard".to_owned(),
                description: "A television shows a code; you enter it on your phone or in another window."
                    .to_owned(),
            },
            DemoLink {
                href: "/demo/openid2".to_owned(),
                title: "OpenID 2.0".to_owned(),
                description: "Discovery, an association and Attribute Exchange: how services sign people in \
                              that were written before OpenID Connect."
                    .to_owned(),
            },
            DemoLink {
                href: "/demo/oauth1".to_owned(),
                title: "OAuth 1.0a".to_owned(),
                description: "A request token, an access token, and the XML document about a person that \
                              services of an older generation read."
                    .to_owned(),
            },
            DemoLink {
                href: "/demo/aitu".to_owned(),
                title: "Aitu-style".to_owned(),
                description: "A service written for Aitu Passport: that system's addresses, a phone and a \
                              signed IIN known beforehand, all data in the id_token."
                    .to_owned(),
            },
            DemoLink {
                href: "/demo/logout".to_owned(),
                title: "Sign out everywhere".to_owned(),
                description: "A service that is told when you sign out at the server, and shows what it was \
                              told: by the server itself and through the browser."
                    .to_owned(),
            },
            DemoLink {
                href: "/demo/service".to_owned(),
                title: "Service clients and confirmations".to_owned(),
                description: "Systems without a browser: a token on a system's own word, and a person who \
                              confirms a sign-in and an operation with codes."
                    .to_owned(),
            },
        ],
        accounts: place.demo.accounts.clone(),
    })
}
