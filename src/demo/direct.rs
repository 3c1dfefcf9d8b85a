//! Direct requests of relying parties that bring no library for them: forms out, JSON back.

use openidconnect::reqwest::RequestBuilder;
use serde_json::Value;

use super::wire::explain;

/// An answer, whatever its status.
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The JSON.
    pub body: Value,
}

impl Answered {
    /// A text of the answer; empty when it is missing.
    pub fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_default()
    }

    /// The JSON of a good answer, or the server's words (RFC 6749 §5.2).
    pub fn good(self) -> Result<Value, String> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        Err(format!("{} {}: {}", self.status, self.text("error"), self.text("error_description")))
    }
}

/// Sends a form.
pub async fn post(request: RequestBuilder, form: &[(&str, &str)]) -> Result<Answered, String> {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    send(request.header("content-type", "application/x-www-form-urlencoded").body(body)).await
}

/// Sends the request as it is.
pub async fn send(request: RequestBuilder) -> Result<Answered, String> {
    let answer = request.send().await.map_err(|error| explain(&error))?;
    let status = answer.status().as_u16();
    let body = answer.bytes().await.map_err(|error| explain(&error))?;
    let body = serde_json::from_slice(&body).map_err(|_| format!("{status}, and no JSON"))?;
    Ok(Answered { status, body })
}
