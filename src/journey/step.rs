//! The decision, in order: sign in, second factor, identifier, attributes, level, organisation,
//! consent, done.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::{
    Facts, Login, Requirements,
    asked::{asked_of, missing},
};
use crate::model::{
    attribute::Level,
    consent::{Asked, Consent, Decision},
    session::Amr,
    user::User,
};

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The person must sign in.
    Login,
    /// The person must prove a second factor.
    SecondFactor,
    /// The account's IIN is another than the one the client signed: it can't go on.
    OtherIdentifier,
    /// The account lacks these required attributes.
    Attributes(Vec<String>),
    /// The account's level is below this one.
    Level(Level),
    /// The person does not represent the organisation that the client names: they can't go on.
    NotRepresentative,
    /// The person must decide about this.
    Consent(Asked),
    /// Answer.
    Done(Authenticated),
}

/// What the answer may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authenticated {
    /// Scopes granted.
    pub scopes: BTreeSet<String>,
    /// Attributes allowed.
    pub attributes: BTreeSet<String>,
    /// The decision to remember, when the person wants that.
    pub remember: Option<Decision>,
}

/// Why a journey ends without what was asked; each protocol has its own words for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The request forbade asking the person, and this step needs them.
    Needs(Box<Step>),
    /// The person said no, or pressed Cancel.
    Denied,
    /// Another account signed in than the one the request named.
    WrongSubject,
    /// The account can't meet what the client requires, and no page here can mend that.
    Unmet(Box<Step>),
}

/// Says what comes next for these requirements and facts at `now`. A passive request that is not
/// done is the caller's to refuse with [`Refusal::Needs`].
///
/// # Errors
/// [`Refusal::WrongSubject`] when someone other than the demanded subject has just signed in:
/// asking again would go round for ever.
pub fn next_step(required: &Requirements, facts: &Facts<'_>, now: OffsetDateTime) -> Result<Step, Refusal> {
    let Some(login) = &facts.login else { return Ok(Step::Login) };
    if required.subject.is_some_and(|subject| subject != login.user.id) || facts.named == Some(false) {
        return if login.in_journey { Err(Refusal::WrongSubject) } else { Ok(Step::Login) };
    }
    if has_another_phone(required, login) || !fresh_enough(required, login, now) {
        return Ok(Step::Login);
    }
    let second_factor = required.second_factor || login.second_factor_enrolled;
    if second_factor && !login.session.amr.contains(&Amr::MultiFactor) {
        return Ok(Step::SecondFactor);
    }
    if has_another_iin(required, login.user) {
        return Ok(Step::OtherIdentifier);
    }
    let missing = missing(required, login.user);
    if !missing.is_empty() {
        return Ok(Step::Attributes(missing));
    }
    if login.user.level() < required.min_level {
        return Ok(Step::Level(required.min_level));
    }
    if required.acting_for.is_some() && facts.represents != Some(true) {
        return Ok(Step::NotRepresentative);
    }
    if required.own_page {
        return Ok(done(&Consent::default(), Asked::default(), None));
    }
    Ok(consent(required, facts, login.user))
}

/// `max_age` and a demanded sign-in are met by any sign-in of this journey, however long its
/// pages stay open; otherwise the session's age decides.
fn fresh_enough(required: &Requirements, login: &Login<'_>, now: OffsetDateTime) -> bool {
    if login.in_journey {
        return true;
    }
    let young = required.max_age.is_none_or(|max_age| now - login.session.authenticated_at <= max_age);
    young && !required.prompt.login
}

/// A signed IIN is that of one person; who has none yet gives it on the page for missing attributes.
fn has_another_iin(required: &Requirements, user: &User) -> bool {
    match (&required.locked_iin, user.attribute("iin")) {
        (Some(locked), Some(held)) => locked.as_str() != held,
        _ => false,
    }
}

/// Whether a session from before belongs to somebody with another confirmed phone than the one the
/// client names. A sign-in of this journey stands: the phone may be changed on the page.
pub fn has_another_phone(required: &Requirements, login: &Login<'_>) -> bool {
    let held = login.user.attributes.get("mobile_phone").filter(|held| held.level > Level::UNVERIFIED);
    match (&required.phone, held) {
        (Some(wanted), Some(held)) => !login.in_journey && held.value != wanted.as_str(),
        _ => false,
    }
}

fn consent(required: &Requirements, facts: &Facts<'_>, user: &User) -> Step {
    let asked = asked_of(required, user);
    let decided = facts.decision.filter(|d| d.user_id == user.id);
    if let Some(decision) = decided
        && decision.consent().covers(&asked)
    {
        let remember = decision.remember.then(|| decision.clone());
        return done(&decision.consent(), asked, remember);
    }
    match facts.remembered {
        Some(consent) if consent.covers(&asked) && !required.prompt.consent => done(consent, asked, None),
        _ => Step::Consent(asked),
    }
}

fn done(consent: &Consent, asked: Asked, remember: Option<Decision>) -> Step {
    Step::Done(Authenticated { attributes: consent.allowed(&asked), scopes: asked.scopes, remember })
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use uuid::Uuid;

    use super::*;
    use crate::{
        ids::{SessionId, UserId},
        model::{session::Session, user::tests::person},
    };

    fn at(seconds: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    struct Case {
        required: Requirements,
        user: User,
        session: Session,
        signed_in: bool,
        in_journey: bool,
        enrolled: bool,
        remembered: Option<Consent>,
        decision: Option<Decision>,
        named: Option<bool>,
        represents: Option<bool>,
    }

    /// Signed in 100 s ago, consent remembered for everything asked.
    fn case() -> Case {
        let user = person(&[("email", "a@b.c", 1), ("citizen_id", "1", 2)]);
        Case {
            required: Requirements {
                asked: Asked {
                    scopes: set(&["openid", "email"]),
                    required: set(&[]),
                    optional: set(&["email", "gender"]),
                },
                ..Requirements::default()
            },
            session: Session {
                id: SessionId(Uuid::from_u128(2)),
                user_id: user.id,
                amr: vec![Amr::Password],
                authenticated_at: at(900),
                last_seen_at: at(900),
            },
            user,
            signed_in: true,
            in_journey: false,
            enrolled: false,
            remembered: Some(Consent {
                scopes: set(&["openid", "email"]),
                attributes: set(&["email"]),
                refused: set(&[]),
            }),
            decision: None,
            named: None,
            represents: None,
        }
    }

    fn step(case: &Case) -> Result<Step, Refusal> {
        let facts = Facts {
            login: case.signed_in.then_some(Login {
                session: &case.session,
                user: &case.user,
                in_journey: case.in_journey,
                second_factor_enrolled: case.enrolled,
            }),
            remembered: case.remembered.as_ref(),
            decision: case.decision.as_ref(),
            named: case.named,
            represents: case.represents,
        };
        next_step(&case.required, &facts, at(1000))
    }

    fn decided(case: &Case, remember: bool) -> Decision {
        Decision {
            user_id: case.user.id,
            scopes: set(&["openid", "email"]),
            attributes: set(&[]),
            refused: set(&["email"]),
            remember,
        }
    }

    type Change = fn(&mut Case);
    type Expected = fn(&Result<Step, Refusal>) -> bool;

    #[test]
    fn the_steps_come_in_order() {
        let table: Vec<(&str, Change, Expected)> = vec![
            (
                "all is known",
                |_| {},
                |s| matches!(s, Ok(Step::Done(a)) if a.attributes == set(&["email"]) && a.remember.is_none()),
            ),
            ("nobody is signed in", |c| c.signed_in = false, |s| *s == Ok(Step::Login)),
            (
                "a young enough session",
                |c| c.required.max_age = Some(Duration::seconds(100)),
                |s| matches!(s, Ok(Step::Done(_))),
            ),
            (
                "too old a session",
                |c| c.required.max_age = Some(Duration::seconds(99)),
                |s| *s == Ok(Step::Login),
            ),
            ("max_age=0", |c| c.required.max_age = Some(Duration::ZERO), |s| *s == Ok(Step::Login)),
            (
                "max_age=0 and a sign-in of this journey",
                |c| {
                    c.required.max_age = Some(Duration::ZERO);
                    c.in_journey = true
                },
                |s| matches!(s, Ok(Step::Done(_))),
            ),
            ("prompt=login", |c| c.required.prompt.login = true, |s| *s == Ok(Step::Login)),
            (
                "prompt=login and a sign-in of this journey",
                |c| {
                    c.required.prompt.login = true;
                    c.in_journey = true
                },
                |s| matches!(s, Ok(Step::Done(_))),
            ),
            (
                "another subject is demanded",
                |c| c.required.subject = Some(UserId(Uuid::from_u128(9))),
                |s| *s == Ok(Step::Login),
            ),
            ("another name is demanded", |c| c.named = Some(false), |s| *s == Ok(Step::Login)),
            (
                "another name has just signed in",
                |c| {
                    c.named = Some(false);
                    c.in_journey = true
                },
                |s| *s == Err(Refusal::WrongSubject),
            ),
            ("the name that is demanded", |c| c.named = Some(true), |s| matches!(s, Ok(Step::Done(_)))),
            (
                "another subject has just signed in",
                |c| {
                    c.required.subject = Some(UserId(Uuid::from_u128(9)));
                    c.in_journey = true
                },
                |s| *s == Err(Refusal::WrongSubject),
            ),
            (
                "a second factor is demanded",
                |c| c.required.second_factor = true,
                |s| *s == Ok(Step::SecondFactor),
            ),
            ("a second factor is enrolled", |c| c.enrolled = true, |s| *s == Ok(Step::SecondFactor)),
            (
                "a second factor was proved",
                |c| {
                    c.enrolled = true;
                    c.session.amr.push(Amr::MultiFactor)
                },
                |s| matches!(s, Ok(Step::Done(_))),
            ),
            (
                "a required attribute is missing",
                |c| c.required.asked.required = set(&["iin"]),
                |s| *s == Ok(Step::Attributes(vec!["iin".into()])),
            ),
            (
                "attributes come before level",
                |c| {
                    c.required.asked.required = set(&["iin"]);
                    c.required.min_level = Level::HIGHEST
                },
                |s| matches!(s, Ok(Step::Attributes(_))),
            ),
            (
                "the signed IIN is the account's",
                |c| {
                    c.user = person(&[("iin", "900515400123", 0)]);
                    c.required.locked_iin = Some("900515400123".to_owned().into());
                },
                |s| matches!(s, Ok(Step::Done(_))),
            ),
            (
                "the signed IIN is another's",
                |c| {
                    c.user = person(&[("iin", "900515400123", 2)]);
                    c.required.locked_iin = Some("880315300568".to_owned().into());
                },
                |s| *s == Ok(Step::OtherIdentifier),
            ),
            (
                "whose IIN it is comes after the second factor",
                |c| {
                    c.user = person(&[("iin", "900515400123", 2)]);
                    c.required.locked_iin = Some("880315300568".to_owned().into());
                    c.enrolled = true
                },
                |s| *s == Ok(Step::SecondFactor),
            ),
            (
                "an IIN is signed and the account has none",
                |c| c.required.locked_iin = Some("900515400123".to_owned().into()),
                |s| *s == Ok(Step::Attributes(vec!["iin".into()])),
            ),
            (
                "an organisation is named, unknown whether represented",
                |c| c.required.acting_for = Some("050740004819".to_owned().into()),
                |s| *s == Ok(Step::NotRepresentative),
            ),
            (
                "an organisation is named that the person does not represent",
                |c| {
                    c.required.acting_for = Some("050740004819".to_owned().into());
                    c.represents = Some(false)
                },
                |s| *s == Ok(Step::NotRepresentative),
            ),
            (
                "an organisation is named that the person represents",
                |c| {
                    c.required.acting_for = Some("050740004819".to_owned().into());
                    c.represents = Some(true)
                },
                |s| matches!(s, Ok(Step::Done(_))),
            ),
            (
                "the level is too low",
                |c| c.required.min_level = Level::HIGHEST,
                |s| *s == Ok(Step::Level(Level::HIGHEST)),
            ),
            (
                "no consent yet",
                |c| c.remembered = None,
                |s| matches!(s, Ok(Step::Consent(a)) if a.optional == set(&["email"])),
            ),
            ("prompt=consent", |c| c.required.prompt.consent = true, |s| matches!(s, Ok(Step::Consent(_)))),
            (
                "prompt=consent, decided now",
                |c| {
                    c.required.prompt.consent = true;
                    c.decision = Some(decided(c, true))
                },
                |s| matches!(s, Ok(Step::Done(a)) if a.attributes.is_empty() && a.remember.is_some()),
            ),
            (
                "decided, not to be remembered",
                |c| {
                    c.remembered = None;
                    c.decision = Some(decided(c, false))
                },
                |s| matches!(s, Ok(Step::Done(a)) if a.remember.is_none()),
            ),
            (
                "another person decided",
                |c| {
                    c.remembered = None;
                    c.decision = Some(Decision { user_id: UserId(Uuid::from_u128(9)), ..decided(c, true) })
                },
                |s| matches!(s, Ok(Step::Consent(_))),
            ),
        ];
        for (name, change, expected) in table {
            let mut case = case();
            change(&mut case);
            let found = step(&case);
            assert!(expected(&found), "{name}: {found:?}");
        }
    }
}
