//! What was sown, as it is kept and printed.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::model::user::UserKind;

/// What was sown, secrets included: kept beside the private database, since that holds only digests.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sown {
    /// The server's address.
    pub base: String,
    /// Who can sign in.
    pub accounts: Vec<SownAccount>,
    /// What they can sign in to.
    pub clients: Vec<SownClient>,
}

/// An account, with its password.
#[derive(Clone, Serialize, Deserialize)]
pub struct SownAccount {
    /// Its user name.
    pub username: String,
    /// Its password.
    pub password: String,
    /// What kind of account.
    pub kind: UserKind,
}

/// A client, with its secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct SownClient {
    /// `client_id` on the wire.
    pub client_id: String,
    /// Its secret; a public client has none.
    pub client_secret: Option<String>,
    /// What it speaks.
    pub protocol: String,
    /// The page that tries it.
    pub demo: Option<String>,
    /// What it signs IINs with (PKCS#8, PEM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iin_private_key: Option<String>,
    /// What it signs requests, assertions and proofs with (PKCS#8, base64url).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,
}

impl Sown {
    /// What was kept in that file; `None` when it is not there or can't be read, which is mended
    /// by sowing again.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Keeps it in that file, for its owner's eyes only.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        let text = serde_json::to_vec_pretty(self)?;
        // Under another name first, so that a half-written file is never read.
        let new = path.with_extension("new");
        let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(&text)?;
        fs::rename(new, path)
    }

    /// The secret of that client.
    pub fn secret(&self, client_id: &str) -> Option<&str> {
        self.client(client_id)?.client_secret.as_deref()
    }

    /// What that client signs IINs with.
    pub fn iin_private_key(&self, client_id: &str) -> Option<&str> {
        self.client(client_id)?.iin_private_key.as_deref()
    }

    /// What that client signs with.
    pub fn private_key(&self, client_id: &str) -> Option<&str> {
        self.client(client_id)?.private_key.as_deref()
    }

    fn client(&self, client_id: &str) -> Option<&SownClient> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }
}
