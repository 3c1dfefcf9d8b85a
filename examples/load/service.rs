//! What a system asks that acts for people who are not there, and for itself.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use hyper::{StatusCode, header};
use serde_json::Value;
use tamga::model::{
    act_for::ActFor,
    client::{Client, Flow, Profile},
};

use crate::{
    data::{SECRET, SERVICE},
    flows::{Workload, form},
    wire::Wire,
};

/// Where its tokens are good.
const RESOURCE: &str = "urn:load:signserver";

/// Makes a registration that of a service client.
pub fn registration(client: Client) -> Client {
    let mut service = client;
    SERVICE.clone_into(&mut service.identifier);
    service.profile = Some(Profile::Dss);
    service.flows = vec![Flow::ResourceOwner, Flow::ClientCredentials];
    service.redirect_uris.clear();
    service.scopes.clear();
    service.resources = vec![RESOURCE.to_owned()];
    service.settings.openid2_realms.clear();
    service.settings.suppress_auth_for_issue = true;
    service.settings.act_for = vec![ActFor::All];
    service
}

/// How it proves who it is.
pub fn credentials() -> String {
    format!("Basic {}", STANDARD.encode(format!("{SERVICE}:{SECRET}")))
}

impl Workload {
    /// A token of somebody, without their password.
    pub async fn service(&self, wire: &Wire, user: usize) -> Result<(), String> {
        let username = format!("load-{user}");
        let body =
            [("grant_type", "password"), ("username", &username), ("password", ""), ("resource", RESOURCE)];
        self.token(wire, &body, &format!("01900000-0000-7000-8000-{user:012x}")).await
    }

    /// A token of its own.
    pub async fn credentials(&self, wire: &Wire) -> Result<(), String> {
        self.token(wire, &[("grant_type", "client_credentials"), ("resource", RESOURCE)], SERVICE).await
    }

    /// A refusal: whether the client exists must not show in the time it takes.
    pub async fn refused(&self, wire: &Wire, client: &str) -> Result<(), String> {
        let credentials = format!("Basic {}", STANDARD.encode(format!("{client}:not the secret")));
        let body = form(&[("grant_type", "client_credentials"), ("resource", RESOURCE)]);
        let answer = wire.post("/oauth2/token", (header::AUTHORIZATION, &credentials), body).await?;
        answer.expect(StatusCode::UNAUTHORIZED).map(drop)
    }

    /// A right answer is a token of this subject.
    async fn token(&self, wire: &Wire, body: &[(&str, &str)], subject: &str) -> Result<(), String> {
        let answer = wire.post("/oauth2/token", (header::AUTHORIZATION, &self.service), form(body)).await?;
        let answer = answer.expect(StatusCode::OK)?;
        let token = answer.text("access_token")?;
        let claims = token.split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let claims: Option<Value> = claims.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match claims {
            Some(claims) if claims["sub"] == subject && claims["aud"] == RESOURCE => Ok(()),
            _ => Err(answer.describe()),
        }
    }
}
