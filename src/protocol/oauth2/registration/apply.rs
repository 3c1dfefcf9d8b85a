//! What was sent, laid over a client: everything a client may say of itself is replaced, and what only
//! operators say of it stays.

use serde_json::{Value, json};

use super::{
    addresses, description, kinds::Kinds, members::Members, policy::Policy, proofs, refusal::Refusal,
};
use crate::{
    crypto::certificate::Certificate,
    model::{client::Client, signing::Algorithm},
    protocol::oauth2::registrable::{self, BadMetadata},
};

/// Answers are signed here, never encrypted: who asks for that must hear that they won't get it.
const ENCRYPTION: [&str; 10] = [
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "introspection_encrypted_response_alg",
    "introspection_encrypted_response_enc",
];

/// What has no place in the client itself.
pub struct Applied {
    /// To be told back.
    pub metadata: Value,
    /// Certificates it proves itself with.
    pub certificates: Vec<Certificate>,
}

/// Checks everything that can be checked without asking anybody.
///
/// # Errors
/// The first rule that is broken.
pub fn apply(members: &Members, policy: &Policy<'_>, client: &mut Client) -> Result<Applied, Refusal> {
    description::refuse_statement(members)?;
    if let Some(name) = ENCRYPTION.into_iter().find(|name| members.get(name).is_some()) {
        return Err(Refusal::of(name, "encryption is not served"));
    }
    let kinds = Kinds::read(members, &policy.flows)?;
    client.flows = kinds.flows;
    let certificates = proofs::apply(members, policy, client)?;
    addresses::apply(members, client)?;
    description::apply(members, client)?;
    client.scopes = scopes(members, policy)?;
    answers(members, client)?;
    registrable::check(client, policy.fetcher).map_err(|BadMetadata { name, why }| Refusal::of(name, why))?;
    let mut metadata = description::software(members)?;
    metadata.insert("response_types".to_owned(), json!(kinds.response_types));
    metadata.insert("grant_types".to_owned(), json!(kinds.grant_types));
    if let Some(alg) = members.text("token_endpoint_auth_signing_alg")? {
        metadata.insert("token_endpoint_auth_signing_alg".to_owned(), json!(alg));
    }
    Ok(Applied { metadata: Value::Object(metadata), certificates })
}

/// RFC 7591 §2: "If omitted, an authorization server MAY register a client with a default set of scopes";
/// §3.2.1: it may replace what was asked, and tells so.
fn scopes(members: &Members, policy: &Policy<'_>) -> Result<Vec<String>, Refusal> {
    const SCOPE: &str = "scope";
    let mut scopes: Vec<String> = Vec::new();
    let asked = members.text(SCOPE)?;
    let wanted = |scope: &String| asked.is_none_or(|asked| asked.split(' ').any(|one| one == scope));
    for scope in policy.scopes.iter().filter(|scope| wanted(scope)) {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    if scopes.is_empty() && asked.is_some() {
        let open = policy.scopes.join(" ");
        return Err(Refusal::of(
            SCOPE,
            format!("none of these can be had here; such clients may have: {open}"),
        ));
    }
    Ok(scopes)
}

/// How its requests and our answers look.
fn answers(members: &Members, client: &mut Client) -> Result<(), Refusal> {
    let settings = &mut client.settings;
    settings.id_token_alg = members.word("id_token_signed_response_alg")?.unwrap_or(Algorithm::Rs256);
    let oidc = &mut settings.oidc;
    oidc.userinfo_signed_response_alg = members.word("userinfo_signed_response_alg")?;
    oidc.authorization_signed_response_alg = members.word("authorization_signed_response_alg")?;
    oidc.introspection_signed_response_alg = members.word("introspection_signed_response_alg")?;
    oidc.request_object_signing_alg = members.word("request_object_signing_alg")?;
    oidc.require_pushed_authorization_requests = members.flag("require_pushed_authorization_requests")?;
    oidc.require_signed_request_object = members.flag("require_signed_request_object")?;
    oidc.default_max_age = members.number("default_max_age")?;
    oidc.require_auth_time = members.flag("require_auth_time")?;
    oidc.default_acr_values = members.texts("default_acr_values")?;
    Ok(())
}
