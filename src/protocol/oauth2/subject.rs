//! What people are called at a client (OpenID Connect Core §8): their account's number, or for a
//! pairwise client another at every sector, so that relying parties can't put together what they know
//! of a person.
//!
//! A pairwise name is the account's number, one block long, under AES with a key of the sector's own
//! (OpenID Connect Core §8.1 describes such a method). Nothing is stored, no two people share a name,
//! and we alone can tell whose a name is, which hints and demands for a `sub` need.

use std::collections::BTreeSet;

use aes::{
    Aes256, Block,
    cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};
use ring::hmac;
use url::{Host, Url};
use uuid::Uuid;

use crate::{
    app::App,
    ids::{SessionId, UserId},
    model::{client::Client, relying_party::SubjectType},
    outbound::fetch::Fetcher,
};

/// Kinds of names.
const SUB: &str = "sub";
const SID: &str = "sid";

/// What this client knows the person by: `sub` of everything that it is told.
pub fn of(app: &App, client: &Client, user: UserId) -> String {
    name(&app.pairwise_key, client, user)
}

/// Whom this client means by a `sub`. A name that was never given may mean an account that does not
/// exist; none can be made to mean a chosen one.
pub fn account(app: &App, client: &Client, sub: &str) -> Option<UserId> {
    account_of(&app.pairwise_key, client, sub)
}

/// What this client knows the session by (`sid`): two relying parties that are told the same one know
/// that they have the same person, whatever they call them.
pub fn sid(app: &App, client: &Client, session: SessionId) -> String {
    covered(&app.pairwise_key, SID, client, session.0)
}

/// Which session this client means by a `sid`.
pub fn session(app: &App, client: &Client, sid: &str) -> Option<SessionId> {
    uncovered(&app.pairwise_key, SID, client, sid).map(SessionId)
}

/// As [`of`], where the whole server is not at hand.
pub fn name(key: &[u8], client: &Client, user: UserId) -> String {
    covered(key, SUB, client, user.0)
}

/// As [`account`], where the whole server is not at hand.
pub fn account_of(key: &[u8], client: &Client, sub: &str) -> Option<UserId> {
    uncovered(key, SUB, client, sub).map(UserId)
}

fn covered(key: &[u8], kind: &str, client: &Client, id: Uuid) -> String {
    let Some(cipher) = cipher(key, kind, client) else { return id.to_string() };
    let mut block = Block::from(*id.as_bytes());
    cipher.encrypt_block(&mut block);
    Uuid::from_bytes(block.into()).to_string()
}

fn uncovered(key: &[u8], kind: &str, client: &Client, said: &str) -> Option<Uuid> {
    // Names are compared as texts elsewhere, so another spelling of one is none.
    let id = Uuid::parse_str(said).ok().filter(|id| id.to_string() == said)?;
    let Some(cipher) = cipher(key, kind, client) else { return Some(id) };
    let mut block = Block::from(*id.as_bytes());
    cipher.decrypt_block(&mut block);
    Some(Uuid::from_bytes(block.into()))
}

/// Whether people have another name at this client than elsewhere.
pub fn is_pairwise(client: &Client) -> bool {
    client.settings.oidc.subject_type == SubjectType::Pairwise
}

/// The cipher of a pairwise client's sector, for one kind of name.
fn cipher(key: &[u8], kind: &str, client: &Client) -> Option<Aes256> {
    if !is_pairwise(client) {
        return None;
    }
    // Without a sector of its registration a client shares its names with nobody.
    let sector = sector(client).unwrap_or_else(|| own(client));
    let place = format!("{kind}\0{sector}");
    let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), place.as_bytes());
    Aes256::new_from_slice(derived.as_ref()).ok()
}

/// The sector (OpenID Connect Core §8.1): the host of `sector_identifier_uri`, else that of the return
/// addresses. Addresses whose host is nobody's, those of applications on people's devices, are the
/// client's own sector. `None` when they are of several: such a registration must name its sector.
pub fn sector(client: &Client) -> Option<String> {
    if let Some(uri) = &client.settings.oidc.sector_identifier_uri {
        return host(uri);
    }
    let mut sectors: BTreeSet<String> =
        client.redirect_uris.iter().map(|uri| host(uri).unwrap_or_else(|| own(client))).collect();
    match sectors.len() {
        0 => Some(own(client)),
        1 => sectors.pop_first(),
        // One foreign host among several would give whoever registers it the names of that sector.
        _ => None,
    }
}

/// The host of an address, without its port; none of one on the person's device.
fn host(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    let here = match url.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    // Hosts of custom schemes are not resolved, so they prove nothing.
    let web = ["https", "http"].contains(&url.scheme());
    (web && !here).then(|| url.host_str().map(str::to_ascii_lowercase)).flatten()
}

/// No host has a colon but an IPv6 address, which begins with a bracket.
fn own(client: &Client) -> String {
    format!("client:{}", client.id)
}

/// Whether the client's sector may be believed: its `sector_identifier_uri` must list every return
/// address (OpenID Connect Core §8.1), or anybody could register into another's sector and compare
/// people with it. For registrations; the document is fetched.
///
/// # Errors
/// What is wrong, for whoever registers.
pub async fn check_sector(fetcher: &Fetcher, client: &Client) -> Result<(), String> {
    let Some(uri) = &client.settings.oidc.sector_identifier_uri else {
        return match sector(client) {
            None if is_pairwise(client) => Err("redirect_uris are of several hosts; a pairwise client \
                must then say which sector it belongs to, by sector_identifier_uri"
                .to_owned()),
            _ => Ok(()),
        };
    };
    let told = |why: &str| format!("sector_identifier_uri: {why}");
    let url = Url::parse(uri).map_err(|_| told("is no URL"))?;
    // OpenID Connect Registration §5: "The URL MUST use the https scheme"; the fetcher sees to it, but for
    // hosts that the operator listed.
    let document = fetcher.get_json(&url).await.map_err(|error| told(&error.to_string()))?;
    let listed: Vec<&str> = match document.as_array() {
        Some(listed) => listed.iter().filter_map(serde_json::Value::as_str).collect(),
        None => return Err(told("holds something else than a JSON array of redirect URIs")),
    };
    match client.redirect_uris.iter().find(|uri| !listed.contains(&uri.as_str())) {
        Some(missing) => Err(told(&format!("does not list {missing}"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        ids::ClientId,
        model::client::{ClientSettings, ClientType},
    };

    const KEY: &[u8] = &[7; 32];

    fn client() -> Client {
        Client {
            id: ClientId(Uuid::from_u128(1)),
            identifier: "rp".to_owned(),
            name: "RP".to_owned(),
            client_type: ClientType::Confidential,
            profile: None,
            organisation: None,
            flows: Vec::new(),
            auth_methods: Vec::new(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            scopes: Vec::new(),
            resources: Vec::new(),
            settings: ClientSettings::default(),
            secrets: Vec::new(),
            certificates: Vec::new(),
            disabled_at: None,
            created_at: time::OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn pairwise(number: u128, uris: &[&str]) -> Client {
        let mut client = client();
        client.id.0 = Uuid::from_u128(number);
        client.settings.oidc.subject_type = SubjectType::Pairwise;
        client.redirect_uris = uris.iter().map(|uri| (*uri).to_owned()).collect();
        client
    }

    proptest! {
        #[test]
        fn oidc_core_s8_1_clients_of_one_sector_share_a_name_and_others_do_not(person: u128, other: u128) {
            let person = UserId(Uuid::from_u128(person));
            let (a, b) = (pairwise(1, &["https://a.example/1"]), pairwise(2, &["https://A.example:8443/2"]));
            let c = pairwise(3, &["https://b.example/1"]);
            let sub = name(KEY, &a, person);
            prop_assert_eq!(&sub, &name(KEY, &b, person));
            prop_assert_ne!(&sub, &name(KEY, &c, person));
            prop_assert_ne!(&sub, &person.to_string());
            prop_assert_ne!(&sub, &name(&[8; 32], &a, person), "another installation");
            prop_assert_eq!(account_of(KEY, &b, &sub), Some(person));
            prop_assert_ne!(account_of(KEY, &c, &sub), Some(person));
            let other = UserId(Uuid::from_u128(other));
            prop_assert_eq!(person == other, name(KEY, &a, other) == sub, "nobody shares a name");
        }

        #[test]
        fn whatever_is_said_to_be_a_name_is_read_without_harm(text in ".{0,60}") {
            prop_assert_eq!(account_of(KEY, &pairwise(1, &[]), &text), None);
        }
    }

    #[test]
    fn oidc_core_s8_a_public_name_is_the_accounts_number() {
        let (mut client, person) = (client(), UserId(Uuid::from_u128(5)));
        client.redirect_uris = vec!["https://a.example/1".to_owned()];
        assert_eq!(name(KEY, &client, person), person.to_string());
        assert_eq!(account_of(KEY, &client, &person.to_string()), Some(person));
        assert_eq!(account_of(KEY, &client, &person.0.simple().to_string()), None, "spelt otherwise");
        assert_eq!(account_of(KEY, &client, ""), None);
    }

    #[test]
    fn oidc_core_s8_1_a_sector_is_one_host() {
        let of = |uris: &[&str]| sector(&pairwise(1, uris));
        let own = Some(format!("client:{}", Uuid::from_u128(1)));
        assert_eq!(of(&["https://a.example/1", "https://A.EXAMPLE:444/2"]).as_deref(), Some("a.example"));
        assert_eq!(of(&["https://a.example/1", "https://b.example/1"]), None);
        assert_eq!(of(&[]), own);
        assert_eq!(of(&["http://127.0.0.1/cb", "com.example.app:/cb", "http://localhost:1/x"]), own);
        assert_eq!(of(&["com.example.app://a.example/cb"]), own, "a custom scheme's host is nobody's");
        assert_eq!(
            of(&["https://a.example/1", "http://127.0.0.1/cb"]),
            None,
            "a foreign host beside one's own"
        );
        let mut named = pairwise(1, &["https://a.example/1", "https://b.example/1"]);
        named.settings.oidc.sector_identifier_uri = Some("https://sector.example/list.json".to_owned());
        assert_eq!(sector(&named).as_deref(), Some("sector.example"));
    }
}
