//! A device's request, as its person is asked about it (RFC 8628 §3.3).
//!
//! 1. The person has typed the user code: a journey begins that knows the device code's digest.
//! 2. Each step finds the device code again: it must live, and nobody have decided about it.
//! 3. Consent is asked whatever was allowed before, with the code to compare (§5.4).
//! 4. What the person says is kept for the device to ask for; they stay here.

use std::{collections::BTreeSet, sync::Arc};

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};

use super::{claims::Registry, grant::asked, reject::Reject};
use crate::{
    app::App,
    crypto::user_code::UserCode,
    form::Form,
    http::{
        fault::{Fault, InternalError},
        log,
        page::Problem,
    },
    ids::{GrantId, JourneyId},
    journey::{Authenticated, Prompt, Requirements},
    model::{
        attribute::Level,
        client::{Client, Flow},
        consent::Asked,
        grant::Grant,
    },
    protocol::Reply,
    secret::Digest,
    store::{device_codes, sessions::Login},
    templates::ErrorKind,
};

/// A device that waits for its person.
#[derive(Clone)]
pub struct Approval {
    /// Who asks.
    pub client: Arc<Client>,
    /// What must be so before the answer.
    pub requirements: Requirements,
    /// The code that the person typed, to be compared with the device's once more.
    pub user_code: String,
    resources: Vec<String>,
    code: Digest,
}

/// What a device asks for, once understood.
pub struct Wish {
    requirements: Requirements,
    resources: Vec<String>,
}

/// Vets what a device asks for.
///
/// # Errors
/// [`Reject`] naming the parameter at fault.
pub fn vet(app: &App, client: &Client, form: &Form) -> Result<Wish, Reject> {
    let registry = Registry { scopes: &app.settings.scopes, attributes: &app.settings.attributes };
    // RFC 6749 §3.3. Without the parameter: what the client registered, but nothing that changes the
    // kind of answer.
    let quiet = |scope: &&String| !["openid", "offline_access"].contains(&scope.as_str());
    let scopes = asked::scopes(client, registry.scopes, form)?
        .unwrap_or_else(|| client.scopes.iter().filter(quiet).cloned().collect());
    let resources = form.all("resource")?;
    if let Some(unknown) = resources.iter().find(|name| !client.resources.iter().any(|known| known == *name))
    {
        return Err(Reject::Target((*unknown).to_owned()));
    }
    let required: BTreeSet<String> = client.settings.require_attributes.iter().cloned().collect();
    let mut optional = registry.attributes_for(scopes.iter().map(String::as_str), []);
    optional.retain(|attribute| !required.contains(attribute));
    let requirements = Requirements {
        // RFC 8628 §5.4: who is led to allow a stranger's device must at least be told what they do.
        prompt: Prompt { consent: true, ..Prompt::default() },
        min_level: client.settings.min_level.max(wished_level(form)?),
        asked: Asked { scopes, required, optional },
        ..Requirements::default()
    };
    Ok(Wish { requirements, resources: resources.into_iter().map(str::to_owned).collect() })
}

/// RFC 9470 §5: of several values any will do; those that are no level of ours are passed over.
fn wished_level(form: &Form) -> Result<Level, Reject> {
    let values = form.get("acr_values")?.unwrap_or_default().split(' ');
    Ok(values.filter_map(|acr| Level::try_from(acr.parse::<i16>().ok()?).ok()).min().unwrap_or_default())
}

impl Approval {
    /// What a journey to allow this device is saved with: digests, and the typed code under the
    /// encryption key.
    ///
    /// # Errors
    /// When the cipher refuses.
    pub fn parameters(app: &App, code: Digest, typed: &UserCode) -> Result<String, InternalError> {
        let sealed = app.sealer.seal(&place(code), typed.shown().as_bytes(), &app.rng)?;
        Ok(form_urlencoded::Serializer::new(String::new())
            .append_pair("device_code", &B64.encode(code.as_bytes()))
            .append_pair("user_code", &B64.encode(sealed))
            .finish())
    }

    /// Finds the device of saved parameters anew.
    ///
    /// # Errors
    /// [`Problem`] for an error page: it waits no longer, or its client may not ask any more.
    pub async fn find(app: &App, parameters: &str) -> Result<Self, Fault<Problem>> {
        let form = Form::parse(parameters.as_bytes());
        let saved = |name| form.get(name).ok().flatten().and_then(|text| B64.decode(text).ok());
        let code = saved("device_code").and_then(|bytes| Digest::from_stored(&bytes));
        let code = code.ok_or_else(|| over("the device code can't be read any more"))?;
        let found = device_codes::find(&app.pool, code).await?;
        let found = found.ok_or_else(|| over("the device code is no more"))?;
        if found.decided {
            return Err(over("the device was answered already"));
        }
        if found.expires_at <= app.clock.now() {
            return Err(over("the device code has expired"));
        }
        let client = app.clients.find(&app.pool, &found.client).await?;
        let client = client.ok_or_else(|| over("the client is no more"))?;
        log::client(client.id);
        if client.disabled_at.is_some() || !client.has_flow(Flow::DeviceCode) {
            let why = "this client has been disabled, or may not use device codes";
            let problem =
                Problem::new(StatusCode::FORBIDDEN, ErrorKind::Forbidden, "unauthorized_client", why);
            return Err(Fault::Reject(problem));
        }
        let wish = vet(app, &client, &Form::parse(found.parameters.as_bytes()))
            .map_err(|reject| Fault::Reject(Problem::developer(reject.code(), reject.description())))?;
        let typed = app.sealer.open(&place(code), &saved("user_code").unwrap_or_default());
        let typed = typed.map_err(|_| over("the user code can't be read any more"))?;
        Ok(Self {
            client,
            requirements: wish.requirements,
            user_code: String::from_utf8_lossy(&typed).into_owned(),
            resources: wish.resources,
            code,
        })
    }

    /// Keeps what the person allowed for the device to ask for; `None` when the journey has ended
    /// meanwhile, or the code was decided about in another.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer(
        &self,
        app: &App,
        login: &Login,
        authenticated: &Authenticated,
        journey: Option<JourneyId>,
    ) -> Result<Option<Reply>, Fault<Problem>> {
        let now = app.clock.now();
        let names = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
        let grant = Grant {
            id: GrantId(app.rng.uuid(now)),
            client_id: self.client.id,
            user_id: login.user.id,
            // The device has no part in this browser's session: signing out here leaves it as it is.
            session_id: None,
            scopes: names(&authenticated.scopes),
            attributes: names(&authenticated.attributes),
            id_token_claims: Vec::new(),
            userinfo_claims: Vec::new(),
            resources: self.resources.clone(),
            acting_for: None,
            amr: login.session.amr.clone(),
            auth_time: login.session.authenticated_at,
            created_at: now,
        };
        if !device_codes::approve(&app.pool, self.code, &grant, journey).await? {
            return Ok(None);
        }
        log::outcome("device_allowed");
        Ok(Some(Reply::Device { client: self.client.name.clone(), allowed: true }))
    }

    /// Keeps the refusal for the device to ask for, and ends the journey: true for the one caller who
    /// ends it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deny(&self, app: &App, journey: JourneyId) -> Result<bool, InternalError> {
        Ok(device_codes::deny(&app.pool, self.code, journey, app.clock.now()).await?)
    }

    /// Tells the person that the device was refused.
    pub fn refuse(&self) -> Reply {
        log::outcome("device_denied");
        Reply::Device { client: self.client.name.clone(), allowed: false }
    }
}

/// Where a typed code that is sealed belongs to.
fn place(code: Digest) -> String {
    format!("journeys/device_code/{}", B64.encode(code.as_bytes()))
}

fn over(why: &str) -> Fault<Problem> {
    log::detail(why);
    Fault::Reject(Problem::new(StatusCode::GONE, ErrorKind::DeviceExpired, "expired_token", why))
}
