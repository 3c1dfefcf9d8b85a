//! What people go through, and what strangers try, between a request and its answer.

mod attributes;
mod endings;
mod login;
mod old_hashes;
mod phone;
mod second_factor;
mod strangers;
