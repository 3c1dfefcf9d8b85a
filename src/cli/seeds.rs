//! What `tamga dev` puts into its database: accounts to sign in with, and clients to sign in to.
//! Sown at every start: what is there already stays as it is.

mod accounts;
mod clients;
mod iin_key;
mod signing_key;
mod sown;

use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;
use time::OffsetDateTime;

use super::CliError;
use crate::{
    clock::Clock,
    crypto::{
        password::{Cost, PasswordError, Passwords},
        sealed::Sealer,
    },
    ids::{ClientId, ClientSecretId, CredentialId, UserId},
    model::{
        attribute::Level,
        client::{Client, ClientSecret, ClientSettings, ClientType, Flow, Sealed},
        credential::{Credential, CredentialKind},
        journal::Entry,
        relying_party::RelyingParty,
        role::Role,
        user::UserKind,
    },
    rng::Rng,
    secret::Token,
    settings::Settings,
    store::{
        self,
        users::{NewAttribute, NewUser},
    },
};

use clients::{
    demo_aitu, demo_device, demo_logout, demo_oauth1, demo_oidc, demo_openid2, demo_par, demo_service,
    demo_signer, demo_spa,
};
use iin_key::IinKey;
use signing_key::signing_key;

pub use accounts::{ACCOUNTS, Account, CONFIRMING, CONFIRMING_PHONE};
pub use sown::{Sown, SownAccount, SownClient};

/// The confidential client behind `/demo/oidc`.
pub const DEMO_OIDC: &str = "demo-oidc";
/// The confidential client behind `/demo/aitu`.
pub const DEMO_AITU: &str = "demo-aitu";
/// The client behind `/demo/logout`.
pub const DEMO_LOGOUT: &str = "demo-logout";
/// The client behind `/demo/openid2`.
pub const DEMO_OPENID2: &str = "demo-openid2";
/// The client behind `/demo/oauth1`.
pub const DEMO_OAUTH1: &str = "demo-oauth1";
/// The service client behind `/demo/service`.
pub const DEMO_SERVICE: &str = "demo-service";
/// The client that asks for confirmations behind `/demo/service`.
pub const DEMO_SIGNER: &str = "demo-signer";
/// The device behind `/demo/device`.
pub const DEMO_DEVICE: &str = "demo-device";
/// The client behind `/demo/par`.
pub const DEMO_PAR: &str = "demo-par";
/// A public client, for trying an application on one's own machine.
pub const DEMO_SPA: &str = "demo-spa";

/// Puts in what is missing. `before` is what an earlier start kept; a client whose secret is not in
/// it gets a new one in the old one's place.
///
/// # Errors
/// The database fails, or holds somebody else under a name or number of ours.
pub async fn sow(
    pool: &PgPool,
    settings: &Settings,
    (clock, rng): (&Clock, &Rng),
    before: Option<&Sown>,
) -> Result<Sown, CliError> {
    let base = settings.server.issuer();
    let sealer = crate::app::sealer(settings).map_err(|error| CliError::refused(error.to_string()))?;
    sow_accounts(pool, settings, rng, clock.now()).await?;
    let known = before.and_then(|sown| sown.secret(DEMO_OIDC)).map(Token::from);
    let oidc = demo_oidc(&base, rng, clock.now());
    let secret = sow_client(pool, oidc, known, (rng, &sealer), clock.now()).await?;
    sow_client(pool, demo_spa(rng, clock.now()), None, (rng, &sealer), clock.now()).await?;
    sow_client(pool, demo_openid2(&base, rng, clock.now()), None, (rng, &sealer), clock.now()).await?;
    let known = before.and_then(|sown| sown.secret(DEMO_OAUTH1)).map(Token::from);
    let oauth1 = demo_oauth1(&base, rng, clock.now());
    let oauth1_secret = sow_client(pool, oauth1, known, (rng, &sealer), clock.now()).await?;

    let key = IinKey::keep_or_make(before.and_then(|sown| sown.iin_private_key(DEMO_AITU)))?;
    let known = before.and_then(|sown| sown.secret(DEMO_AITU)).map(Token::from);
    let aitu = demo_aitu(&base, key.public.clone(), rng, clock.now());
    let aitu_secret = sow_client(pool, aitu, known, (rng, &sealer), clock.now()).await?;

    let known = |id| before.and_then(|sown| sown.secret(id)).map(Token::from);
    let (service, signer) = (demo_service(rng, clock.now()), demo_signer(rng, clock.now()));
    let logout = demo_logout(&base, rng, clock.now());
    let logout = sow_client(pool, logout, known(DEMO_LOGOUT), (rng, &sealer), clock.now()).await?;
    let service = sow_client(pool, service, known(DEMO_SERVICE), (rng, &sealer), clock.now()).await?;
    let signer = sow_client(pool, signer, known(DEMO_SIGNER), (rng, &sealer), clock.now()).await?;

    let device = demo_device(rng, clock.now());
    sow_client(pool, device, None, (rng, &sealer), clock.now()).await?;
    let (signing, public) = signing_key(before.and_then(|sown| sown.private_key(DEMO_PAR)))?;
    let par = demo_par(&base, public, rng, clock.now());
    sow_client(pool, par, None, (rng, &sealer), clock.now()).await?;

    let client = |id: &str, protocol: &str, secret: Option<Token>, demo: Option<String>| SownClient {
        client_id: id.to_owned(),
        client_secret: secret.map(|secret| secret.expose().to_owned()),
        protocol: protocol.to_owned(),
        demo,
        iin_private_key: None,
        private_key: None,
    };
    let account = |account: &Account| SownAccount {
        username: account.username.to_owned(),
        password: account.password.to_owned(),
        kind: account.kind,
    };
    Ok(Sown {
        accounts: ACCOUNTS.iter().map(account).collect(),
        clients: vec![
            client(DEMO_OIDC, "oidc", secret, Some(format!("{base}/demo/oidc"))),
            client(DEMO_SPA, "oidc", None, None),
            SownClient {
                iin_private_key: Some(key.private.expose_secret().to_owned()),
                ..client(DEMO_AITU, "aitu", aitu_secret, Some(format!("{base}/demo/aitu")))
            },
            client(DEMO_DEVICE, "device", None, Some(format!("{base}/demo/device"))),
            SownClient {
                private_key: Some(signing),
                ..client(DEMO_PAR, "fapi2", None, Some(format!("{base}/demo/par")))
            },
            client(DEMO_OPENID2, "openid2", None, Some(format!("{base}/demo/openid2"))),
            client(DEMO_OAUTH1, "oauth1", oauth1_secret, Some(format!("{base}/demo/oauth1"))),
            client(DEMO_LOGOUT, "oidc", logout, Some(format!("{base}/demo/logout"))),
            client(DEMO_SERVICE, "service", service, Some(format!("{base}/demo/service"))),
            client(DEMO_SIGNER, "confirmation", signer, Some(format!("{base}/demo/service"))),
        ],
        base,
    })
}

async fn sow_accounts(
    pool: &PgPool,
    settings: &Settings,
    rng: &Rng,
    now: OffsetDateTime,
) -> Result<(), CliError> {
    let argon2 = &settings.passwords.argon2;
    let cost = Cost {
        memory_kib: argon2.memory_kib,
        iterations: argon2.iterations,
        parallelism: argon2.parallelism,
    };
    let failed = |error: PasswordError| CliError::refused(error.to_string());
    let passwords = Passwords::new(cost, 1, 1, rng).map_err(failed)?;
    for account in ACCOUNTS.iter().chain([&CONFIRMING]) {
        if store::users::find(pool, account.username).await?.is_some() {
            continue;
        }
        let hash = passwords.hash(SecretString::from(account.password), rng).await.map_err(failed)?;
        let user = NewUser {
            id: UserId(rng.uuid(now)),
            kind: account.kind,
            username: account.username.to_owned(),
            password_hash: Some(hash),
            attributes: account.attributes.iter().map(|given| attribute(settings, *given)).collect(),
        };
        let entry = Entry::by_operator(now, "user.insert", "user", user.id);
        store::users::insert(pool, &user, "demonstration", &entry).await?;
        if account.username == CONFIRMING.username {
            confirm_by_sms(pool, user.id, rng, now).await?;
        }
        for role in roles_of(account) {
            let entry = Entry::by_operator(now, "role.grant", "user", user.id);
            store::roles::grant(pool, user.id, &role, &entry).await?;
        }
    }
    Ok(())
}

/// Turns codes by SMS on.
async fn confirm_by_sms(pool: &PgPool, user: UserId, rng: &Rng, now: OffsetDateTime) -> Result<(), CliError> {
    let credential = Credential {
        id: CredentialId(rng.uuid(now)),
        user_id: user,
        kind: CredentialKind::Sms,
        label: None,
        data: serde_json::json!({}),
        sealed: None,
        created_at: now,
        last_used_at: None,
    };
    let entry = Entry::by_operator(now, "credential.insert", "user", user);
    Ok(store::credentials::insert(pool, &[credential], None, &entry).await?)
}

/// The official checks who people are, and looks after the accounts of the agency.
fn roles_of(account: &Account) -> Vec<Role> {
    let agency = account.attributes.iter().find(|(name, _, _)| *name == "organization.name");
    match (account.kind, agency) {
        (UserKind::GovernmentAgent, Some((_, agency, _))) => {
            vec![Role::Registrar, Role::AgencyAdministrator((*agency).to_owned())]
        }
        _ => Vec::new(),
    }
}

fn attribute(settings: &Settings, (name, value, level): (&str, &str, i16)) -> NewAttribute {
    NewAttribute {
        name: name.to_owned(),
        value: value.to_owned(),
        level: Level::try_from(level).unwrap_or_default(),
        identifier: settings.attributes.get(name).is_some_and(|definition| definition.identifier),
    }
}

/// Registers the client, or brings its return addresses and key up to date; gives the secret of a
/// confidential one.
async fn sow_client(
    pool: &PgPool,
    wanted: Client,
    known: Option<Token>,
    (rng, sealer): (&Rng, &Sealer),
    now: OffsetDateTime,
) -> Result<Option<Token>, CliError> {
    let entry = |action, id: ClientId| Entry::by_operator(now, action, "client", id);
    let sealer = wanted.has_flow(Flow::Oauth1).then_some(sealer);
    // One that proves itself with a key has no secret.
    let confidential = wanted.client_type == ClientType::Confidential && wanted.settings.jwks.is_none();
    let Some(found) = store::clients::find(pool, &wanted.identifier).await? else {
        let secret = confidential.then(|| Token::generate(rng));
        let secrets = secret.iter().map(|secret| stored(secret, sealer, rng, now));
        let secrets = secrets.collect::<Result<_, _>>()?;
        let client = Client { secrets, ..wanted };
        store::clients::insert(pool, &client, &entry("client.insert", client.id)).await?;
        return Ok(secret);
    };
    if found.redirect_uris != wanted.redirect_uris
        || found.post_logout_redirect_uris != wanted.post_logout_redirect_uris
        || found.settings.jwks != wanted.settings.jwks
        || found.settings.iin_public_key != wanted.settings.iin_public_key
        || found.settings.openid2_realms != wanted.settings.openid2_realms
        || found.settings.oauth1_callbacks != wanted.settings.oauth1_callbacks
        || found.settings.oidc.backchannel_logout_uri != wanted.settings.oidc.backchannel_logout_uri
        || found.settings.oidc.frontchannel_logout_uri != wanted.settings.oidc.frontchannel_logout_uri
    {
        let client = Client {
            redirect_uris: wanted.redirect_uris,
            post_logout_redirect_uris: wanted.post_logout_redirect_uris,
            settings: ClientSettings {
                iin_public_key: wanted.settings.iin_public_key,
                jwks: wanted.settings.jwks,
                openid2_realms: wanted.settings.openid2_realms,
                oauth1_callbacks: wanted.settings.oauth1_callbacks,
                oidc: RelyingParty {
                    backchannel_logout_uri: wanted.settings.oidc.backchannel_logout_uri,
                    frontchannel_logout_uri: wanted.settings.oidc.frontchannel_logout_uri,
                    ..found.settings.oidc.clone()
                },
                ..found.settings.clone()
            },
            ..found.clone()
        };
        store::clients::update(pool, &client, now, &entry("client.update", client.id)).await?;
    }
    if !confidential {
        return Ok(None);
    }
    let digest = known.as_ref().map(Token::digest);
    if let (Some(known), Some(digest)) = (known, digest)
        && found.secrets.iter().any(|secret| secret.digest == digest)
    {
        return Ok(Some(known));
    }
    let secret = Token::generate(rng);
    let added = entry("client.secret.insert", found.id);
    store::clients::insert_secret(pool, found.id, &stored(&secret, sealer, rng, now)?, &added).await?;
    for lost in &found.secrets {
        let removed = entry("client.secret.remove", found.id);
        store::clients::remove_secret(pool, found.id, lost.id, &removed).await?;
    }
    Ok(Some(secret))
}

/// What is kept of a secret; for a client that signs with it, the secret itself, sealed.
fn stored(
    secret: &Token,
    sealer: Option<&Sealer>,
    rng: &Rng,
    now: OffsetDateTime,
) -> Result<ClientSecret, CliError> {
    let id = ClientSecretId(rng.uuid(now));
    let seal = |sealer: &Sealer| sealer.seal(&ClientSecret::place(id), secret.expose().as_bytes(), rng);
    let sealed = sealer.map(seal).transpose().map_err(|error| CliError::refused(error.to_string()))?;
    Ok(ClientSecret {
        id,
        digest: secret.digest(),
        sealed: sealed.map(Sealed),
        created_at: now,
        expires_at: None,
        last_used_at: None,
    })
}

#[cfg(test)]
mod tests;
