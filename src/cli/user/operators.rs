//! `--may-act-for`: operators who may act for other people (RFC 8693, `actor_token`).

use serde_json::{Value, json};

use crate::{
    cli::{CliError, context::Context},
    model::{act_for::ActFor, journal::Entry, user::User},
    store::operators,
};

/// Sets for whom an account may act; nothing is written when it may already.
///
/// # Errors
/// When the database fails.
pub async fn set(context: &Context, user: &User, parts: &[ActFor]) -> Result<(), CliError> {
    let former = operators::may_act_for(&context.pool, user.id).await?;
    if former == parts {
        return Ok(());
    }
    let mut entry = Entry::by_operator(context.clock.now(), "user.set_may_act_for", "user", user.id);
    entry.before = Some(json!({"may_act_for": former}));
    entry.after = Some(json!({"may_act_for": parts}));
    Ok(operators::set(&context.pool, user.id, parts, &entry).await?)
}

/// An account's object with whom it may act for.
///
/// # Errors
/// When the database fails.
pub async fn with(context: &Context, user: &User, mut object: Value) -> Result<Value, CliError> {
    object["may_act_for"] = json!(operators::may_act_for(&context.pool, user.id).await?);
    Ok(object)
}

/// The line of `user show`; nothing for who acts for nobody.
pub fn line(object: &Value) -> String {
    let parts = object["may_act_for"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let parts: Vec<&str> = parts.collect();
    if parts.is_empty() { String::new() } else { format!("\n{:18}  {}", "may act for", parts.join(", ")) }
}
