//! Text messages, through the HTTP gateway that the settings describe.
//!
//! The gateway follows no redirect of ours (one would carry a code and a secret elsewhere), has a
//! few seconds, and at most 256 KB of its answer are read.

use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value, context};
use reqwest::{
    Client, Method, Response, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{SenderError, Undelivered, cause};
use crate::{
    settings::{SmsGateway, SmsMethod, SmsSuccess},
    store::outbox::Leased,
};

/// More of an answer is not read.
const LONGEST_ANSWER: usize = 256 * 1024;
/// A text that breaks out of a template which forgot to escape it.
const PROBE: &str = "\"'<&x=1 \n";

/// The gateway, ready to be asked.
pub(super) struct SmsSender {
    client: Client,
    method: Method,
    headers: HeaderMap,
    templates: Environment<'static>,
    from: String,
    secret: Option<SecretString>,
    success: SmsSuccess,
}

impl SmsSender {
    pub fn new(gateway: &SmsGateway) -> Result<Self, SenderError> {
        let headers = headers(gateway)?;
        let sender = Self {
            client: client(gateway)?,
            method: match gateway.method {
                SmsMethod::Get => Method::GET,
                SmsMethod::Post => Method::POST,
                SmsMethod::Put => Method::PUT,
            },
            templates: templates(gateway)?,
            from: gateway.from.clone(),
            secret: gateway.secret.clone(),
            success: gateway.success.clone(),
            headers,
        };
        sender.probe()?;
        Ok(sender)
    }

    /// What a message says must not change the request it is sent by (injection).
    fn probe(&self) -> Result<(), SenderError> {
        for name in ["url", "body"] {
            let plain = self
                .headers
                .get("content-type")
                .is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"));
            let rendered = self.render(name, "+10000000000", PROBE, "0").map_err(SenderError)?;
            if rendered.contains(PROBE) && !(plain && name == "body") {
                return Err(SenderError(format!(
                    "sms.{name}: takes a value as it is; write {{{{ text | json }}}}, {{{{ text | urlencode }}}} or \
                     {{{{ text | e }}}}, as the gateway's format wants"
                )));
            }
        }
        let url = self.render("url", "+10000000000", "x", "0").map_err(SenderError)?;
        if Url::parse(&url).is_err() {
            return Err(SenderError("sms.url: the template gives no web address".into()));
        }
        Ok(())
    }

    /// The error names the template only: what it renders may be secret.
    fn render(&self, name: &str, to: &str, text: &str, id: &str) -> Result<String, String> {
        let secret = self.secret.as_ref().map(ExposeSecret::expose_secret);
        let values = context! { to, text, id, from => self.from.as_str(), secret };
        let failed = |error: minijinja::Error| format!("sms.{name}: the template fails: {}", error.kind());
        self.templates.get_template(name).and_then(|template| template.render(values)).map_err(failed)
    }

    pub async fn send(&self, message: &Leased) -> Result<(), Undelivered> {
        let id = message.id.to_string();
        let render =
            |name| self.render(name, &message.recipient, &message.body, &id).map_err(Undelivered::Never);
        let url =
            Url::parse(&render("url")?).map_err(|_| Undelivered::Never("sms.url gives no address".into()))?;
        let mut request = self.client.request(self.method.clone(), url).headers(self.headers.clone());
        if self.method != Method::GET {
            request = request.body(render("body")?);
        }
        let answer = request.send().await.map_err(|error| Undelivered::Later(why(&error)))?;
        self.judge(answer).await
    }

    async fn judge(&self, answer: Response) -> Result<(), Undelivered> {
        let status = answer.status();
        if !self.success.statuses.iter().any(|wanted| matches_status(wanted, status)) {
            let why = format!("the gateway answers {}", status.as_u16());
            return Err(match status {
                // These speak of the message; the others of us or of the gateway, which can be mended.
                StatusCode::BAD_REQUEST
                | StatusCode::PAYLOAD_TOO_LARGE
                | StatusCode::UNPROCESSABLE_ENTITY => Undelivered::Never(why),
                _ => Undelivered::Later(why),
            });
        }
        if self.success.json.is_none() && self.success.contains.is_none() {
            return Ok(());
        }
        let body = read(answer).await.map_err(|error| Undelivered::Later(why(&error)))?;
        if self.success.holds(&body) {
            Ok(())
        } else {
            Err(Undelivered::Later("the gateway's answer does not say what sms.success wants".into()))
        }
    }

    /// Asks for the gateway's root: any answer shows that it is there.
    pub async fn look(&self) -> Result<(), String> {
        let rendered = self.render("url", "+10000000000", "x", "0")?;
        let mut url = Url::parse(&rendered).map_err(|_| "sms.url gives no address".to_owned())?;
        url.set_query(None);
        url.set_path("/");
        self.client.head(url).send().await.map(drop).map_err(|error| why(&error))
    }
}

impl SmsSuccess {
    fn holds(&self, body: &[u8]) -> bool {
        let contains = self.contains.as_ref().is_none_or(|text| String::from_utf8_lossy(body).contains(text));
        let json = self.json.as_ref().is_none_or(|(pointer, wanted)| {
            let answer: Option<serde_json::Value> = serde_json::from_slice(body).ok();
            match answer.as_ref().and_then(|answer| answer.pointer(pointer)) {
                Some(serde_json::Value::String(text)) => text == wanted,
                Some(other) => {
                    let shown = other.to_string();
                    shown == *wanted
                }
                None => false,
            }
        });
        contains && json
    }
}

fn matches_status(wanted: &str, status: StatusCode) -> bool {
    let status = status.as_u16().to_string();
    match wanted.strip_suffix("xx") {
        Some(class) => status.starts_with(class),
        None => status == wanted,
    }
}

async fn read(mut answer: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() >= LONGEST_ANSWER {
            body.truncate(LONGEST_ANSWER);
            break;
        }
    }
    Ok(body)
}

fn client(gateway: &SmsGateway) -> Result<Client, SenderError> {
    let mut builder = Client::builder().redirect(Policy::none()).timeout(gateway.timeout).user_agent("tamga");
    let host = Url::parse(gateway.url.expose_secret()).ok().and_then(|url| url.host_str().map(str::to_owned));
    if host.is_some_and(|host| host == "localhost" || host.starts_with("127.") || host == "[::1]") {
        // A gateway on this machine is not reached through a proxy of the environment.
        builder = builder.no_proxy();
    }
    if let Some(file) = &gateway.trusted_ca {
        let failed = |error: String| SenderError(format!("sms.trusted_ca: {}: {error}", file.display()));
        let pem = std::fs::read(file).map_err(|error| failed(error.to_string()))?;
        let certificates =
            reqwest::Certificate::from_pem_bundle(&pem).map_err(|error| failed(cause(&error)))?;
        for certificate in certificates {
            builder = builder.add_root_certificate(certificate);
        }
    }
    builder.build().map_err(|error| SenderError(format!("sms: {}", cause(&error))))
}

fn headers(gateway: &SmsGateway) -> Result<HeaderMap, SenderError> {
    let mut headers = HeaderMap::new();
    for (name, value) in &gateway.headers {
        let refused = |what: &str| SenderError(format!("sms.headers.{name}: is no {what} of a header"));
        let key = HeaderName::try_from(name).map_err(|_| refused("name"))?;
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| refused("value"))?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    Ok(headers)
}

fn templates(gateway: &SmsGateway) -> Result<Environment<'static>, SenderError> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.add_filter("json", json);
    environment.add_filter("e", xml);
    for (name, text) in [("url", gateway.url.expose_secret()), ("body", gateway.body.as_str())] {
        environment
            .add_template_owned(name, text.to_owned())
            .map_err(|error| SenderError(format!("sms.{name}: is no template: {}", error.kind())))?;
    }
    Ok(environment)
}

/// A JSON string with its quotes.
fn json(value: &Value) -> Result<String, minijinja::Error> {
    Ok(serde_json::Value::String(given(value)?).to_string())
}

/// Text for an XML element or attribute.
fn xml(value: &Value) -> Result<String, minijinja::Error> {
    let escaped = |c| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => String::from(other),
    };
    Ok(given(value)?.chars().map(escaped).collect())
}

/// A name that stands for nothing is a slip, also before a filter.
fn given(value: &Value) -> Result<String, minijinja::Error> {
    if value.is_undefined() || value.is_none() {
        Err(ErrorKind::UndefinedError.into())
    } else {
        Ok(value.to_string())
    }
}

/// In words, without the address.
fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "the gateway does not answer in time".into()
    } else if error.is_connect() {
        format!("the gateway can't be reached: {}", cause(error))
    } else {
        "the talk with the gateway broke off".into()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn gateway(url: &str, body: &str) -> SmsGateway {
        SmsGateway {
            url: url.into(),
            method: if body.is_empty() { SmsMethod::Get } else { SmsMethod::Post },
            headers: Default::default(),
            body: body.into(),
            from: "TAMGA".into(),
            secret: Some("hunter2".into()),
            success: SmsSuccess { statuses: vec!["2xx".into()], json: None, contains: None },
            timeout: Duration::from_secs(1),
            trusted_ca: None,
        }
    }

    const URL: &str = "https://sms.example.org/send";

    #[test]
    fn values_are_escaped_as_the_format_wants() {
        let sender = SmsSender::new(&gateway(
            "https://sms.example.org/?k={{ secret | urlencode }}",
            "{\"t\":{{ text | json }}}<a b=\"{{ text | e }}\"/>{{ from | json }}",
        ))
        .unwrap();
        let body = sender.render("body", "+66", "\"<รหัส>\n", "1").unwrap();
        assert_eq!(body, "{\"t\":\"\\\"<รหัส>\\n\"}<a b=\"&quot;&lt;รหัส&gt;\n\"/>\"TAMGA\"");
        assert_eq!(sender.render("url", "", "", "").unwrap(), "https://sms.example.org/?k=hunter2");
    }

    #[test]
    fn a_template_that_escapes_nothing_or_names_nothing_is_refused_with_its_key() {
        for (url, body, begins) in [
            (URL, "{\"t\":\"{{ text }}\"}", "sms.body: takes a value as it is"),
            ("https://sms.example.org/?t={{ text }}", "", "sms.url: takes a value as it is"),
            (URL, "{{ message | json }}", "sms.body: the template fails"),
            (URL, "{{ text | jsn }}", "sms.body: "),
            (URL, "{{ text", "sms.body: is no template"),
        ] {
            let refused = SmsSender::new(&gateway(url, body)).err().unwrap().to_string();
            assert!(refused.starts_with(begins), "{refused}");
            assert!(!refused.contains("hunter2"));
        }
    }

    #[test]
    fn success_is_what_the_rule_says() {
        let rule = |json: Option<(&str, &str)>, contains: Option<&str>| SmsSuccess {
            statuses: Vec::new(),
            json: json.map(|(pointer, value)| (pointer.to_owned(), value.to_owned())),
            contains: contains.map(str::to_owned),
        };
        let body = br#"{"result":{"code":0,"word":"queued"}}"#;
        assert!(rule(Some(("/result/code", "0")), Some("queued")).holds(body));
        assert!(rule(Some(("/result/word", "queued")), None).holds(body));
        assert!(!rule(Some(("/result/code", "1")), None).holds(body));
        assert!(!rule(Some(("/result/none", "")), None).holds(body));
        assert!(!rule(None, Some("OK")).holds(body));
        assert!(!rule(Some(("/a", "b")), None).holds(b"not json"));
        assert!(matches_status("2xx", StatusCode::ACCEPTED) && matches_status("202", StatusCode::ACCEPTED));
        assert!(!matches_status("200", StatusCode::ACCEPTED));
    }
}
