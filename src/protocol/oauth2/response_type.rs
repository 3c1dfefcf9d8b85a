//! `response_type`: what comes straight from the authorization endpoint (OAuth 2.0 Multiple Response
//! Type Encoding Practices, OpenID Connect Core §3.2, §3.3).

use std::fmt;

use super::{
    redirect_uri::OUT_OF_BAND,
    reject::Reject,
    return_to::{Carrier, ResponseMode},
};
use crate::{
    form::Form,
    model::client::{Client, Flow},
};

/// What is asked for; at least one of the three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseType {
    /// A code, for the token endpoint.
    pub code: bool,
    /// An id_token.
    pub id_token: bool,
    /// An access token.
    pub token: bool,
}

impl ResponseType {
    /// Every one that is served.
    pub const ALL: [Self; 7] = [
        Self::new(true, false, false),
        Self::new(false, true, false),
        Self::new(false, false, true),
        Self::new(false, true, true),
        Self::new(true, true, false),
        Self::new(true, false, true),
        Self::new(true, true, true),
    ];

    const fn new(code: bool, id_token: bool, token: bool) -> Self {
        Self { code, id_token, token }
    }

    /// The type of these words, in whatever order (RFC 6749 §3.1.1: "the order of values does not matter").
    pub fn parse(text: &str) -> Option<Self> {
        let mut asked = Self::new(false, false, false);
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let member = match word {
                "code" => &mut asked.code,
                "id_token" => &mut asked.id_token,
                "token" => &mut asked.token,
                // `none` among them: it would say that somebody is there, and nothing else.
                _ => return None,
            };
            if std::mem::replace(member, true) {
                return None;
            }
        }
        Self::ALL.contains(&asked).then_some(asked)
    }

    /// The flow that a client must list for it.
    pub fn flow(self) -> Flow {
        match (self.code, self.id_token || self.token) {
            (true, false) => Flow::AuthorizationCode,
            (true, true) => Flow::Hybrid,
            (false, _) => Flow::Implicit,
        }
    }

    /// The type that is asked for, when this client may have it so.
    ///
    /// # Errors
    /// [`Reject`] in the words of RFC 6749 §4.2.2.1.
    pub fn vet(client: &Client, redirect_uri: &str, form: &Form) -> Result<Self, Reject> {
        let text = form.get("response_type")?.ok_or(Reject::Missing("response_type"))?;
        let asked = Self::parse(text).ok_or_else(|| Reject::ResponseType(text.to_owned()))?;
        if let Some(word) = form.get("response_mode")? {
            asked.check_mode(word)?;
        }
        if !client.has_flow(asked.flow()) {
            return Err(Reject::FlowNotAllowed(asked.flow()));
        }
        if asked.is_code_alone() {
            return Ok(asked);
        }
        // FAPI 2.0 Security Profile §5.3.2.2: the code flow alone.
        if client.is_fapi2() {
            return Err(Reject::NotAllowed("this client's profile allows response_type code alone"));
        }
        if redirect_uri == OUT_OF_BAND {
            return Err(Reject::NotAllowed("at this redirect_uri a code is shown, and nothing else"));
        }
        // RFC 9449 §5.2, RFC 8705 §3.4: no request here proves a key that a token could be bound to.
        if asked.token && client.binds_tokens() {
            return Err(Reject::NotAllowed("this client's access tokens come from the token endpoint alone"));
        }
        asked.check_openid(form)?;
        Ok(asked)
    }

    fn is_code_alone(self) -> bool {
        self.flow() == Flow::AuthorizationCode
    }

    fn carrier(self) -> Carrier {
        if self.is_code_alone() { Carrier::Query } else { Carrier::Fragment }
    }

    fn check_mode(self, word: &str) -> Result<(), Reject> {
        let mode = ResponseMode::from_word(word, self.carrier());
        let mode = mode.ok_or_else(|| {
            Reject::invalid("response_mode", format!("is none of {}", ResponseMode::WORDS.join(", ")))
        })?;
        // Multiple Response Types §5, JARM §2.3.1: addresses end up in logs and in Referer headers.
        if mode.carrier == Carrier::Query && !self.is_code_alone() {
            let why = "must not be query where a token is asked for; use fragment or form_post";
            return Err(Reject::invalid("response_mode", why));
        }
        Ok(())
    }

    fn check_openid(self, form: &Form) -> Result<(), Reject> {
        if !self.id_token {
            return Ok(());
        }
        let scope = form.get("scope")?.unwrap_or_default();
        if !scope.split(' ').any(|word| word == "openid") {
            return Err(Reject::invalid("scope", "must hold openid where an id_token is asked for"));
        }
        // OpenID Connect Core §3.2.2.1, §3.3.2.11: an id_token out of the browser could be an old one.
        match form.get("nonce")? {
            Some(_) => Ok(()),
            None => Err(Reject::Missing("nonce (it is required where an id_token is asked for)")),
        }
    }
}

/// How an answer to this request travels. Where the words are at fault, the way that the type has by
/// itself, so that the fault can be told: never the query for what may hold a token.
pub fn mode(form: &Form) -> ResponseMode {
    let word = |name| form.get(name).ok().flatten();
    let asked = word("response_type").unwrap_or_default();
    let holds_token = asked.split(' ').any(|word| ["token", "id_token"].contains(&word));
    let own = if holds_token { Carrier::Fragment } else { Carrier::Query };
    let mode = word("response_mode").and_then(|word| ResponseMode::from_word(word, own));
    let mode = mode.unwrap_or(ResponseMode { carrier: own, signed: false });
    match mode.carrier {
        Carrier::Query => ResponseMode { carrier: own, ..mode },
        _ => mode,
    }
}

impl fmt::Display for ResponseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [(self.code, "code"), (self.id_token, "id_token"), (self.token, "token")];
        let words: Vec<&str> = words.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, w)| w).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_6749_s3_1_1_the_order_of_words_does_not_matter() {
        for asked in ResponseType::ALL {
            let text = asked.to_string();
            assert_eq!(ResponseType::parse(&text), Some(asked));
            let reversed: Vec<&str> = text.rsplit(' ').collect();
            assert_eq!(ResponseType::parse(&reversed.join(" ")), Some(asked));
        }
        for bad in ["", " ", "none", "code none", "Code", "code code", "code,token", "code\ttoken"] {
            assert_eq!(ResponseType::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn each_type_belongs_to_one_flow() {
        let flow = |text| ResponseType::parse(text).unwrap().flow();
        assert_eq!(flow("code"), Flow::AuthorizationCode);
        assert_eq!(flow("id_token"), Flow::Implicit);
        assert_eq!(flow("token"), Flow::Implicit);
        assert_eq!(flow("token id_token"), Flow::Implicit);
        for hybrid in ["code token", "code id_token", "code id_token token"] {
            assert_eq!(flow(hybrid), Flow::Hybrid);
        }
    }

    #[test]
    fn multiple_response_types_s5_faults_of_types_with_tokens_never_travel_in_the_query() {
        let mode = |text: &str| mode(&Form::parse(text.as_bytes()));
        let plain = |carrier| ResponseMode { carrier, signed: false };
        for query in
            ["", "response_type=code", "response_type=nonsense", "response_type=code&response_mode=x"]
        {
            assert_eq!(mode(query), plain(Carrier::Query), "{query}");
        }
        for fragment in [
            "response_type=id_token",
            "response_type=code+token&response_mode=query",
            "response_type=token+nonsense",
            "response_type=token&response_mode=nonsense",
            "response_type=code&response_mode=fragment",
        ] {
            assert_eq!(mode(fragment), plain(Carrier::Fragment), "{fragment}");
        }
        let posted = "response_type=token&response_mode=form_post";
        assert_eq!(mode(posted), plain(Carrier::FormPost));
        let signed = mode("response_type=token&response_mode=query.jwt");
        assert_eq!(signed, ResponseMode { carrier: Carrier::Fragment, signed: true });
    }
}
