//! The one question behind every protocol: who is this, may this client know these things, and how
//! well was it checked? Pure: [`next_step`] looks at what is required and what is known and says
//! what comes next. Facts are stored, never a stage.

mod asked;
mod facts;
mod requirements;
mod step;

pub use asked::{asked_of, holds, wanted};
pub use facts::{Facts, Login};
pub use requirements::{Prompt, Requirements};
pub use step::{Authenticated, Refusal, Step, has_another_phone, next_step};
