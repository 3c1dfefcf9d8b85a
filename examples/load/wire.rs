//! One connection: requests one after another, answers read to their end.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{HeaderMap, Request, StatusCode, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// A kept-alive connection to the server.
pub struct Wire {
    client: Client<HttpConnector, Full<Bytes>>,
    base: String,
}

/// An answer, whole.
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Wire {
    /// To the server at this origin.
    pub fn new(base: &str) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(1).build(connector);
        Self { client, base: base.to_owned() }
    }

    /// Asks for a page.
    pub async fn get(
        &self,
        path: &str,
        header: Option<(header::HeaderName, &str)>,
    ) -> Result<Answer, String> {
        let mut request = Request::get(format!("{}{path}", self.base));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        self.send(request.body(Full::default())).await
    }

    /// Posts a form.
    pub async fn post(
        &self,
        path: &str,
        (name, value): (header::HeaderName, &str),
        form: String,
    ) -> Result<Answer, String> {
        let request = Request::post(format!("{}{path}", self.base))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(name, value);
        self.send(request.body(Full::from(form))).await
    }

    async fn send(
        &self,
        request: Result<Request<Full<Bytes>>, hyper::http::Error>,
    ) -> Result<Answer, String> {
        let request = request.map_err(|error| error.to_string())?;
        let response = self.client.request(request).await.map_err(|error| format!("{error:?}"))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body })
    }
}

impl Answer {
    /// The answer, if its status is this one.
    pub fn expect(self, status: StatusCode) -> Result<Self, String> {
        if self.status == status { Ok(self) } else { Err(self.describe()) }
    }

    /// Where it redirects to, if it does.
    pub fn location(&self) -> Result<&str, String> {
        let location = self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        location.filter(|_| self.status.is_redirection()).ok_or_else(|| self.describe())
    }

    /// A member of its JSON.
    pub fn text(&self, member: &str) -> Result<String, String> {
        let json: serde_json::Value = serde_json::from_slice(&self.body).map_err(|_| self.describe())?;
        json[member].as_str().map(str::to_owned).ok_or_else(|| self.describe())
    }

    /// What came instead of the answer hoped for.
    pub fn describe(&self) -> String {
        let start: String = String::from_utf8_lossy(&self.body).chars().take(300).collect();
        let location = self.headers.get(header::LOCATION).map(|l| format!(" to {l:?}")).unwrap_or_default();
        format!("{}{location}: {start}", self.status)
    }
}
