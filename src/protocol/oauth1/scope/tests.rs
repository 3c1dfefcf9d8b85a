use super::*;
use crate::settings::{Settings, Sources};

/// The settings as they are shipped.
pub fn settings() -> Settings {
    let key = "test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let needed = [("database.url", "postgresql:///unused"), ("secrets.encryption_keys", key)];
    let overrides = needed.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    Settings::load(&Sources { overrides, ..Sources::default() }).unwrap()
}

#[test]
fn a_scope_asks_for_what_the_document_has_of_it() {
    let settings = settings();
    let registry = Registry { scopes: &settings.scopes, attributes: &settings.attributes };
    let of =
        |scope: &str| attributes(&[scope.to_owned()], registry).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(
        of("profile"),
        "date_of_birth first_name full_name gender last_name nationality occupation title"
    );
    let document = "identification.expire_date identification.issue_by identification.issue_date";
    assert_eq!(of("citizen_id"), format!("citizen_id {document}"));
    assert_eq!(of("passport_id"), format!("{document} passport_id"));
    assert_eq!(of("juristic_id"), format!("{document} juristic_id"));
    assert_eq!(of("phone"), "alternative_contact mobile_phone telephone");
    assert_eq!(of("email"), "email");
    assert_eq!(of("address"), "address");
    assert_eq!(of("organization"), "organization");
    assert_eq!(of("openid"), "");
    assert_eq!(of("photo"), "", "no element carries it");
}
