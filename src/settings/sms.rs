//! `[sms]`: the HTTP gateway that sends text messages. Providers differ in everything but HTTP, so
//! the request is written out here, as templates.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{delivery::Delivery, duration::seconds, reader::Section};

/// An SMS gateway.
#[derive(Debug, Clone)]
pub struct SmsGateway {
    /// Template of the address; its query may hold a secret.
    pub url: SecretString,
    /// How it is asked.
    pub method: SmsMethod,
    /// Headers sent along, by name; their values may be secrets.
    pub headers: BTreeMap<String, SecretString>,
    /// Template of what is sent.
    pub body: String,
    /// `{{ from }}` of the templates: the sender's name or number.
    pub from: String,
    /// `{{ secret }}` of the templates.
    pub secret: Option<SecretString>,
    /// When a message counts as taken.
    pub success: SmsSuccess,
    /// How long the gateway may take.
    pub timeout: Duration,
    /// PEM file of a certification authority to trust beside the system's.
    pub trusted_ca: Option<PathBuf>,
}

impl SmsGateway {
    /// Whether messages go there in the clear, over a network.
    pub fn is_plain(&self) -> bool {
        let url = self.url.expose_secret();
        url.strip_prefix("http://")
            .is_some_and(|rest| !rest.starts_with("localhost") && !rest.starts_with("127."))
    }
}

/// How the gateway is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsMethod {
    /// `GET`: everything is in the address.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
}

/// `[sms.success]`: all that is given must hold.
#[derive(Debug, Clone)]
pub struct SmsSuccess {
    /// Status codes that mean success: `200`, or `2xx` for all of a class.
    pub statuses: Vec<String>,
    /// A place in a JSON answer (RFC 6901) and the value it must have.
    pub json: Option<(String, String)>,
    /// What the answer must contain.
    pub contains: Option<String>,
}

/// Reads `[sms]`.
pub(super) fn read(section: &mut Section<'_>, development: bool) -> Delivery<SmsGateway> {
    Delivery::read(section, development, "url", gateway)
}

fn gateway(section: &mut Section<'_>) -> Option<SmsGateway> {
    let url = section.secret("url");
    if let Some(url) = &url {
        check_url(section, url);
    }
    let methods = [("POST", SmsMethod::Post), ("GET", SmsMethod::Get), ("PUT", SmsMethod::Put)];
    let method = section.word("method", &methods, SmsMethod::Post);
    let body = section.text("body").unwrap_or_default();
    if url.is_some() && body.is_empty() && method != SmsMethod::Get {
        section
            .fault("body", "is missing; write the template of what the gateway expects, or use method GET");
    }
    let from = section.text("from").unwrap_or_default();
    let secret = section.secret("secret");
    let timeout = section.duration("timeout", seconds(5), seconds(1)..=seconds(30));
    let trusted_ca = section.path("trusted_ca");
    let headers = section.secrets("headers");
    let success = section.section("success", success);
    Some(SmsGateway { url: url?, method, headers, body, from, secret, success, timeout, trusted_ca })
}

/// The value is not repeated: its query may hold a secret.
fn check_url(section: &mut Section<'_>, url: &SecretString) {
    // Braces of a template are no part of an address, so look only at what stands before them.
    let plain = url.expose_secret().split("{{").next().unwrap_or_default();
    let fits = Url::parse(plain).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host());
    if !fits {
        section.fault("url", "is not a web address; write it like https://sms.example.org/send");
    }
}

fn success(section: &mut Section<'_>) -> SmsSuccess {
    let statuses = section.list("statuses").unwrap_or_else(|| vec!["2xx".to_owned()]);
    let fits = |status: &String| {
        status.len() == 3
            && status.starts_with(|c: char| ('1'..='5').contains(&c))
            && (status.ends_with("xx") || status.bytes().all(|b| b.is_ascii_digit()))
    };
    if statuses.is_empty() || !statuses.iter().all(fits) {
        section.fault(
            "statuses",
            "is not a list of status codes; write it like [\"200\", \"202\"] or [\"2xx\"]",
        );
    }
    let pointer = section.text("json_pointer");
    let value = section.text("json_value");
    if let Some(pointer) = &pointer
        && !pointer.starts_with('/')
    {
        section
            .fault("json_pointer", format!("`{pointer}` is not a JSON pointer; write it like /result/code"));
    }
    if pointer.is_some() != value.is_some() {
        section.fault("json_value", "goes with sms.success.json_pointer; give both or neither");
    }
    SmsSuccess { statuses, json: pointer.zip(value), contains: section.text("contains") }
}
