//! What the systems of `/demo/service` say to the server, and how they check what it says.

use std::{collections::HashSet, str::FromStr};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use openidconnect::{
    JsonWebKey,
    core::{CoreJsonWebKeySet, CoreJwsSigningAlgorithm},
    reqwest,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{RESOURCE, Systems};
use crate::demo::{Credentials, Demo, wire::explain};

/// An answer, whatever its status.
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The JSON.
    pub body: Value,
}

impl Answered {
    /// The error it names, if it names one.
    pub fn explain(&self) -> String {
        let text = |name: &str| self.body[name].as_str().unwrap_or_default();
        let (code, description) = (text("Error"), text("ErrorDescription"));
        format!("{} {code}: {description}", self.status)
    }
}

/// The password grant of a service client: the parameter `password` is there, and empty.
pub async fn token(demo: &Demo, username: &str) -> Result<(String, String), String> {
    let form = [("grant_type", "password"), ("username", username), ("password", ""), ("resource", RESOURCE)];
    let service = &demo.systems.service;
    let request = demo
        .http
        .post(demo.address("/oauth2/token"))
        .basic_auth(&service.client_id, Some(service.client_secret.expose_secret()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish());
    let answered = read(request).await?;
    let text = |name: &str| answered.body[name].as_str().unwrap_or_default().to_owned();
    if answered.status != 200 {
        return Err(format!("{}: {} {}", answered.status, text("error"), text("error_description")));
    }
    Ok((text("access_token"), format!("for {} s", answered.body["expires_in"])))
}

/// A request about a confirmation, with this client's credentials.
pub async fn confirm(
    demo: &Demo,
    header: &str,
    members: &Value,
    client: &Credentials,
) -> Result<Answered, String> {
    let mut body = json!({
        "Resource": RESOURCE,
        "ClientId": client.client_id,
        "ClientSecret": client.client_secret.expose_secret(),
    });
    for (name, value) in members.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    let request = demo.http.post(demo.address("/api/v1/confirmations"));
    let request = request.header("authorization", header).header("content-type", "application/json");
    read(request.body(body.to_string())).await
}

/// The header with the person's name and password (RFC 7617 §2).
pub fn person(systems: &Systems) -> String {
    let person = &systems.person;
    format!("Basic {}", STANDARD.encode(format!("{}:{}", person.username, person.password)))
}

/// The messages that are in the outbox.
pub async fn messages(demo: &Demo) -> Result<HashSet<String>, String> {
    Ok(outbox(demo).await?.iter().map(id).collect())
}

/// The code in a message to the person's phone that was not seen before.
pub async fn new_code(demo: &Demo, seen: &mut HashSet<String>) -> Result<(String, String), String> {
    let messages = outbox(demo).await?;
    let phone = demo.systems.phone.as_str();
    let new = messages.iter().find(|message| message["to"] == phone && !seen.contains(&id(message)));
    let new = new.ok_or("no message came to the person's phone")?;
    seen.insert(id(new));
    let text = new["text"].as_str().unwrap_or_default();
    let code = text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6);
    Ok((code.ok_or("the message holds no code")?.to_owned(), text.to_owned()))
}

async fn outbox(demo: &Demo) -> Result<Vec<Value>, String> {
    let request = demo.http.get(demo.address("/dev/outbox")).header("accept", "application/json");
    match read(request).await?.body {
        Value::Array(messages) => Ok(messages),
        _ => Err("the outbox is no list".to_owned()),
    }
}

fn id(message: &Value) -> String {
    message["id"].as_str().unwrap_or_default().to_owned()
}

/// The server's keys.
pub async fn keys(demo: &Demo) -> Result<(CoreJsonWebKeySet, String), String> {
    let answered = read(demo.http.get(demo.address("/oauth2/jwks"))).await?;
    let keys: CoreJsonWebKeySet = serde_json::from_value(answered.body).map_err(|error| error.to_string())?;
    let detail = format!("{} keys", keys.keys().len());
    Ok((keys, detail))
}

/// The claims of an access token as a resource server reads them (RFC 9068 §4): signed by a key of the
/// server, issued by it, for this resource, in time.
pub fn verify(
    demo: &Demo,
    keys: &CoreJsonWebKeySet,
    token: &str,
    now: OffsetDateTime,
) -> Result<(Value, String), String> {
    let (signed, signature) = token.rsplit_once('.').ok_or("it is no JWT")?;
    let (header, claims) = signed.split_once('.').ok_or("it is no JWT")?;
    let (header, claims) = (part(header)?, part(claims)?);
    let algorithm = header["alg"].as_str().unwrap_or_default();
    // RFC 8725 §3.1: only algorithms that are expected; never none, never a shared key.
    let expected = match algorithm {
        "ES256" => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        "RS256" => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        other => return Err(format!("signed with {other}")),
    };
    let key = keys.keys().iter().find(|key| key.key_id().is_some_and(|id| header["kid"] == id.as_str()));
    let key = key.ok_or("no key of the server has its kid")?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|error| error.to_string())?;
    key.verify_signature(&expected, signed.as_bytes(), &signature).map_err(|error| error.to_string())?;
    if claims["iss"] != demo.issuer() {
        return Err("another server issued it".to_owned());
    }
    if claims["aud"] != RESOURCE {
        return Err("it is for another resource".to_owned());
    }
    if claims["exp"].as_i64().is_none_or(|exp| exp <= now.unix_timestamp()) {
        return Err("it has expired".to_owned());
    }
    Ok((claims, algorithm.to_owned()))
}

fn part(encoded: &str) -> Result<Value, String> {
    let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    Value::from_str(&text).map_err(|error| error.to_string())
}

async fn read(request: reqwest::RequestBuilder) -> Result<Answered, String> {
    let answer = request.send().await.map_err(|error| explain(&error))?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(|error| explain(&error))?;
    let body = serde_json::from_slice(&body).map_err(|_| format!("{status}, and no JSON"))?;
    Ok(Answered { status, body })
}
