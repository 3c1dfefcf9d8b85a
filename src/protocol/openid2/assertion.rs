//! Answers to an authentication request: a positive assertion (OpenID Authentication 2.0 §10.1), a
//! negative one (§10.2), or an error (§5.2.3).

use time::{OffsetDateTime, UtcOffset, macros::format_description};

use super::{
    addresses,
    association::{Association, Kind},
    ax::Release,
    fields::Fields,
    message::{OPENID2_NS, Version},
    reject::Reject,
    request::{Authentication, Returnable},
    signature,
};
use crate::{
    app::App,
    form::append_query,
    http::{
        fault::{Fault, InternalError},
        log,
        page::Problem,
    },
    ids::{GrantId, JourneyId},
    journey::{Authenticated, Refusal},
    model::{grant::Grant, user::User},
    protocol::{Reply, openid2_identity},
    store::{assertions, grants, sessions::Login},
};

/// Longest address that an answer travels in (§4.1.2 has the form for longer ones; 2,047 bytes is
/// what every browser of that time took).
const LONGEST_ADDRESS: usize = 2_047;

/// Asserts who the person is; `None` when another request has ended the journey.
///
/// # Errors
/// When the database fails.
pub async fn answer(
    app: &App,
    request: &Authentication,
    login: &Login,
    authenticated: &Authenticated,
    journey: Option<JourneyId>,
) -> Result<Option<Reply>, Fault<Problem>> {
    let now = app.clock.now();
    let recorded = match &request.to.client {
        Some(client) => {
            let grant = Grant {
                id: GrantId(app.rng.uuid(now)),
                client_id: client.id,
                user_id: login.user.id,
                session_id: Some(login.session.id),
                scopes: authenticated.scopes.iter().cloned().collect(),
                attributes: authenticated.attributes.iter().cloned().collect(),
                id_token_claims: Vec::new(),
                userinfo_claims: Vec::new(),
                resources: Vec::new(),
                acting_for: None,
                amr: login.session.amr.clone(),
                auth_time: login.session.authenticated_at,
                created_at: now,
            };
            grants::insert(&app.pool, &grant, None, journey, authenticated.remember.as_ref()).await?
        }
        None => {
            let realm = &request.to.realm_text;
            assertions::note(&app.pool, login.user.id, login.session.id, realm, journey, now).await?
        }
    };
    if !recorded {
        return Ok(None);
    }
    let fields = positive(app, request, &login.user, authenticated, now)?;
    log::outcome("asserted");
    Ok(Some(reply(&request.to.return_to, &fields)))
}

/// The signed fields of a positive assertion.
fn positive(
    app: &App,
    request: &Authentication,
    user: &User,
    authenticated: &Authenticated,
    now: OffsetDateTime,
) -> Result<Fields, InternalError> {
    let (handle, association, invalid) = signer(app, request, now)?;
    let client = request.to.client.as_deref();
    let identity = openid2_identity::identifier(app, client, user);
    let mut fields = Fields::default();
    if request.to.version == Version::V2 {
        fields.set("ns", OPENID2_NS);
    }
    let mut signed: Vec<String> = Vec::new();
    let mut sign = |fields: &mut Fields, key: &str, value: &str| {
        fields.set(key, value);
        signed.push(key.to_owned());
    };
    match request.to.version {
        Version::V2 => {
            fields.set("mode", "id_res");
            sign(&mut fields, "op_endpoint", &addresses(app).op_endpoint());
            sign(&mut fields, "claimed_id", &identity);
            sign(&mut fields, "identity", &identity);
            sign(&mut fields, "return_to", &request.to.return_to);
            sign(&mut fields, "response_nonce", &nonce(app, now));
            sign(&mut fields, "assoc_handle", &handle);
        }
        // §14.1: OpenID 1 knows neither the endpoint nor a nonce.
        Version::V1 => {
            sign(&mut fields, "mode", "id_res");
            sign(&mut fields, "identity", &identity);
            sign(&mut fields, "return_to", &request.to.return_to);
            sign(&mut fields, "assoc_handle", &handle);
        }
    }
    if let Some(exchange) = &request.exchange {
        let user_id = openid2_identity::user_id(app, client, user);
        let release = Release {
            user,
            allowed: &authenticated.attributes,
            types: &app.settings.openid2.attributes,
            registry: &app.settings.attributes,
            dashes: client.is_some_and(|client| client.settings.openid2_dash_for_missing),
            user_id: &user_id,
        };
        for (key, value) in exchange.answer(&release) {
            sign(&mut fields, &key, &value);
        }
    }
    if let Some(invalid) = invalid {
        fields.set("invalidate_handle", invalid);
    }
    fields.set("signed", signed.join(","));
    let names: Vec<&str> = signed.iter().map(String::as_str).collect();
    let signature = signature::sign(&association, &fields, &names)
        .map_err(|error| InternalError::Failed(error.into()))?;
    fields.set("sig", signature);
    Ok(fields)
}

/// What signs, under which handle: the association that the relying party named, or when that is
/// unknown, expired or was never shared, a private one; then the named handle is called invalid
/// (§10.1, §8.2.4).
fn signer<'r>(
    app: &App,
    request: &'r Authentication,
    now: OffsetDateTime,
) -> Result<(String, Association, Option<&'r str>), InternalError> {
    let named = request.assoc_handle.as_deref();
    if let Some(handle) = named
        && let Some(association) = Association::open(&app.sealer, Kind::Shared, handle, now)
    {
        return Ok((handle.to_owned(), association, None));
    }
    let (handle, association) = Association::issue_private(&app.sealer, &app.rng, now)
        .map_err(|error| InternalError::Failed(error.into()))?;
    Ok((handle, association, named))
}

/// §10.1: the moment in UTC, to the second, and what makes it unique.
fn nonce(app: &App, now: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    // Formatting numbers into a text can't fail; an empty moment would only make the nonce invalid.
    let moment = now.to_offset(UtcOffset::UTC).format(format).unwrap_or_default();
    let unique: String = app.rng.bytes::<8>().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{moment}{unique}")
}

/// Says no: `cancel`, or `setup_needed` when nothing could be shown.
pub fn refuse(app: &App, request: &Authentication, refusal: &Refusal) -> Reply {
    let mut fields = Fields::default();
    let v2 = request.to.version == Version::V2;
    if v2 {
        fields.set("ns", OPENID2_NS);
    }
    let word = if matches!(refusal, Refusal::Needs(_)) { "setup_needed" } else { "cancel" };
    log::outcome(word);
    match (word, v2) {
        // §14.1, OpenID 1.1 §4.2.2.2: instead of a mode of its own, where to ask the person.
        ("setup_needed", false) => {
            fields.set("mode", "id_res");
            fields.set("user_setup_url", setup_url(app, request));
        }
        _ => fields.set("mode", word),
    }
    reply(&request.to.return_to, &fields)
}

/// The same request, with pages.
fn setup_url(app: &App, request: &Authentication) -> String {
    let mut fields = Fields::default();
    fields.set("mode", "checkid_setup");
    if let Some(name) = &request.named {
        fields.set("identity", addresses(app).identity(name));
    }
    fields.set("return_to", &*request.to.return_to);
    fields.set("trust_root", &*request.to.realm_text);
    if let Some(handle) = &request.assoc_handle {
        fields.set("assoc_handle", &**handle);
    }
    let pairs = fields.to_pairs();
    append_query(
        &addresses(app).op_endpoint(),
        pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())),
    )
}

/// Says what is wrong with the request.
pub fn error(to: &Returnable, reject: &Reject) -> Reply {
    log::outcome("error");
    let mut fields = Fields::default();
    if to.version == Version::V2 {
        fields.set("ns", OPENID2_NS);
    }
    fields.set("mode", "error");
    fields.set("error", reject.to_string());
    reply(&to.return_to, &fields)
}

/// In the address, or as a form when that would be too long. What the return address holds already
/// stays as it is.
fn reply(return_to: &str, fields: &Fields) -> Reply {
    let pairs = fields.to_pairs();
    let location = append_query(return_to, pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    if location.len() <= LONGEST_ADDRESS {
        return Reply::Redirect(location);
    }
    Reply::FormPost { action: return_to.to_owned(), fields: pairs }
}
