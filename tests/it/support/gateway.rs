//! An SMS gateway on this machine: keeps what it is asked, answers as it is told.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use tokio::task::AbortHandle;

/// What the gateway was asked.
#[derive(Clone)]
pub struct Asked {
    /// How.
    pub method: Method,
    /// Path and query.
    pub uri: Uri,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

#[derive(Default)]
struct Parts {
    asked: Mutex<Vec<Asked>>,
    answers: Mutex<VecDeque<(u16, Vec<u8>)>>,
    pause: Mutex<Duration>,
}

/// The gateway; it stops with this value.
pub struct Gateway {
    parts: Arc<Parts>,
    address: String,
    task: AbortHandle,
}

impl Gateway {
    /// One that answers 200 `OK` unless told otherwise.
    pub async fn start() -> Self {
        let parts = Arc::<Parts>::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(take).with_state(parts.clone());
        let task = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }).abort_handle();
        Self { parts, address, task }
    }

    /// Its address, without a path.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The next requests are answered with these, in order.
    pub fn answer(&self, answers: &[(u16, &str)]) {
        for (status, body) in answers {
            self.answer_bytes(*status, body.as_bytes());
        }
    }

    /// The same with an answer that is no text.
    pub fn answer_bytes(&self, status: u16, body: &[u8]) {
        self.parts.answers.lock().unwrap().push_back((status, body.to_owned()));
    }

    /// It takes this long for each answer.
    pub fn pause(&self, pause: Duration) {
        *self.parts.pause.lock().unwrap() = pause;
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.parts.asked.lock().unwrap().clone()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(
    State(parts): State<Arc<Parts>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body = String::from_utf8(body.to_vec()).unwrap();
    parts.asked.lock().unwrap().push(Asked { method, uri, headers, body });
    let pause = *parts.pause.lock().unwrap();
    tokio::time::sleep(pause).await;
    let (status, body) = parts.answers.lock().unwrap().pop_front().unwrap_or((200, b"OK".to_vec()));
    let location = [("location", "/elsewhere")];
    (StatusCode::from_u16(status).unwrap(), location, body).into_response()
}
