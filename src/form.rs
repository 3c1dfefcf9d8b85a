//! Form data as it came: names and values, each decoded strictly. What is repeated, not UTF-8 or
//! holds NUL is kept as such, so that the refusal can name the parameter.

use percent_encoding::percent_decode;

/// What can be wrong with one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Sent more than once (RFC 6749 §3.1).
    #[error("is repeated")]
    Repeated,
    /// Not UTF-8 after decoding.
    #[error("is not UTF-8")]
    NotUtf8,
    /// Holds a NUL character.
    #[error("holds a NUL character")]
    Nul,
}

/// A parameter at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}")]
pub struct BadParameter {
    /// Its name.
    pub name: String,
    /// What is wrong.
    pub problem: Problem,
}

/// The parameters of a query or form body.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, Result<String, Problem>)>);

impl Form {
    /// Decodes `application/x-www-form-urlencoded` bytes.
    pub fn parse(bytes: &[u8]) -> Self {
        let pairs = bytes.split(|b| *b == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
            let split = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
            let name = decode(&pair[..split]).unwrap_or_else(|_| "(a name that is not text)".into());
            (name, decode(pair.get(split + 1..).unwrap_or_default()))
        });
        Self(pairs.collect())
    }

    /// Parameters that came otherwise, each once (the members of a JSON object).
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let checked =
            |value: &str| if value.contains('\0') { Err(Problem::Nul) } else { Ok(value.to_owned()) };
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), checked(value))).collect())
    }

    /// The one value of a parameter. An empty one counts as left out (RFC 6749 §3.1).
    ///
    /// # Errors
    /// [`BadParameter`] when it is repeated or no text.
    pub fn get(&self, name: &str) -> Result<Option<&str>, BadParameter> {
        Ok(self.present(name)?.filter(|value| !value.is_empty()))
    }

    /// Like [`Form::get`], but an empty value is given as it is.
    ///
    /// # Errors
    /// [`BadParameter`] when it is repeated or no text.
    pub fn present(&self, name: &str) -> Result<Option<&str>, BadParameter> {
        let bad = |problem| BadParameter { name: name.to_owned(), problem };
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value);
        match (values.next(), values.next()) {
            (Some(_), Some(_)) => Err(bad(Problem::Repeated)),
            (Some(Err(problem)), None) => Err(bad(*problem)),
            (Some(Ok(value)), None) => Ok(Some(value)),
            (None, _) => Ok(None),
        }
    }

    /// All values of a parameter that may be repeated (`resource`, RFC 8707 §2).
    ///
    /// # Errors
    /// [`BadParameter`] when one is no text.
    pub fn all(&self, name: &str) -> Result<Vec<&str>, BadParameter> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| match value {
                Ok(value) => Ok(value.as_str()),
                Err(problem) => Err(BadParameter { name: name.to_owned(), problem: *problem }),
            })
            .filter(|value| *value != Ok(""))
            .collect()
    }

    /// The first parameter that is repeated or no text, those that `may_repeat` aside.
    pub fn first_bad(&self, may_repeat: &[&str]) -> Option<BadParameter> {
        self.0.iter().find_map(|(name, value)| match value {
            Err(problem) => Some(BadParameter { name: name.clone(), problem: *problem }),
            Ok(_) if may_repeat.contains(&name.as_str()) => None,
            Ok(_) => self.present(name).err(),
        })
    }

    /// Every parameter in the order of arrival, repeated ones too.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Result<&str, Problem>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_deref().map_err(|problem| *problem)))
    }

    /// Whether nothing was sent.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn decode(bytes: &[u8]) -> Result<String, Problem> {
    let spaced: Vec<u8> = bytes.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
    let text = percent_decode(&spaced).decode_utf8().map_err(|_| Problem::NotUtf8)?;
    if text.contains('\0') { Err(Problem::Nul) } else { Ok(text.into_owned()) }
}

/// `uri` with parameters appended to its own query, whose bytes stay as they are.
pub fn append_query<'a>(uri: &str, parameters: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
    let joint = match uri.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    format!("{uri}{joint}{query}")
}

/// What is wrong with the JSON, without what it holds: a secret may be in it.
pub fn json_fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once("duplicate field `") {
        Some((_, rest)) => format!("{} is repeated", rest.split('`').next().unwrap_or_default()),
        None => format!("line {}, column {}", error.line(), error.column()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_and_empty_ones_count_as_left_out() {
        let form = Form::parse(b"a=1%202&b=x+y&c=&d&%E0%B8%81=%E0%B8%82");
        assert_eq!(form.get("a"), Ok(Some("1 2")));
        assert_eq!(form.get("b"), Ok(Some("x y")));
        assert_eq!(form.get("c"), Ok(None));
        assert_eq!(form.present("c"), Ok(Some("")));
        assert_eq!(form.get("d"), Ok(None));
        assert_eq!(form.get("\u{e01}"), Ok(Some("\u{e02}")));
    }

    #[test]
    fn a_bad_parameter_is_named() {
        let form = Form::parse(b"a=1&a=2&b=%FF&c=%00&resource=x&resource=y");
        let problem = |name: &str| form.get(name).unwrap_err().problem;
        assert_eq!(problem("a"), Problem::Repeated);
        assert_eq!(problem("b"), Problem::NotUtf8);
        assert_eq!(problem("c"), Problem::Nul);
        assert_eq!(form.all("resource"), Ok(vec!["x", "y"]));
        assert_eq!(form.first_bad(&["resource"]).unwrap().name, "a");
        assert_eq!(Form::parse(b"resource=x&resource=y").first_bad(&["resource"]), None);
    }

    #[test]
    fn a_redirect_uris_own_query_is_kept_byte_for_byte() {
        assert_eq!(append_query("https://a/cb", [("code", "x y")]), "https://a/cb?code=x+y");
        assert_eq!(append_query("https://a/cb?q=%7e", [("code", "1")]), "https://a/cb?q=%7e&code=1");
        assert_eq!(append_query("https://a/cb?", [("code", "1")]), "https://a/cb?code=1");
    }
}
