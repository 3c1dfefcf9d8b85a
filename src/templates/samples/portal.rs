//! Samples of the registrar's and the agency's pages.

use time::macros::date;

use super::{super::*, text};

pub(super) fn render(
    templates: &Templates,
    shell: &Shell,
    pages: &mut Vec<(String, String)>,
) -> Result<(), TemplateError> {
    for (name, list, agency, rows) in [
        ("people_found", PeopleList::Found, None, 3),
        ("people_waiting", PeopleList::Waiting, None, 0),
        ("people_officials", PeopleList::Officials, Some(text("Revenue Department")), 2),
    ] {
        pages.push((text(name), templates.page(shell, &people(list, agency, rows))?));
    }
    pages.push((text("person"), templates.page(shell, &person(false))?));
    pages.push((text("person_own"), templates.page(shell, &person(true))?));
    pages.push((text("official_new"), templates.page(shell, &official_form())?));
    pages.push((text("official"), templates.page(shell, &official())?));
    Ok(())
}

const DAY: Verified = Verified { date: date!(2026 - 03 - 12) };

fn people(list: PeopleList, agency: Option<String>, rows: usize) -> PeoplePage {
    let row = PersonRow {
        href: text("/registrar/people/0198"),
        username: text("somchai"),
        full_name: text("Somchai Jaidee"),
        kind: text("Citizen"),
        disabled: true,
        waiting_since: Some(DAY),
    };
    PeoplePage {
        list,
        add: agency.is_some().then(|| text("/agency/officials/new")),
        done: agency.is_some().then_some("agency-invited"),
        agency,
        action: text("/registrar"),
        query: if rows == 3 { text("somchai") } else { String::new() },
        rows: vec![row; rows],
        previous: (rows > 0).then(|| text("/registrar?page=1")),
        next: (rows > 0).then(|| text("/registrar?page=3")),
    }
}

fn person(own: bool) -> PersonPage {
    let row = |name: &str, level| HeldRow {
        name: text(name),
        label: text("Citizen number"),
        value: text("1101002345674"),
        typed: text("1101002345674"),
        seen: text("0 1101002345674"),
        level,
        source: text("the person"),
        verified: (level > 0).then_some(DAY),
        chosen: level == 0,
        file: name == "photo",
    };
    let document = |photo, seen| EvidenceRow {
        href: text("/registrar/people/0198/files/0199"),
        photo,
        note: Some(text("Both sides")),
        sent: DAY,
        seen,
    };
    let choice = |value, chosen| Choice { value, label: text("The person came in person"), chosen };
    let past = PastRow {
        label: text("Citizen number"),
        value: text("1101002345674"),
        level: 0,
        source: text("the person"),
        at: DAY,
    };
    PersonPage {
        name: text("Somchai Jaidee"),
        username: text("somchai"),
        kind: text("Citizen"),
        disabled: true,
        own,
        done: (!own).then_some("registrar-done"),
        action: text("/registrar/people/0198"),
        csrf: text("sample"),
        rows: vec![row("citizen_id", 0), row("first_name", 2), row("photo", 1), row("email", 3)],
        level: text("2"),
        evidence: vec![choice("face-to-face", true), choice("certificate", false)],
        reason: text("Passport seen"),
        waiting: true,
        documents: vec![document(true, false), document(false, false), document(false, true)],
        history: vec![past; 3],
        errors: vec![
            FieldError::new("attributes", "registrar-none-chosen"),
            FieldError::new("value-citizen_id", "registrar-taken"),
            FieldError::new("level", "registrar-level-missing"),
            FieldError::new("evidence", "registrar-evidence-weak"),
            FieldError::new("reason", "portal-reason-missing"),
        ],
    }
}

fn official_form() -> OfficialFormPage {
    OfficialFormPage {
        agency: text("Revenue Department"),
        action: text("/agency/officials/new"),
        csrf: text("sample"),
        fields: ["citizen_id", "email"].map(|name| super::attributes::field(name, &[], false)).to_vec(),
        username: text("nok"),
        errors: vec![
            FieldError::new("citizen_id", "agency-taken"),
            FieldError::new("email", "portal-missing"),
            FieldError::new("username", "agency-username-taken"),
        ],
    }
}

fn official() -> OfficialPage {
    OfficialPage {
        name: text("Nok Suwan"),
        username: text("nok"),
        action: text("/agency/officials/0198"),
        csrf: text("sample"),
        rows: vec![OfficialRow { label: text("E-mail"), value: text("nok@revenue.example") }],
        disabled: false,
        invited: true,
        own: false,
        reason: text("Left the service"),
        typed_name: text("nok"),
        done: Some("agency-invited"),
        errors: vec![
            FieldError::new("reason", "portal-reason-long"),
            FieldError::new("name", "agency-name-differs"),
        ],
    }
}
