//! `tamga dev`: a server to try things with, in the current folder, that needs nothing but the
//! system's PostgreSQL programs.
//!
//! 1. With `--print`: say again what an earlier start said, and nothing else. With `--reset`:
//!    forget what was kept in `.tamga/`.
//! 2. Development settings; the given database, else a private one below `.tamga/`; its own
//!    encryption key.
//! 3. Migrate, and put in what is missing of the demonstration accounts and clients.
//! 4. Say where to go and who can sign in; serve, with `/demo` and `/dev` beside the product's
//!    routes. Those two exist nowhere else. The private database stops with the server.

use std::{
    fs, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
};

use axum::Router;
use ipnet::IpNet;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::{
    CliError, Global,
    context::reach_for_migrations,
    environment::{Environment, FOLDER},
    log,
    output::{Format, table},
    private_postgres::PrivatePostgres,
    seeds::{
        self, CONFIRMING, CONFIRMING_PHONE, DEMO_AITU, DEMO_DEVICE, DEMO_LOGOUT, DEMO_OAUTH1, DEMO_OIDC,
        DEMO_PAR, DEMO_SERVICE, DEMO_SIGNER, Sown,
    },
    serve,
};
use crate::{
    app::App,
    clock::Clock,
    demo::{Credentials, Demo, Systems},
    rng::Rng,
    settings::{Settings, Sources},
    store,
    templates::DemoAccount,
};

/// What was sown is kept here: the database holds only digests of the secrets.
const KEPT: &str = "demo.json";

/// Options of `tamga dev`.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Begin anew: delete the private database and what was kept beside it
    #[arg(long, conflicts_with = "print")]
    reset: bool,
    /// Print the address, accounts and clients of the last start, without starting
    #[arg(long)]
    print: bool,
    /// Where to listen; unless server.public_url is set, the issuer follows its port
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "print")]
    listen: Option<SocketAddr>,
}

/// Carries it out; `routes` are the product's, unlayered, for ours to be merged with.
///
/// # Errors
/// [`CliError`]: what keeps the server from starting.
pub async fn run(
    global: &Global,
    options: Options,
    routes: impl FnOnce(App, Router) -> Router,
) -> Result<(), CliError> {
    let kept = Path::new(FOLDER).join(KEPT);
    if options.print {
        let sown = Sown::read(&kept).ok_or_else(|| {
            CliError::refused("nothing was started in this folder yet; run `tamga dev` first")
        })?;
        return Ok(print(global.output, &sown)?);
    }
    let environment = blocking(global.clone(), options).await?;
    let settings = environment.settings.clone();
    log::of_server(&settings.log, global.verbose)?;

    let sown = sow(&settings, &kept).await?;
    let demo = demo(&settings, &sown)?;
    print(global.output, &sown)?;
    // With `--output json` standard output holds one object, which has been printed.
    let json = matches!(global.output, Format::Json);
    let ready = |app: &App, address| if json { Ok(()) } else { serve::announce(app, address) };
    serve::run(settings, ready, |app| routes(app.clone(), demo.router(app))).await?;
    // Only now: the private database outlives everybody who uses it.
    tokio::task::spawn_blocking(move || drop(environment))
        .await
        .map_err(|_| CliError::refused("stopping the private database broke off"))
}

/// The settings and the database, made where it may block.
async fn blocking(global: Global, options: Options) -> Result<Environment, CliError> {
    let make = move || {
        let mut sources = Sources::of_process(global.config, true);
        if options.reset {
            reset(&sources)?;
        }
        if let Some(listen) = options.listen {
            sources.overrides.push(("server.listen".to_owned(), listen.to_string()));
        }
        let follows = !sources.gives("server", "public_url");
        let mut environment = Environment::development(sources)?;
        if follows {
            follow_port(&mut environment.settings)?;
        }
        reach_own_machine(&mut environment.settings);
        Ok(environment)
    };
    tokio::task::spawn_blocking(make)
        .await
        .map_err(|_| CliError::refused("preparing the development server broke off"))?
}

/// Services under development are on this machine: their keys may be fetched there, and they are told
/// there of logouts. A server for people never does that unless its operator says so.
fn reach_own_machine(settings: &mut Settings) {
    settings.outbound.allowed_hosts.push("localhost".to_owned());
    let loopback = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
    settings.outbound.allowed_ranges.extend(loopback.map(IpNet::from));
}

/// Forgets everything of an earlier start.
fn reset(sources: &Sources) -> Result<(), CliError> {
    if sources.gives("database", "url") {
        return Err(CliError::refused(
            "--reset deletes the private database only, and a database is given (TAMGA_DATABASE__URL, \
             DATABASE_URL or the settings file); empty that one yourself, or leave it out",
        ));
    }
    let folder = Path::new(FOLDER);
    if !folder.exists() {
        return Ok(());
    }
    // Refuses while another server runs there, so this comes first.
    PrivatePostgres::remove(&folder.join("postgres"))?;
    for name in [KEPT, "encryption.key"] {
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The issuer of a server on another port than the usual one.
fn follow_port(settings: &mut Settings) -> Result<(), CliError> {
    let port = settings.server.listen.port();
    if port == 0 {
        return Err(CliError::refused("server.listen: port 0 leaves the issuer unknown; choose a port"));
    }
    let scheme = if settings.tls.is_some() { "https" } else { "http" };
    settings.server.public_url = Url::parse(&format!("{scheme}://localhost:{port}"))
        .map_err(|error| CliError::refused(format!("server.public_url: {error}")))?;
    Ok(())
}

async fn sow(settings: &Settings, kept: &Path) -> Result<Sown, CliError> {
    let pool = reach_for_migrations(&settings.database).await?;
    store::migrate(&pool).await?;
    let before = Sown::read(kept);
    let sown = seeds::sow(&pool, settings, (&Clock::System, &Rng::System), before.as_ref()).await?;
    pool.close().await;
    sown.write(kept)?;
    Ok(sown)
}

fn demo(settings: &Settings, sown: &Sown) -> Result<Demo, CliError> {
    let account = |account: &seeds::SownAccount| DemoAccount {
        username: account.username.clone(),
        password: account.password.clone(),
        kind: account.kind.to_string(),
    };
    let credentials = |id: &str| Credentials {
        client_id: id.to_owned(),
        client_secret: SecretString::from(sown.secret(id).unwrap_or_default()),
    };
    let iin_key = SecretString::from(sown.iin_private_key(DEMO_AITU).unwrap_or_default());
    let accounts = sown.accounts.iter().map(account).collect();
    let aitu = (credentials(DEMO_AITU), iin_key);
    let standard = (credentials(DEMO_OIDC), credentials(DEMO_OAUTH1), credentials(DEMO_LOGOUT));
    let systems = Systems {
        service: credentials(DEMO_SERVICE),
        signer: credentials(DEMO_SIGNER),
        person: DemoAccount {
            username: CONFIRMING.username.to_owned(),
            password: CONFIRMING.password.to_owned(),
            kind: CONFIRMING.kind.to_string(),
        },
        phone: CONFIRMING_PHONE.to_owned(),
    };
    let key = SecretString::from(sown.private_key(DEMO_PAR).unwrap_or_default());
    let newer = (DEMO_DEVICE.to_owned(), Credentials { client_id: DEMO_PAR.to_owned(), client_secret: key });
    Demo::new(settings.server.public_url.clone(), standard, aitu, systems, newer, accounts)
        .map_err(|error| CliError::refused(error.to_string()))
}

fn print(format: Format, sown: &Sown) -> io::Result<()> {
    format.print(&text(sown), &serde_json::to_value(sown).unwrap_or(Value::Null))
}

/// Where to go, and who can sign in.
fn text(sown: &Sown) -> String {
    let base = &sown.base;
    let accounts: Vec<[String; 3]> = sown
        .accounts
        .iter()
        .map(|account| [account.username.clone(), account.password.clone(), account.kind.to_string()])
        .collect();
    let clients: Vec<[String; 3]> = sown
        .clients
        .iter()
        .map(|client| {
            let none = match client.protocol.as_str() {
                "openid2" => "none: known by its realm",
                "device" => "none: public, on a device",
                "fapi2" => "none: signs with its key",
                _ => "none: public, with PKCE",
            };
            let secret = client.client_secret.clone().unwrap_or_else(|| none.to_owned());
            [client.client_id.clone(), secret, client.protocol.clone()]
        })
        .collect();
    format!(
        "Tamga for development; everybody's password is public, so never let it be reached from outside.\n\n\
         Try a sign-in     {base}/demo\n\
         Mail and SMS      {base}/dev/outbox\n\
         Discovery         {base}/.well-known/openid-configuration\n\n\
         {}\n\n{}\n",
        table(["ACCOUNT", "PASSWORD", "KIND"], &accounts),
        table(["CLIENT", "SECRET", "PROTOCOL"], &clients),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_says_where_to_go_and_who_can_sign_in() {
        let account = seeds::SownAccount {
            username: "demo-citizen".to_owned(),
            password: "demo-citizen-1".to_owned(),
            kind: crate::model::user::UserKind::Citizen,
        };
        let sown =
            Sown { base: "http://localhost:8080".to_owned(), accounts: vec![account], clients: Vec::new() };
        let text = text(&sown);
        assert!(text.contains("http://localhost:8080/demo\n"));
        assert!(text.contains("demo-citizen  demo-citizen-1  citizen"));
    }
}
