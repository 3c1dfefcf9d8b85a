//! Passkeys (Web Authentication Level 3): what the browser is asked, and whether its answer holds.
//!
//! The person's own device verifies them (PIN, finger, face) before it signs, so a passkey is two
//! factors by itself. Who uses one answer twice is stopped by the caller, who keeps the challenge
//! where a write can take it away.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::{ids::UserId, model::session::Amr};

/// Why a ceremony failed. Never shown to anybody: a page says only that it did not work.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// What the browser sent is no answer, or what was stored is no passkey.
    #[error("not readable: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// A check of the standard failed.
    #[error("refused: {0}")]
    Refused(#[from] WebauthnError),
    /// The passkey says it belongs to another account.
    #[error("the passkey names another account")]
    OtherAccount,
}

/// The relying party that passkeys are made for: this server.
pub struct Passkeys(Webauthn);

/// What the browser is to do, and what must be kept until it answers.
pub struct Ceremony {
    /// `publicKey` of the browser's call, with binary values as base64url.
    pub options: Value,
    /// The challenge, to be kept on our side.
    pub state: Value,
}

/// A passkey that was just made.
pub struct NewPasskey {
    /// What is stored: `credential_id` and `passkey`.
    pub data: Value,
    /// How it proves its holder.
    pub amr: Vec<Amr>,
}

/// A passkey that was just used.
pub struct Proof {
    /// What is stored from now on: the counter has moved.
    pub data: Value,
    /// How it proved its holder.
    pub amr: Vec<Amr>,
}

impl Passkeys {
    /// For a server at this address. `None` for one that is reached by a bare IP address: browsers
    /// make passkeys for host names only (WebAuthn §5.1.3 step 8).
    pub fn new(public_url: &Url, name: &str) -> Option<Self> {
        let host = public_url.domain()?;
        let builder = WebauthnBuilder::new(host, public_url).ok()?;
        builder.rp_name(name).build().ok().map(Self)
    }

    /// Begins making a passkey for an account; `held` are those it has, which need not be made again.
    ///
    /// # Errors
    /// When something stored is unreadable.
    pub fn begin_registration(
        &self,
        user: UserId,
        username: &str,
        display_name: &str,
        held: &[&Value],
    ) -> Result<Ceremony, PasskeyError> {
        let held = held.iter().map(|data| Ok(stored(data)?.cred_id().clone()));
        let held = held.collect::<Result<Vec<_>, PasskeyError>>()?;
        // WebAuthn §5.4.3: the user handle is what a passkey names its account by; an account's id
        // never changes and says nothing about its owner.
        let (challenge, state) =
            self.0.start_passkey_registration(user.0, username, display_name, Some(held))?;
        let mut options = serde_json::to_value(challenge.public_key)?;
        // So that the browser offers it without being told a user name first.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        Ok(Ceremony { options, state: serde_json::to_value(state)? })
    }

    /// Finishes making one.
    ///
    /// # Errors
    /// [`PasskeyError`] when a check of WebAuthn §7.1 fails.
    pub fn finish_registration(&self, answer: &str, state: Value) -> Result<NewPasskey, PasskeyError> {
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer)?;
        let state: PasskeyRegistration = serde_json::from_value(state)?;
        let passkey = self.0.finish_passkey_registration(&answer, &state)?;
        let data = as_stored(&passkey)?;
        let synchronised = data["passkey"]["cred"]["backup_eligible"] == json!(true);
        Ok(NewPasskey { data, amr: amr(synchronised) })
    }

    /// Begins a sign-in. With `held` only those passkeys will do (a second factor); without, any
    /// that names its account.
    ///
    /// # Errors
    /// When something stored is unreadable.
    pub fn begin(&self, held: Option<&[&Value]>) -> Result<Ceremony, PasskeyError> {
        let (challenge, state) = self.0.start_discoverable_authentication()?;
        let mut options = serde_json::to_value(challenge.public_key)?;
        if let Some(held) = held {
            let of = |data: &&Value| json!({"type": "public-key", "id": data["credential_id"]});
            options["allowCredentials"] = held.iter().map(of).collect();
        }
        Ok(Ceremony { options, state: serde_json::to_value(state)? })
    }

    /// Checks an answer with the passkey that `find` gave for it.
    ///
    /// # Errors
    /// [`PasskeyError`] when a check of WebAuthn §7.2 fails: challenge, origin, relying party, user
    /// verification, signature, or a counter that did not move, which a copied key betrays (step 22).
    pub fn finish(
        &self,
        answer: &Answer,
        state: Value,
        owner: UserId,
        data: &Value,
    ) -> Result<Proof, PasskeyError> {
        // WebAuthn §7.2 step 6: the handle, when it is given, must be the owner's.
        if answer.user_handle().is_some_and(|handle| handle != owner.0.as_bytes()) {
            return Err(PasskeyError::OtherAccount);
        }
        let state: DiscoverableAuthentication = serde_json::from_value(state)?;
        let mut passkey = stored(data)?;
        let result = self.0.finish_discoverable_authentication_v2(&answer.0, state, &passkey)?;
        passkey.update_credential(&result);
        Ok(Proof { data: as_stored(&passkey)?, amr: amr(result.backup_eligible()) })
    }
}

/// What a browser answered to a sign-in. No `Debug`.
pub struct Answer(PublicKeyCredential);

impl Answer {
    /// Reads it.
    ///
    /// # Errors
    /// When it is no answer.
    pub fn read(text: &str) -> Result<Self, PasskeyError> {
        Ok(Self(serde_json::from_str(text)?))
    }

    /// Which passkey it is of, in base64url.
    pub fn credential_id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.get_credential_id())
    }

    /// The account the passkey names.
    pub fn user_handle(&self) -> Option<&[u8]> {
        self.0.get_user_unique_id()
    }
}

fn stored(data: &Value) -> Result<Passkey, PasskeyError> {
    Ok(serde_json::from_value(data["passkey"].clone())?)
}

fn as_stored(passkey: &Passkey) -> Result<Value, PasskeyError> {
    let id = URL_SAFE_NO_PAD.encode(passkey.cred_id());
    Ok(json!({"credential_id": id, "passkey": serde_json::to_value(passkey)?}))
}

/// RFC 8176 §2: one that may be copied between devices is kept by software, else by the device; it
/// is possession and, since the device verified its holder, a second factor with it.
fn amr(synchronised: bool) -> Vec<Amr> {
    let key = if synchronised { Amr::SoftwareKey } else { Amr::HardwareKey };
    vec![key, Amr::ProofOfPossession, Amr::MultiFactor]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passkeys() -> Passkeys {
        Passkeys::new(&Url::parse("https://sso.example").unwrap(), "Tamga").unwrap()
    }

    #[test]
    fn a_server_without_a_host_name_has_none() {
        assert!(Passkeys::new(&Url::parse("http://127.0.0.1:8080").unwrap(), "Tamga").is_none());
        assert!(Passkeys::new(&Url::parse("http://localhost:8080").unwrap(), "Tamga").is_some());
    }

    #[test]
    fn a_sign_in_demands_that_the_device_verifies_its_holder() {
        let ceremony = passkeys().begin(None).unwrap();
        assert_eq!(ceremony.options["userVerification"], "required");
        assert_eq!(ceremony.options["rpId"], "sso.example");
        let other = passkeys().begin(None).unwrap();
        assert_ne!(ceremony.options["challenge"], other.options["challenge"]);
    }

    #[test]
    fn a_new_one_can_be_found_without_a_user_name() {
        let user = UserId(uuid::Uuid::from_u128(7));
        let ceremony = passkeys().begin_registration(user, "somchai", "Somchai", &[]).unwrap();
        assert_eq!(ceremony.options["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(ceremony.options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(ceremony.options["user"]["id"], URL_SAFE_NO_PAD.encode(user.0.as_bytes()));
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in ["", "null", "{}", "[1]", "{\"id\":1}"] {
            assert!(Answer::read(text).is_err(), "{text}");
        }
        let state = passkeys().begin_registration(UserId(uuid::Uuid::nil()), "a", "a", &[]).unwrap().state;
        assert!(passkeys().finish_registration("{}", state).is_err());
    }
}
