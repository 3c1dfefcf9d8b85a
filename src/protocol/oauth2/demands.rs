//! What a request demands of the sign-in: whether people may be asked, who must be there, how long ago
//! they may have proved it, and how well they are known (OpenID Connect Core §3.1.2.1, §5.5.1).

use time::Duration;

use super::{
    claims_request::ClaimsRequest, hint, reject::Reject, request::Surroundings, subject,
    valued_claim::to_level,
};
use crate::{
    form::Form,
    ids::UserId,
    journey::Prompt,
    model::{attribute::Level, client::Client},
};

/// `prompt`. `none` goes with nothing else.
///
/// # Errors
/// [`Reject`] naming the parameter.
pub fn prompt(form: &Form) -> Result<Prompt, Reject> {
    let mut prompt = Prompt::default();
    let words: Vec<&str> =
        form.get("prompt")?.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).collect();
    for word in &words {
        match *word {
            "none" => prompt.none = true,
            // There is one account a browser; choosing another means signing in anew.
            "login" | "select_account" => prompt.login = true,
            "consent" => prompt.consent = true,
            // Initiating User Registration via OpenID Connect 1.0 §4: the person wants a new account, so
            // whoever is signed in is not meant.
            "create" => {
                prompt.create = true;
                prompt.login = true;
            }
            _ => {
                let why = "is none of none, login, consent, select_account, create";
                return Err(Reject::invalid("prompt", why));
            }
        }
    }
    if prompt.none && words.len() > 1 {
        return Err(Reject::invalid("prompt", "none goes with no other value"));
    }
    Ok(prompt)
}

/// `max_age`, or what the client registered for requests that name none.
///
/// # Errors
/// [`Reject`] naming the parameter.
pub fn max_age(client: &Client, form: &Form) -> Result<Option<Duration>, Reject> {
    let seconds = match form.get("max_age")? {
        None => client.settings.oidc.default_max_age,
        Some(text) => {
            let seconds = text.parse::<u32>();
            Some(seconds.map_err(|_| Reject::invalid("max_age", "is not a whole number of seconds"))?)
        }
    };
    Ok(seconds.map(|seconds| Duration::seconds(i64::from(seconds))))
}

/// The account that is meant: by `id_token_hint`, or by a `sub` that `claims` demands
/// (OpenID Connect Core §5.5.1).
///
/// # Errors
/// [`Reject::LoginRequired`] for a hint that can't be believed where nothing may be shown;
/// [`Reject`] naming `claims` for a demand that nobody meets.
pub fn subject(
    client: &Client,
    form: &Form,
    prompt: Prompt,
    claims: &ClaimsRequest,
    around: &Surroundings<'_>,
) -> Result<Option<UserId>, Reject> {
    let named = |sub: &str| subject::account_of(around.pairwise_key, client, sub);
    let mut meant = None;
    if let Some(token) = form.get("id_token_hint")? {
        let hint = hint::read(around.ring, around.issuer, token);
        let hint = hint.filter(|hint| hint.aud == client.identifier);
        match hint.and_then(|hint| named(&hint.sub)) {
            Some(person) => meant = Some(person),
            // A hint that can't be believed: silently signing in whoever is there could be
            // somebody else. With pages the person sees who they are.
            None if prompt.none => return Err(Reject::LoginRequired),
            None => {}
        }
    }
    for demanded in claims.wishes("sub").flat_map(|wish| wish.accepted()) {
        let refused = |why: &str| Err(Reject::invalid("claims", why));
        match (named(&demanded), meant) {
            (None, _) => return refused("demands a sub that no account here has"),
            (Some(person), Some(meant)) if person != meant => {
                return refused("demands a sub that is not the one person who is meant");
            }
            (Some(person), _) => meant = Some(person),
        }
    }
    Ok(meant)
}

/// The account's least level: what the client registered, `acr_values` or what it registered instead
/// (RFC 9470 §5: the server attempts to meet it, and says so when it can't), an essential `acr`
/// (OpenID Connect Core §5.5.1.1), or verified claims. Of several values any will do.
///
/// # Errors
/// [`Reject::UnmetAuthentication`] for an essential `acr` of which no value is a level of ours.
pub fn min_level(client: &Client, form: &Form, claims: &ClaimsRequest) -> Result<Level, Reject> {
    let mut least = client.settings.min_level.max(claims.min_level());
    let asked = form.get("acr_values")?;
    let asked: Vec<&str> = match asked {
        Some(asked) => asked.split(' ').collect(),
        None => client.settings.oidc.default_acr_values.iter().map(String::as_str).collect(),
    };
    // Wishes: those that are no level of ours are passed over.
    least = least.max(asked.into_iter().filter_map(to_level).min().unwrap_or_default());
    for wish in claims.wishes("acr").filter(|wish| wish.essential) {
        let accepted = wish.accepted();
        if !accepted.is_empty() {
            // OpenID Connect Core §5.5.1.1: what can't be met "MUST [be treated] as a failed
            // authentication attempt".
            let demanded = accepted.iter().filter_map(|acr| to_level(acr)).min();
            least = least.max(demanded.ok_or(Reject::UnmetAuthentication)?);
        }
    }
    Ok(least)
}
