//! What people see on a journey: sign in, consent, and the way between them.

pub mod attributes;
pub mod cancel;
pub mod codes;
pub mod confirmation;
pub mod consent;
pub mod device;
pub mod fields;
pub mod forgotten;
pub mod home;
pub mod labels;
pub mod level;
pub mod login;
pub mod logo;
pub mod mismatch;
pub mod new_password;
pub mod passkey;
pub mod password_link;
pub mod phone;
pub mod register;
mod rehash;
pub mod resume;
pub mod second_factor;
pub mod sign_in;
pub mod static_files;
pub mod terms;
pub mod traveller;

use crate::templates::JourneyForm;
use traveller::Traveller;

/// The hidden fields of a form in a journey.
fn journey_form(traveller: &Traveller, action: &str) -> JourneyForm {
    JourneyForm {
        action: action.to_owned(),
        journey: traveller.journey.id.to_string(),
        csrf: traveller.csrf(),
    }
}
