//! `session_state` (OpenID Connect Session Management 1.0 §2): by it a relying party's page asks our frame
//! whether the person is still signed in as they were, without a request.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

use super::request::Authorization;
use crate::{app::App, http::session_cookies, model::grant::Grant, secret::Digest};

/// The parameter of a successful authentication response; none where no page can be that would ask.
pub fn of(app: &App, request: &Authorization, grant: &Grant) -> Option<String> {
    let session = grant.session_id.filter(|_| grant.has_scope("openid"))?;
    let origin = Url::parse(&request.return_to.redirect_uri).ok()?.origin();
    // An application on the person's device has no page with an origin.
    if !origin.is_tuple() {
        return None;
    }
    let salt = URL_SAFE_NO_PAD.encode(app.rng.bytes::<16>());
    let state = session_cookies::state(app, session);
    Some(computed(&request.client.identifier, &origin.ascii_serialization(), &state, &salt))
}

/// §3.2: a hash over client, origin, browser state and salt, and the salt behind it. The script of
/// `check_session.js` computes the same.
fn computed(client: &str, origin: &str, state: &str, salt: &str) -> String {
    let digest = Digest::of(format!("{client} {origin} {state} {salt}").as_bytes());
    format!("{}.{salt}", URL_SAFE_NO_PAD.encode(digest.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_management_s3_2_each_part_counts() {
        let usual = computed("rp", "https://rp.example", "state", "salt");
        assert!(usual.ends_with(".salt") && !usual.contains(' '));
        for other in [
            computed("rp2", "https://rp.example", "state", "salt"),
            computed("rp", "https://rp.example:444", "state", "salt"),
            computed("rp", "https://rp.example", "", "salt"),
            computed("rp", "https://rp.example", "state", "other"),
        ] {
            assert_ne!(usual, other);
        }
    }
}
