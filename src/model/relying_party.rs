//! What a registration says about OpenID Connect, under the names of OpenID Connect Dynamic Client
//! Registration 1.0 §2 and RFC 7591 §2.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    locale::Locale,
    signing::{Algorithm, ForeignAlgorithm},
    words::words,
};

words! {
    /// What a person is called at a client (OpenID Connect Core §8).
    SubjectType {
        /// The same at every client.
        Public = "public",
        /// Another at every sector.
        Pairwise = "pairwise",
    }
}

words! {
    /// Where an application runs (OpenID Connect Dynamic Client Registration 1.0 §2).
    ApplicationType {
        /// On a server or in a browser.
        Web = "web",
        /// On the person's device.
        Native = "native",
    }
}

/// The part of a registration that OpenID Connect and its companions speak of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RelyingParty {
    /// What people are called at it.
    pub subject_type: SubjectType,
    /// A document that lists return addresses of one sector (OpenID Connect Core §8.1).
    pub sector_identifier_uri: Option<String>,
    /// Where it runs.
    pub application_type: ApplicationType,
    /// Every request of its must be pushed (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// Every request of its must come in a signed request object (RFC 9101 §10.5).
    pub require_signed_request_object: bool,
    /// The one algorithm of its request objects; any that fits its keys when it chose none.
    pub request_object_signing_alg: Option<ForeignAlgorithm>,
    /// Addresses of request objects, compared byte for byte (OpenID Connect Core §6.2).
    pub request_uris: Vec<String>,
    /// What answers in JWTs are signed with (JARM §3); the algorithm of its id_tokens when absent.
    pub authorization_signed_response_alg: Option<Algorithm>,
    /// What userinfo is signed with; plain JSON when absent (OpenID Connect Core §5.3.2).
    pub userinfo_signed_response_alg: Option<Algorithm>,
    /// What introspection is signed with; plain JSON when absent (RFC 9701 §6).
    pub introspection_signed_response_alg: Option<Algorithm>,
    /// Told of logouts, server to server (OpenID Connect Back-Channel Logout 1.0 §2.2).
    pub backchannel_logout_uri: Option<String>,
    /// Logout tokens must name the session.
    pub backchannel_logout_session_required: bool,
    /// Loaded at logouts in a frame (OpenID Connect Front-Channel Logout 1.0 §2).
    pub frontchannel_logout_uri: Option<String>,
    /// The frame's address must name issuer and session.
    pub frontchannel_logout_session_required: bool,
    /// Where a sign-in can be begun from elsewhere (OpenID Connect Core §4).
    pub initiate_login_uri: Option<String>,
    /// `max_age` of requests that name none, in seconds.
    pub default_max_age: Option<u32>,
    /// The id_token must say `auth_time`; it always does.
    pub require_auth_time: bool,
    /// `acr_values` of requests that name none.
    pub default_acr_values: Vec<String>,
    /// Its home page.
    pub client_uri: Option<String>,
    /// Where its logo was taken from.
    pub logo_uri: Option<String>,
    /// How it treats data.
    pub policy_uri: Option<String>,
    /// Its terms.
    pub tos_uri: Option<String>,
    /// Mail addresses of those who look after it.
    pub contacts: Vec<String>,
    /// What it is called in each language, where that differs (`client_name#th`).
    pub names: BTreeMap<Locale, String>,
    /// SHA-256 of its logo as we keep it, in hexadecimal digits; none is shown without.
    pub logo_sha256: Option<String>,
    /// It registered itself, and nobody here says who runs it: people are warned.
    pub unvouched: bool,
}

impl Default for RelyingParty {
    fn default() -> Self {
        Self {
            subject_type: SubjectType::Public,
            sector_identifier_uri: None,
            application_type: ApplicationType::Web,
            require_pushed_authorization_requests: false,
            require_signed_request_object: false,
            request_object_signing_alg: None,
            request_uris: Vec::new(),
            authorization_signed_response_alg: None,
            userinfo_signed_response_alg: None,
            introspection_signed_response_alg: None,
            backchannel_logout_uri: None,
            backchannel_logout_session_required: false,
            frontchannel_logout_uri: None,
            frontchannel_logout_session_required: false,
            initiate_login_uri: None,
            default_max_age: None,
            require_auth_time: false,
            default_acr_values: Vec::new(),
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
            contacts: Vec::new(),
            names: BTreeMap::new(),
            logo_sha256: None,
            unvouched: false,
        }
    }
}
