//! Making an account, one matter a page:
//!
//! 1. [`kind`]: what kind of account.
//! 2. [`details`]: who the person is; only what the kind needs.
//! 3. [`contact`] and [`code`]: a phone or mail address, confirmed by a one-time code.
//! 4. [`known`]: only for whom the code showed to hold the phone or mail of an account there is.
//! 5. [`password`]: user name, password, terms; the account is made and its session begins.
//!
//! What was typed is kept with the journey, right or wrong, and checked anew at each page, so that
//! people may go back and forth. No page tells a stranger whether somebody has an account.

pub mod code;
pub mod contact;
pub mod details;
mod fields;
pub mod kind;
pub mod known;
pub mod password;

use axum::response::Response;

use super::traveller::Traveller;
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    journey::Step,
    model::journey::{Notes, Registration, Stage},
    store::journeys,
    templates::{JourneyForm, Shell},
};

/// The pages in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Kind,
    Details,
    Contact,
    Password,
}

impl Place {
    const fn path(self) -> &'static str {
        match self {
            Self::Kind => "/register",
            Self::Details => "/register/details",
            Self::Contact => "/register/contact",
            Self::Password => "/register/password",
        }
    }
}

/// How far the person has got: the first page whose matter is not settled.
fn reached(app: &App, traveller: &Traveller) -> Place {
    let registration = registration(traveller);
    let Some(kind) = registration.kind else { return Place::Kind };
    let fields = fields::wanted(app, traveller, kind);
    if fields::check(app, &fields, &registration.typed).is_err() {
        return Place::Details;
    }
    match traveller.journey.notes.confirmed {
        None => Place::Contact,
        Some(_) => Place::Password,
    }
}

fn registration(traveller: &Traveller) -> Registration {
    traveller.journey.notes.registration.clone().unwrap_or_default()
}

/// Where to send somebody who is not at this page's turn; `None` for who is.
fn elsewhere(app: &App, traveller: &Traveller, here: Place) -> Option<Response> {
    if traveller.step(app) != Ok(Step::Login) {
        // Signed in: by an earlier press of the last button, or in another tab.
        return Some(page::see_other(&traveller.next()));
    }
    let reached = reached(app, traveller);
    // A phone that was confirmed need not be asked for.
    let settled = here == Place::Contact && reached == Place::Password;
    (here > reached || settled).then(|| to(traveller, reached.path()))
}

fn to(traveller: &Traveller, path: &str) -> Response {
    page::see_other(&format!("{path}?journey={}", traveller.journey.id))
}

/// Keeps what was typed.
async fn keep(
    app: &App,
    traveller: &mut Traveller,
    registration: Registration,
) -> Result<(), Fault<Problem>> {
    let notes = Notes { registration: Some(registration), ..traveller.journey.notes.clone() };
    journeys::note(&app.pool, traveller.journey.id, &notes, app.clock.now()).await?;
    traveller.journey.notes = notes;
    Ok(())
}

/// What was typed into a field; one that is repeated or no text is the browser's fault, not the
/// person's.
fn typed<'a>(form: &'a Form, name: &str) -> Result<Option<&'a str>, Fault<Problem>> {
    form.present(name).map_err(|bad| Fault::Reject(Problem::developer("invalid_request", bad.to_string())))
}

fn shell(app: &App, visit: &Visit, traveller: &Traveller, path: &str) -> Shell {
    let mut shell = traveller.shell_at(app, visit, path);
    if let Some(cancel) = &mut shell.cancel {
        cancel.action = format!("{}?stage={}", cancel.action, Stage::Register);
    }
    shell
}

fn journey_form(traveller: &Traveller, action: &str) -> JourneyForm {
    super::journey_form(traveller, action)
}
