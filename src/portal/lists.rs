//! Lists of people, in pages of 50, with the search in the address.

use crate::{
    app::App,
    form::Form,
    http::visit::Visit,
    model::locale::Locale,
    store::people::Listed,
    templates::{PersonRow, Verified},
};

/// People on a page.
pub const PAGE: i64 = 50;
/// Pages that can be turned to; who needs more has to search.
const LAST: i64 = 1_000;

/// What the address asks for.
pub struct Asked {
    /// What is looked for, as typed.
    pub query: String,
    page: i64,
}

impl Asked {
    /// Reads `q` and `page`.
    pub fn read(form: &Form) -> Self {
        let get = |name| form.get(name).ok().flatten();
        let query: String = get("q").unwrap_or_default().trim().chars().take(200).collect();
        let page = get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, LAST);
        Self { query, page }
    }

    /// How many to leave out.
    pub fn offset(&self) -> i64 {
        (self.page - 1) * PAGE
    }

    /// One more than a page, to know whether another follows.
    pub fn limit() -> i64 {
        PAGE + 1
    }

    /// Links to the pages before and after; `found` is cut to this page.
    pub fn turn(&self, path: &str, found: &mut Vec<Listed>) -> (Option<String>, Option<String>) {
        let more = i64::try_from(found.len()).is_ok_and(|count| count > PAGE) && self.page < LAST;
        found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        let before = (self.page > 1).then(|| self.href(path, self.page - 1));
        (before, more.then(|| self.href(path, self.page + 1)))
    }

    fn href(&self, path: &str, page: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.query.is_empty() {
            query.append_pair("q", &self.query);
        }
        query.append_pair("page", &page.to_string());
        format!("{path}?{}", query.finish())
    }
}

/// This page with its search: who has to prove who they are first comes back to what they asked.
pub fn here(visit: &Visit) -> String {
    visit.uri.path_and_query().map_or_else(|| visit.uri.path().to_owned(), ToString::to_string)
}

/// Lines as the page shows them.
pub fn rows(app: &App, found: &[Listed], path: &str, locale: Locale) -> Vec<PersonRow> {
    let row = |person: &Listed| PersonRow {
        href: format!("{path}/{}", person.id),
        username: person.username.clone(),
        full_name: person.full_name.clone().unwrap_or_default(),
        kind: app.templates().text(locale, &format!("kind-{}", person.kind), &[]),
        disabled: person.disabled,
        waiting_since: person.waiting_since.map(|at| Verified { date: at.date() }),
    };
    found.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_numbers_from_one_and_keep_the_search() {
        for (query, offset) in [("", 0), ("page=2", 50), ("page=0", 0), ("page=-3", 0), ("page=x", 0)] {
            assert_eq!(Asked::read(&Form::parse(query.as_bytes())).offset(), offset, "{query}");
        }
        let asked = Asked::read(&Form::parse("q=%D0%90+b&page=2".as_bytes()));
        let (before, after) = asked.turn("/registrar", &mut Vec::new());
        assert_eq!(before.as_deref(), Some("/registrar?q=%D0%90+b&page=1"));
        assert_eq!(after, None);
    }
}
