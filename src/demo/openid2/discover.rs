//! Discovery as a relying party does it (OpenID Authentication 2.0 §7.3, Yadis 1.0).

use super::{AX, Demo, explain};

const SERVER: &str = "http://specs.openid.net/auth/2.0/server";
const SIGNON: &str = "http://specs.openid.net/auth/2.0/signon";
const XRDS: &str = "application/xrds+xml";
/// More than this is no discovery document.
const LARGEST: usize = 10_000;

/// The endpoint of the server, found from its OP Identifier: its address.
pub async fn provider(demo: &Demo) -> Result<(String, String), String> {
    endpoint(&read(demo, demo.base.as_str()).await?, SERVER)
}

/// The endpoint that vouches for an identifier.
pub async fn identity(demo: &Demo, claimed_id: &str) -> Result<(String, String), String> {
    endpoint(&read(demo, claimed_id).await?, SIGNON)
}

/// The document of an address: at the address itself, or where it says (Yadis 1.0 §6.2.5).
async fn read(demo: &Demo, address: &str) -> Result<String, String> {
    let mut address = address.to_owned();
    for _ in 0..2 {
        let request = demo.http.get(&address).header("accept", format!("{XRDS}, text/html;q=0.3"));
        let answer = request.send().await.map_err(|error| explain(&error))?;
        if !answer.status().is_success() {
            return Err(format!("{address} answers {}", answer.status()));
        }
        let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
        let is_document = header("content-type").is_some_and(|kind| kind.starts_with(XRDS));
        let elsewhere = header("x-xrds-location").map(str::to_owned);
        let body = answer.text().await.map_err(|error| explain(&error))?;
        match (is_document, elsewhere) {
            (true, _) if body.len() <= LARGEST => return Ok(body),
            (true, _) => return Err(format!("the document at {address} is too long")),
            (false, Some(other)) => address = other,
            (false, None) => return Err(format!("{address} has no document and names none")),
        }
    }
    Err("one address leads to the next".to_owned())
}

/// The endpoint of the first service of this type, and what it can do.
fn endpoint(document: &str, wanted: &str) -> Result<(String, String), String> {
    let services = document.split("<Service").skip(1);
    let mut services = services.map(|service| service.split("</Service>").next().unwrap_or_default());
    let service = services
        .find(|service| texts(service, "Type").any(|uri| uri == wanted))
        .ok_or_else(|| format!("no service is of the type {wanted}"))?;
    let endpoint = texts(service, "URI").next().ok_or("the service has no address")?.to_owned();
    let exchange = texts(service, "Type").any(|uri| uri == AX);
    let detail = if exchange { format!("{endpoint}, with Attribute Exchange") } else { endpoint.clone() };
    Ok((endpoint, detail))
}

/// The texts of the elements of that name.
fn texts<'d>(part: &'d str, name: &str) -> impl Iterator<Item = &'d str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let mut rest = part;
    std::iter::from_fn(move || {
        let (text, after) = rest.split_once(&begin)?.1.split_once(&end)?;
        rest = after;
        Some(text.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "<xrds:XRDS><XRD>\
        <Service priority=\"1\"><Type>http://other.example/</Type><URI>https://other.example/</URI></Service>\
        <Service priority=\"2\"><Type>http://openid.net/srv/ax/1.0</Type>\
        <Type>http://specs.openid.net/auth/2.0/server</Type><URI> https://sso.example/op </URI></Service>\
        </XRD></xrds:XRDS>";

    #[test]
    fn the_endpoint_is_that_of_the_service_of_the_type() {
        let (found, detail) = endpoint(DOCUMENT, SERVER).unwrap();
        assert_eq!(found, "https://sso.example/op");
        assert!(detail.ends_with("with Attribute Exchange"));
        assert!(endpoint(DOCUMENT, SIGNON).is_err());
        assert!(endpoint("<Service><Type>x</Type></Service>", "x").is_err());
        assert!(endpoint("", SERVER).is_err());
    }
}
