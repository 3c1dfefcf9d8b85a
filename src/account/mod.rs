//! The person's own pages: profile, sessions, applications, credentials, activity.

pub mod visitor;
