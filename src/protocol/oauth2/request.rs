//! The authorization request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1), vetted in two
//! stages: first client and return address, whose faults are told on a page; then the rest,
//! whose faults go back to the client.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    aitu,
    claims::Registry,
    claims_request::{ClaimsRequest, PROTOCOL},
    demands, fapi2,
    grant::asked::each_once,
    pkce,
    redirect_uri::matches,
    reject::Reject,
    response_type::{self, ResponseType},
    return_to::ReturnTo,
};
use crate::{
    crypto::keys::KeyRing,
    form::Form,
    journey::Requirements,
    model::{
        client::Client,
        consent::Asked,
        hints::{Hints, Identifier},
        locale::Locale,
        realm::Realm,
        scope::ScopeRegistry,
        theme::Theme,
    },
    secret::Digest,
};

/// Parameters that may be repeated.
const REPEATABLE: [&str; 1] = ["resource"];

/// A request whose client is known and whose return address is trusted.
#[derive(Clone, Debug)]
pub struct Returnable {
    /// Who asks.
    pub client: Arc<Client>,
    /// Where errors go.
    pub return_to: ReturnTo,
    /// Whether the request named the address itself: then the token request must, too.
    redirect_uri_given: bool,
}

/// A request that can be answered.
#[derive(Clone, Debug)]
pub struct Authorization {
    /// Who asks.
    pub client: Arc<Client>,
    /// Where the answer goes.
    pub return_to: ReturnTo,
    /// What it holds.
    pub response_type: ResponseType,
    /// The return address as the request gave it.
    pub redirect_uri: Option<String>,
    /// The S256 challenge.
    pub code_challenge: Option<String>,
    /// To be repeated in the id_token.
    pub nonce: Option<String>,
    /// The DPoP key that the code will be bound to (RFC 9449 §10).
    pub dpop_jkt: Option<String>,
    /// What the `claims` parameter asks.
    pub claims: ClaimsRequest,
    /// Resources (RFC 8707).
    pub resources: Vec<String>,
    /// What must be so before the answer.
    pub requirements: Requirements,
    /// The language asked for.
    pub locale: Option<Locale>,
    /// The theme asked for.
    pub theme: Option<Theme>,
    /// Who the client thinks is there.
    pub login_hint: Option<String>,
    /// What else it knows of them.
    pub hints: Hints,
    /// Digest of the pushed request that it is (RFC 9126), when no journey knows it.
    pub pushed: Option<Digest>,
}

/// What vetting needs of the server.
pub struct Surroundings<'a> {
    /// Scopes and attributes this installation knows.
    pub registry: Registry<'a>,
    /// Whose rules say what a level means.
    pub trust_framework: &'a str,
    /// Keys that hints are verified with.
    pub ring: &'a KeyRing,
    /// What pairwise names are made with.
    pub pairwise_key: &'a [u8],
    /// The issuer.
    pub issuer: &'a str,
}

impl Returnable {
    /// The first stage: the return address must be one the client registered. Faults here are for
    /// a page, never a redirect.
    ///
    /// # Errors
    /// [`Reject`] naming `redirect_uri`.
    pub fn vet(client: Arc<Client>, form: &Form) -> Result<Self, Reject> {
        let given = form.get("redirect_uri")?;
        let redirect_uri = match given {
            Some(given) if client.redirect_uris.iter().any(|registered| matches(registered, given)) => given,
            Some(_) => {
                return Err(Reject::invalid(
                    "redirect_uri",
                    "is not one that the client registered; it must be equal byte for byte",
                ));
            }
            None => match (client.redirect_uris.as_slice(), is_openid(form)) {
                ([only], false) => only,
                // OpenID Connect Core §3.1.2.1: redirect_uri is REQUIRED.
                (_, true) => return Err(Reject::Missing("redirect_uri")),
                _ => return Err(Reject::Missing("redirect_uri (the client has not exactly one)")),
            },
        }
        .to_owned();
        let redirect_uri_given = given.is_some();
        // A bad response_mode or state is told through the default mode, without the state.
        let mode = response_type::mode(form);
        let good = |name| form.get(name).ok().flatten().map(str::to_owned);
        let (state, scope) = (good("state"), good("scope"));
        let return_to = ReturnTo { redirect_uri, mode, state, scope };
        Ok(Self { client, return_to, redirect_uri_given })
    }

    /// The second stage: everything else. Faults here go back to the client.
    ///
    /// # Errors
    /// [`Reject`] naming the parameter at fault.
    pub fn authorization(&self, form: &Form, around: &Surroundings<'_>) -> Result<Authorization, Reject> {
        if let Some(bad) = form.first_bad(&REPEATABLE) {
            return Err(bad.into());
        }
        fapi2::vet(&self.client, form)?;
        self.check_state()?;
        let response_type = self.response_type(form)?;
        let mut scopes = self.scopes(form, around.registry.scopes)?;
        if !response_type.code {
            // OpenID Connect Core §11: without a code there is no refresh token to allow.
            scopes.remove("offline_access");
        }
        self.check_openid2_realm(form, &scopes)?;
        let code_challenge = self.code_challenge(form, response_type)?;
        let mut claims = ClaimsRequest::parse(form.get("claims")?, around.trust_framework)?;
        claims.keep_only_known(&self.client, around.registry);
        let resources = self.resources(form)?;
        let hints = aitu::hints(&self.client, form)?;
        let requirements = Requirements {
            locked_iin: hints.iin.clone().filter(|_| hints.iin_locked).map(Identifier::from),
            phone: hints.phone.clone().map(Identifier::from),
            acting_for: hints.bin.clone().map(Identifier::from),
            ..self.requirements(form, scopes, &claims, around)?
        };
        let owned = |name| form.get(name).map(|value| value.map(str::to_owned));
        let locales = [form.get("ui_locales")?, form.get("locale")?];
        Ok(Authorization {
            client: self.client.clone(),
            return_to: self.return_to.clone(),
            response_type,
            redirect_uri: self.redirect_uri_given.then(|| self.return_to.redirect_uri.clone()),
            code_challenge,
            nonce: owned("nonce")?,
            dpop_jkt: dpop_jkt(form)?,
            claims,
            resources,
            requirements,
            locale: locales.into_iter().flatten().find_map(Locale::from_tags),
            theme: form.get("theme")?.and_then(Theme::from_word),
            login_hint: owned("login_hint")?,
            hints,
            pushed: None,
        })
    }

    fn check_state(&self) -> Result<(), Reject> {
        let least = self.client.settings.min_state_length;
        let length = self.return_to.state.as_deref().map_or(0, |state| state.chars().count());
        if length < least {
            return Err(Reject::invalid("state", format!("must have at least {least} characters")));
        }
        Ok(())
    }

    fn response_type(&self, form: &Form) -> Result<ResponseType, Reject> {
        ResponseType::vet(&self.client, &self.return_to.redirect_uri, form)
    }

    /// RFC 6749 §3.3. Without the parameter: what the client registered, but nothing that changes
    /// the kind of answer.
    fn scopes(&self, form: &Form, registry: &ScopeRegistry) -> Result<BTreeSet<String>, Reject> {
        let Some(asked) = form.get("scope")? else {
            let quiet = |scope: &&String| !["openid", "offline_access"].contains(&scope.as_str());
            return Ok(self.client.scopes.iter().filter(quiet).cloned().collect());
        };
        let asked: BTreeSet<String> = asked.split(' ').filter(|s| !s.is_empty()).map(str::to_owned).collect();
        let known = |scope: &String| registry.contains_key(scope) && self.client.scopes.contains(scope);
        match asked.iter().find(|scope| !known(scope)) {
            Some(unknown) => Err(Reject::Scope(unknown.clone())),
            None => Ok(asked),
        }
    }

    /// OpenID 2.0 to OpenID Connect Migration 1.0 §3: the realm and the return address must match, and
    /// the realm is its client's own, or one could ask what people are called at another.
    fn check_openid2_realm(&self, form: &Form, scopes: &BTreeSet<String>) -> Result<(), Reject> {
        const NAME: &str = "openid2_realm";
        let Some(text) = form.get(NAME)?.filter(|_| scopes.contains("openid2")) else { return Ok(()) };
        let realm = Realm::parse(text).map_err(|why| Reject::invalid(NAME, why.to_string()))?;
        if !realm.contains_url(&self.return_to.redirect_uri) {
            return Err(Reject::invalid(NAME, "does not hold redirect_uri"));
        }
        let mut own = self.client.settings.openid2_realms.iter().filter_map(|own| Realm::parse(own).ok());
        if !own.any(|own| realm.lies_in(&own)) {
            return Err(Reject::invalid(NAME, "is no realm that the client registered"));
        }
        Ok(())
    }

    /// RFC 7636 §4.3, RFC 9700 §2.1.1.
    fn code_challenge(&self, form: &Form, asked: ResponseType) -> Result<Option<String>, Reject> {
        let method = form.get("code_challenge_method")?;
        let Some(challenge) = form.get("code_challenge")? else {
            if method.is_some() {
                return Err(Reject::Missing("code_challenge"));
            }
            if asked.code && self.client.requires_pkce() {
                return Err(Reject::invalid(
                    "code_challenge",
                    "is missing; this client must use PKCE with S256",
                ));
            }
            return Ok(None);
        };
        // RFC 7636 §4.3: without the method it would be `plain`, which is refused.
        if method != Some("S256") {
            return Err(Reject::invalid("code_challenge_method", "must be S256"));
        }
        if !pkce::is_challenge(challenge) {
            return Err(Reject::invalid("code_challenge", "must be 43 base64url characters"));
        }
        Ok(Some(challenge.to_owned()))
    }

    fn resources(&self, form: &Form) -> Result<Vec<String>, Reject> {
        let resources = form.all("resource")?;
        match resources.iter().find(|r| !self.client.resources.iter().any(|known| known == *r)) {
            Some(unknown) => Err(Reject::Target((*unknown).to_owned())),
            None => Ok(each_once(resources)),
        }
    }

    fn requirements(
        &self,
        form: &Form,
        scopes: BTreeSet<String>,
        claims: &ClaimsRequest,
        around: &Surroundings<'_>,
    ) -> Result<Requirements, Reject> {
        let prompt = demands::prompt(form)?;
        let required: BTreeSet<String> = self.client.settings.require_attributes.iter().cloned().collect();
        let named = claims.id_token.names().chain(claims.userinfo.names());
        let named = named.filter(|claim| !PROTOCOL.contains(claim));
        let mut optional = around.registry.attributes_for(scopes.iter().map(String::as_str), named);
        optional.retain(|attribute| !required.contains(attribute));
        Ok(Requirements {
            max_age: demands::max_age(&self.client, form)?,
            subject: demands::subject(&self.client, form, prompt, claims, around)?,
            second_factor: false,
            min_level: demands::min_level(&self.client, form, claims)?,
            asked: Asked { scopes, required, optional },
            prompt,
            ..Requirements::default()
        })
    }
}

/// RFC 9449 §10: a JWK thumbprint.
fn dpop_jkt(form: &Form) -> Result<Option<String>, Reject> {
    match form.get("dpop_jkt")? {
        // The same shape: SHA-256 as base64url.
        Some(jkt) if !pkce::is_challenge(jkt) => {
            Err(Reject::invalid("dpop_jkt", "must be a JWK thumbprint of 43 base64url characters"))
        }
        jkt => Ok(jkt.map(str::to_owned)),
    }
}

fn is_openid(form: &Form) -> bool {
    let scope = form.get("scope").ok().flatten().unwrap_or_default();
    scope.split(' ').any(|s| s == "openid")
}
