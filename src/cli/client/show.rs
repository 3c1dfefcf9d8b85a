//! A registration as people and programs read it: everything but the secrets themselves.

use serde_json::{Value, json};

use super::{proof, public_key, relying_party, secrets};
use crate::{cli::output, model::client::Client};

/// As one object; also what the journal keeps.
pub fn json(client: &Client) -> Value {
    let mut object = json!({
        "client_id": client.identifier,
        "name": client.name,
        "type": client.client_type,
        "profile": client.profile,
        "organisation": client.organisation,
        "flows": client.flows,
        "auth_methods": client.auth_methods,
        "redirect_uris": client.redirect_uris,
        "post_logout_redirect_uris": client.post_logout_redirect_uris,
        "scopes": client.scopes,
        "resources": client.resources,
        "disabled_at": client.disabled_at.map(output::time),
        "created_at": output::time(client.created_at),
        "certificates": client.certificates.iter().map(proof::json).collect::<Vec<_>>(),
        "secrets": client.secrets.iter().map(secrets::json).collect::<Vec<_>>(),
    });
    // The rest under the names of its options.
    if let (Some(object), Ok(Value::Object(settings))) =
        (object.as_object_mut(), serde_json::to_value(&client.settings))
    {
        object.extend(settings);
    }
    object
}

/// One line a fact, in the order of the options.
pub fn text(client: &Client) -> String {
    let settings = &client.settings;
    let mut lines = vec![
        line("client", &client.identifier),
        line("name", &client.name),
        line("type", client.client_type.word()),
        line("profile", client.profile.map_or("none", |profile| profile.word())),
        line("organisation", &client.organisation.map_or("none".to_owned(), |id| id.to_string())),
    ];
    match client.disabled_at {
        Some(at) => lines.push(line("disabled", &format!("since {}", output::time(at)))),
        None => lines.push(line("disabled", "no")),
    }
    list(&mut lines, "flow", client.flows.iter().map(|flow| flow.word()));
    list(&mut lines, "auth method", client.auth_methods.iter().map(|method| method.word()));
    list(&mut lines, "redirect uri", client.redirect_uris.iter().map(String::as_str));
    list(&mut lines, "after logout", client.post_logout_redirect_uris.iter().map(String::as_str));
    list(&mut lines, "scope", client.scopes.iter().map(String::as_str));
    list(&mut lines, "resource", client.resources.iter().map(String::as_str));
    list(&mut lines, "openid2 realm", settings.openid2_realms.iter().map(String::as_str));
    let whom: Vec<String> = settings.act_for.iter().map(ToString::to_string).collect();
    list(&mut lines, "acts for", whom.iter().map(String::as_str));
    list(&mut lines, "trusts", settings.trusted_issuers.iter().map(|trusted| trusted.issuer.as_str()));
    list(&mut lines, "oauth1 callback", settings.oauth1_callbacks.iter().map(String::as_str));
    list(&mut lines, "confirm callback", settings.confirmation_callbacks.iter().map(String::as_str));
    list(&mut lines, "requires", settings.require_attributes.iter().map(String::as_str));
    let ttl = settings.access_token_ttl.map_or("default".to_owned(), |seconds| format!("{seconds}s"));
    lines.extend([
        line("id_token alg", settings.id_token_alg.word()),
        line("access token ttl", &ttl),
        line("min level", &settings.min_level.to_string()),
        line("min state length", &settings.min_state_length.to_string()),
        line("keys", &proof::keys_line(client)),
        line("assertion alg", settings.assertion_alg.map_or("any", |alg| alg.word())),
        line("certificate names", &proof::subject_line(client)),
        line("oauth1 secret", settings.oauth1_secret_transform.word()),
        line(
            "oauth1 public key",
            &settings.oauth1_public_key.as_deref().map_or("none".to_owned(), public_key::line),
        ),
        line(
            "iin public key",
            &settings.iin_public_key.as_deref().map_or("none".to_owned(), public_key::line),
        ),
    ]);
    lines.extend(relying_party::lines(client).iter().map(|(name, value)| line(name, value)));
    let flags = [
        ("unvouched", settings.oidc.unvouched),
        ("requests pushed", settings.oidc.require_pushed_authorization_requests),
        ("requests signed", settings.oidc.require_signed_request_object),
        ("require pkce", settings.require_pkce),
        ("detailed errors", settings.detailed_errors),
        ("claims in id_token", settings.claims_in_id_token),
        ("always refresh", settings.always_refresh),
        ("iin must be signed", settings.require_iin_signature),
        ("trusted phone", settings.trusted_phone),
        ("openid2 dashes", settings.openid2_dash_for_missing),
        ("service client", settings.suppress_auth_for_issue),
        ("openid2 pairwise", settings.openid2_pairwise),
        ("certificate bound", settings.certificate_bound_access_tokens),
        ("dpop bound", settings.dpop_bound_access_tokens),
        ("oauth1 plaintext", settings.oauth1_plaintext),
        ("oauth1 denial page", settings.oauth1_denial_page),
        ("oauth1 needs scope", settings.oauth1_require_scope),
    ];
    lines.extend(flags.map(|(name, flag)| line(name, if flag { "yes" } else { "no" })));
    lines.push(line("created", &output::time(client.created_at)));
    for secret in &client.secrets {
        let until =
            secret.expires_at.map_or("no expiry".to_owned(), |at| format!("expires {}", output::time(at)));
        let used =
            secret.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", output::time(at)));
        let made = output::time(secret.created_at);
        lines.push(line("secret", &format!("{}  made {made}, {until}, {used}", secret.id)));
    }
    lines.extend(client.certificates.iter().map(|held| line("certificate", &proof::line(held))));
    lines.join("\n")
}

/// A fact on its line.
pub fn line(name: &str, value: &str) -> String {
    format!("{name:18}  {value}")
}

fn list<'v>(lines: &mut Vec<String>, name: &str, values: impl Iterator<Item = &'v str>) {
    lines.extend(values.map(|value| line(name, value)));
}
