//! The wings: each turns its own request into one question for the journey, and the answer back
//! into its own words.

pub mod account;
pub mod logout;
pub mod oauth1;
pub mod oauth2;
pub mod openid2;
pub mod openid2_identity;
pub mod respond;
pub mod second_factor;

use crate::{
    app::App,
    http::{
        fault::{Fault, InternalError},
        page::Problem,
    },
    ids::JourneyId,
    journey::{Authenticated, Refusal, Requirements},
    model::{
        client::Client,
        journey::{Journey, Protocol},
        locale::Locale,
        theme::Theme,
        user::User,
    },
    store::{self, StoreError, representatives, sessions::Login},
};

pub use crate::model::hints::Hints;

/// A vetted request of any protocol: its client is known and its return address trusted.
pub enum AuthnRequest {
    /// OAuth 2.0 or OpenID Connect.
    OAuth2(Box<oauth2::request::Authorization>),
    /// OAuth 1.0a.
    OAuth1(Box<oauth1::authorize::Authorization>),
    /// OpenID 2.0.
    OpenId2(Box<openid2::request::Authentication>),
    /// A device that waits for its person (RFC 8628).
    Device(Box<oauth2::device_request::Approval>),
    /// A page of our own.
    Account(Box<account::OwnPage>),
}

/// An answer that goes back through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// To this address.
    Redirect(String),
    /// As a form that the browser posts to this address.
    FormPost {
        /// The address.
        action: String,
        /// The fields.
        fields: Vec<(String, String)>,
    },
    /// A code for the person to carry over.
    Code(String),
    /// A verifier for the person to carry over (OAuth 1.0a).
    Verifier(String),
    /// What the person said of a device, told to them; the device asks for itself (RFC 8628).
    Device {
        /// Whom they allowed or refused.
        client: String,
        /// They allowed it.
        allowed: bool,
    },
    /// That the person refused, told to them alone (OAuth 1.0a).
    Denied {
        /// Whom they refused.
        client: String,
        /// Where they came from.
        back: Option<String>,
    },
}

impl AuthnRequest {
    /// Vets a journey's request anew: since it was saved, its client may have been disabled or
    /// lost the return address.
    ///
    /// # Errors
    /// [`Problem`] for an error page when the request is no longer good.
    pub async fn resume(app: &App, journey: &Journey) -> Result<Self, Fault<Problem>> {
        match journey.protocol {
            Protocol::Oauth2 => {
                let request = oauth2::authorize::vet(app, &journey.parameters).await?;
                Ok(Self::OAuth2(Box::new(request)))
            }
            Protocol::Openid2 => {
                let request = openid2::checkid::vet(app, &journey.parameters).await?;
                Ok(Self::OpenId2(Box::new(request)))
            }
            Protocol::Device => {
                let device = oauth2::device_request::Approval::find(app, &journey.parameters).await?;
                Ok(Self::Device(Box::new(device)))
            }
            Protocol::Account => Ok(Self::Account(Box::new(account::OwnPage::read(&journey.parameters)))),
            Protocol::Oauth1 => {
                let request = oauth1::authorize::vet(app, &journey.parameters).await?;
                Ok(Self::OAuth1(Box::new(request)))
            }
        }
    }

    /// Who asks; no client for a page of our own, nor for a relying party that nobody registered.
    pub fn client(&self) -> Option<&Client> {
        match self {
            Self::OAuth2(request) => Some(&request.client),
            Self::OAuth1(request) => Some(&request.client),
            Self::OpenId2(request) => request.to.client.as_deref(),
            Self::Device(device) => Some(&device.client),
            Self::Account(_) => None,
        }
    }

    /// Who asks, as people are shown it.
    pub fn asker(&self) -> Option<Asker> {
        let name = self.client().map(|client| client.name.clone());
        match self {
            Self::OAuth2(request) => name.map(|name| Asker { name, host: request.client.host() }),
            Self::OAuth1(request) => name.map(|name| Asker { name, host: request.client.host() }),
            Self::Device(device) => name.map(|name| Asker { name, host: device.client.host() }),
            Self::OpenId2(request) => {
                let host = request.to.realm.host();
                Some(Asker { name: name.unwrap_or_else(|| host.clone()), host: Some(host) })
            }
            Self::Account(_) => None,
        }
    }

    /// Whether this is who the request names, in the protocol's own way; `None` when it names nobody.
    pub fn names(&self, app: &App, user: &User) -> Option<bool> {
        match self {
            Self::OpenId2(request) => request.names(app, user),
            Self::OAuth2(_) | Self::OAuth1(_) | Self::Device(_) | Self::Account(_) => None,
        }
    }

    /// The code that a device shows, for the person to compare.
    pub fn user_code(&self) -> Option<&str> {
        match self {
            Self::Device(device) => Some(&device.user_code),
            _ => None,
        }
    }

    /// What must be so before the answer.
    pub fn requirements(&self) -> &Requirements {
        match self {
            Self::OAuth2(request) => &request.requirements,
            Self::OAuth1(request) => &request.requirements,
            Self::OpenId2(request) => &request.requirements,
            Self::Device(device) => &device.requirements,
            Self::Account(page) => &page.requirements,
        }
    }

    /// The language asked for.
    pub fn locale(&self) -> Option<Locale> {
        match self {
            Self::OAuth2(request) => request.locale,
            Self::OpenId2(request) => request.locale,
            Self::OAuth1(_) | Self::Device(_) | Self::Account(_) => None,
        }
    }

    /// The theme asked for.
    pub fn theme(&self) -> Option<Theme> {
        match self {
            Self::OAuth2(request) => request.theme,
            Self::OAuth1(_) | Self::OpenId2(_) | Self::Device(_) | Self::Account(_) => None,
        }
    }

    /// Who the client thinks is there, to begin the sign-in page with.
    pub fn login_hint(&self) -> Option<&str> {
        match self {
            Self::OAuth2(request) => request.login_hint.as_deref(),
            Self::OpenId2(request) => request.login_hint(),
            Self::OAuth1(_) | Self::Device(_) | Self::Account(_) => None,
        }
    }

    /// What else the client knows of them, to begin fields with.
    pub fn hints(&self) -> Hints {
        match self {
            Self::OAuth2(request) => request.hints.clone(),
            Self::OAuth1(_) | Self::OpenId2(_) | Self::Device(_) | Self::Account(_) => Hints::default(),
        }
    }

    /// Answers: everything is minted here and nowhere earlier. `None` when another request has
    /// ended the journey.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer(
        &self,
        app: &App,
        login: &Login,
        authenticated: &Authenticated,
        journey: Option<JourneyId>,
    ) -> Result<Option<Reply>, Fault<Problem>> {
        match self {
            Self::OAuth2(request) => {
                oauth2::answer::answer(app, request, login, authenticated, journey).await
            }
            Self::OAuth1(request) => {
                oauth1::authorize::answer(app, request, login, authenticated, journey).await
            }
            Self::OpenId2(request) => {
                openid2::assertion::answer(app, request, login, authenticated, journey).await
            }
            Self::Device(device) => device.answer(app, login, authenticated, journey).await,
            Self::Account(page) => {
                let now = app.clock.now();
                let claimed = match journey {
                    Some(journey) => store::journeys::claim(&app.pool, journey, now).await?,
                    None => true,
                };
                Ok(claimed.then(|| page.answer()))
            }
        }
    }

    /// Ends the journey for a refusal: true for the one caller who ends it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end(&self, app: &App, journey: JourneyId) -> Result<bool, Fault<Problem>> {
        match self {
            Self::Device(device) => Ok(device.deny(app, journey).await?),
            _ => Ok(store::journeys::claim(&app.pool, journey, app.clock.now()).await?),
        }
    }

    /// Refuses, in the protocol's words.
    ///
    /// # Errors
    /// When the answer must be signed and can't be.
    pub fn refuse(
        &self,
        app: &App,
        refusal: &Refusal,
        ended: Option<&Ended>,
    ) -> Result<Reply, InternalError> {
        Ok(match self {
            Self::OAuth2(request) => oauth2::answer::refuse(app, request, refusal, ended)?,
            Self::OAuth1(request) => oauth1::authorize::refuse(request, refusal),
            Self::OpenId2(request) => openid2::assertion::refuse(app, request, refusal),
            Self::Device(device) => device.refuse(),
            Self::Account(_) => account::OwnPage::refuse(refusal),
        })
    }
}

/// Who asks, as people are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    /// What it calls itself.
    pub name: String,
    /// The host people are sent back to.
    pub host: Option<String>,
}

/// Whether the signed-in person represents the organisation that a request names; `None` when it
/// names none or nobody is signed in, and then nothing is asked of the database.
///
/// # Errors
/// When the database fails.
pub async fn represents(
    app: &App,
    required: &Requirements,
    login: Option<&Login>,
) -> Result<Option<bool>, StoreError> {
    match (&required.acting_for, login) {
        (Some(bin), Some(login)) => {
            representatives::represents(&app.pool, login.user.id, bin).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// A journey that ends with a refusal, for clients that want to know how far it got.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The journey.
    pub journey: JourneyId,
    /// The page the person was on.
    pub stage: crate::model::journey::Stage,
    /// Their last mistake.
    pub last_error: Option<String>,
}
