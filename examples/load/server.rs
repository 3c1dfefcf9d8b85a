//! The server under measurement, as a child process with settings of its own.

use std::{
    fs::File,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::StatusCode;
use tamga::crypto::sealed::Sealer;

use crate::{Failed, data::Data, wire::Wire};

/// Sealed only data that is thrown away.
pub const ENCRYPTION_KEY: &str = "load:bG9hZCBsb2FkIGxvYWQgbG9hZCBsb2FkIGxvYWQgbG8=";

/// What the server seals with.
pub fn sealer() -> Result<Sealer, String> {
    let (id, key) = ENCRYPTION_KEY.split_once(':').ok_or("the key has no id")?;
    let key: [u8; 32] =
        STANDARD.decode(key).ok().and_then(|key| key.try_into().ok()).ok_or("the key has not 32 bytes")?;
    Sealer::new([(id, &key)]).map_err(|error| error.to_string())
}

/// How long it may take to be ready the first time, when it makes its keys.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A running server.
pub struct Server {
    /// Its origin.
    pub base: String,
    /// From the start of the process to the first answer that it is ready.
    pub ready_after: Duration,
    process: Child,
}

/// `target/release`, where this program lies in `examples/`.
fn release_folder() -> Result<PathBuf, Failed> {
    let program = std::env::current_exe()?;
    let folder = program.parent().and_then(Path::parent).ok_or("this program lies in no target folder")?;
    Ok(folder.to_path_buf())
}

/// Cargo's `target`.
pub fn target_folder() -> Result<PathBuf, Failed> {
    Ok(release_folder()?.parent().ok_or("this program lies in no target folder")?.to_path_buf())
}

/// Builds the release server and says where it is. Together with this program, so that both use
/// the same build of every library.
pub fn build() -> Result<PathBuf, Failed> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR"));
    build.args(["build", "--release", "--bin", "tamga", "--example", "load"]);
    build.arg("--target-dir").arg(target_folder()?);
    if !build.status()?.success() {
        return Err("the server could not be built".into());
    }
    Ok(target_folder()?.join("release/tamga"))
}

impl Server {
    /// Starts it on a free port and waits until it is ready.
    pub async fn start(binary: &Path, folder: &Path, data: &Data, pool: Option<u32>) -> Result<Self, Failed> {
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let base = format!("http://{free}");
        let mut command = Command::new(binary);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("TAMGA_") || text == "DATABASE_URL" {
                command.env_remove(name);
            }
        }
        // In a folder without a settings file, so that only these settings count.
        command.arg("serve").current_dir(folder);
        command.env("TAMGA_SERVER__PUBLIC_URL", &base);
        command.env("TAMGA_SERVER__LISTEN", free.to_string());
        command.env("TAMGA_DATABASE__URL", &data.url);
        command.env("TAMGA_SECRETS__ENCRYPTION_KEYS", ENCRYPTION_KEY);
        if let Some(connections) = pool {
            command.env("TAMGA_DATABASE__MAX_CONNECTIONS", connections.to_string());
        }
        // Its log, a line a request, goes to a file as it would in production.
        let log = File::create(folder.join("server.log"))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let begun = Instant::now();
        let mut process = command.spawn()?;
        let wire = Wire::new(&base);
        loop {
            let ready = wire.get("/health/ready", None).await;
            if ready.is_ok_and(|answer| answer.status == StatusCode::OK) {
                return Ok(Self { base, ready_after: begun.elapsed(), process });
            }
            if process.try_wait()?.is_some() || begun.elapsed() > READY_WITHIN {
                let said = std::fs::read_to_string(folder.join("server.log"))?;
                // A child that hangs must not outlive us; one that ended needs no killing.
                let _ = process.kill();
                return Err(format!("the server did not start: {said}").into());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Ends it.
    pub async fn stop(self) {
        drop(self);
        // PostgreSQL notices that its clients are gone.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing it holds is worth a graceful end; failing means it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
