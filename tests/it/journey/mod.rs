//! What people go through, and what strangers try, between a request and its answer.

mod attributes;
mod endings;
mod forgotten;
mod login;
mod old_hashes;
mod phone;
mod register;
mod second_factor;
mod strangers;
