//! The parameters of a successful answer of the authorization endpoint: the code (RFC 6749 §4.1.2), and
//! the tokens of the implicit and hybrid flows (OpenID Connect Core §3.2.2.5, §3.3.2.5).

use super::{
    binding::Binding,
    issue::{Beside, Issue, access_token_life},
    request::Authorization,
    session_state,
};
use crate::{
    app::App,
    http::fault::InternalError,
    model::{grant::Grant, user::User},
    secret::Token,
};

/// A request that was granted.
#[derive(Clone, Copy)]
pub struct Granted<'a> {
    /// What was asked.
    pub request: &'a Authorization,
    /// What was stored.
    pub grant: &'a Grant,
    /// By whom it was allowed.
    pub user: &'a User,
    /// The code, where one was asked for.
    pub code: Option<&'a Token>,
}

impl Granted<'_> {
    /// What the client is told, except `state` and `iss`, which errors have as well.
    ///
    /// # Errors
    /// When a key is missing or refuses.
    pub fn parameters(&self, app: &App) -> Result<Vec<(&'static str, String)>, InternalError> {
        let mut parameters = Vec::new();
        if let Some(code) = self.code {
            parameters.push(("code", code.expose().to_owned()));
        }
        self.add_tokens(app, &mut parameters)?;
        let state = session_state::of(app, self.request, self.grant);
        parameters.extend(state.map(|state| ("session_state", state)));
        Ok(parameters)
    }

    fn add_tokens(
        &self,
        app: &App,
        parameters: &mut Vec<(&'static str, String)>,
    ) -> Result<(), InternalError> {
        let asked = self.request.response_type;
        if !asked.token && !asked.id_token {
            return Ok(());
        }
        let issue = Issue {
            client: &self.request.client,
            grant: self.grant,
            user: self.user,
            scopes: self.grant.scopes.clone(),
            resources: self.grant.resources.clone(),
            nonce: self.request.nonce.as_deref(),
            // No key is proved here; clients that bind their tokens were refused.
            binding: &Binding::default(),
            // RFC 6749 §4.2.2: "The authorization server MUST NOT issue a refresh token."
            refresh_token: None,
        };
        let life = access_token_life(app, issue.client);
        let access_token = asked.token.then(|| issue.access_token(app, life)).transpose()?;
        if asked.id_token {
            let beside = Beside {
                access_token: access_token.as_deref(),
                code: self.code.map(Token::expose),
                state: self.request.return_to.state.as_deref(),
            };
            parameters.push(("id_token", issue.id_token(app, &beside, self.with_scopes())?));
        }
        if let Some(access_token) = access_token {
            parameters.push(("access_token", access_token));
            parameters.push(("token_type", issue.binding.token_type().to_owned()));
            parameters.push(("expires_in", life.as_secs().to_string()));
            parameters.push(("scope", issue.scopes.join(" ")));
        }
        metrics::counter!("tamga_tokens_total", "grant" => "implicit").increment(1);
        Ok(())
    }

    /// Whether the id_token says all that the scopes give. Where the client gets nothing else, it does
    /// (OpenID Connect Core §5.4); where another comes from the token endpoint, that one may, and this one,
    /// which the browser sees, need not (§3.3.3.6).
    fn with_scopes(&self) -> bool {
        let asked = self.request.response_type;
        match (asked.code, asked.token) {
            (false, false) => true,
            (false, true) => self.request.client.settings.claims_in_id_token,
            (true, _) => false,
        }
    }
}
