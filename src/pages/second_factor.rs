//! The second factor: a code from an application, by SMS or mail, a recovery code, or a passkey
//! (`super::passkey`).

use axum::{body::Bytes, extract::State, response::Response};
use secrecy::SecretString;

use super::{
    codes::{self, Shown},
    sign_in::{count, raise_session},
    traveller::Traveller,
};
use crate::{
    app::{
        App, notices,
        one_time_codes::{self, Checked, CodeRequest},
    },
    crypto::{one_time_code::OneTimeCode, recovery_code, totp::Seed},
    form::Form,
    http::{
        fault::Fault,
        log,
        page::{self, Problem},
        visit::Visit,
    },
    journey::{Refusal, Step},
    model::{
        credential::{Credential, CredentialKind},
        journey::{Channel, Contact, Notes, Purpose, Reason},
        session::Amr,
    },
    secret::Digest,
    store::{
        credentials, journeys, logins,
        one_time_codes::{Holder, Sending},
        sessions::Login,
    },
    templates::{CodeSource, FieldError, Way},
};

const PAGE: &str = "/second-factor";
const RESEND: &str = "/second-factor/resend";

/// `GET /second-factor?journey=&way=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

/// `POST /second-factor`.
pub async fn post(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, check(&app, &visit, &Form::parse(&body)).await)
}

/// `POST /second-factor/resend`.
pub async fn resend(State(app): State<App>, visit: Visit, body: Bytes) -> Response {
    page::settle(&app, &visit, None, send_again(&app, &visit, &Form::parse(&body)).await)
}

/// What the account can prove itself with here.
struct Factors {
    all: Vec<Credential>,
    sms: Option<Contact>,
    mail: Option<Contact>,
}

impl Factors {
    async fn find(app: &App, login: &Login) -> Result<Self, Fault<Problem>> {
        let all = credentials::list(&app.pool, login.user.id).await?;
        let has = |kind| all.iter().any(|factor| factor.kind == kind);
        // Who came in by a code to this phone proves nothing by another one to it.
        let by_phone = login.session.amr.contains(&Amr::Sms);
        // An operator may have set the way up with a phone or mail that nobody confirmed; the person
        // can turn on confirmed ones alone.
        let sms = notices::held(&login.user, Channel::Sms).filter(|_| has(CredentialKind::Sms) && !by_phone);
        let mail = notices::held(&login.user, Channel::Mail).filter(|_| has(CredentialKind::Mail));
        Ok(Self { sms, mail, all })
    }

    fn has(&self, kind: CredentialKind) -> bool {
        match kind {
            CredentialKind::Sms => self.sms.is_some(),
            CredentialKind::Mail => self.mail.is_some(),
            _ => self.all.iter().any(|factor| factor.kind == kind),
        }
    }

    /// The way to begin with: the one chosen, else the strongest.
    fn choose(&self, chosen: Option<&str>) -> Option<CredentialKind> {
        let chosen = chosen.and_then(|word| word.parse().ok());
        const ORDER: [CredentialKind; 5] = [
            CredentialKind::Totp,
            CredentialKind::Sms,
            CredentialKind::Mail,
            CredentialKind::Passkey,
            CredentialKind::RecoveryCode,
        ];
        chosen
            .filter(|kind| ORDER.contains(kind) && self.has(*kind))
            .or_else(|| ORDER.into_iter().find(|kind| self.has(*kind)))
    }

    fn contact(&self, way: CredentialKind) -> Option<&Contact> {
        match way {
            CredentialKind::Sms => self.sms.as_ref(),
            CredentialKind::Mail => self.mail.as_ref(),
            _ => None,
        }
    }

    fn others(&self, way: CredentialKind, traveller: &Traveller) -> Vec<Way> {
        let journey = traveller.journey.id;
        let link =
            |kind: CredentialKind, key| Way { href: format!("{PAGE}?journey={journey}&way={kind}"), key };
        let mut ways = Vec::new();
        if way != CredentialKind::Passkey && self.has(CredentialKind::Passkey) {
            ways.push(Way { href: format!("/login/passkey?journey={journey}"), key: "way-passkey" });
        }
        for (kind, key) in [
            (CredentialKind::Totp, "way-totp"),
            (CredentialKind::Sms, "way-sms"),
            (CredentialKind::Mail, "way-mail"),
            (CredentialKind::RecoveryCode, "way-recovery"),
        ] {
            if kind != way && self.has(kind) {
                ways.push(link(kind, key));
            }
        }
        ways
    }
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let id = form.get("journey").ok().flatten().unwrap_or_default();
    let traveller = Traveller::find(app, visit, id).await?;
    let (Ok(Step::SecondFactor), Some(login)) = (traveller.step(app), &traveller.login) else {
        return Ok(page::see_other(&traveller.next()));
    };
    let factors = Factors::find(app, login).await?;
    let noted = traveller.journey.notes.second_factor.as_deref();
    let chosen = form.get("way").ok().flatten().or(noted);
    let Some(way) = factors.choose(chosen) else {
        // A second factor is demanded and there is none: it must be set up first, on the account page.
        let refusal = Refusal::Unmet(Box::new(Step::SecondFactor));
        return super::resume::refuse(app, visit, &traveller, refusal).await;
    };
    if way == CredentialKind::Passkey {
        return Ok(page::see_other(&format!("/login/passkey?journey={}", traveller.journey.id)));
    }
    let shell = traveller.shell_at(app, visit, PAGE);
    let Some(contact) = factors.contact(way) else {
        return Ok(page_for(app, &traveller, &factors, way).await?.render(app, &shell)?);
    };
    // The first code goes out when the page opens: the person has just given their password and
    // waits for it. A page opened again sends nothing, since one is on its way already.
    let current = one_time_codes::status(app, Purpose::SecondFactor, holder(&traveller)).await?;
    if current.as_ref().is_some_and(|current| current.contact == *contact) {
        return Ok(page_for(app, &traveller, &factors, way).await?.render(app, &shell)?);
    }
    let sending = one_time_codes::send(app, &request(visit, app, &traveller, contact)).await?;
    let shown = page_for(app, &traveller, &factors, way).await?;
    Ok(match codes::not_sent(sending, "form") {
        None => shown,
        Some((error, until)) => shown.wait(error, until, app.clock.now()),
    }
    .render(app, &shell)?)
}

async fn page_for(
    app: &App,
    traveller: &Traveller,
    factors: &Factors,
    way: CredentialKind,
) -> Result<Shown, Fault<Problem>> {
    let (journey, csrf) = (Some(traveller.journey.id.to_string()), traveller.csrf());
    let action = format!("{PAGE}?way={way}");
    let mut shown = match factors.contact(way) {
        Some(contact) => {
            let current = one_time_codes::status(app, Purpose::SecondFactor, holder(traveller)).await?;
            let status = current.filter(|current| current.contact == *contact).unwrap_or_else(|| {
                one_time_codes::Status {
                    contact: contact.clone(),
                    lives: std::time::Duration::ZERO,
                    tries: 0,
                    resend_in: std::time::Duration::ZERO,
                }
            });
            let title = if way == CredentialKind::Sms { "code-title-phone" } else { "code-title-mail" };
            let resend = format!("{RESEND}?way={way}");
            Shown::sent(title, (&action, &resend), journey, csrf, &status)
        }
        None if way == CredentialKind::RecoveryCode => {
            Shown::new("recovery-title", &action, journey, csrf, CodeSource::Recovery, None)
        }
        None => Shown::new("code-title-application", &action, journey, csrf, CodeSource::Application, None),
    };
    shown.page.ways = factors.others(way, traveller);
    Ok(shown)
}

/// The other ways that the passkey page offers in this place.
///
/// # Errors
/// When the database fails.
pub async fn other_ways(app: &App, login: &Login, traveller: &Traveller) -> Result<Vec<Way>, Fault<Problem>> {
    let factors = Factors::find(app, login).await?;
    Ok(factors.others(CredentialKind::Passkey, traveller))
}

fn holder(traveller: &Traveller) -> Holder {
    Holder::Journey(traveller.journey.id)
}

fn request<'a>(visit: &Visit, app: &App, traveller: &Traveller, contact: &'a Contact) -> CodeRequest<'a> {
    CodeRequest {
        purpose: Purpose::SecondFactor,
        holder: holder(traveller),
        contact,
        locale: visit.locale(app, traveller.request.locale()),
        text: "message-code-second-factor",
        address: visit.throttle_key(),
    }
}

/// What guesses at this account's second factor are counted under.
pub fn throttle_key(login: &Login) -> Digest {
    Digest::of(format!("second-factor:{}", login.user.id).as_bytes())
}

async fn check(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (Ok(Step::SecondFactor), Some(login)) = (traveller.step(app), &traveller.login) else {
        // A second press after the right code: the journey goes on all the same.
        return Ok(page::see_other(&traveller.next()));
    };
    log::user(login.user.id);
    let factors = Factors::find(app, login).await?;
    let chosen = visit.query();
    let Some(way) = factors.choose(chosen.get("way").ok().flatten()) else {
        return Ok(page::see_other(&traveller.next()));
    };
    let shown = page_for(app, &traveller, &factors, way).await?;
    let shell = traveller.shell_at(app, visit, PAGE);
    if !genuine {
        return Ok(shown.stale().render(app, &shell)?);
    }
    let typed = form.get("code").ok().flatten().unwrap_or_default();
    if typed.is_empty() {
        return Ok(shown.error(FieldError::new("code", "code-missing")).render(app, &shell)?);
    }
    let now = app.clock.now();
    if let Some(until) = logins::blocked_until(&app.pool, throttle_key(login), now).await? {
        count("second-factor", "throttled");
        return Ok(shown.wait(FieldError::new("code", "login-throttled"), until, now).render(app, &shell)?);
    }
    let proved = match way {
        CredentialKind::Sms | CredentialKind::Mail => {
            let checked = one_time_codes::check(
                app,
                Purpose::SecondFactor,
                holder(&traveller),
                factors.contact(way),
                typed,
            )
            .await?;
            match codes::fault(&checked) {
                Some(fault) => Err(fault),
                // Used up by another press of the same person, which raises the session.
                None if matches!(checked, Checked::Used(_)) => return Ok(page::see_other(&traveller.next())),
                None if way == CredentialKind::Sms => Ok(vec![Amr::OneTimeCode, Amr::Sms]),
                None => Ok(vec![Amr::OneTimeCode]),
            }
        }
        CredentialKind::RecoveryCode => recovery(app, login, typed).await?,
        _ => application(app, &factors, login, typed).await?,
    };
    match proved {
        Ok(ways) => {
            count("second-factor", "success");
            let raised = raise_session(app, visit, &traveller, login, &ways, &[throttle_key(login)]).await?;
            Ok(raised.unwrap_or_else(|| page::see_other(&traveller.next())))
        }
        Err((error, reason)) => {
            count("second-factor", "failure");
            let charged = [("account", throttle_key(login))];
            logins::fail(&app.pool, Some(traveller.journey.id), reason, &charged, now).await?;
            let shown = page_for(app, &traveller, &factors, way).await?;
            Ok(shown.error(error).render(app, &shell)?)
        }
    }
}

type Proved = Result<Vec<Amr>, (FieldError, Reason)>;

fn wrong(key: &'static str) -> Proved {
    log::outcome(Reason::CodeWrong.word());
    Err((FieldError::new("code", key), Reason::CodeWrong))
}

/// A code of the authenticator application; each time step counts once (RFC 6238 §5.2).
async fn application(
    app: &App,
    factors: &Factors,
    login: &Login,
    typed: &str,
) -> Result<Proved, Fault<Problem>> {
    let Some(code) = OneTimeCode::typed(typed) else { return Ok(wrong("totp-wrong")) };
    let now = app.clock.now();
    for factor in factors.all.iter().filter(|factor| factor.kind == CredentialKind::Totp) {
        let Some(sealed) = &factor.sealed else { continue };
        let seed = Seed::from_bytes(&app.sealer.open(&Credential::place(login.user.id), sealed)?);
        if let Some(step) = seed.step_of(&code, now)
            && credentials::use_totp_step(&app.pool, factor.id, step, now).await?
        {
            return Ok(Ok(vec![Amr::OneTimeCode]));
        }
    }
    Ok(wrong("totp-wrong"))
}

/// A recovery code: used up by this, and its owner is told, since a thief's use looks the same.
async fn recovery(app: &App, login: &Login, typed: &str) -> Result<Proved, Fault<Problem>> {
    let digest = recovery_code::digest(&SecretString::from(typed), login.user.id);
    if !credentials::redeem_recovery_code(&app.pool, login.user.id, digest).await? {
        return Ok(wrong("recovery-wrong"));
    }
    notices::tell_owner(app, &login.user, "notice-recovery-code-used", &[]).await?;
    Ok(Ok(vec![Amr::OneTimeCode]))
}

async fn send_again(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let (traveller, genuine) = Traveller::find_for_form(app, visit, form).await?;
    let (Ok(Step::SecondFactor), Some(login)) = (traveller.step(app), &traveller.login) else {
        return Ok(page::see_other(&traveller.next()));
    };
    let factors = Factors::find(app, login).await?;
    let chosen = visit.query();
    let Some((way, contact)) =
        factors.choose(chosen.get("way").ok().flatten()).and_then(|way| Some((way, factors.contact(way)?)))
    else {
        return Ok(page::see_other(&traveller.next()));
    };
    let shell = traveller.shell_at(app, visit, PAGE);
    if !genuine {
        return Ok(page_for(app, &traveller, &factors, way).await?.stale().render(app, &shell)?);
    }
    let now = app.clock.now();
    let notes = Notes { second_factor: Some(way.to_string()), ..traveller.journey.notes.clone() };
    journeys::note(&app.pool, traveller.journey.id, &notes, now).await?;
    let sending = one_time_codes::send(app, &request(visit, app, &traveller, contact)).await?;
    match codes::not_sent(sending, "form") {
        None => Ok(page::see_other(&format!("{PAGE}?journey={}&way={way}", traveller.journey.id))),
        Some((error, until)) => {
            debug_assert!(sending != Sending::Sent);
            let shown = page_for(app, &traveller, &factors, way).await?;
            Ok(shown.wait(error, until, now).render(app, &shell)?)
        }
    }
}
