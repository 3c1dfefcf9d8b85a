//! `associate`: a secret for a relying party that keeps one (OpenID Authentication 2.0 §8).
//!
//! 1. The types it prefers are read and must be a pair (§8.3, §8.4).
//! 2. A secret that would travel as it is needs TLS all the way (§8.4.1).
//! 3. A new secret is sealed into its handle, and given out as asked (§8.2).

use axum::response::Response;
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    association::{Association, Kind, SessionType},
    association_request::{AssociationRequest, Session, Unsupported},
    diffie_hellman::{Exchange, Hash, Masked},
    direct::{self, Refusal},
    fields::Fields,
    message::{Message, Version},
};
use crate::{
    app::App,
    http::{
        fault::{Fault, InternalError},
        log,
        visit::Visit,
    },
};

/// `POST` with `openid.mode=associate`.
pub async fn associate(app: &App, visit: &Visit, message: &Message) -> Response {
    match serve(app, visit, message).await {
        Ok(fields) => {
            log::outcome("associated");
            direct::answer(visit, &fields)
        }
        Err(fault) => direct::refuse(visit, message.version(), &fault),
    }
}

async fn serve(app: &App, visit: &Visit, message: &Message) -> Result<Fields, Fault<Refusal>> {
    let request = AssociationRequest::read(message).map_err(|bad| Fault::Reject(bad.into()))?;
    if matches!(request.session, Session::NoEncryption) && !may_go_unmasked(app, visit) {
        let why = "openid.session_type no-encryption is served over TLS alone";
        let instead = Unsupported::instead_of(request.assoc_type, why);
        return Err(Fault::Reject(Refusal::Unsupported(instead)));
    }
    let ttl = app.settings.openid2.association_ttl;
    let expires_at = app.clock.now() + ttl;
    let (handle, association) =
        Association::issue(&app.sealer, &app.rng, Kind::Shared, request.assoc_type, expires_at)?;
    let mut fields = direct::begin(message.version())
        .with("assoc_handle", handle)
        .with("assoc_type", request.assoc_type.name())
        .with("expires_in", ttl.as_secs().to_string());
    match request.session {
        Session::NoEncryption => {
            // OpenID 2.0 §14.2.2: in OpenID 1.1 "no-encryption" is told by silence.
            if message.version() == Version::V2 {
                fields.set("session_type", SessionType::NoEncryption.name());
            }
            fields.set("mac_key", STANDARD.encode(association.mac_key()));
        }
        Session::DiffieHellman(hash, exchange) => {
            let masked = mask(app, hash, *exchange, &association).await?;
            fields.set("session_type", SessionType::DiffieHellman(hash).name());
            fields.set("dh_server_public", masked.server_public);
            fields.set("enc_mac_key", masked.enc_mac_key);
        }
    }
    Ok(fields)
}

/// OpenID 2.0 §8.4.1: "no-encryption" "MUST NOT be used unless the messages are using transport layer
/// encryption": whoever listens could forge assertions. In development it never leaves the machine.
fn may_go_unmasked(app: &App, visit: &Visit) -> bool {
    app.settings.development || app.is_secure() && visit.by_tls
}

async fn mask(
    app: &App,
    hash: Hash,
    exchange: Exchange,
    association: &Association,
) -> Result<Masked, InternalError> {
    if !exchange.is_costly() {
        return Ok(exchange.mask(hash, association.mac_key(), &app.rng));
    }
    // A stranger's modulus may take fifty times as long: apart from those who serve everybody,
    // and no more of them than there is room for.
    let (association, rng) = (association.clone(), app.rng.clone());
    Ok(app.exchanges.run(move || exchange.mask(hash, association.mac_key(), &rng)).await?)
}
