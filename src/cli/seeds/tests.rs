use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt};

use time::macros::date;

use super::*;
use crate::{
    model::{client::Flow, realm::Realm},
    settings::Sources,
};

fn settings() -> Settings {
    let given = [
        ("database.url", "postgresql:///nowhere"),
        ("secrets.encryption_keys", "dev:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ];
    let overrides = given.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    Settings::load(&Sources { development: true, overrides, ..Sources::default() }).unwrap()
}

#[test]
fn every_attribute_is_in_the_registry_and_of_its_form() {
    let registry = settings().attributes;
    for account in ACCOUNTS.iter().chain([&CONFIRMING]) {
        for (name, value, level) in account.attributes {
            let definition = registry.get(*name).unwrap_or_else(|| panic!("{name} of {}", account.username));
            assert!(Level::try_from(*level).is_ok(), "{name}");
            let stored = definition.normalised(value, date!(2026 - 03 - 01));
            assert_eq!(stored.as_deref(), Ok(*value), "{name} of {}", account.username);
            assert!(definition.applies_to(account.kind), "{name} of {}", account.username);
        }
    }
}

#[test]
fn every_kind_and_every_level_is_there() {
    let kinds: BTreeSet<_> = ACCOUNTS.iter().map(|account| account.kind).collect();
    assert_eq!(kinds.len(), UserKind::ALL.len());
    let levels: BTreeSet<_> =
        ACCOUNTS.iter().flat_map(|account| account.attributes).map(|(_, _, level)| *level).collect();
    assert_eq!(levels, BTreeSet::from([0, 1, 2, 3]));
}

#[test]
fn each_account_has_a_verify_code_and_a_password_that_is_long_enough() {
    for account in ACCOUNTS {
        let codes = account.kind.verify_codes();
        assert!(account.attributes.iter().any(|(name, ..)| codes.contains(name)), "{}", account.username);
        assert!(account.password.len() >= 8, "{}", account.username);
    }
}

#[test]
fn the_clients_scopes_are_in_the_registry() {
    let (scopes, now) = (settings().scopes, OffsetDateTime::UNIX_EPOCH);
    for client in [demo_oidc("http://localhost:8080", &Rng::seeded(1), now), demo_spa(&Rng::seeded(2), now)] {
        for scope in &client.scopes {
            assert!(scopes.contains_key(scope), "{scope}");
        }
        assert!(client.requires_pkce());
    }
    let aitu = demo_aitu("http://localhost:8080", String::new(), &Rng::seeded(3), now);
    assert!(aitu.scopes.iter().all(|scope| scopes.contains_key(scope)));
    assert!(aitu.settings.trusted_phone && aitu.settings.min_state_length == 8);
}

#[test]
fn the_relying_party_of_openid2_is_known_by_a_realm_that_holds_its_pages() {
    let client = demo_openid2("http://localhost:8080", &Rng::seeded(1), OffsetDateTime::UNIX_EPOCH);
    let realm = Realm::parse(&client.settings.openid2_realms[0]).unwrap();
    assert!(realm.contains_url("http://localhost:8080/demo/openid2/callback?attempt=1"));
    assert!(!realm.contains_url("http://localhost:8080/demo/oidc/callback"));
    assert!(client.has_flow(Flow::Openid2) && client.secrets.is_empty());
}

#[test]
fn the_consumer_of_oauth1_has_its_callback_and_a_secret_that_can_be_opened_again() {
    let (rng, now, settings) = (Rng::seeded(1), OffsetDateTime::UNIX_EPOCH, settings());
    let client = demo_oauth1("http://localhost:8080", &rng, now);
    assert_eq!(client.settings.oauth1_callbacks, ["http://localhost:8080/demo/oauth1/callback"]);
    assert!(client.scopes.iter().all(|scope| settings.scopes.contains_key(scope)));
    let sealer = crate::app::sealer(&settings).unwrap();
    let secret = Token::from("s");
    let kept = stored(&secret, Some(&sealer), &rng, now).unwrap();
    let opened = sealer.open(&ClientSecret::place(kept.id), &kept.sealed.unwrap().0).unwrap();
    assert_eq!((opened.as_slice(), kept.digest), (b"s".as_slice(), secret.digest()));
    assert!(stored(&secret, None, &rng, now).unwrap().sealed.is_none());
}

#[test]
fn the_systems_without_a_browser_are_for_one_resource_and_act_for_citizens() {
    let (rng, now) = (Rng::seeded(1), OffsetDateTime::UNIX_EPOCH);
    let (service, signer) = (demo_service(&rng, now), demo_signer(&rng, now));
    assert!(service.is_service() && service.reach().kinds == [UserKind::Citizen]);
    assert!(!signer.is_service() && signer.has_flow(Flow::Confirmation));
    assert_eq!(service.resources, signer.resources);
    let phone = CONFIRMING.attributes.iter().find(|(name, ..)| *name == "mobile_phone");
    assert_eq!(phone.map(|(_, value, _)| *value), Some(CONFIRMING_PHONE));
    assert!(ACCOUNTS.iter().all(|account| account.username != CONFIRMING.username));
}

#[test]
fn the_key_that_iins_are_signed_with_is_kept_and_fit_to_be_registered() {
    let key = IinKey::keep_or_make(None).unwrap();
    assert!(crate::crypto::rsa_key::RsaKey::from_pem(&key.public).is_ok());
    let kept = IinKey::keep_or_make(Some(key.private.expose_secret())).unwrap();
    assert_eq!(kept.public, key.public);
    assert_ne!(IinKey::keep_or_make(Some("rubbish")).unwrap().public, key.public);
}

#[test]
fn what_was_sown_is_kept_for_its_owner_alone_and_read_back() {
    let path = std::env::temp_dir().join(format!("tamga-sown-{}.json", std::process::id()));
    let client = SownClient {
        client_id: DEMO_OIDC.to_owned(),
        client_secret: Some("s".to_owned()),
        protocol: "oidc".to_owned(),
        demo: None,
        iin_private_key: None,
        private_key: None,
    };
    let sown = Sown { base: "http://localhost:8080".to_owned(), accounts: Vec::new(), clients: vec![client] };
    sown.write(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Sown::read(&path).unwrap().secret(DEMO_OIDC), Some("s"));
    fs::write(&path, "{").unwrap();
    assert!(Sown::read(&path).is_none());
    fs::remove_file(&path).unwrap();
}
