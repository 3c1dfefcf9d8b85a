//! What a relying party found out, check by check, until all held or one failed.

use serde_json::{Map, Value};

use crate::templates::{DemoCheck, DemoResultPage};

/// The checks so far, and what came.
#[derive(Default)]
pub struct Outcome {
    checks: Vec<DemoCheck>,
    claims: Vec<(String, String)>,
    raw: Map<String, Value>,
    document: Option<String>,
    logout: Option<String>,
}

impl Outcome {
    /// Notes a check; its value if it held. `None` ends the receiving, so that nothing that came
    /// after a failed check is believed.
    pub fn check<T>(&mut self, name: &str, found: Result<(T, String), String>) -> Option<T> {
        let (value, ok, detail) = match found {
            Ok((value, detail)) => (Some(value), true, detail),
            Err(detail) => (None, false, detail),
        };
        self.checks.push(DemoCheck { name: name.to_owned(), ok, detail });
        value
    }

    /// Notes a check that two values are the same.
    pub fn equal(&mut self, name: &str, found: Option<&str>, expected: &str) -> Option<()> {
        self.check(
            name,
            match found {
                Some(found) if found == expected => Ok(((), found.to_owned())),
                Some(found) => Err(format!("it is {found}, not {expected}")),
                None => Err("it is missing".to_owned()),
            },
        )
    }

    /// Keeps an answer as it came, under its name.
    pub fn came(&mut self, name: &str, answer: Value) {
        self.raw.insert(name.to_owned(), answer);
    }

    /// Takes an answer apart that came by a redirect, and keeps it as it came.
    pub fn redirected(&mut self, query: Option<&str>) -> Vec<(String, String)> {
        let answer: Vec<(String, String)> =
            form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
        let members = answer.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        self.came("redirect", Value::Object(members.collect()));
        answer
    }

    /// Keeps an answer that is a document of its own.
    pub fn document(&mut self, text: String) {
        self.document = Some(text);
    }

    /// Keeps the claims of an answer that was checked.
    pub fn claims(&mut self, of: &str, claims: &Value) {
        for (name, value) in claims.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.claims.push((format!("{of}.{name}"), text));
        }
    }

    /// Keeps values in the order they came.
    pub fn values(&mut self, of: &str, values: Vec<(String, String)>) {
        self.claims.extend(values.into_iter().map(|(name, value)| (format!("{of}.{name}"), value)));
    }

    /// Where the person can sign out.
    pub fn logout(&mut self, address: String) {
        self.logout = Some(address);
    }

    /// The page that shows it all.
    pub fn page(self, again: &str) -> DemoResultPage {
        let answers = serde_json::to_string_pretty(&self.raw).unwrap_or_default();
        DemoResultPage {
            ok: !self.checks.is_empty() && self.checks.iter().all(|check| check.ok),
            checks: self.checks,
            claims: self.claims,
            raw: [answers].into_iter().chain(self.document).collect::<Vec<_>>().join("\n\n"),
            again: again.to_owned(),
            logout: self.logout,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failed_check_fails_the_whole() {
        let mut outcome = Outcome::default();
        assert_eq!(outcome.equal("state", Some("a"), "a"), Some(()));
        assert_eq!(outcome.equal("iss", None, "b"), None);
        let page = outcome.page("/demo/oidc");
        assert!(!page.ok);
        assert_eq!(page.checks.iter().map(|check| check.ok).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn no_check_at_all_is_no_success() {
        assert!(!Outcome::default().page("/").ok);
    }

    #[test]
    fn claims_are_told_apart_by_where_they_came() {
        let mut outcome = Outcome::default();
        outcome.claims("id_token", &serde_json::json!({ "sub": "7", "aud": ["a"] }));
        let claims = outcome.page("/").claims;
        assert!(claims.contains(&("id_token.sub".to_owned(), "7".to_owned())));
        assert!(claims.contains(&("id_token.aud".to_owned(), "[\"a\"]".to_owned())));
    }
}
