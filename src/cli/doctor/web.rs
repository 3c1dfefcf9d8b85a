//! The server as others see it: its health, and its discovery document under the issuer's name.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::StatusCode;
use serde_json::Value;

use super::Finding;
use crate::settings::Settings;

const NAME: &str = "issuer";

/// Asks the listener whether it is ready; `Err` says what it answered.
pub async fn is_ready(settings: &Settings) -> Result<(), String> {
    let (url, answer) = ask(settings).await;
    match answer {
        Ok(status) if status.is_success() => Ok(()),
        Ok(status) => Err(format!("{url} answers {status}")),
        Err(why) => Err(format!("{url}: {why}")),
    }
}

async fn ask(settings: &Settings) -> (String, Result<StatusCode, String>) {
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}/health/ready", from_here(settings.server.listen));
    // Its certificate is for the public name, and we ask an address of this machine.
    let client = builder(Duration::from_secs(2)).no_proxy().danger_accept_invalid_certs(true).build();
    let answer = match client {
        Ok(client) => client.get(&url).send().await,
        Err(error) => Err(error),
    };
    (url, answer.map(|answer| answer.status()).map_err(|error| causes(&error)))
}

/// Fetches the discovery document as a relying party would.
pub async fn discovery(settings: &Settings) -> Finding {
    let issuer = settings.server.issuer();
    let url = format!("{issuer}/.well-known/openid-configuration");
    match fetch(&url).await {
        // OpenID Connect Discovery §4.3: the issuer must be the one that was asked.
        Ok(document) if document["issuer"] == issuer.as_str() => {
            Finding::ok(NAME, format!("{issuer} answers from here"))
        }
        Ok(document) => Finding::fault(
            NAME,
            format!(
                "{url} names the issuer {}; let server.public_url and the proxy agree",
                document["issuer"]
            ),
        ),
        Err(why) if ask(settings).await.1.is_err() => Finding::warning(
            NAME,
            format!("{url} can't be fetched ({why}), but no server runs here either; start it and ask again"),
        ),
        Err(why) => Finding::fault(
            NAME,
            format!(
                "{url} can't be fetched ({why}), though a server listens here; look at name, proxy and certificate"
            ),
        ),
    }
}

async fn fetch(url: &str) -> Result<Value, String> {
    let client = builder(Duration::from_secs(5)).build().map_err(|error| causes(&error))?;
    let answer = client.get(url).send().await.map_err(|error| causes(&error))?;
    if !answer.status().is_success() {
        return Err(format!("the answer is {}", answer.status()));
    }
    let body = answer.bytes().await.map_err(|error| causes(&error))?;
    serde_json::from_slice(&body).map_err(|_| "the answer is not JSON".to_owned())
}

fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder().timeout(timeout).redirect(reqwest::redirect::Policy::none())
}

/// An address that means all of the machine's own is reached by its loopback.
fn from_here(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The client's own text says only that it failed; the reason lies below.
fn causes(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(below) = cause.source() {
        cause = below;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_addresses_are_reached_by_loopback() {
        for (listen, asked) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.0.0.7:80", "10.0.0.7:80")]
        {
            assert_eq!(from_here(listen.parse().unwrap()), asked.parse().unwrap());
        }
    }
}
