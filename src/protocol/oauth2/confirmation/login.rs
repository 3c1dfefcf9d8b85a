//! Signing in at a client: the person's name and password come with the question.
//!
//! The sender's address is the client's server, which all its users share: failures are charged to
//! the name alone, as at the token endpoint, and counted with those of the login page.

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::SecretString;

use super::{
    answer::Answer,
    challenge::{Asking, wait},
    refusal::Refusal,
};
use crate::{
    app::{App, passwords},
    http::fault::Fault,
    ids::UserId,
    model::{journey::Reason, password::normalised},
    secret::Token,
    store::{
        logins::{self, Throttles},
        users,
    },
};

/// Asks the person whose name and password are in the header.
///
/// # Errors
/// [`Refusal::Person`] when they are wrong.
pub async fn begin(asking: Asking<'_>) -> Result<Answer, Fault<Refusal>> {
    let app = asking.app;
    let (name, password) = basic(&asking.visit.headers).ok_or(Fault::Reject(Refusal::Person("no Basic header")))?;
    let password = SecretString::from(password.expose());
    let user = check_password(app, &name, password).await?;
    let user = users::find_by_id(&app.pool, user).await?;
    let user = user.ok_or(Fault::Reject(Refusal::Person("the account has gone")))?;
    asking.ask(&user).await
}

async fn check_password(app: &App, name: &str, password: SecretString) -> Result<UserId, Fault<Refusal>> {
    let (now, account) = (app.clock.now(), passwords::account_key(name));
    let throttles = Throttles { account, address: account, browser: None };
    let candidate = passwords::candidate(app, name, &throttles).await?;
    if let Some(until) = candidate.blocked_until {
        count("throttled");
        let reject = wait("too many wrong passwords for this name", until, now);
        return Err(Fault::Reject(Refusal::Request(reject)));
    }
    let right = passwords::is_right(app, &candidate, normalised(&password)).await?;
    match candidate.user.filter(|_| right) {
        Some((user, _, false)) => {
            count("success");
            logins::forget(&app.pool, account).await?;
            Ok(user)
        }
        found => {
            count("failure");
            let disabled = found.is_some();
            let reason = if disabled { Reason::AccountDisabled } else { Reason::BadCredentials };
            logins::fail(&app.pool, None, reason, &[("account", account)], now).await?;
            // A disabled account gets the words of a wrong password: who has one is nobody's business.
            let why = if disabled { "the account is disabled" } else { "wrong user name or password" };
            Err(Fault::Reject(Refusal::Person(why)))
        }
    }
}

fn count(outcome: &'static str) {
    metrics::counter!("tamga_logins_total", "method" => "confirmation", "outcome" => outcome).increment(1);
}

/// The name and password of a `Basic` header (RFC 7617 §2): up to the first colon, in UTF-8.
pub fn basic(headers: &HeaderMap) -> Option<(String, Token)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (name, password) = pair.split_once(':')?;
    let sound = !name.is_empty() && !pair.contains('\0');
    sound.then(|| (name.to_owned(), Token::from(password)))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(value: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        basic(&headers).map(|(name, password)| (name, password.expose().to_owned()))
    }

    #[test]
    fn rfc_7617_s2_the_name_ends_at_the_first_colon_and_nothing_is_form_decoded() {
        let header = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
        let both = |name: &str, password: &str| Some((name.to_owned(), password.to_owned()));
        assert_eq!(read(&header("test1:a:b%2Bc+d")), both("test1", "a:b%2Bc+d"));
        assert_eq!(read(&header("Сарангэрэл:нууц үг")), both("Сарангэрэл", "нууц үг"));
        assert_eq!(read(&header("test1:")), both("test1", ""));
        for bad in [":x", "no colon", "a\0:b"] {
            assert_eq!(read(&header(&bad.replace("\\0", "\0"))), None, "{bad}");
        }
        for bad in ["Basic", "Basic !!", "Bearer YTpi", "Basic /w=="] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
