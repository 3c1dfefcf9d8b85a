//! A client: a relying party's or a service's registration.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    act_for::{ActFor, Reach},
    attribute::Level,
    oauth1::SecretTransform,
    relying_party::RelyingParty,
    signing::{Algorithm, ForeignAlgorithm},
    trusted_issuer::TrustedIssuer,
    words::words,
};
use crate::{
    ids::{ClientCertificateId, ClientId, ClientSecretId, UserId},
    secret::Digest,
};

words! {
    /// Whether a client can keep a secret (RFC 6749 §2.1).
    ClientType {
        /// A server-side application.
        Confidential = "confidential",
        /// An application on the person's device.
        Public = "public",
    }
}

words! {
    /// The replaced system whose habits a client has.
    Profile {
        /// Aitu Passport, Kazakhstan.
        Aitu = "aitu",
        /// CryptoPro DSS, Russia.
        Dss = "dss",
        /// sso.gov.mn, Mongolia.
        SsoMn = "sso_mn",
        /// e-Government SSO, Thailand.
        EgovTh = "egov_th",
        /// Digital ID, Thailand.
        DigitalIdTh = "digital_id_th",
        /// No system's: the FAPI 2.0 Security Profile, which narrows what is allowed.
        Fapi2 = "fapi2",
    }
}

words! {
    /// A way of getting tokens that a client lists.
    Flow {
        /// RFC 6749 §4.1.
        AuthorizationCode = "authorization-code",
        /// RFC 6749 §4.2.
        Implicit = "implicit",
        /// OpenID Connect Core §3.3.
        Hybrid = "hybrid",
        /// RFC 6749 §6.
        RefreshToken = "refresh-token",
        /// RFC 6749 §4.4.
        ClientCredentials = "client-credentials",
        /// RFC 6749 §4.3, for service clients.
        ResourceOwner = "resource-owner",
        /// RFC 8693.
        TokenExchange = "token-exchange",
        /// RFC 8628.
        DeviceCode = "device-code",
        /// Confirmations of logins and operations.
        Confirmation = "confirmation",
        /// OpenID Authentication 2.0.
        Openid2 = "openid2",
        /// RFC 5849.
        Oauth1 = "oauth1",
    }
}

words! {
    /// How a client proves who it is at the token endpoint.
    AuthMethod {
        /// HTTP Basic (RFC 6749 §2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// Secret in the form body (RFC 6749 §2.3.1).
        ClientSecretPost = "client_secret_post",
        /// Signed assertion (RFC 7523).
        PrivateKeyJwt = "private_key_jwt",
        /// Assertion with a shared secret (RFC 7523).
        ClientSecretJwt = "client_secret_jwt",
        /// Certificate of a trusted authority (RFC 8705 §2.1).
        TlsClientAuth = "tls_client_auth",
        /// Registered self-signed certificate (RFC 8705 §2.2).
        SelfSignedTlsClientAuth = "self_signed_tls_client_auth",
        /// No proof: public clients, with PKCE.
        None = "none",
    }
}

/// A registration, as the protocols need it.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its row.
    pub id: ClientId,
    /// `client_id` on the wire.
    pub identifier: String,
    /// What people see it called.
    pub name: String,
    /// Whether it can keep a secret.
    pub client_type: ClientType,
    /// Whose habits it has.
    pub profile: Option<Profile>,
    /// The organisation it belongs to: the account of a juristic person.
    pub organisation: Option<UserId>,
    /// Flows it may use.
    pub flows: Vec<Flow>,
    /// Ways it may authenticate.
    pub auth_methods: Vec<AuthMethod>,
    /// Return addresses, compared byte for byte (RFC 9700 §2.1).
    pub redirect_uris: Vec<String>,
    /// Return addresses after logout (OpenID Connect RP-Initiated Logout §3.1).
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for.
    pub scopes: Vec<String>,
    /// Resources (RFC 8707) its tokens may name.
    pub resources: Vec<String>,
    /// The rest.
    pub settings: ClientSettings,
    /// Secrets, expired ones among them.
    pub secrets: Vec<ClientSecret>,
    /// Certificates that it proves itself with by their keys, expired ones among them.
    pub certificates: Vec<ClientCertificate>,
    /// Set when an operator has shut it out.
    pub disabled_at: Option<OffsetDateTime>,
    /// When it was registered.
    pub created_at: OffsetDateTime,
}

impl Client {
    /// Whether a protocol of its signs with a secret itself, so that a digest is not enough.
    pub fn signs_with_secret(&self) -> bool {
        self.has_flow(Flow::Oauth1) || self.auth_methods.contains(&AuthMethod::ClientSecretJwt)
    }

    /// Whether the client listed this flow.
    pub fn has_flow(&self, flow: Flow) -> bool {
        self.flows.contains(&flow)
    }

    /// Whether the code flow must carry a PKCE challenge: every public client (RFC 9700 §2.1.1),
    /// any that keeps to FAPI 2.0 (Security Profile §5.3.2.2), and any that asked for it.
    pub fn requires_pkce(&self) -> bool {
        self.client_type == ClientType::Public || self.settings.require_pkce || self.is_fapi2()
    }

    /// Whether it keeps to the FAPI 2.0 Security Profile.
    pub fn is_fapi2(&self) -> bool {
        self.profile == Some(Profile::Fapi2)
    }

    /// Whether its access tokens must be bound to a key, so that no bearer token is issued to it.
    pub fn binds_tokens(&self) -> bool {
        // FAPI 2.0 Security Profile §5.3.2.1 (4): "shall only issue sender-constrained access tokens".
        self.is_fapi2()
            || self.settings.dpop_bound_access_tokens
            || self.settings.certificate_bound_access_tokens
    }

    /// Whether it is a service client: it proves who it is, and the user need not.
    pub fn is_service(&self) -> bool {
        self.client_type == ClientType::Confidential && self.settings.suppress_auth_for_issue
    }

    /// Whom it may act for as a service client.
    pub fn reach(&self) -> Reach {
        Reach::new(&self.settings.act_for, self.organisation)
    }

    /// The host of the first web return address: how people recognise who is asking.
    pub fn host(&self) -> Option<String> {
        let mut addresses = self.redirect_uris.iter().chain(&self.settings.oauth1_callbacks);
        addresses.find_map(|uri| url::Url::parse(uri).ok()?.host_str().map(str::to_owned))
    }
}

/// One of a client's secrets; the value itself is kept only where a protocol signs with it.
#[derive(Clone, Debug)]
pub struct ClientSecret {
    /// Its row.
    pub id: ClientSecretId,
    /// SHA-256 of the value.
    pub digest: Digest,
    /// The value under the encryption key, for a client that signs with it.
    pub sealed: Option<Sealed>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it stops working.
    pub expires_at: Option<OffsetDateTime>,
    /// When it last worked, give or take the few seconds in which uses are gathered.
    pub last_used_at: Option<OffsetDateTime>,
}

/// A value under the encryption key. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(..)")
    }
}

impl ClientSecret {
    /// The place its sealed value belongs to.
    pub fn place(id: ClientSecretId) -> String {
        format!("client_secrets/{id}")
    }
}

/// One of a client's certificates, known by its key alone: certificates made in browsers carry
/// signatures that other software calls invalid.
#[derive(Clone, Debug)]
pub struct ClientCertificate {
    /// Its row.
    pub id: ClientCertificateId,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub key: Digest,
    /// The whole of it, for whoever looks.
    pub der: Vec<u8>,
    /// When it was registered.
    pub created_at: OffsetDateTime,
    /// When it stops working here, whatever it says itself.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used.
    pub last_used_at: Option<OffsetDateTime>,
}

/// What a certificate of a trusted authority must say to be this client's (RFC 8705 §2.1.2): exactly
/// one of these.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsSubject {
    /// The subject, as RFC 4514 writes it.
    SubjectDn(String),
    /// A DNS name.
    SanDns(String),
    /// A URI.
    SanUri(String),
    /// An address.
    SanIp(String),
    /// A mail address.
    SanEmail(String),
}

/// What a registration says beyond names and lists. Stored as JSON; a missing key is its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientSettings {
    /// A PKCE challenge is demanded of this confidential client too.
    pub require_pkce: bool,
    /// What its id_tokens are signed with.
    pub id_token_alg: Algorithm,
    /// Life of its access tokens in seconds; the installation's setting when absent.
    pub access_token_ttl: Option<u64>,
    /// `state` must have at least this many characters; 0 lets it be missing.
    pub min_state_length: usize,
    /// Error redirects say how far the person got (Aitu).
    pub detailed_errors: bool,
    /// All text claims of the scopes come in the id_token.
    pub claims_in_id_token: bool,
    /// A refresh token comes without `offline_access`.
    pub always_refresh: bool,
    /// Attributes without which the person can't go on.
    pub require_attributes: Vec<String>,
    /// Least level of the account.
    pub min_level: Level,
    /// The key its `iin_signature` is checked with: a PEM SubjectPublicKeyInfo.
    pub iin_public_key: Option<String>,
    /// A request of its without `iin_signature` is refused.
    pub require_iin_signature: bool,
    /// Its word that a phone was confirmed counts (`/api/v1/trusted-phone`).
    pub trusted_phone: bool,
    /// Realms it may send people from (OpenID Authentication 2.0 §9.2).
    pub openid2_realms: Vec<String>,
    /// An attribute that the account lacks is `-` to it, not a count of 0 (OpenID 2.0).
    pub openid2_dash_for_missing: bool,
    /// People have another name at it than elsewhere (OpenID 2.0).
    pub openid2_pairwise: bool,
    /// Addresses of its that may be told of the outcome of a confirmation, compared byte for byte.
    pub confirmation_callbacks: Vec<String>,
    /// It gets tokens of users who have not proved who they are: a service client.
    pub suppress_auth_for_issue: bool,
    /// Of which users; of nobody when empty.
    pub act_for: Vec<ActFor>,
    /// Issuers whose tokens it may exchange (RFC 8693).
    pub trusted_issuers: Vec<TrustedIssuer>,
    /// Its public keys (RFC 7517 §5), for what it signs.
    pub jwks: Option<serde_json::Value>,
    /// Where it publishes them; instead of `jwks`.
    pub jwks_uri: Option<String>,
    /// The one algorithm of its assertions; any that fits its keys when it chose none.
    pub assertion_alg: Option<ForeignAlgorithm>,
    /// What its certificate says (`tls_client_auth`).
    pub tls_client_auth: Option<TlsSubject>,
    /// Its access tokens work with its certificate alone (RFC 8705 §3.4).
    pub certificate_bound_access_tokens: bool,
    /// Its access tokens work with its DPoP key alone (RFC 9449 §5.2).
    pub dpop_bound_access_tokens: bool,
    /// Callbacks, compared byte for byte; `oob` shows the verifier (RFC 5849 §2.1).
    pub oauth1_callbacks: Vec<String>,
    /// What it does to its secret before it signs (OAuth 1.0a).
    pub oauth1_secret_transform: SecretTransform,
    /// It may sign with PLAINTEXT, over TLS (RFC 5849 §3.4.4).
    pub oauth1_plaintext: bool,
    /// Who refuses it is shown a page, not sent back (OAuth 1.0a).
    pub oauth1_denial_page: bool,
    /// A request of its without `scope` is refused (OAuth 1.0a).
    pub oauth1_require_scope: bool,
    /// The key its RSA-SHA1 signatures are checked with: a PEM SubjectPublicKeyInfo.
    pub oauth1_public_key: Option<String>,
    /// What OpenID Connect and its companions speak of.
    #[serde(flatten)]
    pub oidc: RelyingParty,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            require_pkce: false,
            id_token_alg: Algorithm::Rs256,
            access_token_ttl: None,
            min_state_length: 0,
            detailed_errors: false,
            claims_in_id_token: false,
            always_refresh: false,
            require_attributes: Vec::new(),
            min_level: Level::UNVERIFIED,
            iin_public_key: None,
            require_iin_signature: false,
            trusted_phone: false,
            openid2_realms: Vec::new(),
            openid2_dash_for_missing: false,
            openid2_pairwise: false,
            confirmation_callbacks: Vec::new(),
            suppress_auth_for_issue: false,
            act_for: Vec::new(),
            trusted_issuers: Vec::new(),
            jwks: None,
            jwks_uri: None,
            assertion_alg: None,
            tls_client_auth: None,
            certificate_bound_access_tokens: false,
            dpop_bound_access_tokens: false,
            oauth1_callbacks: Vec::new(),
            oauth1_secret_transform: SecretTransform::Raw,
            oauth1_plaintext: false,
            oauth1_denial_page: false,
            oauth1_require_scope: false,
            oauth1_public_key: None,
            oidc: RelyingParty::default(),
        }
    }
}

impl ClientSettings {
    /// What a new client of this profile starts with.
    pub fn for_profile(profile: Option<Profile>) -> Self {
        match profile {
            Some(Profile::Aitu) => Self {
                min_state_length: 8,
                detailed_errors: true,
                claims_in_id_token: true,
                access_token_ttl: Some(30 * 24 * 3600),
                ..Self::default()
            },
            Some(Profile::EgovTh) => Self { openid2_dash_for_missing: true, ..Self::default() },
            // FAPI 2.0 Security Profile §5.3.2: pushed requests, PKCE, and no RS256 (§5.4).
            Some(Profile::Fapi2) => Self {
                require_pkce: true,
                id_token_alg: Algorithm::Ps256,
                oidc: RelyingParty { require_pushed_authorization_requests: true, ..RelyingParty::default() },
                ..Self::default()
            },
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_as_written_and_unknown_ones_name_the_known() {
        for method in AuthMethod::ALL {
            assert_eq!(method.word().parse::<AuthMethod>().as_ref(), Ok(method));
        }
        assert!("plain".parse::<Flow>().is_err_and(|e| e.contains("authorization-code")));
    }

    #[test]
    fn settings_stored_by_an_older_version_read_with_defaults() {
        let settings: ClientSettings = serde_json::from_str(r#"{"require_pkce":true}"#).unwrap();
        assert_eq!(settings, ClientSettings { require_pkce: true, ..ClientSettings::default() });
    }
}
