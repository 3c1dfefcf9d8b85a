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
    /// The words for them.
    pub const WORDS: [&str; 7] =
        ["query", "fragment", "form_post", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"];

    /// The mode of this name; `own` is the carrier that the response type has by itself.
    pub fn from_word(word: &str, own: Carrier) -> Option<Self> {
        let (carrier, signed) = match word {
            "query" => (Carrier::Query, false),
            "fragment" => (Carrier::Fragment, false),
            "form_post" => (Carrier::FormPost, false),
            // JARM §2.3.4: the default of the response type.
            "jwt" => (own, true),
            "query.jwt" => (Carrier::Query, true),
            "fragment.jwt" => (Carrier::Fragment, true),
            "form_post.jwt" => (Carrier::FormPost, true),
            _ => return None,
        };
        Some(Self { carrier, signed })
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
    /// An unsigned answer with these parameters, and with `state` and `iss` (RFC 9207 §2).
    pub fn reply(&self, issuer: &str, parameters: Vec<(&'static str, String)>) -> Reply {
        if self.redirect_uri == OUT_OF_BAND {
            let code = parameters.iter().find(|(name, _)| *name == "code").map(|(_, code)| code.clone());
            let refusal = || parameters.iter().find(|(name, _)| *name == "error").map(|(_, e)| e.clone());
            return Reply::Code(code.or_else(refusal).unwrap_or_default());
        }
        self.carry(self.fields(issuer, parameters))
    }

    /// These parameters with those that every answer has.
    pub fn fields(
        &self,
        issuer: &str,
        parameters: Vec<(&'static str, String)>,
    ) -> Vec<(&'static str, String)> {
        let state = self.state.iter().map(|state| ("state", state.clone()));
        parameters.into_iter().chain(state).chain([("iss", issuer.to_owned())]).collect()
    }

    /// An answer with exactly these parameters.
    pub fn carry(&self, fields: Vec<(&'static str, String)>) -> Reply {
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

    #[test]
    fn jarm_s2_3_4_jwt_alone_is_the_signed_form_of_the_types_own_mode() {
        for own in [Carrier::Query, Carrier::Fragment] {
            assert_eq!(
                ResponseMode::from_word("jwt", own),
                Some(ResponseMode { carrier: own, signed: true })
            );
        }
        for word in ResponseMode::WORDS {
            assert!(ResponseMode::from_word(word, Carrier::Query).is_some());
        }
        for bad in ["", "JWT", "form_post.jwt ", "jwt.query", "web_message"] {
            assert_eq!(ResponseMode::from_word(bad, Carrier::Query), None);
        }
    }
}
