//! What a registration says about OAuth 1.0a.

use serde_json::{Value, json};

use super::rules::no_duplicates;
use crate::{
    model::{
        client::{Client, ClientType, Flow},
        oauth1::OUT_OF_BAND,
    },
    protocol::oauth2::redirect_uri::{self, check_registrable},
    secret::Token,
};

/// Checks what OAuth 1.0a needs of a registration.
///
/// # Errors
/// The first rule that is broken, in words.
pub fn check(client: &Client) -> Result<(), String> {
    let callbacks = &client.settings.oauth1_callbacks;
    no_duplicates("--oauth1-callback", callbacks.iter().map(String::as_str))?;
    callbacks.iter().try_for_each(|callback| check_callback(callback))?;
    if !client.has_flow(Flow::Oauth1) {
        return Ok(());
    }
    // RFC 5849 §4.6: a secret that others can read out of the application proves nothing.
    if client.client_type == ClientType::Public {
        return Err(
            "--allowed-flow oauth1: every request is signed with a secret, which a public client can't \
                    keep; leave out --type public"
                .into(),
        );
    }
    if callbacks.is_empty() {
        return Err(
            "--oauth1-callback is missing: give the address people return to, or oob if they carry the \
                    verifier over themselves"
                .into(),
        );
    }
    if client.secrets.is_empty() && client.settings.oauth1_public_key.is_none() {
        return Err("--allowed-flow oauth1: there is nothing to sign with; give --generate-secret or \
                    --secret-stdin"
            .into());
    }
    Ok(())
}

fn check_callback(callback: &str) -> Result<(), String> {
    if callback == OUT_OF_BAND {
        return Ok(());
    }
    if callback == redirect_uri::OUT_OF_BAND {
        return Err(format!("--oauth1-callback `{callback}`: in OAuth 1.0a it is `{OUT_OF_BAND}`"));
    }
    check_registrable(callback).map_err(|why| format!("--oauth1-callback `{callback}`: {why}"))
}

/// What is still missing for a client that has secrets from before: digests can't sign.
pub fn lack(client: &Client) -> String {
    let able =
        client.settings.oauth1_public_key.is_some() || client.secrets.iter().any(|s| s.sealed.is_some());
    if able || !client.has_flow(Flow::Oauth1) {
        return String::new();
    }
    let id = &client.identifier;
    format!(
        "; of its secrets only digests are kept, and OAuth 1.0a needs one itself: give it another with \
         `tamga client add-secret {id} --generate`"
    )
}

/// The consumer's credentials, in its own words. The secret is there if it was made just now.
pub fn credentials(client: &Client, secret: Option<&Token>) -> Value {
    json!({"consumer_key": client.identifier, "consumer_secret": secret.map(Token::expose)})
}
