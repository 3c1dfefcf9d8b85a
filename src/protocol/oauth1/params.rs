//! The parameters of a signed request, from the three places where they may stand: the header
//! `Authorization: OAuth`, a form body, the query (RFC 5849 §3.4.1.3.1, §3.5).

use percent_encoding::percent_decode_str;

use super::reject::Reject;
use crate::form::Form;

/// All parameters of a request but the header's `realm`, decoded, in the order they came.
#[derive(Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

// Not derived: among them are tokens and signatures.
impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parameters({})", self.0.len())
    }
}

impl Parameters {
    /// Gathers them: `authorization` are the values of that header, `form` is the body if it is a form.
    ///
    /// # Errors
    /// [`Reject`] when one is no text, the header is malformed, or a protocol parameter is repeated.
    pub fn gather(authorization: &[&str], query: &str, form: &[u8]) -> Result<Self, Reject> {
        let mut all = Vec::new();
        let mut headers = authorization.iter().filter_map(|value| credentials(value));
        if let Some(first) = headers.next() {
            all.extend(in_header(first)?);
        }
        if headers.next().is_some() {
            return Err(Reject::parameter("Authorization", "is repeated"));
        }
        for part in [Form::parse(form), Form::parse(query.as_bytes())] {
            for (name, value) in part.iter() {
                let value = value.map_err(|problem| Reject::parameter(name, problem.to_string()))?;
                all.push((name.to_owned(), value.to_owned()));
            }
        }
        let parameters = Self(all);
        parameters.check_protocol_parameters()?;
        Ok(parameters)
    }

    /// The one value of a parameter; an empty one counts as left out.
    ///
    /// # Errors
    /// [`Reject::Parameter`] when it is repeated.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Reject> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (Some(_), Some(_)) => Err(Reject::parameter(name, "is repeated")),
            (value, _) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    /// The one value of a parameter that must be there.
    ///
    /// # Errors
    /// [`Reject::Absent`] when it is not, [`Reject::Parameter`] when it is repeated.
    pub fn need(&self, name: &'static str) -> Result<&str, Reject> {
        self.get(name)?.ok_or(Reject::Absent(name))
    }

    /// Names and values, in the order they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// RFC 5849 §3.1: "Each parameter MUST NOT appear more than once per request". Of two, one part of
    /// the server could read the first and another the second.
    fn check_protocol_parameters(&self) -> Result<(), Reject> {
        let mut names = self.0.iter().map(|(name, _)| name).filter(|name| name.starts_with("oauth_"));
        names.try_for_each(|name| self.get(name).map(|_| ()))
    }
}

/// What follows the scheme's name, which is compared without case (RFC 5849 §3.5.1); `None` for
/// another scheme.
fn credentials(value: &str) -> Option<&str> {
    let value = value.trim_start();
    let (scheme, rest) = value.split_once([' ', '\t']).unwrap_or((value, ""));
    scheme.eq_ignore_ascii_case("OAuth").then_some(rest)
}

/// RFC 5849 §3.5.1: `name="value"` between commas, both percent-encoded. A plus stands for itself
/// here, unlike in a form.
fn in_header(mut rest: &str) -> Result<Vec<(String, String)>, Reject> {
    let malformed = || Reject::parameter("Authorization", "is not of the form OAuth name=\"value\", ...");
    let mut pairs = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',', '\r', '\n']);
        if rest.is_empty() {
            return Ok(pairs);
        }
        let (name, quoted) = rest.split_once('=').ok_or_else(malformed)?;
        let quoted = quoted.trim_start().strip_prefix('"').ok_or_else(malformed)?;
        let end = closing_quote(quoted).ok_or_else(malformed)?;
        let (value, after) = quoted.split_at(end);
        rest = after.get(1..).unwrap_or_default().trim_start();
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(malformed());
        }
        let name = decoded(name.trim_end())?;
        // RFC 5849 §3.4.1.3.1: the realm is no part of what is signed.
        if !name.eq_ignore_ascii_case("realm") {
            let value = decoded(value).map_err(|_| Reject::parameter(&*name, "is not UTF-8 text"))?;
            pairs.push((name, value));
        }
    }
}

/// Where a quoted string ends; a realm may hold escaped quotes (RFC 9110 §5.6.4).
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' if !escaped => return Some(at),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    None
}

fn decoded(text: &str) -> Result<String, Reject> {
    let text = percent_decode_str(text).decode_utf8().ok().filter(|text| !text.contains('\0'));
    text.map(Into::into).ok_or_else(|| Reject::parameter("Authorization", "is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gathered(header: &str) -> Result<Vec<(String, String)>, Reject> {
        Parameters::gather(&[header], "", b"").map(|parameters| parameters.0)
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn rfc_5849_s3_5_1_the_header_is_read_without_its_realm() {
        let header = "OAuth realm=\"Photos, \\\"all\\\"\",\r\n oauth_consumer_key=\"0685bd9184jfhq22\" , \
                      oauth_token=\"ad180jjd733klru7\",oauth_callback=\"http%3A%2F%2Fa%2Fb%3Fc%3D%20d\",e=\"\",f=\"1+1\"";
        let expected = [
            ("oauth_consumer_key", "0685bd9184jfhq22"),
            ("oauth_token", "ad180jjd733klru7"),
            ("oauth_callback", "http://a/b?c= d"),
            ("e", ""),
            ("f", "1+1"),
        ];
        assert_eq!(gathered(header), Ok(pairs(&expected)));
        assert_eq!(gathered("oAuTh a=\"1\""), Ok(pairs(&[("a", "1")])), "the scheme has no case");
        assert_eq!(gathered("OAuth"), Ok(Vec::new()));
        assert_eq!(gathered("Basic abc=\"\""), Ok(Vec::new()), "another scheme is none of ours");
    }

    #[test]
    fn a_malformed_header_is_refused() {
        for bad in [
            "OAuth a",
            "OAuth a=b",
            "OAuth a=\"b",
            "OAuth a=\"b\" c=\"d\"",
            "OAuth a=\"%FF\"",
            "OAuth a=\"%00\"",
            "OAuth \"a\"=\"b\"x",
            "OAuth a=\"b\\\"",
        ] {
            assert_eq!(gathered(bad).unwrap_err().status(), 400, "{bad}");
        }
    }

    #[test]
    fn rfc_5849_s3_1_a_protocol_parameter_appears_once_wherever_it_stands() {
        let twice =
            |header: &[&str], query, form: &[u8]| Parameters::gather(header, query, form).unwrap_err();
        let expected = Reject::parameter("oauth_nonce", "is repeated");
        assert_eq!(twice(&["OAuth oauth_nonce=\"1\""], "oauth_nonce=1", b""), expected);
        assert_eq!(twice(&[], "oauth_nonce=1", b"oauth_nonce=1"), expected);
        assert_eq!(twice(&[], "oauth_nonce=1&oauth_nonce=2", b""), expected);
        let twice = twice(&["OAuth a=\"1\"", "OAuth b=\"1\""], "", b"");
        assert_eq!(twice, Reject::parameter("Authorization", "is repeated"));
        assert!(Parameters::gather(&[], "a=1&a=2", b"a=3").is_ok(), "others may be repeated");
    }

    proptest! {
        #[test]
        fn whatever_stands_in_the_header_does_not_panic(text in any::<String>(), tail in "[ -~]{0,80}") {
            let _ = gathered(&format!("OAuth {text}"));
            let _ = gathered(&format!("OAuth a=\"{tail}"));
        }

        #[test]
        fn what_a_client_encodes_is_read_back(list in prop::collection::vec(("[a-z%&=\"é]{1,8}", "[^\0]{0,20}"), 0..6)) {
            let written: Vec<String> = list.iter().map(|(name, value)| {
                format!("{}=\"{}\"", super::super::signature::encode(name), super::super::signature::encode(value))
            }).collect();
            prop_assert_eq!(gathered(&format!("OAuth {}", written.join(", "))), Ok(list));
        }
    }
}
