//! A person on a journey: what every page of one looks up first.

use axum::http::StatusCode;

use super::logo;
use crate::{
    app::App,
    form::Form,
    http::{cookies, csrf, fault::Fault, page::Problem, visit::Visit},
    ids::JourneyId,
    journey::{Facts, Login, Refusal, Step, next_step},
    model::{
        client::Client,
        journey::{Journey, Reason, Stage},
        locale::Locale,
    },
    protocol::{Asker, AuthnRequest, Ended, represents},
    secret::Token,
    store::{
        journeys::{self, Found},
        sessions,
    },
    templates::{Cancel, ClientCard, ErrorKind, Shell},
};

/// A journey at the browser that began it.
pub struct Traveller {
    /// The journey.
    pub journey: Journey,
    /// Its cookie.
    pub cookie: Token,
    /// Its request, vetted anew.
    pub request: AuthnRequest,
    /// Who is signed in at this browser.
    pub login: Option<sessions::Login>,
    /// They are at a page of making an account.
    pub registering: bool,
    /// Whether they represent the organisation that the request names.
    represents: Option<bool>,
}

impl Traveller {
    /// Finds the journey of this id for this browser.
    ///
    /// # Errors
    /// [`Problem`] when it is over, too old, another browser's, or its request no longer good.
    pub async fn find(app: &App, visit: &Visit, id: &str) -> Result<Self, Fault<Problem>> {
        let id: JourneyId = id.parse().map_err(|_| Fault::Reject(unknown()))?;
        let cookie = visit.journey_cookie(app, id);
        let now = app.clock.now();
        let found = journeys::find(&app.pool, id, cookie.as_ref().map(Token::digest), now).await?;
        let (journey, cookie) = match (found, cookie) {
            (Found::Live(journey), Some(cookie)) => (*journey, cookie),
            (Found::Expired, _) => return Err(Fault::Reject(ended("the journey took too long"))),
            (Found::Finished, _) => return Err(Fault::Reject(ended("the journey was answered already"))),
            (Found::Unknown, _) => return Err(Fault::Reject(unknown())),
            (Found::OtherBrowser | Found::Live(_), _) => return Err(Fault::Reject(other_browser())),
        };
        let request = AuthnRequest::resume(app, &journey).await?;
        let login = match &visit.session {
            None => None,
            Some(session) => {
                let idle_since = now - app.settings.sessions.idle_ttl;
                let client = request.client().map(|client| client.id);
                sessions::find(&app.pool, session.digest(), client, now, idle_since).await?
            }
        };
        let represents = represents(app, request.requirements(), login.as_ref()).await?;
        Ok(Self { journey, cookie, request, login, registering: false, represents })
    }

    /// Finds the journey a form belongs to, and checks that the form came from our page.
    ///
    /// # Errors
    /// As [`Traveller::find`]; [`Problem`] when the form names no journey.
    pub async fn find_for_form(
        app: &App,
        visit: &Visit,
        form: &Form,
    ) -> Result<(Self, bool), Fault<Problem>> {
        let text = |name| {
            form.get(name)
                .map_err(|bad| Fault::Reject(Problem::developer("invalid_request", bad.to_string())))
        };
        let id = text("journey")?.ok_or_else(|| Fault::Reject(unknown()))?;
        let traveller = Self::find(app, visit, id).await?;
        let genuine = csrf::matches(&traveller.cookie, text("csrf")?.unwrap_or_default());
        Ok((traveller, genuine))
    }

    /// What comes next.
    ///
    /// # Errors
    /// [`Refusal`] when the journey can't go on.
    pub fn step(&self, app: &App) -> Result<Step, Refusal> {
        let facts = Facts {
            login: self.login.as_ref().map(|login| Login {
                session: &login.session,
                user: &login.user,
                in_journey: self.journey.session_id == Some(login.session.id),
                second_factor_enrolled: login.second_factor_enrolled,
            }),
            remembered: self.login.as_ref().and_then(|login| login.consent.as_ref()),
            decision: self.journey.decision.as_ref(),
            named: self.login.as_ref().and_then(|login| self.request.names(app, &login.user)),
            represents: self.represents,
        };
        next_step(self.request.requirements(), &facts, app.clock.now())
    }

    /// How far the person got, should they stop here.
    pub fn ended(&self, app: &App) -> Ended {
        let step = self.step(app);
        let last_error = match step {
            // Who leaves the page that asks for a better checked account leaves because of that.
            Ok(Step::Level(_)) => Some(Reason::LevelInsufficient.to_string()),
            Ok(Step::OtherIdentifier) => Some(Reason::IinMismatch.to_string()),
            _ => self.journey.last_error.clone(),
        };
        let stage = match step {
            Ok(Step::Login) if self.registering => Stage::Register,
            Ok(Step::Login | Step::OtherIdentifier) | Err(_) => Stage::Login,
            Ok(Step::SecondFactor) => Stage::SecondFactor,
            Ok(Step::Attributes(_) | Step::Level(_) | Step::NotRepresentative) => Stage::Attributes,
            Ok(Step::Consent(_) | Step::Done(_)) => Stage::Consent,
        };
        Ended { journey: self.journey.id, stage, last_error }
    }

    /// What surrounds the journey's pages: who asks, and how to leave.
    pub fn shell(&self, app: &App, visit: &Visit) -> Shell {
        let mut shell = visit.shell(app, self.request.locale(), self.request.theme());
        shell.client = self.request.asker().map(|asker| card(asker, self.request.client(), shell.locale));
        shell.cancel = Some(Cancel {
            action: "/cancel".into(),
            journey: self.journey.id.to_string(),
            csrf: self.csrf(),
            stays: self.request.user_code().is_some(),
        });
        shell
    }

    /// The same for a page at this path: after a post the address has no journey in it, so the links
    /// to other languages must name it.
    pub fn shell_at(&self, app: &App, visit: &Visit, path: &str) -> Shell {
        let mut shell = self.shell(app, visit);
        for link in &mut shell.languages {
            link.href = format!("{path}?journey={}&lang={}", self.journey.id, link.locale);
        }
        shell
    }

    /// The CSRF token of the journey's forms.
    pub fn csrf(&self) -> String {
        csrf::token(&self.cookie)
    }

    /// Where the journey goes on.
    pub fn next(&self) -> String {
        format!("/continue/{}", self.journey.id)
    }

    /// The name of the journey's cookie, to take it away at the end.
    pub fn cookie_name(&self) -> String {
        cookies::journey(self.journey.id)
    }
}

/// What people are shown of who asks; the client, when somebody has registered it.
fn card(asker: Asker, client: Option<&Client>, locale: Locale) -> ClientCard {
    let mut card = ClientCard {
        name: asker.name,
        host: asker.host,
        organisation: None,
        logo: None,
        home_url: None,
        policy_url: None,
        tos_url: None,
        unvouched: false,
    };
    let Some(client) = client else { return card };
    let said = &client.settings.oidc;
    if let Some(name) = said.names.get(&locale) {
        card.name.clone_from(name);
    }
    card.logo = logo::address(client);
    card.home_url.clone_from(&said.client_uri);
    card.policy_url.clone_from(&said.policy_uri);
    card.tos_url.clone_from(&said.tos_uri);
    card.unvouched = said.unvouched;
    card
}

fn unknown() -> Problem {
    let text = "there is no such journey; start again at the service you wanted to use";
    Problem::new(StatusCode::NOT_FOUND, ErrorKind::Expired, "journey_unknown", text)
}

fn ended(text: &str) -> Problem {
    Problem::new(StatusCode::GONE, ErrorKind::Expired, "journey_ended", text)
}

fn other_browser() -> Problem {
    let text = "the journey was begun in another browser, or this browser refused its cookie";
    Problem::new(StatusCode::FORBIDDEN, ErrorKind::OtherBrowser, "other_browser", text)
}
