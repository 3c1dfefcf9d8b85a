//! A browser as a person uses one: it keeps cookies, follows redirects within our site, and sends
//! forms as they stand on the page. On the way to another site it stops.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use scraper::{ElementRef, Html, Selector};
use time::{Duration, OffsetDateTime};
use url::Url;

use super::door::{Answer, Door, encoded};

/// A browser.
#[derive(Clone)]
pub struct Browser {
    /// The server it talks to.
    pub door: Door,
    /// Sent with every request.
    pub headers: Vec<(String, String)>,
    /// Every exchange: method, path, status.
    pub trail: Vec<(Method, String, StatusCode)>,
    /// Every `Set-Cookie` as it came.
    pub set_cookies: Vec<String>,
    cookies: BTreeMap<String, (String, Option<OffsetDateTime>)>,
    at: Stop,
    unticked: Vec<(String, String)>,
}

/// Where the browser stopped.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The address of the page, or of the other site.
    pub url: Url,
    /// The last answer of our server.
    pub answer: Answer,
}

impl Browser {
    /// A browser without cookies.
    pub fn new(door: Door) -> Self {
        let answer = Answer { status: StatusCode::OK, headers: Default::default(), body: String::new() };
        let at = Stop { url: door.origin.clone(), answer };
        Self {
            door,
            headers: vec![("accept".to_owned(), "text/html".to_owned())],
            trail: Vec::new(),
            set_cookies: Vec::new(),
            cookies: BTreeMap::new(),
            at,
            unticked: Vec::new(),
        }
    }

    /// Goes to an address and follows where it leads.
    pub async fn open(&mut self, path: &str) -> Stop {
        self.follow(Method::GET, path, None).await
    }

    /// Where it is.
    pub fn here(&self) -> &Stop {
        &self.at
    }

    /// Fills these fields of a form and presses its first button.
    pub async fn submit(&mut self, form: &str, fields: &[(&str, &str)]) -> Stop {
        self.send_form(form, None, fields).await
    }

    /// Presses a button of a form.
    pub async fn press(&mut self, form: &str, button: &str) -> Stop {
        self.send_form(form, Some(button), &[]).await
    }

    /// Takes the tick from a checkbox of the next form that is sent.
    pub fn untick(&mut self, name: &str, value: &str) {
        self.unticked.push((name.to_owned(), value.to_owned()));
    }

    /// Posts fields of one's own making, with the browser's cookies.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Stop {
        self.follow(Method::POST, path, Some(encoded(fields))).await
    }

    /// The same, without going where the answer leads.
    pub async fn post_and_stay(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.request(&Method::POST, path, Some(encoded(fields)));
        self.exchange(Method::POST, path, request).await
    }

    /// What another site's page can post: browsers leave SameSite=Lax cookies out.
    pub async fn post_from_elsewhere(&mut self, path: &str, fields: &[(&str, &str)]) -> Stop {
        let kept = std::mem::take(&mut self.cookies);
        let request = self.request(&Method::POST, path, Some(encoded(fields)));
        self.cookies = kept;
        let answer = self.exchange(Method::POST, path, request).await;
        self.follow_answer(path, answer).await
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let (value, expires_at) = self.cookies.get(name)?;
        expires_at.is_none_or(|at| at > self.door.clock.now()).then_some(value)
    }

    /// Names of the cookies it has.
    pub fn cookie_names(&self) -> Vec<&str> {
        self.cookies.keys().map(String::as_str).filter(|name| self.cookie(name).is_some()).collect()
    }

    /// Its cookies as it sends them.
    pub fn cookie_header(&self) -> String {
        let pair = |name: &&str| format!("{name}={}", self.cookie(name).unwrap_or_default());
        self.cookie_names().iter().map(pair).collect::<Vec<_>>().join("; ")
    }

    /// Puts a cookie there, as somebody with a hand on the browser could.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), (value.to_owned(), None));
    }

    async fn follow(&mut self, method: Method, path: &str, form: Option<String>) -> Stop {
        let request = self.request(&method, path, form);
        let answer = self.exchange(method, path, request).await;
        self.follow_answer(path, answer).await
    }

    async fn follow_answer(&mut self, path: &str, answer: Answer) -> Stop {
        let mut at = Stop { url: self.door.origin.join(path).unwrap(), answer };
        for _ in 0..10 {
            if !at.answer.status.is_redirection() {
                self.at = at.clone();
                return at;
            }
            at.url = at.url.join(at.answer.header(header::LOCATION)).unwrap();
            if at.url.origin() != self.door.origin.origin() {
                // The page that was shown stays where it is.
                return at;
            }
            // Every redirect of ours is a 303: the next request is a GET (RFC 9700 §4.12).
            assert_eq!(at.answer.status, StatusCode::SEE_OTHER);
            let path = at.url[url::Position::BeforePath..].to_owned();
            let request = self.request(&Method::GET, &path, None);
            at.answer = self.exchange(Method::GET, &path, request).await;
        }
        panic!("ten redirects: {:?}", self.trail);
    }

    fn request(&self, method: &Method, path: &str, form: Option<String>) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        request.body(Body::from(form.unwrap_or_default())).unwrap()
    }

    async fn exchange(&mut self, method: Method, path: &str, request: Request<Body>) -> Answer {
        let answer = self.door.send(request).await;
        self.trail.push((method, path.to_owned(), answer.status));
        for value in answer.headers.get_all(header::SET_COOKIE) {
            self.keep(value.to_str().unwrap());
        }
        answer
    }

    /// RFC 6265 §5.3, as far as our cookies go.
    fn keep(&mut self, line: &str) {
        self.set_cookies.push(line.to_owned());
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).expect("a cookie");
        let attributes: BTreeMap<String, &str> = parts
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(name, value)| (name.to_ascii_lowercase(), value))
            .collect();
        let secure = attributes.contains_key("secure");
        assert!(!secure || self.door.origin.scheme() == "https", "a browser would drop it: {line}");
        if name.starts_with("__Host-") {
            let path = attributes.get("path").copied();
            assert!(secure && path == Some("/") && !attributes.contains_key("domain"), "dropped: {line}");
        }
        let life = attributes.get("max-age").map(|text| text.parse::<i64>().expect("a number of seconds"));
        if life.is_some_and(|seconds| seconds <= 0) {
            self.cookies.remove(name);
            return;
        }
        let expires_at = life.map(|seconds| self.door.clock.now() + Duration::seconds(seconds));
        self.cookies.insert(name.to_owned(), (value.to_owned(), expires_at));
    }

    async fn send_form(&mut self, form: &str, button: Option<&str>, fields: &[(&str, &str)]) -> Stop {
        let unticked = std::mem::take(&mut self.unticked);
        let (action, body) = filled(&self.at.answer.body, form, button, fields, &unticked);
        let action = self.at.url.join(&action).unwrap();
        assert_eq!(action.origin(), self.door.origin.origin(), "the form leads elsewhere");
        let path = action[url::Position::BeforePath..].to_owned();
        self.follow(Method::POST, &path, Some(body)).await
    }
}

impl Stop {
    /// The other site's address the browser was sent to.
    #[track_caller]
    pub fn away(&self) -> &Url {
        assert!(self.answer.status.is_redirection(), "not sent away: {} {}", self.url, self.summary());
        &self.url
    }

    /// A parameter of the address it was sent to; empty when missing.
    #[track_caller]
    pub fn parameter(&self, name: &str) -> String {
        self.away()
            .query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default()
    }

    /// The parameters in the fragment of the address it was sent to; nothing may be in its query.
    #[track_caller]
    pub fn in_fragment(&self) -> BTreeMap<String, String> {
        assert_eq!(self.away().query(), None, "nothing of it in the query");
        let fragment = self.away().fragment().unwrap_or_default();
        form_urlencoded::parse(fragment.as_bytes()).into_owned().collect()
    }

    /// The text of the page's element with this id.
    #[track_caller]
    pub fn text(&self, id: &str) -> String {
        let page = Html::parse_document(&self.answer.body);
        let element =
            by_id(&page, id).unwrap_or_else(|| panic!("no #{id} at {}: {}", self.url, self.summary()));
        element.text().collect::<String>().trim().to_owned()
    }

    /// An attribute of the page's element with this id.
    #[track_caller]
    pub fn attribute(&self, id: &str, name: &str) -> Option<String> {
        let page = Html::parse_document(&self.answer.body);
        let element =
            by_id(&page, id).unwrap_or_else(|| panic!("no #{id} at {}: {}", self.url, self.summary()));
        element.attr(name).map(str::to_owned)
    }

    /// Whether the page has an element with this id.
    pub fn has(&self, id: &str) -> bool {
        by_id(&Html::parse_document(&self.answer.body), id).is_some()
    }

    /// The values of a form's fields as they stand, first of each name.
    #[track_caller]
    pub fn fields(&self, form: &str) -> BTreeMap<String, String> {
        let (_, body) = filled(&self.answer.body, form, None, &[], &[]);
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body.as_bytes()) {
            fields.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        fields
    }

    fn summary(&self) -> String {
        let page = Html::parse_document(&self.answer.body);
        let text: Vec<&str> = page.root_element().text().map(str::trim).filter(|t| !t.is_empty()).collect();
        format!("{} {}", self.answer.status, text.join(" | "))
    }
}

fn by_id<'a>(page: &'a Html, id: &str) -> Option<ElementRef<'a>> {
    page.select(&Selector::parse(&format!("[id='{id}']")).unwrap()).next()
}

/// The action of a form and its body (HTML §4.10.21.4, for the controls our pages have).
#[track_caller]
fn filled(
    html: &str,
    form: &str,
    button: Option<&str>,
    fields: &[(&str, &str)],
    unticked: &[(String, String)],
) -> (String, String) {
    let page = Html::parse_document(html);
    let element = by_id(&page, form).unwrap_or_else(|| panic!("no form #{form} on the page: {html}"));
    assert_eq!(element.attr("method").map(str::to_ascii_lowercase).as_deref(), Some("post"), "#{form}");
    let mut body = form_urlencoded::Serializer::new(String::new());
    let mut pressed = false;
    let mut used = Vec::new();
    for control in element.select(&Selector::parse("input, button, select").unwrap()) {
        let attribute = |name| control.attr(name).unwrap_or_default();
        let (name, mut value, kind) = (attribute("name"), attribute("value"), attribute("type"));
        if control.value().name() == "select" {
            let option = |css| control.select(&Selector::parse(css).unwrap()).next();
            let chosen = option("option[selected]").or_else(|| option("option"));
            value = chosen.and_then(|option| option.attr("value")).unwrap_or_default();
        }
        let is_button = control.value().name() == "button";
        if is_button && (kind == "button" || pressed || button.is_some_and(|id| id != attribute("id"))) {
            continue;
        }
        pressed |= is_button;
        let chosen = fields.iter().find(|(field, _)| *field == name).map(|(_, wanted)| *wanted == value);
        let off = matches!(kind, "checkbox" | "radio")
            && !chosen.unwrap_or_else(|| {
                control.attr("checked").is_some() && !unticked.iter().any(|(n, v)| n == name && v == value)
            });
        if name.is_empty() || off {
            used.extend(fields.iter().map(|(field, _)| *field).filter(|field| *field == name));
            continue;
        }
        let given = fields.iter().find(|(field, _)| *field == name);
        used.extend(given.map(|(field, _)| *field));
        body.append_pair(name, given.map_or(value, |(_, value)| value));
    }
    assert!(pressed, "no button {button:?} in #{form}");
    for (field, _) in fields {
        assert!(used.contains(field), "no field {field} in #{form}");
    }
    (element.attr("action").unwrap_or_default().to_owned(), body.finish())
}
