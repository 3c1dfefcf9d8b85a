//! How much the server carries: a closed-loop client over loopback against a release server with a
//! real PostgreSQL whose commits reach the disk.
//!
//! `cargo run --release --example load -- FLOW [--seconds 10] [--connections 16] [--users 100000] [--alg ES256|RS256]`
//!
//! 1. Build the server, start a private PostgreSQL, fill a database of its own (`data`).
//! 2. Start the server as a child process (`server`), once to make its keys and once for the clock.
//! 3. Send requests over kept-alive connections, each as soon as the one before is answered
//!    (`drive`, `flows`); every answer is checked, and a wrong one is printed and counted.
//! 4. Read from `/proc` and PostgreSQL what it cost (`measure`) and say what was short (`report`).

mod argon2;
mod data;
mod drive;
mod flows;
mod measure;
mod oauth1;
mod openid2;
mod report;
mod server;
mod service;
mod wire;

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::{Parser, ValueEnum};
use tamga::{
    cli::private_postgres::{Options, PrivatePostgres},
    model::signing::Algorithm,
};

use crate::{data::Data, flows::Workload, report::Report, server::Server};

/// What may go wrong before anything is measured.
type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Measures what the server carries.
#[derive(Debug, Parser)]
struct Arguments {
    /// What is asked of the server.
    flow: Flow,
    /// How long each flow is measured; a second of warming up comes before.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Connections kept busy.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Accounts in the database.
    #[arg(long, default_value_t = 100_000)]
    users: usize,
    /// What id_tokens are signed with. Access tokens are signed with ES256 whatever the client.
    #[arg(long, default_value = "ES256")]
    alg: Algorithm,
    /// Connections to the database the server may open, when not its default.
    #[arg(long)]
    pool: Option<u32>,
    /// A server's binary to measure instead of this tree's.
    #[arg(long)]
    server: Option<PathBuf>,
}

/// A flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Flow {
    /// An authorization request with a live session and a remembered consent.
    Authorize,
    /// The exchange of a code.
    Code,
    /// Authorization request, code exchange and userinfo, one after another.
    #[value(name = "flow")]
    Whole,
    /// The rotation of a refresh token.
    Refresh,
    /// The introspection of an access token.
    Introspect,
    /// Userinfo.
    Userinfo,
    /// The discovery document.
    Discovery,
    /// A service client's token of a person, without the password.
    Service,
    /// A service client's token of its own.
    Credentials,
    /// A client nobody knows.
    UnknownClient,
    /// A client with a wrong secret.
    WrongSecret,
    /// The XRDS of the OP Identifier.
    Xrds,
    /// An OpenID 2.0 request with a live session and a remembered consent.
    Checkid,
    /// The confirmation of an OpenID 2.0 assertion (check_authentication).
    Confirm,
    /// An association by Diffie-Hellman, 1,024 bits and SHA-256.
    Associate,
    /// A request token of OAuth 1.0a.
    Oauth1Request,
    /// The exchange of an allowed request token for an access token.
    Oauth1Access,
    /// The user information document, signed.
    Oauth1Info,
    /// The posting of user name and password.
    Login,
    /// Argon2id alone, in this process, on every core.
    Argon2,
    /// All of these.
    All,
}

impl Flow {
    const EACH: [Self; 20] = [
        Self::Discovery,
        Self::Introspect,
        Self::Userinfo,
        Self::Authorize,
        Self::Code,
        Self::Whole,
        Self::Refresh,
        Self::Service,
        Self::Credentials,
        Self::UnknownClient,
        Self::WrongSecret,
        Self::Xrds,
        Self::Checkid,
        Self::Confirm,
        Self::Associate,
        Self::Oauth1Request,
        Self::Oauth1Access,
        Self::Oauth1Info,
        Self::Argon2,
        Self::Login,
    ];
}

// One thread: the client should take as little as it can of the cores it shares with the server.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failed> {
    let arguments = Arguments::parse();
    let flows = match arguments.flow {
        Flow::All => Flow::EACH.to_vec(),
        one => vec![one],
    };
    let mut report = Report::begin(&arguments);
    if flows == [Flow::Argon2] {
        report.argon2(argon2::rate(arguments.seconds));
        return Ok(());
    }
    let binary = match &arguments.server {
        Some(binary) => binary.clone(),
        None => server::build()?,
    };
    let folder = server::target_folder()?.join("load");
    let options = Options { folder: folder.join("postgres"), durable: true, max_connections: 60 };
    let postgres = PrivatePostgres::start(&options)?;
    let data = Data::load(&postgres, &arguments, &flows).await?;
    let started = Server::start(&binary, &folder, &data, arguments.pool).await?;
    // That one made the signing keys; the next start is the usual one.
    started.stop().await;
    let server = Server::start(&binary, &folder, &data, arguments.pool).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    report.server(&binary, &server, &postgres, &data).await?;

    let workload = Arc::new(Workload::prepare(&server, data, &arguments).await?);
    for flow in flows {
        if flow == Flow::Argon2 {
            report.argon2(argon2::rate(arguments.seconds));
            continue;
        }
        let before = measure::Usage::now(&server, &postgres, &workload.data.pool).await?;
        let tally = drive::run(&workload, flow, &arguments, before).await?;
        let after = measure::Usage::now(&server, &postgres, &workload.data.pool).await?;
        report.flow(flow, &tally, &after);
    }
    report.end(&server);
    server.stop().await;
    Ok(())
}
