//! An authentication request (OpenID Authentication 2.0 §9), vetted in two stages: first whom it
//! comes from and where its answer goes, then what it asks.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    ax::Exchange,
    identity::Addresses,
    message::{Message, Version},
    reject::Reject,
};
use crate::{
    journey::{Prompt, Requirements},
    model::{
        attribute::AttributeRegistry, client::Client, locale::Locale, openid2::AxTypes, realm::Realm,
        user::UserKind,
    },
};

/// The person chooses at the provider who they are (§9.1).
const IDENTIFIER_SELECT: &str = "http://specs.openid.net/auth/2.0/identifier_select";
/// The extension by which a relying party says its language (OpenID User Interface 1.0 §2.2).
const UI_NS: &str = "http://specs.openid.net/extensions/ui/1.0";

/// Where an answer would go, and for whom: not trusted until a client is found that has the realm.
#[derive(Clone, Debug)]
pub struct Unvetted {
    /// The return address.
    pub return_to: String,
    /// Who asks.
    pub realm: Realm,
    /// The same in the relying party's own letters.
    pub realm_text: String,
}

/// A request whose answer may go back.
#[derive(Clone, Debug)]
pub struct Returnable {
    /// The relying party; `None` for one that nobody registered (`openid2.open_realms`).
    pub client: Option<Arc<Client>>,
    /// Its realm.
    pub realm: Realm,
    /// The same in the relying party's own letters.
    pub realm_text: String,
    /// Where answers go.
    pub return_to: String,
    /// Which standard it speaks.
    pub version: Version,
}

/// A vetted request.
#[derive(Clone, Debug)]
pub struct Authentication {
    /// Whom it comes from and where its answer goes.
    pub to: Returnable,
    /// The name of the account that is meant; `None` when the person chooses.
    pub named: Option<String>,
    /// The association that the answer should be signed with.
    pub assoc_handle: Option<String>,
    /// What is asked by Attribute Exchange.
    pub exchange: Option<Exchange>,
    /// What must be so before the answer.
    pub requirements: Requirements,
    /// The language asked for.
    pub locale: Option<Locale>,
}

/// What a request is held against.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// Our own addresses.
    pub addresses: Addresses<'a>,
    /// The types of Attribute Exchange.
    pub types: &'a AxTypes,
    /// The attributes that the installation knows.
    pub registry: &'a AttributeRegistry,
}

impl Unvetted {
    /// Reads where the answer would go. The realm defaults to the return address; OpenID 1 called it
    /// `trust_root` (§14.1).
    ///
    /// # Errors
    /// What is wrong, for a page: an address that can't be trusted is never redirected to.
    pub fn read(message: &Message) -> Result<Self, String> {
        let return_to = message.get("return_to").ok_or("openid.return_to is missing or repeated")?;
        let parameter = match message.version() {
            Version::V2 => "realm",
            Version::V1 => "trust_root",
        };
        if return_to.contains('#') {
            // §9.2.1 compares without it, and the answer's parameters would end up inside it.
            return Err("openid.return_to has a fragment (`#...`); remove it".to_owned());
        }
        // It goes into a header as it is, and is compared as it is by who checks the answer.
        if !return_to.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(
                "openid.return_to holds spaces or characters outside ASCII; percent-encode them".to_owned()
            );
        }
        let given = message.get(parameter);
        let realm_text = given.unwrap_or(return_to).to_owned();
        let realm = Realm::parse(&realm_text)
            .map_err(|why| format!("openid.{} {why}", given.map_or("return_to", |_| parameter)))?;
        // §9.2: "The "openid.return_to" URL MUST descend from the "openid.realm"".
        if !realm.contains_url(return_to) {
            return Err(format!("openid.return_to does not lie in openid.{parameter}"));
        }
        Ok(Self { return_to: return_to.to_owned(), realm, realm_text })
    }
}

impl Returnable {
    /// Reads the rest of the request.
    ///
    /// # Errors
    /// [`Reject`], to be told to the relying party.
    pub fn authentication(
        self,
        message: &Message,
        around: &Surroundings<'_>,
    ) -> Result<Authentication, Reject> {
        let immediate = is_immediate(message.get("mode"))?;
        let named = named(message, around.addresses)?;
        let exchange = Exchange::read(message, around.types)?;
        let mut asked = exchange.as_ref().map(Exchange::asked).unwrap_or_default();
        let client = self.client.as_deref();
        asked.required.extend(client.iter().flat_map(|c| c.settings.require_attributes.iter().cloned()));
        asked.optional.retain(|name| !asked.required.contains(name));
        // The assertion itself says who the person is.
        asked.required.insert("openid2_id".to_owned());
        let requirements = Requirements {
            prompt: Prompt { none: immediate, ..Prompt::default() },
            min_level: client.map(|client| client.settings.min_level).unwrap_or_default(),
            asked,
            only_for: kinds(around.registry),
            offer_wanted: true,
            ..Requirements::default()
        };
        let language = message.alias_of(UI_NS).and_then(|alias| message.get(&format!("{alias}.lang")));
        Ok(Authentication {
            named,
            assoc_handle: message.get("assoc_handle").map(str::to_owned),
            exchange,
            requirements,
            locale: language.map(|tags| tags.replace(',', " ")).and_then(|tags| Locale::from_tags(&tags)),
            to: self,
        })
    }
}

/// `checkid_immediate` or `checkid_setup` (§9.3, §9.1); the words that one source system's guide
/// prints instead mean the same.
fn is_immediate(mode: Option<&str>) -> Result<bool, Reject> {
    match mode {
        None => Err(Reject::Missing("mode".to_owned())),
        Some("checkid_setup" | "checked_setup") => Ok(false),
        Some("checkid_immediate" | "checked_immediate") => Ok(true),
        Some(_) => Err(Reject::invalid(
            "mode",
            "is none of checkid_setup, checkid_immediate, associate, check_authentication",
        )),
    }
}

/// Whom the request means (§9.1): both identifiers or neither, and ours. OpenID 1 has `identity`
/// alone (§14.1).
fn named(message: &Message, addresses: Addresses<'_>) -> Result<Option<String>, Reject> {
    let identity = message.get("identity");
    let claimed = match message.version() {
        Version::V1 => identity,
        Version::V2 => message.get("claimed_id"),
    };
    let foreign = |parameter| Reject::invalid(parameter, "is no identifier of this provider");
    match (claimed, identity) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(Reject::Missing("identity".to_owned())),
        (None, Some(_)) => Err(Reject::Missing("claimed_id".to_owned())),
        (Some(IDENTIFIER_SELECT), Some(IDENTIFIER_SELECT)) => Ok(None),
        (Some(claimed), Some(identity)) => {
            let name = addresses.name_in(identity).ok_or_else(|| foreign("identity"))?;
            // Another's address with a name of ours behind it: nobody here can vouch for it.
            match addresses.name_in(claimed).ok_or_else(|| foreign("claimed_id"))? == name {
                true => Ok(Some(name)),
                false => Err(Reject::invalid("claimed_id", "is another identifier than openid.identity")),
            }
        }
    }
}

fn kinds(registry: &AttributeRegistry) -> BTreeMap<String, Vec<UserKind>> {
    let some = registry.iter().filter(|(_, definition)| !definition.kinds.is_empty());
    some.map(|(name, definition)| (name.clone(), definition.kinds.clone())).collect()
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
