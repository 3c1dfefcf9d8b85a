//! What people go through, and what strangers try, between a request and its answer.

mod attributes;
mod endings;
mod forgery;
mod forgotten;
mod known_browser;
mod log;
mod login;
mod names;
mod old_hashes;
mod phone;
mod register;
mod second_factor;
mod strangers;
