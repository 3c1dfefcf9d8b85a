//! Where an answer goes and how: the return address is known here only after the client was found
//! and the address recognised, so an early error can't redirect (open redirector, RFC 9700 §4.11).

use super::redirect_uri::OUT_OF_BAND;
use crate::{form::append_query, protocol::Reply};

/// Where the parameters of an answer stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// In the query: the default of the code flow.
    Query,
    /// In the fragment: the default of all others.
    Fragment,
    /// In a form (OAuth 2.0 Form Post Response Mode).
    FormPost,
}

/// How an answer travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseMode {
    /// Where its parameters stand.
    pub carrier: Carrier,
    /// They come in one signed token (JARM §2.3).
    pub signed: bool,
}

impl ResponseMode {
    /// The words of discovery.
    pub const WORDS: [&str; 3] = ["query", "fragment", "form_post"];

    /// The mode of this name; `own` is the carrier that the response type has by itself.
    pub fn from_word(word: &str, own: Carrier) -> Option<Self> {
        let _ = own;
        let carrier = match word {
            "query" => Carrier::Query,
            "fragment" => Carrier::Fragment,
            "form_post" => Carrier::FormPost,
            _ => return None,
        };
        Some(Self { carrier, signed: false })
    }
}

/// A trusted return address with what every answer to it carries.
#[derive(Clone, Debug)]
pub struct ReturnTo {
    /// The address, as the request gave it or as it is registered.
    pub redirect_uri: String,
    /// How answers travel.
    pub mode: ResponseMode,
    /// The client's `state`.
    pub state: Option<String>,
    /// `scope` as asked, for clients with detailed errors.
    pub scope: Option<String>,
}

impl ReturnTo {
    /// An answer with these parameters, and with `state` and `iss` (RFC 9207 §2).
    pub fn reply(&self, issuer: &str, parameters: Vec<(&'static str, String)>) -> Reply {
        if self.redirect_uri == OUT_OF_BAND {
            let code = parameters.iter().find(|(name, _)| *name == "code").map(|(_, code)| code.clone());
            let refusal = || parameters.iter().find(|(name, _)| *name == "error").map(|(_, e)| e.clone());
            return Reply::Code(code.or_else(refusal).unwrap_or_default());
        }
        let state = self.state.iter().map(|state| ("state", state.clone()));
        let fields: Vec<(&str, String)> =
            parameters.into_iter().chain(state).chain([("iss", issuer.to_owned())]).collect();
        let pairs = fields.iter().map(|(name, value)| (*name, value.as_str()));
        match self.mode.carrier {
            Carrier::Query => Reply::Redirect(append_query(&self.redirect_uri, pairs)),
            Carrier::Fragment => {
                let fragment = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
                Reply::Redirect(format!("{}#{fragment}", self.redirect_uri))
            }
            Carrier::FormPost => Reply::FormPost {
                action: self.redirect_uri.clone(),
                fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(carrier: Carrier) -> Reply {
        let to = ReturnTo {
            redirect_uri: "https://rp/cb?x=1".into(),
            mode: ResponseMode { carrier, signed: false },
            state: Some("a b".into()),
            scope: None,
        };
        to.reply("https://op", vec![("code", "c".into())])
    }

    #[test]
    fn rfc_9207_s2_every_answer_names_the_issuer() {
        let location = "https://rp/cb?x=1&code=c&state=a+b&iss=https%3A%2F%2Fop";
        assert_eq!(reply(Carrier::Query), Reply::Redirect(location.into()));
        let location = "https://rp/cb?x=1#code=c&state=a+b&iss=https%3A%2F%2Fop";
        assert_eq!(reply(Carrier::Fragment), Reply::Redirect(location.into()));
        let Reply::FormPost { action, fields } = reply(Carrier::FormPost) else { panic!() };
        assert_eq!(action, "https://rp/cb?x=1");
        assert_eq!(fields[2], ("iss".into(), "https://op".into()));
    }
}
