//! Signing in with a certificate, without pages: `GET /oauth2/authorize/certificate`.
//!
//! 1. The request is vetted as at the authorization endpoint.
//! 2. The sender has shown a certificate, and holds its key.
//! 3. It was not taken back, and names a person: it is registered to them, or an authority that the
//!    operator believes about people vouches for it.
//! 4. The answer goes back at once. Nothing can be asked, so whatever else is wanted is a refusal; the
//!    choice of the certificate stands for the consent.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{answer, authorize, redirect_uri::OUT_OF_BAND, request::Authorization};
use crate::{
    app::{
        App,
        certificate_owner::{self, Owner},
    },
    crypto::certificate::Chain,
    form::append_query,
    http::{
        fault::{Fault, InternalError},
        log,
        page::{self, Problem},
        visit::Visit,
    },
    ids::SessionId,
    journey::{Facts, Login, Refusal, Step, asked_of, next_step},
    model::{
        consent::{Consent, Decision},
        journal::Entry,
        session::{Amr, Session},
        user::User,
    },
    protocol::{Reply, represents, respond::respond},
    store::{self, sessions},
    templates::ErrorKind,
};

/// The path; clients of `dss` know it by another as well.
pub const PATH: &str = "/oauth2/authorize/certificate";

/// `GET /oauth2/authorize/certificate`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, serve(&app, &visit).await)
}

async fn serve(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let request = match authorize::read(app, visit.uri.query().unwrap_or_default()).await? {
        Ok((request, _)) => request,
        Err(reply) => return send(app, visit, "error", reply),
    };
    if is_embedded(visit) {
        // A page of anybody's could have browsers fetch this unseen: the answer tells the client who
        // is there, and asks nobody.
        return Err(refused("certificate_embedded", "only a person may come here, not a part of a page"));
    }
    let chain = visit
        .certificate
        .as_deref()
        .ok_or_else(|| refused("certificate_missing", "no certificate was shown"))?;
    let user = identify(app, visit, chain).await?;
    log::user(user.id);
    match decide(app, &request, user).await? {
        Ok((login, authenticated)) => {
            metrics::counter!("tamga_logins_total", "method" => "certificate", "outcome" => "success")
                .increment(1);
            let reply = answer::answer_without_session(app, &request, &login, &authenticated).await?;
            send(app, visit, "code", reply)
        }
        Err(refusal) => send(app, visit, "error", authorize::refuse(app, &request, &refusal).await?),
    }
}

/// Whose certificate it is.
async fn identify(app: &App, visit: &Visit, chain: &Chain) -> Result<User, Fault<Problem>> {
    let failed = |code, description| {
        metrics::counter!("tamga_logins_total", "method" => "certificate", "outcome" => "failure")
            .increment(1);
        Err(refused(code, description))
    };
    match certificate_owner::find(app, chain).await? {
        // In the words of an unknown one: that there is such an account is nobody's business.
        Owner::Is(user) if user.disabled_at.is_none() => Ok(*user),
        Owner::Is(_) | Owner::Nobody => {
            failed("certificate_unknown", "the certificate names nobody who has an account here")
        }
        Owner::NotNow => {
            failed("certificate_expired", "the certificate has expired, or its time is still to come")
        }
        Owner::Revoked => {
            store::journal::insert(&app.pool, &refused_line(app, visit, chain)).await?;
            failed("certificate_revoked", "the certificate was taken back by who issued it")
        }
    }
}

/// The journal line for a certificate that was taken back.
fn refused_line(app: &App, visit: &Visit, chain: &Chain) -> Entry {
    let fingerprint = chain.leaf.thumbprint();
    let mut entry =
        Entry::by_operator(app.clock.now(), "certificate.refuse_revoked", "certificate", fingerprint);
    entry.actor_kind = "system";
    entry.address = Some(visit.address.to_string());
    entry.request_id = Some(visit.request_id);
    entry.after = Some(json!({"reason": "revoked"}));
    entry
}

type Decided = Result<(sessions::Login, crate::journey::Authenticated), Refusal>;

/// The same question as of every request, for somebody who has proved themselves just now.
async fn decide(app: &App, request: &Authorization, user: User) -> Result<Decided, Fault<Problem>> {
    let now = app.clock.now();
    let session = Session {
        id: SessionId(app.rng.uuid(now)),
        user_id: user.id,
        amr: vec![Amr::ProofOfPossession],
        authenticated_at: now,
        last_seen_at: now,
    };
    let before = store::consents::find(&app.pool, user.id, request.client.id).await?;
    let login = sessions::Login { session, user, consent: before, second_factor_enrolled: false };
    let decision = choice(request, &login);
    let facts = Facts {
        login: Some(Login {
            session: &login.session,
            user: &login.user,
            in_journey: true,
            second_factor_enrolled: false,
        }),
        remembered: None,
        // Asking anew is what the client wants, and nobody can be asked here.
        decision: Some(&decision).filter(|_| !request.requirements.prompt.consent),
        named: None,
        represents: represents(app, &request.requirements, Some(&login)).await?,
    };
    Ok(match next_step(&request.requirements, &facts, now) {
        Ok(Step::Done(authenticated)) => Ok((login, authenticated)),
        Ok(step) => Err(Refusal::Needs(Box::new(step))),
        Err(refusal) => Err(refusal),
    })
}

/// All that is asked, but for what the person kept back from this client before.
fn choice(request: &Authorization, login: &sessions::Login) -> Decision {
    let asked = asked_of(&request.requirements, &login.user);
    let kept_back =
        login.consent.as_ref().map(|consent: &Consent| consent.refused.clone()).unwrap_or_default();
    let (refused, attributes) =
        asked.required.union(&asked.optional).cloned().partition(|name| kept_back.contains(name));
    Decision { user_id: login.user.id, scopes: asked.scopes, attributes, refused, remember: false }
}

/// Sends an answer back: 302, out of band too, where a program waits and no person reads a page.
fn send(app: &App, visit: &Visit, name: &str, reply: Reply) -> Result<Response, Fault<Problem>> {
    let location = match reply {
        Reply::Redirect(location) => location,
        Reply::Code(value) => append_query(OUT_OF_BAND, [(name, value.as_str())]),
        other => return Ok(respond(app, visit, None, other)?),
    };
    let location = HeaderValue::from_str(&location)
        .map_err(|error| Fault::Internal(InternalError::Failed(Box::new(error))))?;
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

/// Whether the browser says that it was not asked to go here, but to fetch (Fetch Metadata). Programs
/// say nothing of the kind.
fn is_embedded(visit: &Visit) -> bool {
    let says = |name: &str, value: &str| visit.headers.get(name).is_some_and(|said| said != value);
    says("sec-fetch-mode", "navigate") || says("sec-fetch-dest", "document")
}

fn refused(code: &str, description: &str) -> Fault<Problem> {
    Fault::Reject(Problem::new(StatusCode::UNAUTHORIZED, ErrorKind::Certificate, code, description))
}
