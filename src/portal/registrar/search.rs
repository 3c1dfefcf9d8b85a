//! `/registrar`: people by user name, identifier, mail, phone or the beginning of a name; without a
//! search those whose documents wait, who waits longest first.

use axum::{extract::State, http::StatusCode, response::Response};
use serde_json::json;

use crate::{
    app::App,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::{role::RoleName, user::username_key},
    portal::{
        lists::{self, Asked},
        staff::{Purpose, Staff},
    },
    store::{
        journal,
        people::{self, Search},
    },
    templates::{PeopleList, PeoplePage},
};

/// The page's address.
pub const PATH: &str = "/registrar";

/// `GET /registrar`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let staff = match Staff::find(app, visit, RoleName::Registrar, Purpose::Look, &lists::here(visit)).await?
    {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let asked = Asked::read(&visit.query());
    let searched = !asked.query.is_empty();
    let mut found = if searched {
        people::list(&app.pool, &search(&asked.query), asked.offset(), Asked::limit()).await?
    } else {
        people::list_waiting(&app.pool, asked.offset(), Asked::limit()).await?
    };
    let (previous, next) = asked.turn(PATH, &mut found);
    if !found.is_empty() {
        // What was typed is no part of the line: it may be a number of somebody's.
        let seen: Vec<_> = found.iter().map(|person| person.id).collect();
        let action = if searched { "registrar.search" } else { "registrar.list_waiting" };
        let entry = staff.entry_after(app, visit, action, None, json!({"seen": seen}));
        journal::insert(&app.pool, &entry).await?;
    }
    let shell = visit.shell(app, None, None);
    let page = PeoplePage {
        list: if searched { PeopleList::Found } else { PeopleList::Waiting },
        agency: None,
        action: PATH.to_owned(),
        query: asked.query,
        rows: lists::rows(app, &found, "/registrar/people", shell.locale),
        previous,
        next,
        add: None,
        done: None,
    };
    Ok(page::render(app, &shell, &page, StatusCode::OK)?)
}

/// The forms in which what was typed may be stored: as it is, and without what people put between
/// digits.
fn search(query: &str) -> Search {
    let typed = query.to_lowercase();
    let compact: String =
        typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')')).collect();
    let mut exact = vec![typed.clone(), compact.clone()];
    if compact.len() >= 7 && compact.bytes().all(|b| b.is_ascii_digit()) {
        exact.push(format!("+{compact}"));
    }
    Search { username_key: username_key(query), exact, name: typed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_they_are_grouped() {
        let search = search("66 81-234 5678");
        assert_eq!(search.exact, ["66 81-234 5678", "66812345678", "+66812345678"]);
        assert_eq!(super::search("УБ88031512").exact[0], "уб88031512");
    }
}
