//! `/account/activity`: what the person did and what was done to their account, in words.

use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    frame::{frame, shell},
    visitor::{LOOK, signed_in},
};
use crate::{
    app::App,
    form::Form,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    store::journal::{self, Activity},
    templates::{ActivityLine, ActivityPage, Moment},
};

const PAGE: &str = "/account/activity";
/// Lines on a page.
const LINES: i64 = 50;
/// What can be shown: its word in the address, its key, and the first words of the actions.
const FILTERS: [(&str, &str, &[&str]); 4] = [
    ("all", "activity-all", &[]),
    ("sign-ins", "activity-sign-ins", &["session"]),
    ("applications", "activity-applications", &["grant", "consent", "token", "confirmation"]),
    ("changes", "activity-changes", &["user", "credential", "file", "representative"]),
];

/// `GET /account/activity?show=&before=`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    let form = visit.query();
    page::settle(&app, &visit, None, show(&app, &visit, &form).await)
}

async fn show(app: &App, visit: &Visit, form: &Form) -> Result<Response, Fault<Problem>> {
    let visitor = signed_in!(app, visit, LOOK, PAGE);
    let asked = form.get("show").ok().flatten().unwrap_or_default();
    let (show, _, kinds) = FILTERS.into_iter().find(|(word, _, _)| *word == asked).unwrap_or(FILTERS[0]);
    let before = form.get("before").ok().flatten().and_then(|number| number.parse().ok());
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    // One more than is shown tells whether there are older ones.
    let mut lines =
        journal::list_of_person(&app.pool, visitor.login.user.id, &kinds, before, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = lines.len() > most;
    lines.truncate(most);
    let last = lines.last().map(|line| line.seq).filter(|_| more);
    let shown = ActivityPage {
        frame: frame(visit, &visitor, "activity"),
        show,
        filters: FILTERS.map(|(word, key, _)| (word, key)).to_vec(),
        older: last.map(|seq| format!("{PAGE}?show={show}&before={seq}")),
        newest: before.map(|_| format!("{PAGE}?show={show}")),
        lines: lines.into_iter().map(line).collect(),
        errors: Vec::new(),
    };
    Ok(page::render(app, &shell(app, visit, &visitor, PAGE), &shown, StatusCode::OK)?)
}

fn line(line: Activity) -> ActivityLine {
    let by = match line.actor_kind.as_str() {
        _ if line.own => None,
        "user" => Some("activity-by-official"),
        "client" => None,
        _ => Some("activity-by-operator"),
    };
    ActivityLine {
        at: Moment(line.at),
        key: words(&line.action),
        client: line.client,
        address: line.address,
        by,
    }
}

/// What an action of the journal is called for the person it is about.
fn words(action: &str) -> &'static str {
    match action {
        "session.begin" => "activity-signed-in",
        "session.end" => "activity-session-ended",
        "session.end_others" => "activity-sessions-ended",
        "grant.insert" => "activity-granted",
        "grant.read" => "activity-read",
        "consent.withdraw" => "activity-withdrawn",
        "grant.service" | "token.exchange" => "activity-acted-for",
        "user.insert" => "activity-created",
        "user.change_attributes" | "user.set_attributes" => "activity-attributes",
        "user.confirm_contact" => "activity-contact",
        "user.set_password" => "activity-password",
        "user.disable" => "activity-disabled",
        "user.enable" => "activity-enabled",
        "user.export" => "activity-exported",
        "user.raise_level" => "activity-raised",
        "credential.insert" => "activity-factor-added",
        "credential.remove" => "activity-factor-removed",
        "credential.rename" => "activity-factor-renamed",
        "confirmation.open" => "activity-confirmation-asked",
        "confirmation.confirm" => "activity-confirmation-given",
        "confirmation.close" => "activity-confirmation-closed",
        _ if action.starts_with("file.") => "activity-files",
        _ if action.starts_with("representative.") => "activity-representatives",
        _ => "activity-other",
    }
}
