//! A consumer's side of RFC 5849, written from its text: what is sent, and where it stands.

use axum::http::Method;
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac;

use crate::support::{
    app::ISSUER,
    door::{Answer, Door},
};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where the protocol parameters stand (RFC 5849 §3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Header,
    Query,
    Body,
}

/// A request about to be signed.
#[derive(Clone)]
pub struct Call {
    pub method: Method,
    pub path: String,
    pub place: Place,
    /// All parameters but the signature, protocol parameters first among equals.
    pub parameters: Vec<(String, String)>,
    /// The consumer's secret and the token's.
    pub secrets: (String, String),
    /// The origin that the consumer believes to talk to.
    pub origin: String,
    /// A scheme of authentication other than `OAuth`, and a realm.
    pub prefix: String,
    /// Names of parameters that stand in the query whatever the place is.
    pub in_query: Vec<String>,
}

impl Call {
    pub fn new(method: Method, path: &str, parameters: &[(&str, &str)], secrets: (&str, &str)) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self {
            method,
            path: path.to_owned(),
            place: Place::Header,
            parameters: parameters.iter().map(owned).collect(),
            secrets: (secrets.0.to_owned(), secrets.1.to_owned()),
            origin: ISSUER.to_owned(),
            prefix: "OAuth ".to_owned(),
            in_query: Vec::new(),
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Puts a value in place of what was there; an empty one leaves the parameter out.
    pub fn set(&mut self, name: &str, value: &str) {
        self.parameters.retain(|(key, _)| key != name);
        if !value.is_empty() {
            self.add(name, value);
        }
    }

    /// One more parameter, whether or not there is one of that name.
    pub fn add(&mut self, name: &str, value: &str) {
        self.parameters.push((name.to_owned(), value.to_owned()));
    }

    /// RFC 5849 §3.4.1.1.
    pub fn base(&self) -> String {
        let mut pairs: Vec<(String, String)> =
            self.parameters.iter().map(|(name, value)| (encode(name), encode(value))).collect();
        pairs.sort();
        let normalised: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let uri = format!("{}{}", self.origin, self.path);
        format!("{}&{}&{}", self.method, encode(&uri), encode(&normalised.join("&")))
    }

    /// The signature by the method that the parameters name.
    pub fn signature(&self) -> String {
        let key = format!("{}&{}", encode(&self.secrets.0), encode(&self.secrets.1));
        let tag = |algorithm| {
            let key = hmac::Key::new(algorithm, key.as_bytes());
            STANDARD.encode(hmac::sign(&key, self.base().as_bytes()))
        };
        match self.get("oauth_signature_method") {
            Some("PLAINTEXT") => key,
            Some("HMAC-SHA256") => tag(hmac::HMAC_SHA256),
            _ => tag(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        }
    }

    /// Signs and sends it.
    pub async fn send(&self, door: &Door) -> Answer {
        let mut signed = self.clone();
        signed.add("oauth_signature", &self.signature());
        signed.send_as_it_is(door).await
    }

    /// Sends it without signing it anew.
    pub async fn send_as_it_is(&self, door: &Door) -> Answer {
        let (mut header, mut query, mut body) = (Vec::new(), Vec::new(), Vec::new());
        for (name, value) in &self.parameters {
            let protocol = name.starts_with("oauth_") || name == "scope";
            let pair = (name.clone(), value.clone());
            match self.place {
                _ if self.in_query.contains(name) => query.push(pair),
                Place::Header if protocol => header.push(format!("{}=\"{}\"", encode(name), encode(value))),
                Place::Header | Place::Query => query.push(pair),
                Place::Body => body.push(pair),
            }
        }
        let form = |pairs: &[(String, String)]| {
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        };
        let path =
            if query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, form(&query)) };
        let header = format!("{}{}", self.prefix, header.join(", "));
        let mut headers = Vec::new();
        if self.place == Place::Header {
            headers.push(("authorization", header.as_str()));
        }
        if self.place == Place::Body {
            headers.push(("content-type", "application/x-www-form-urlencoded; charset=utf-8"));
        }
        door.call(self.method.clone(), &path, &headers, &form(&body)).await
    }
}

pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// A parameter of a form-encoded answer; empty when missing.
pub fn told(answer: &Answer, name: &str) -> String {
    let found = form_urlencoded::parse(answer.body.as_bytes()).find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The `oauth_problem` of a refusal with this status, which stands in body and header alike.
#[track_caller]
pub fn problem(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status.as_u16(), status, "{answer:?}");
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with(&format!("OAuth realm=\"{ISSUER}\"")), "{challenge}");
    let problem = told(answer, "oauth_problem");
    assert!(challenge.contains(&format!("oauth_problem=\"{problem}\"")), "{challenge}");
    assert!(!told(answer, "oauth_problem_advice").is_empty(), "{answer:?}");
    problem
}
