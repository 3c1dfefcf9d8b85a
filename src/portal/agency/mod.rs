//! The pages of an agency's administrator: the agency's officials, an account for a new one, and
//! the end of one. Officials of other agencies are not there.

mod invitation;
pub mod join;
pub mod list;
pub mod official;
