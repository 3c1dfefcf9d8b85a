//! `/dev/outbox`: the messages this server would have sent, as a page or as JSON.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header::ACCEPT},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use time::format_description::well_known::Rfc3339;

use super::Place;
use crate::{
    store::{self, outbox::Message},
    templates::{OutboxItem, OutboxPage},
};

/// How many are shown.
const SHOWN: i64 = 200;

/// A message for programs.
#[derive(Serialize)]
struct Line {
    id: String,
    at: String,
    channel: String,
    to: String,
    subject: Option<String>,
    text: String,
}

/// The newest first; with `Accept: application/json` an array of `id at channel to subject text`.
pub async fn get(State(place): State<Place>, headers: HeaderMap) -> Response {
    let lines: Vec<Line> = match store::outbox::list(&place.app.pool, SHOWN).await {
        Ok(messages) => messages.into_iter().map(Line::from).collect(),
        Err(error) => {
            tracing::error!(%error, "the outbox could not be read");
            return (StatusCode::SERVICE_UNAVAILABLE, "The outbox could not be read; the log says why.\n")
                .into_response();
        }
    };
    if wants_json(&headers) {
        return Json(lines).into_response();
    }
    place.page(&OutboxPage { messages: lines.into_iter().map(OutboxItem::from).collect() })
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A browser names both, the page first.
    accept.contains("application/json") && !accept.contains("text/html")
}

impl From<Message> for Line {
    fn from(message: Message) -> Self {
        Self {
            id: message.id.to_string(),
            at: message.created_at.format(&Rfc3339).unwrap_or_default(),
            channel: message.channel,
            to: message.recipient,
            subject: message.subject,
            text: message.body,
        }
    }
}

impl From<Line> for OutboxItem {
    fn from(line: Line) -> Self {
        Self {
            at: line.at,
            channel: line.channel,
            to: line.to,
            subject: line.subject.unwrap_or_default(),
            text: line.text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_the_page_and_a_program_json() {
        let accept = |value: &str| wants_json(&HeaderMap::from_iter([(ACCEPT, value.parse().unwrap())]));
        assert!(accept("application/json"));
        assert!(!accept("text/html,application/xhtml+xml,*/*;q=0.8"));
        assert!(!accept("text/html, application/json"));
        assert!(!wants_json(&HeaderMap::new()));
    }
}
