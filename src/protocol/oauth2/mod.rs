//! OAuth 2.0 and OpenID Connect.
//!
//! Endpoint files: `authorize`, `token` (with `grant/`), `userinfo`, `files`, `introspect`,
//! `revoke`, `logout`, `discovery`, `trusted_phone`, `registration/`. Pure files: `request`, `aitu`, `redirect_uri`, `pkce`, `claims`,
//! `revoke`, `logout`, `discovery`, `trusted_phone`, `par`. Where a request comes from: `resolve`. Pure files: `request`,
//! `request_object`, `aitu`, `fapi2`, `redirect_uri`, `pkce`, `claims`, `claims_request`, `verified_claims`, `reject`, `return_to`.
//! `revoke`, `logout`, `discovery`, `trusted_phone`, `device`. Pure files: `request`, `aitu`, `redirect_uri`, `pkce`, `claims`,
//! `revoke`, `logout`, `discovery`, `trusted_phone`. Pure files: `request`, `aitu`, `redirect_uri`, `pkce`, `claims`,
//! `claims_request`, `demands`, `valued_claim`, `verified_claims`, `subject`, `reject`, `return_to`.
//! `revoke`, `logout`, `discovery`, `trusted_phone`. Pure files: `request`, `aitu`, `response_type`, `redirect_uri`, `pkce`, `claims`,
//! `claims_request`, `verified_claims`, `reject`, `return_to`.

pub mod access_token;
pub mod aitu;
pub mod answer;
pub mod authorization_response;
pub mod authorize;
pub mod binding;
pub mod certificate_login;
pub mod check_session;
pub mod claims;
pub mod claims_request;
pub mod client_assertion;
pub mod client_auth;
pub mod client_certificate;
pub mod client_keys;
pub mod confirmation;
pub mod demands;
pub mod device;
pub mod device_request;
pub mod discovery;
pub mod dpop;
pub mod fapi2;
pub mod files;
pub mod frontchannel;
mod grant;
pub mod hint;
pub mod initiate;
pub mod introspect;
pub mod introspection_jwt;
pub mod issue;
pub mod jarm;
pub mod logout;
pub mod logout_token;
pub mod par;
pub mod pkce;
pub mod redirect_uri;
pub mod registrable;
pub mod registration;
pub mod reject;
pub mod request;
pub mod request_object;
pub mod resolve;
pub mod response_type;
pub mod return_to;
pub mod revoke;
pub mod session_state;
pub mod subject;
pub mod token;
pub mod trusted_phone;
pub mod unattended;
pub mod userinfo;
pub mod valued_claim;
pub mod verified_claims;
