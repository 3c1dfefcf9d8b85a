//! `/demo/device`: a device without a keyboard (RFC 8628), such as a television. The page is its screen;
//! behind it runs the device itself.
//!
//! 1. `start`: the device asks for its codes (§3.1) and shows the one for its person (§3.3).
//! 2. From then on it asks again and again whether it may go on, and waits as it is told (§3.5).
//! 3. `wait`: what the screen shows meanwhile; in the end the tokens, checked.

use std::{
    str::FromStr,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use axum::{
    extract::State,
    http::{HeaderMap, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use openidconnect::{
    AccessToken, ClientId,
    core::{CoreIdToken, CoreIdTokenVerifier},
};
use serde_json::{Value, json};

use super::{
    Demo, Parts, Place,
    direct::{post, send},
    metadata::{self, Metadata},
    oidc::verify,
    outcome::Outcome,
    wire::{cookie, set_cookie, shortened},
};
use crate::templates::{DemoDevicePage, DemoStartPage, Drawing};

const START: &str = "/demo/device";
const COOKIE_NAME: &str = "demo_device";
const SCOPES: &str = "openid profile email offline_access";
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// What is added to the wait when the server says so (RFC 8628 §3.5).
const SLOWER: Duration = Duration::from_secs(5);

/// A device, as its screen sees it.
pub type Attempt = Arc<Mutex<Device>>;

/// What a device knows.
pub struct Device {
    user_code: String,
    address: String,
    complete: String,
    /// What it waits between two questions.
    interval: Duration,
    progress: Progress,
}

enum Progress {
    /// The server's last word.
    Waiting(String),
    /// The answer that ended it.
    Ended(Result<Value, String>),
}

/// Says what will happen.
pub async fn get(State(place): State<Place>) -> Response {
    place.page(&DemoStartPage {
        action: format!("{START}/start"),
        method: "post",
        title: "A device".to_owned(),
        description:
            "This page plays a television: it has no keyboard to sign in with. It shows a code, you \
                      enter the code on your phone or here in another window, and the television goes on."
                .to_owned(),
        button: "Sign in".to_owned(),
        fields: Vec::new(),
        hidden: Vec::new(),
    })
}

/// Begins, and leads to the screen.
pub async fn start(State(place): State<Place>) -> Response {
    let mut outcome = Outcome::default();
    let begun = begin(&place.demo).await;
    let Some((device, device_code, token_endpoint)) = outcome.check("The server gave two codes", begun)
    else {
        return place.page(&outcome.page(START));
    };
    let device = Arc::new(Mutex::new(device));
    tokio::spawn(run(Place(Arc::clone(&place.0)), Arc::downgrade(&device), device_code, token_endpoint));
    let key = place.device_attempts.insert(device, &place.app.rng, place.app.clock.now());
    let cookie = set_cookie(&place.demo, COOKIE_NAME, &key);
    ([(SET_COOKIE, cookie)], Redirect::to(&format!("{START}/wait"))).into_response()
}

/// Shows how far the device has got.
pub async fn wait(State(place): State<Place>, headers: HeaderMap) -> Response {
    let mut outcome = Outcome::default();
    let found = cookie(&headers, COOKIE_NAME);
    let found = found.and_then(|cookie| place.device_attempts.find(cookie, place.app.clock.now()));
    let found = found.map(|device| (device, String::new()));
    let missing = "it was not begun here, or too long ago; start again".to_owned();
    let Some(device) = outcome.check("This screen belongs to a device", found.ok_or(missing)) else {
        return place.page(&outcome.page(START));
    };
    let ended = {
        let device = device.lock().unwrap_or_else(PoisonError::into_inner);
        match &device.progress {
            Progress::Waiting(word) => return place.page(&screen(&device, word)),
            Progress::Ended(ended) => ended.clone(),
        }
    };
    receive(&place, ended, &mut outcome).await;
    place.page(&outcome.page(START))
}

fn screen(device: &Device, word: &str) -> DemoDevicePage {
    DemoDevicePage {
        action: format!("{START}/wait"),
        user_code: device.user_code.clone(),
        address: device.address.clone(),
        complete: device.complete.clone(),
        qr: Drawing::qr(&device.complete).ok(),
        word: word.to_owned(),
        interval: device.interval.as_secs(),
    }
}

/// RFC 8628 §3.1, §3.2.
async fn begin(demo: &Demo) -> Result<((Device, String, String), String), String> {
    let (server, _) = Metadata::fetch(demo).await?;
    let endpoint = server.endpoint("device_authorization_endpoint")?;
    let form = [("client_id", demo.device.as_str()), ("scope", SCOPES)];
    let answer = post(demo.http.post(endpoint), &form).await?.good()?;
    let text = |name: &str| answer[name].as_str().map(str::to_owned).ok_or(format!("{name} is missing"));
    let device = Device {
        user_code: text("user_code")?,
        address: text("verification_uri")?,
        complete: text("verification_uri_complete")?,
        // RFC 8628 §3.2: 5 s when nothing is said.
        interval: Duration::from_secs(answer["interval"].as_u64().unwrap_or(5)),
        progress: Progress::Waiting("not asked yet".to_owned()),
    };
    let token_endpoint = server.endpoint("token_endpoint")?.to_owned();
    Ok(((device, text("device_code")?, token_endpoint), String::new()))
}

/// The device itself: asks until there is an answer that ends it, or nobody looks at its screen any
/// more.
async fn run(place: Place, device: Weak<Mutex<Device>>, device_code: String, token_endpoint: String) {
    loop {
        let Some(interval) = device.upgrade().map(|device| lock(&device).interval) else { return };
        tokio::time::sleep(interval).await;
        let form = [
            ("grant_type", GRANT_TYPE),
            ("device_code", device_code.as_str()),
            ("client_id", place.demo.device.as_str()),
        ];
        let answered = post(place.demo.http.post(&token_endpoint), &form).await;
        let Some(device) = device.upgrade() else { return };
        let mut device = lock(&device);
        let word = answered.as_ref().map(|answer| answer.text("error").to_owned()).unwrap_or_default();
        match word.as_str() {
            "slow_down" => device.interval += SLOWER,
            "authorization_pending" => {}
            _ => {
                device.progress = Progress::Ended(answered.and_then(|answer| answer.good()));
                return;
            }
        }
        device.progress = Progress::Waiting(word);
    }
}

fn lock(device: &Mutex<Device>) -> std::sync::MutexGuard<'_, Device> {
    device.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive(place: &Parts, ended: Result<Value, String>, outcome: &mut Outcome) -> Option<()> {
    let demo = &place.demo;
    let tokens = outcome.check(
        "You allowed the device, and it was given tokens",
        ended.map(|tokens| {
            let detail = format!("scope {}", tokens["scope"].as_str().unwrap_or_default());
            (tokens, detail)
        }),
    )?;
    let text = |name: &str| tokens[name].as_str().unwrap_or_default().to_owned();
    outcome.came(
        "tokens",
        json!({
            "token_type": tokens["token_type"],
            "expires_in": tokens["expires_in"],
            "access_token": shortened(&text("access_token")),
            "refresh_token": tokens["refresh_token"].as_str().map(shortened),
        }),
    );
    let server = outcome.check("The server describes itself", Metadata::fetch(demo).await)?;
    let keys = outcome.check("The server's keys were read", server.keys(demo).await)?;
    let id_token = outcome.check(
        "An id_token came",
        CoreIdToken::from_str(&text("id_token"))
            .map(|token| (token, String::new()))
            .map_err(|error| error.to_string()),
    )?;
    let issuer = metadata::issuer(demo).ok()?;
    let verifier = CoreIdTokenVerifier::new_public_client(ClientId::new(demo.device.clone()), issuer, keys);
    let access_token = AccessToken::new(text("access_token"));
    let claims = verify::id_token(&id_token, &verifier, &access_token, None, outcome)?;
    let userinfo = userinfo(demo, &server, access_token.secret()).await;
    let userinfo = outcome.check("userinfo answers", userinfo)?;
    outcome.came("userinfo", userinfo.clone());
    // OpenID Connect Core §5.3.2: another sub means swapped tokens; its claims must not be used.
    let subject = claims["sub"].as_str().unwrap_or_default();
    outcome.equal("userinfo: sub is that of the id_token", userinfo["sub"].as_str(), subject)?;
    outcome.claims("userinfo", &userinfo);
    Some(())
}

async fn userinfo(demo: &Demo, server: &Metadata, access_token: &str) -> Result<(Value, String), String> {
    let request = demo.http.get(server.endpoint("userinfo_endpoint")?).bearer_auth(access_token);
    Ok((send(request).await?.good()?, String::new()))
}
