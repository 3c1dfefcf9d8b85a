//! The real binary, as an operator types it: what it prints, how it ends, what it stores.

mod clients;
mod gateways;
mod oauth1;
mod people;
mod proofs;
mod registration;
mod relying_parties;
mod servers;
mod settings;
mod users;

use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value;

use crate::support::database::{TestDatabase, empty_database};

/// An installation: a database of its own, and an empty folder without any settings.
struct Installation {
    database: TestDatabase,
    folder: PathBuf,
}

/// What a command did.
struct Outcome {
    code: i32,
    out: String,
    err: String,
}

async fn installation() -> Installation {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("cli-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    Installation { database: empty_database().await, folder }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Installation {
    /// The command, with nothing of the environment but what is set here.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tamga"));
        command.args(arguments).current_dir(&self.folder).env_clear();
        command.env("PATH", env::var_os("PATH").unwrap());
        command.env("TAMGA_DATABASE__URL", &self.database.url);
        command.env("TAMGA_SECRETS__ENCRYPTION_KEYS", format!("t:{}=", "A".repeat(43)));
        command.env("TAMGA_PASSWORDS__ARGON2__MEMORY_KIB", "64");
        command.env("TAMGA_PASSWORDS__ARGON2__ITERATIONS", "1");
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with(arguments, "")
    }

    fn run_with(&self, arguments: &[&str], input: &str) -> Outcome {
        outcome(self.command(arguments), input)
    }

    /// Runs what must succeed, and reads its object.
    fn json(&self, arguments: &[&str]) -> Value {
        self.json_with(arguments, "")
    }

    fn json_with(&self, arguments: &[&str], input: &str) -> Value {
        let done = self.run_with(&[arguments, &["--output", "json"]].concat(), input);
        assert_eq!(done.code, 0, "{arguments:?}: {}", done.err);
        assert_eq!(done.out.matches('\n').count(), 1, "{}", done.out);
        serde_json::from_str(&done.out).unwrap()
    }

    /// Runs what must be refused with 1, and gives the sentence.
    fn refused(&self, arguments: &[&str]) -> String {
        self.refused_with(arguments, "")
    }

    fn refused_with(&self, arguments: &[&str], input: &str) -> String {
        let done = self.run_with(arguments, input);
        assert_eq!((done.code, done.out.as_str()), (1, ""), "{arguments:?}: {}", done.err);
        done.err
    }

    /// The actions in the journal, in their order.
    fn journal(&self) -> Vec<String> {
        let done = self.run(&["journal", "export"]);
        let action =
            |line: &str| serde_json::from_str::<Value>(line).unwrap()["action"].as_str().unwrap().into();
        done.out.lines().map(action).collect()
    }
}

fn outcome(mut command: Command, input: &str) -> Outcome {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that reads nothing may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Outcome { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}
