//! What the server says of itself (RFC 8414), and its keys, for relying parties without a library.

use openidconnect::{IssuerUrl, core::CoreJsonWebKeySet};
use serde_json::Value;

use super::{Demo, direct::send, wire::explain};

/// The server's own description.
pub struct Metadata(Value);

impl Metadata {
    /// Fetches it; it must speak of the server that was asked (RFC 8414 §3.3: another issuer's would
    /// send codes and secrets there).
    pub async fn fetch(demo: &Demo) -> Result<(Self, String), String> {
        let address = demo.address("/.well-known/oauth-authorization-server");
        let document = send(demo.http.get(address)).await?.good()?;
        match document["issuer"].as_str() {
            Some(issuer) if issuer == demo.issuer() => Ok((Self(document), demo.issuer())),
            _ => Err("it speaks of another issuer".to_owned()),
        }
    }

    /// The address of an endpoint.
    pub fn endpoint(&self, name: &str) -> Result<&str, String> {
        self.0[name].as_str().ok_or_else(|| format!("{name} is missing"))
    }

    /// The server's keys.
    pub async fn keys(&self, demo: &Demo) -> Result<(CoreJsonWebKeySet, String), String> {
        let document = send(demo.http.get(self.endpoint("jwks_uri")?)).await?.good()?;
        let keys: CoreJsonWebKeySet = serde_json::from_value(document).map_err(|error| explain(&error))?;
        let detail = format!("{} keys", keys.keys().len());
        Ok((keys, detail))
    }
}

/// The server's name as the crate has it.
pub fn issuer(demo: &Demo) -> Result<IssuerUrl, String> {
    IssuerUrl::new(demo.issuer()).map_err(|error| explain(&error))
}
