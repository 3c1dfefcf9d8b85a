//! Signing in at a client: the person's name and password come with the question.
//!
//! The sender's address is the client's server, which all its users share: failures are charged to
//! the name alone, as at the token endpoint, and counted with those of the login page.

use std::time::Duration;

use axum::http::{HeaderMap, header::AUTHORIZATION};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    Peer,
    answer::Answer,
    challenge::Asking,
    refusal::{Refusal, of_request},
};
use crate::{
    app::passwords::account_key,
    form::Form,
    http::fault::Fault,
    protocol::oauth2::{
        grant::{
            TokenRequest,
            owner::{Owner, check_password, is_complete},
            service,
        },
        reject::Reject,
    },
    secret::Token,
    store::{logins, users},
};

/// Asks the person whose name and password are in the header.
///
/// # Errors
/// [`Refusal::Person`] when they are wrong.
pub async fn begin(asking: Asking<'_>) -> Result<Answer, Fault<Refusal>> {
    let Peer { app, visit, client, .. } = asking.peer;
    let shown = basic(&visit.headers);
    let (username, password) = shown.ok_or(Fault::Reject(Refusal::Person("no name and password")))?;
    if client.is_service() {
        return without_person(asking, &username).await;
    }
    let owner = Owner { username: &username, password };
    let user = check_password(app, &owner, "confirmation").await.map_err(of_person)?;
    logins::forget(&app.pool, account_key(&username)).await?;
    let user = users::find_by_id(&app.pool, user).await?;
    let user = user.ok_or(Fault::Reject(Refusal::Person("the account has gone")))?;
    is_complete(client, &user).map_err(|reject| Fault::Reject(Refusal::Request(reject)))?;
    asking.ask(&user).await
}

/// A service client gets its token for a sign-in at once, whatever second factor its user has: it is
/// believed, as at the token endpoint, and the token says so.
async fn without_person(asking: Asking<'_>, username: &str) -> Result<Answer, Fault<Refusal>> {
    let Peer { app, visit, client, binding } = asking.peer;
    let form = Form::default();
    let request = TokenRequest { app, visit, client, form: &form, binding };
    let resources = Some(asking.question.resource).into_iter().filter(|name| !name.is_empty()).collect();
    let granted = service::grant(request, username, resources, Vec::new()).await;
    let (token, seconds) = granted.map_err(of_request)?.into_access_token();
    Ok(Answer::Final { token, life: Duration::from_secs(seconds) })
}

/// A wrong name or password was in the header, so that is what is asked for anew.
fn of_person(fault: Fault<Reject>) -> Fault<Refusal> {
    match fault {
        Fault::Reject(Reject::Grant { why, .. }) => Fault::Reject(Refusal::Person(why)),
        other => of_request(other),
    }
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
