//! Realms of OpenID 2.0: where a relying party's requests come from, and who it is known by.

use super::rules::no_duplicates;
use crate::{
    cli::{CliError, context::Context},
    model::{
        client::{Client, Flow},
        realm::Realm,
    },
    store::clients,
};

const OPTION: &str = "--openid2-realm";

/// Checks the realms by themselves. `former` is what is registered now.
///
/// # Errors
/// The first rule that is broken, in words.
pub fn check(client: &Client, former: Option<&Client>) -> Result<(), String> {
    let realms = &client.settings.openid2_realms;
    no_duplicates(OPTION, realms.iter().map(String::as_str))?;
    realms.iter().try_for_each(|text| realm(text))?;
    let speaks = client.has_flow(Flow::Openid2);
    if speaks && realms.is_empty() {
        return Err(format!(
            "{OPTION} is missing: a relying party of OpenID 2.0 is known by its realm; give the address that \
             its requests name, such as https://portal.example.org/"
        ));
    }
    // One that has moved to OpenID Connect keeps its realms: people's names there go by them.
    if !speaks && !realms.is_empty() && former.is_none() {
        return Err(format!("{OPTION}: the client could not use it; add --allowed-flow openid2"));
    }
    Ok(())
}

fn realm(text: &str) -> Result<(), String> {
    let refuse = |why: &str| Err(format!("{OPTION} `{text}`: {why}"));
    match Realm::parse(text) {
        Err(why) => refuse(&why.to_string()),
        Ok(realm) if !realm.is_https() && !realm.is_loopback() => {
            refuse("http would show who people are to the network; use https (http is for loopback only)")
        }
        Ok(_) => Ok(()),
    }
}

/// Checks that no realm is another client's: requests would go by the one registered first.
///
/// # Errors
/// The first that is taken, or when the database fails.
pub async fn are_free(context: &Context, client: &Client) -> Result<(), CliError> {
    let own: Vec<(&String, Realm)> = client
        .settings
        .openid2_realms
        .iter()
        .filter_map(|text| Some((text, Realm::parse(text).ok()?)))
        .collect();
    if own.is_empty() {
        return Ok(());
    }
    for (theirs, identifier) in clients::openid2_realms(&context.pool).await? {
        let taken = own.iter().find(|(_, realm)| Realm::parse(&theirs).as_ref() == Ok(realm));
        if let Some((text, _)) = taken.filter(|_| identifier != client.identifier) {
            return Err(CliError::refused(format!(
                "{OPTION} `{text}`: client `{identifier}` has it; a realm belongs to one client"
            )));
        }
    }
    Ok(())
}
