//! Clients that prove themselves with the certificate of the connection (RFC 8705 §2): one that a
//! trusted authority vouches for, or one whose key they registered.

use std::net::IpAddr;

use crate::{
    app::App,
    crypto::{
        certificate::{Certificate, Chain},
        distinguished_name::DistinguishedName,
    },
    http::visit::Visit,
    model::client::{AuthMethod, Client, TlsSubject},
};

/// The ways by certificate that the client is registered for.
pub fn methods(client: &Client) -> &'static [AuthMethod] {
    const BOTH: &[AuthMethod] = &[AuthMethod::SelfSignedTlsClientAuth, AuthMethod::TlsClientAuth];
    let has = |method| client.auth_methods.contains(&method);
    match (has(AuthMethod::SelfSignedTlsClientAuth), has(AuthMethod::TlsClientAuth)) {
        (true, true) => BOTH,
        (true, false) => &BOTH[..1],
        (false, true) => &BOTH[1..],
        (false, false) => &[],
    }
}

/// Checks the certificate of the connection in each of these ways.
///
/// # Errors
/// Why it proves nothing, for the log.
pub fn check(app: &App, visit: &Visit, client: &Client, methods: &[AuthMethod]) -> Result<(), &'static str> {
    let chain = visit.certificate.as_deref().ok_or("no certificate was shown")?;
    let mut why = "the client has no certificate of this key, or it has expired";
    for method in methods {
        let checked = match method {
            AuthMethod::SelfSignedTlsClientAuth => registered_key(app, client, &chain.leaf),
            _ => vouched_for(app, client, chain),
        };
        match checked {
            Ok(()) => return Ok(()),
            Err(reason) => why = reason,
        }
    }
    Err(why)
}

/// RFC 8705 §2.2: the key alone; the handshake has proved that its holder is there. Names, times and
/// the certificate's own signature are not looked at.
fn registered_key(app: &App, client: &Client, certificate: &Certificate) -> Result<(), &'static str> {
    let (now, key) = (app.clock.now(), certificate.key());
    let mut live = client.certificates.iter().filter(|c| c.expires_at.is_none_or(|at| at > now));
    let registered = live.find(|registered| registered.key == key);
    let registered = registered.ok_or("the client has no certificate of this key, or it has expired")?;
    app.certificate_uses.note(registered.id, now);
    Ok(())
}

/// RFC 8705 §2.1: a chain to an authority of ours, and the one name that was registered.
fn vouched_for(app: &App, client: &Client, chain: &Chain) -> Result<(), &'static str> {
    let trust = app.trust();
    let authorities = trust.clients.as_ref().ok_or("tls.client_ca is not set")?;
    let wanted = client.settings.tls_client_auth.as_ref().ok_or("the client registered no subject")?;
    if !authorities.vouch_for(chain, app.clock.now()) {
        return Err("no trusted authority vouches for the certificate now");
    }
    if trust.is_revoked(chain) {
        return Err("the certificate was revoked");
    }
    is_of(wanted, &chain.leaf).then_some(()).ok_or("the certificate names somebody else")
}

/// RFC 8705 §2.1.2. Nothing in a certificate works as a wildcard here.
fn is_of(wanted: &TlsSubject, certificate: &Certificate) -> bool {
    let names = &certificate.names;
    match wanted {
        TlsSubject::SubjectDn(dn) => {
            DistinguishedName::parse(dn).is_some_and(|dn| dn.is(&certificate.subject))
        }
        TlsSubject::SanDns(name) => names.dns.iter().any(|held| held.eq_ignore_ascii_case(name)),
        TlsSubject::SanUri(uri) => names.uris.contains(uri),
        TlsSubject::SanIp(text) => {
            text.parse::<IpAddr>().is_ok_and(|address| names.addresses.contains(&address))
        }
        TlsSubject::SanEmail(email) => names.emails.iter().any(|held| is_same_mailbox(held, email)),
    }
}

/// RFC 5280 §7.5: the part before the at sign letter by letter, the host without regard to case.
fn is_same_mailbox(one: &str, other: &str) -> bool {
    match (one.rsplit_once('@'), other.rsplit_once('@')) {
        (Some((name, host)), Some((other_name, other_host))) => {
            name == other_name && host.eq_ignore_ascii_case(other_host)
        }
        _ => false,
    }
}
