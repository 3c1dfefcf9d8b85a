//! Rules about how a client proves who it is.

use url::Url;

use super::rules::no_duplicates;
use crate::{
    model::client::{AuthMethod, Client, ClientType, Flow},
    outbound::fetch::Fetcher,
    settings::Settings,
};

/// Flows that end at the token endpoint, where a confidential client proves who it is.
const AT_TOKEN_ENDPOINT: [Flow; 8] = [
    Flow::AuthorizationCode,
    Flow::Hybrid,
    Flow::RefreshToken,
    Flow::ClientCredentials,
    Flow::ResourceOwner,
    Flow::TokenExchange,
    Flow::DeviceCode,
    Flow::Confirmation,
];

/// The ways of a client that named none: what was given for it.
pub fn default_methods(client: &Client, has_secret: bool) -> Vec<AuthMethod> {
    if client.client_type == ClientType::Public {
        return vec![AuthMethod::None];
    }
    let settings = &client.settings;
    let given = [
        (settings.jwks.is_some() || settings.jwks_uri.is_some(), AuthMethod::PrivateKeyJwt),
        (settings.tls_client_auth.is_some(), AuthMethod::TlsClientAuth),
        (!client.certificates.is_empty(), AuthMethod::SelfSignedTlsClientAuth),
    ];
    let mut methods: Vec<AuthMethod> =
        given.into_iter().filter(|(given, _)| *given).map(|(_, method)| method).collect();
    if has_secret || methods.is_empty() {
        methods.extend([AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost]);
    }
    methods
}

/// Checks that each way can work, and that there is one.
///
/// # Errors
/// The first rule that is broken, in words.
pub fn check(client: &Client, former: Option<&Client>, settings: &Settings) -> Result<(), String> {
    let methods = &client.auth_methods;
    no_duplicates("--auth-method", methods.iter().map(|method| method.word()))?;
    keys(client, settings)?;
    if client.client_type == ClientType::Public {
        return public(client);
    }
    if methods.is_empty() || methods.contains(&AuthMethod::None) {
        return Err(
            "--auth-method none: a confidential client proves who it is; give client_secret_basic or \
                    another, or --type public"
                .into(),
        );
    }
    methods.iter().try_for_each(|method| possible(client, *method, former.is_none(), settings))
}

/// What is still missing for a client that has secrets from before: digests can't sign.
pub fn lack(client: &Client) -> String {
    let signs = client.auth_methods.contains(&AuthMethod::ClientSecretJwt);
    if !signs || client.secrets.iter().any(|secret| secret.sealed.is_some()) {
        return String::new();
    }
    let id = &client.identifier;
    format!(
        "; an assertion is signed with the secret itself, and of those it has only digests are kept: give it \
         another with `tamga client add-secret {id} --generate`"
    )
}

fn public(client: &Client) -> Result<(), String> {
    if client.auth_methods.iter().any(|method| *method != AuthMethod::None) {
        return Err(
            "--auth-method: a public client has no secret to prove itself with; give none, or --type \
                    confidential"
                .into(),
        );
    }
    if !client.secrets.is_empty() || !client.certificates.is_empty() {
        return Err(
            "a public client can't have a secret or certificate: leave it out (or remove it with `tamga client \
                    remove-secret`), or give --type confidential"
                .into(),
        );
    }
    Ok(())
}

fn possible(client: &Client, method: AuthMethod, is_new: bool, settings: &Settings) -> Result<(), String> {
    let registered = &client.settings;
    match method {
        AuthMethod::PrivateKeyJwt if registered.jwks.is_none() && registered.jwks_uri.is_none() => {
            Err("--auth-method private_key_jwt: there is no key to check an assertion with; give --jwks".into())
        }
        // One that is registered gets its secret afterwards, and is told so.
        AuthMethod::ClientSecretJwt if is_new && client.secrets.is_empty() => {
            Err("--auth-method client_secret_jwt: there is no secret to sign with; give --generate-secret or \
                 --secret-stdin"
                .into())
        }
        AuthMethod::TlsClientAuth if registered.tls_client_auth.is_none() => {
            Err("--auth-method tls_client_auth: say what its certificate names it: give \
                 --tls-client-auth-san-dns, --tls-client-auth-subject-dn or another of them"
                .into())
        }
        AuthMethod::TlsClientAuth if settings.client_tls.ca.is_none() => {
            Err("--auth-method tls_client_auth: nobody's word about certificates counts here; set tls.client_ca"
                .into())
        }
        AuthMethod::SelfSignedTlsClientAuth if client.certificates.is_empty() => {
            Err("--auth-method self_signed_tls_client_auth: there is no certificate to compare with; give \
                 --certificate FILE to a new client, or `tamga client add-secret` --type certificate to this one"
                .into())
        }
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost
            if client.secrets.is_empty() && AT_TOKEN_ENDPOINT.iter().any(|flow| client.has_flow(*flow)) =>
        {
            Err("a confidential client needs a secret: give --generate-secret or --secret-stdin (to one that is \
                 registered, `tamga client add-secret` first), or --type public if it can't keep one"
                .into())
        }
        _ => Ok(()),
    }
}

/// An address of keys must be one that will be fetched.
fn keys(client: &Client, settings: &Settings) -> Result<(), String> {
    let Some(uri) = &client.settings.jwks_uri else { return Ok(()) };
    let refused = |why: String| format!("--jwks `{uri}`: {why}; give an https address, or a file");
    let url = Url::parse(uri).map_err(|error| refused(error.to_string()))?;
    let fetcher = Fetcher::new(&settings.outbound).map_err(|error| error.to_string())?;
    fetcher.check(&url).map_err(|error| refused(error.to_string()))
}
