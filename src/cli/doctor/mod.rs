//! `tamga doctor`: looks at everything an installation needs and says how to mend what is wrong.

mod certificate;
mod database;
mod gateways;
mod web;

use serde_json::json;

use super::{CliError, Global, check, context::open_environment};
use crate::clock::Clock;

/// `tamga doctor`
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only ask the server of these settings whether it is ready; for a container's health check
    #[arg(long)]
    ready: bool,
}

/// One thing looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Finding {
    /// What.
    name: &'static str,
    verdict: Verdict,
    /// What was seen; and what to do, unless it is well.
    message: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    /// Works now, but look at it.
    Warning,
    Fault,
}

impl Verdict {
    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Fault => "fault",
        }
    }
}

impl Finding {
    fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Ok, message: message.into() }
    }

    fn warning(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Warning, message: message.into() }
    }

    fn fault(name: &'static str, message: impl Into<String>) -> Self {
        Self { name, verdict: Verdict::Fault, message: message.into() }
    }
}

/// Looks at everything, or only asks for readiness.
pub async fn run(global: &Global, options: Options) -> Result<(), CliError> {
    let environment = match open_environment(global).await {
        Ok(environment) => environment,
        Err(CliError::Settings(faults)) if !options.ready => {
            let findings = faults.iter().map(|fault| Finding::fault("settings", fault.to_string()));
            return report(global, &findings.collect::<Vec<_>>());
        }
        Err(other) => return Err(other),
    };
    let settings = &environment.settings;
    if options.ready {
        return ready(global, web::is_ready(settings).await);
    }
    let now = Clock::System.now();
    let beyond = check::beyond_settings(settings);
    let mut findings: Vec<_> =
        beyond.iter().map(|fault| Finding::fault("settings", fault.to_string())).collect();
    if findings.is_empty() {
        findings.push(Finding::ok("settings", "settings, templates and encryption keys are in order"));
    }
    findings.extend(database::look(settings, &Clock::System).await);
    match &settings.tls {
        Some(tls) => findings.push(certificate::look(tls, &settings.server.public_url, now)),
        None if settings.server.public_url.scheme() == "https" => {
            findings.push(Finding::ok("tls", "left to a proxy: tls.certificate is not set"));
        }
        None => findings.push(Finding::ok("tls", "none: plain HTTP on loopback")),
    }
    findings.push(web::discovery(settings).await);
    findings.extend(gateways::look(settings).await);
    report(global, &findings)
}

fn ready(global: &Global, answer: Result<(), String>) -> Result<(), CliError> {
    match answer {
        Ok(()) => Ok(global.output.print("ready", &json!({"ready": true}))?),
        Err(why) => Err(CliError::refused(format!("not ready: {why}"))),
    }
}

fn report(global: &Global, findings: &[Finding]) -> Result<(), CliError> {
    let lines: Vec<_> = findings
        .iter()
        .map(|found| format!("{:7}  {:9}  {}", found.verdict.word(), found.name, found.message))
        .collect();
    let faults = findings.iter().filter(|found| found.verdict == Verdict::Fault).count();
    let objects: Vec<_> = findings
        .iter()
        .map(|found| json!({"name": found.name, "verdict": found.verdict.word(), "message": found.message}))
        .collect();
    global.output.print(&lines.join("\n"), &json!({"ok": faults == 0, "checks": objects}))?;
    match faults {
        0 => Ok(()),
        1 => Err(CliError::refused("one fault was found; see above how to mend it")),
        _ => Err(CliError::refused(format!("{faults} faults were found; see above how to mend them"))),
    }
}
