//! `/agency`: the officials of the administrator's own agency.

use axum::{extract::State, http::StatusCode, response::Response};

use crate::{
    app::App,
    http::{
        fault::Fault,
        page::{self, Problem},
        visit::Visit,
    },
    model::role::RoleName,
    portal::{
        lists::{self, Asked},
        staff::{Purpose, Staff},
    },
    store::officials,
    templates::{PeopleList, PeoplePage},
};

/// The page's address.
pub const PATH: &str = "/agency";

/// `GET /agency`.
pub async fn get(State(app): State<App>, visit: Visit) -> Response {
    page::settle(&app, &visit, None, show(&app, &visit).await)
}

async fn show(app: &App, visit: &Visit) -> Result<Response, Fault<Problem>> {
    let role = RoleName::AgencyAdministrator;
    let staff = match Staff::find(app, visit, role, Purpose::Look, &lists::here(visit)).await? {
        Ok(staff) => staff,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let form = visit.query();
    let asked = Asked::read(&form);
    let search = Some(asked.query.as_str()).filter(|query| !query.is_empty());
    let mut found =
        officials::list(&app.pool, staff.agency(), search, asked.offset(), Asked::limit()).await?;
    let (previous, next) = asked.turn(PATH, &mut found);
    let shell = visit.shell(app, None, None);
    let page = PeoplePage {
        list: PeopleList::Officials,
        agency: Some(staff.agency().to_owned()),
        action: PATH.to_owned(),
        query: asked.query,
        rows: lists::rows(app, &found, "/agency/officials", shell.locale),
        previous,
        next,
        add: Some("/agency/officials/new".to_owned()),
        done: (form.get("done") == Ok(Some("invited"))).then_some("agency-invited"),
    };
    Ok(page::render(app, &shell, &page, StatusCode::OK)?)
}
