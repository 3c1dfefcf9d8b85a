use std::sync::OnceLock;

use tamga::settings::{Settings, Sources};

/// A server's settings, as shipped but for what has no default.
pub fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let overrides = [
            ("server.public_url", "https://sso.example"),
            ("database.url", "postgresql:///unused"),
            ("secrets.encryption_keys", "fuzz:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("profiles.aitu", "true"),
        ];
        let overrides = overrides.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
        Settings::load(&Sources { overrides, ..Sources::default() }).expect("settings")
    })
}
