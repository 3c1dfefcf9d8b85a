//! What clients that register themselves may have here, and what can be had at all.

use url::Url;

use super::refusal::Refusal;
use crate::{
    app::App,
    model::client::{AuthMethod, Client, Flow},
    protocol::oauth2::discovery,
};

/// The installation's rules.
pub struct Policy<'p> {
    /// Scopes that may be had.
    pub scopes: Vec<String>,
    /// Flows that may be had.
    pub flows: Vec<Flow>,
    /// Ways of authentication that may be had.
    pub methods: Vec<AuthMethod>,
    /// Whether tokens can be bound to certificates.
    pub binds_certificates: bool,
    /// Whether an address may be fetched from, as far as its text tells.
    fetchable: &'p (dyn Fn(&Url) -> Result<(), String> + Sync),
}

impl<'p> Policy<'p> {
    /// The rules of these settings. What an operator has given `former` beyond them it may keep.
    pub fn new(
        app: &App,
        former: Option<&Client>,
        fetchable: &'p (dyn Fn(&Url) -> Result<(), String> + Sync),
    ) -> Self {
        let settings = &app.settings.registration;
        let served = discovery::proving(app);
        let possible = |method: &AuthMethod| *method == AuthMethod::None || served.contains(&method.word());
        let given = |client: &Client| (client.scopes.clone(), client.flows.clone());
        let (scopes, flows) = former.map(given).unwrap_or_default();
        Self {
            scopes: settings.allowed_scopes.iter().cloned().chain(scopes).collect(),
            flows: settings.allowed_flows.iter().copied().chain(flows).collect(),
            methods: settings.allowed_auth_methods.iter().copied().filter(possible).collect(),
            binds_certificates: app.settings.client_tls.is_served(),
            fetchable,
        }
    }

    /// An address that we would fetch from or bring word to, if it may be.
    ///
    /// # Errors
    /// [`Refusal`] naming the member it stands in.
    pub fn check_fetched(&self, name: &str, uri: &str) -> Result<Url, Refusal> {
        let refused = |why: String| Refusal::of(name, format!("`{uri}`: {why}"));
        let url = Url::parse(uri).map_err(|error| refused(error.to_string()))?;
        (self.fetchable)(&url).map_err(refused)?;
        Ok(url)
    }
}
