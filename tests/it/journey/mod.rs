//! What people go through, and what strangers try, between a request and its answer.

mod endings;
mod login;
mod old_hashes;
mod strangers;
