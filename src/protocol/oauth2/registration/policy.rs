//! What clients that register themselves may have here, and what can be had at all.

use crate::{
    app::App,
    model::client::{AuthMethod, Client, Flow},
    outbound::fetch::Fetcher,
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
    /// Whether an address may be fetched from.
    pub fetcher: &'p Fetcher,
}

impl<'p> Policy<'p> {
    /// The rules of these settings. What an operator has given `former` beyond them it may keep.
    pub fn new(app: &'p App, former: Option<&Client>) -> Self {
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
            fetcher: &app.fetcher,
        }
    }
}
