//! What people go through, and what strangers try, between a request and its answer.

mod endings;
mod forgotten;
mod login;
mod old_hashes;
mod register;
mod strangers;
