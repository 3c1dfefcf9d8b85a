//! What is asked in each flow, and what a right answer is.

use std::sync::Mutex;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use form_urlencoded::Serializer;
use hyper::{StatusCode, header};
use tamga::secret::{Digest, Token};

use crate::{
    Arguments, Failed, Flow,
    data::{CLIENT, Data, PASSWORD, REDIRECT_URI, SCOPES, SECRET, SERVICE},
    openid2::OpenId2,
    server::Server,
    service,
    wire::Wire,
};

/// The PKCE verifier of every request.
const VERIFIER: &str = "load-verifier-load-verifier-load-verifier-load";
/// How many access tokens are shown in turn.
const ACCESS_TOKENS: usize = 1_000;

/// What a run needs.
pub struct Workload {
    /// The server's origin.
    pub base: String,
    /// The database.
    pub data: Data,
    basic: String,
    /// How the service client proves who it is.
    pub service: String,
    authorize: String,
    access_tokens: Vec<String>,
    /// By account: the refresh token it holds, unless it is still the first.
    refresh_tokens: Vec<Mutex<Option<String>>>,
    /// What OpenID 2.0 needs.
    pub openid2: OpenId2,
}

/// The S256 challenge of every request.
pub fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Digest::of(VERIFIER.as_bytes()).as_bytes())
}

/// The parameters of every authorization request.
pub fn parameters() -> String {
    form(&[
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", REDIRECT_URI),
        ("scope", &SCOPES.join(" ")),
        ("state", "af0ifjsldkj"),
        ("nonce", "n-0S6_WzA2Mj"),
        ("code_challenge", &challenge()),
        ("code_challenge_method", "S256"),
    ])
}

/// A form or query.
pub fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl Workload {
    /// Gets the access tokens that introspection and userinfo show.
    pub async fn prepare(server: &Server, data: Data, arguments: &Arguments) -> Result<Self, Failed> {
        let mut workload = Self {
            base: server.base.clone(),
            basic: format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{SECRET}"))),
            service: service::credentials(),
            authorize: format!("/oauth2/authorize?{}", parameters()),
            access_tokens: Vec::new(),
            refresh_tokens: (0..data.users).map(|_| Mutex::new(None)).collect(),
            data,
            openid2: OpenId2::new()?,
        };
        let needed = [Flow::Introspect, Flow::Userinfo, Flow::All].contains(&arguments.flow);
        let count = if needed { ACCESS_TOKENS.min(workload.data.users) } else { 0 };
        let wire = Wire::new(&workload.base);
        for user in 0..count {
            let token = workload.refresh(&wire, user).await?;
            workload.access_tokens.push(token);
        }
        Ok(workload)
    }

    /// How many turns a flow has, if they are limited.
    pub fn supply(&self, flow: Flow) -> Option<usize> {
        match flow {
            Flow::Code => Some(self.data.codes),
            Flow::Oauth1Access => Some(self.data.request_tokens),
            Flow::Login => Some(self.data.journeys),
            _ => None,
        }
    }

    /// One turn of a flow; what was wrong with the answer, if anything.
    pub async fn ask(&self, flow: Flow, wire: &Wire, turn: usize) -> Result<(), String> {
        let user = turn % self.data.users;
        match flow {
            Flow::Authorize => self.code(wire, user).await.map(drop),
            Flow::Code => self.exchange(wire, &format!("load-code-{turn}")).await.map(drop),
            Flow::Whole => {
                let code = self.code(wire, user).await?;
                let access_token = self.exchange(wire, &code).await?;
                self.userinfo(wire, &access_token).await
            }
            Flow::Refresh => self.refresh(wire, user).await.map(drop),
            Flow::Introspect => self.introspect(wire, &self.access_tokens[turn % ACCESS_TOKENS]).await,
            Flow::Userinfo => self.userinfo(wire, &self.access_tokens[turn % ACCESS_TOKENS]).await,
            Flow::Discovery => self.discovery(wire).await,
            Flow::Service => self.service(wire, user).await,
            Flow::Credentials => self.credentials(wire).await,
            Flow::UnknownClient => self.refused(wire, &format!("load-nobody-{turn}")).await,
            Flow::WrongSecret => self.refused(wire, SERVICE).await,
            Flow::Xrds => self.xrds(wire).await,
            Flow::Checkid => self.checkid(wire, user).await,
            Flow::Confirm => self.confirm(wire, turn).await,
            Flow::Associate => self.associate(wire).await,
            Flow::Oauth1Request => self.request_token(wire, turn).await,
            Flow::Oauth1Access => self.access_token(wire, turn).await,
            Flow::Oauth1Info => self.user_info(wire, turn).await,
            Flow::Login => self.login(wire, turn, user).await,
            Flow::Argon2 | Flow::All => Err("no flow of the server".to_owned()),
        }
    }

    async fn code(&self, wire: &Wire, user: usize) -> Result<String, String> {
        let cookie = format!("tamga_session=load-session-{user}");
        let answer = wire.get(&self.authorize, Some((header::COOKIE, &cookie))).await?;
        let location = answer.location()?;
        let query = location.strip_prefix(REDIRECT_URI).and_then(|rest| rest.strip_prefix('?'));
        let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let code = pairs.find(|(name, _)| name == "code").map(|(_, value)| value.into_owned());
        code.ok_or_else(|| answer.describe())
    }

    async fn exchange(&self, wire: &Wire, code: &str) -> Result<String, String> {
        let body = form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
        ]);
        let answer = wire.post("/oauth2/token", (header::AUTHORIZATION, &self.basic), body).await?;
        let answer = answer.expect(StatusCode::OK)?;
        answer.text("id_token")?;
        answer.text("access_token")
    }

    async fn refresh(&self, wire: &Wire, user: usize) -> Result<String, String> {
        let held = self.refresh_tokens[user].lock().map_err(|error| error.to_string())?.take();
        let token = held.unwrap_or_else(|| format!("load-refresh-{user}"));
        let body = form(&[("grant_type", "refresh_token"), ("refresh_token", &token)]);
        let answer = wire.post("/oauth2/token", (header::AUTHORIZATION, &self.basic), body).await?;
        let answer = answer.expect(StatusCode::OK)?;
        answer.text("id_token")?;
        let next = answer.text("refresh_token")?;
        *self.refresh_tokens[user].lock().map_err(|error| error.to_string())? = Some(next);
        answer.text("access_token")
    }

    async fn introspect(&self, wire: &Wire, token: &str) -> Result<(), String> {
        let body = form(&[("token", token)]);
        let answer = wire.post("/oauth2/introspect", (header::AUTHORIZATION, &self.basic), body).await?;
        let answer = answer.expect(StatusCode::OK)?;
        // An inactive token has no subject.
        answer.text("sub").map(drop)
    }

    async fn userinfo(&self, wire: &Wire, token: &str) -> Result<(), String> {
        let bearer = format!("Bearer {token}");
        let answer = wire.get("/oauth2/userinfo", Some((header::AUTHORIZATION, &bearer))).await?;
        answer.expect(StatusCode::OK)?.text("email").map(drop)
    }

    async fn discovery(&self, wire: &Wire) -> Result<(), String> {
        let answer = wire.get("/.well-known/openid-configuration", None).await?.expect(StatusCode::OK)?;
        // Not parsed: that would cost the client more than it costs the server to answer.
        if answer.body.starts_with(b"{") { Ok(()) } else { Err(answer.describe()) }
    }

    async fn login(&self, wire: &Wire, turn: usize, user: usize) -> Result<(), String> {
        let journey = format!("01900004-0000-7000-8000-{turn:012x}");
        let cookie = Token::from(format!("load-journey-{turn}"));
        let body = form(&[
            ("journey", &journey),
            ("csrf", &tamga::http::csrf::token(&cookie)),
            ("username", &format!("load-{user}")),
            ("password", PASSWORD),
        ]);
        let name = journey.replace('-', "");
        let cookie = format!("tamga_journey_{name}={}", cookie.expose());
        let answer = wire.post("/login", (header::COOKIE, &cookie), body).await?;
        match answer.location()? {
            location if location.starts_with("/continue/") => Ok(()),
            _ => Err(answer.describe()),
        }
    }
}
