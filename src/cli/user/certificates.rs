//! Certificates that a person signs in with.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::find;
use crate::{
    cli::{
        CliError,
        client::proof::{hex, read_certificate},
        context::{Context, taken},
        output,
    },
    ids::UserCertificateId,
    model::journal::Entry,
    store::user_certificates::{self, UserCertificate},
};

/// `tamga user add-certificate`
#[derive(Debug, clap::Args)]
pub struct AddOptions {
    /// The user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
    /// The certificate: a file in PEM or DER
    #[arg(long, value_name = "FILE")]
    pem: PathBuf,
}

/// `tamga user remove-certificate`
#[derive(Debug, clap::Args)]
pub struct RemoveOptions {
    /// The user name, whatever its case
    #[arg(value_name = "NAME")]
    username: String,
    /// The certificate's id, as `tamga user show` lists it
    #[arg(value_name = "CERTIFICATE-ID", value_parser = id)]
    certificate: UserCertificateId,
}

/// Lets somebody sign in with a certificate.
pub async fn add(context: &Context, options: AddOptions) -> Result<(), CliError> {
    let user = find(context, &options.username).await?;
    let read = read_certificate("--pem", &options.pem)?;
    let now = context.clock.now();
    if read.not_after <= now {
        return Err(CliError::refused(format!(
            "--pem {}: the certificate expired at {}; give one that is good",
            options.pem.display(),
            output::time(read.not_after)
        )));
    }
    let certificate = UserCertificate {
        id: UserCertificateId(context.rng.uuid(now)),
        fingerprint: read.fingerprint(),
        subject: read.subject.to_string(),
        expires_at: read.not_after,
        created_at: now,
        last_used_at: None,
    };
    let mut entry = Entry::by_operator(now, "user.insert_certificate", "user", user.id);
    entry.after = Some(journalled(&certificate));
    user_certificates::insert(&context.pool, user.id, &certificate, &entry).await.map_err(|error| {
        taken(error, |_| {
            "this certificate is somebody's already; one certificate signs in one person".to_owned()
        })
    })?;
    let text = format!("`{}` may now sign in with certificate {}", user.username, certificate.id);
    let mut object = json(&certificate);
    object["user_id"] = json!(user.id);
    Ok(context.output.print(&text, &object)?)
}

/// Takes a certificate away.
pub async fn remove(context: &Context, options: RemoveOptions) -> Result<(), CliError> {
    let user = find(context, &options.username).await?;
    let mut entry = Entry::by_operator(context.clock.now(), "user.remove_certificate", "user", user.id);
    entry.before = Some(json!({"certificate_id": options.certificate}));
    if !user_certificates::remove(&context.pool, user.id, options.certificate, &entry).await? {
        return Err(CliError::refused(format!(
            "`{0}` has no certificate {1}; `tamga user show {0}` lists those there are",
            user.username, options.certificate
        )));
    }
    let text = format!("`{}` can't sign in with certificate {} any more", user.username, options.certificate);
    let object = json!({"user_id": user.id, "certificate_id": options.certificate});
    Ok(context.output.print(&text, &object)?)
}

/// What is shown of one.
pub fn json(certificate: &UserCertificate) -> Value {
    json!({
        "certificate_id": certificate.id,
        "subject": certificate.subject,
        "fingerprint_sha256": hex(certificate.fingerprint.as_bytes()),
        "expires_at": output::time(certificate.expires_at),
        "created_at": output::time(certificate.created_at),
        "last_used_at": certificate.last_used_at.map(output::time),
    })
}

/// The same on a line.
pub fn line(certificate: &UserCertificate) -> String {
    let used =
        certificate.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", output::time(at)));
    format!(
        "{}  {}, expires {}, {used}",
        certificate.id,
        certificate.subject,
        output::time(certificate.expires_at)
    )
}

/// The journal is never erased, and a subject may name its holder.
fn journalled(certificate: &UserCertificate) -> Value {
    json!({
        "certificate_id": certificate.id,
        "fingerprint_sha256": hex(certificate.fingerprint.as_bytes()),
        "expires_at": output::time(certificate.expires_at),
    })
}

fn id(text: &str) -> Result<UserCertificateId, String> {
    text.parse().map_err(|_| "give the id of a certificate, as `tamga user show` lists it".to_owned())
}
