//! The registrar's pages: find a person, look at what they sent, and say how well a value was
//! checked. Every look and every judgement is a line of the journal.

pub mod files;
mod judgement;
pub mod person;
pub mod search;
mod view;

pub use judgement::wrong_reason;
