//! Options of a registration about OpenID Connect and its companions.

use std::str::FromStr;

use super::change::{put, replace_texts};
use crate::{
    cli::{CliError, words::words},
    model::{
        client::Client,
        relying_party::{ApplicationType, SubjectType},
        signing::{Algorithm, ForeignAlgorithm},
    },
    outbound::fetch::Fetcher,
    protocol::oauth2::{
        registrable::{self, BadMetadata},
        subject,
    },
    settings::Settings,
};

/// `default` or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<T> {
    /// None in particular.
    Default,
    /// This one.
    Of(T),
}

fn algorithm<T: FromStr<Err = String>>(text: &str) -> Result<Choice<T>, String> {
    if text == "default" { Ok(Choice::Default) } else { text.parse().map(Choice::Of) }
}

/// Options about OpenID Connect. `None` and an empty list mean: not given.
#[derive(Debug, Default, clap::Args)]
pub struct RelyingPartyOptions {
    /// What people are called at it: the same as everywhere, or another name at every sector
    #[arg(long, value_name = "TYPE", value_parser = words(SubjectType::ALL, SubjectType::word))]
    subject_type: Option<SubjectType>,
    /// An https address that lists the return addresses of one sector; '' for none
    #[arg(long, value_name = "URL")]
    sector_identifier_uri: Option<String>,
    /// Where it runs
    #[arg(long, value_name = "TYPE", value_parser = words(ApplicationType::ALL, ApplicationType::word))]
    application_type: Option<ApplicationType>,
    /// Every request of its must be pushed (PAR)
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    require_pushed_authorization_requests: Option<bool>,
    /// Every request of its must come in a signed request object (JAR)
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    require_signed_request_object: Option<bool>,
    /// The one algorithm of its request objects, or default for any that fits its keys
    #[arg(long, value_name = "ALG", value_parser = algorithm::<ForeignAlgorithm>)]
    request_object_alg: Option<Choice<ForeignAlgorithm>>,
    /// An https address of request objects of its, compared byte for byte; repeat for each
    #[arg(long = "request-uri", value_name = "URL")]
    request_uris: Vec<String>,
    /// What answers in JWTs (JARM) are signed with, or default for the algorithm of its id_tokens
    #[arg(long, value_name = "ALG", value_parser = algorithm::<Algorithm>)]
    authorization_response_alg: Option<Choice<Algorithm>>,
    /// What userinfo is signed with, or default for plain JSON
    #[arg(long, value_name = "ALG", value_parser = algorithm::<Algorithm>)]
    userinfo_alg: Option<Choice<Algorithm>>,
    /// What introspection is signed with, or default for plain JSON
    #[arg(long, value_name = "ALG", value_parser = algorithm::<Algorithm>)]
    introspection_alg: Option<Choice<Algorithm>>,
    /// Told of logouts by the server; '' for none
    #[arg(long, value_name = "URL")]
    backchannel_logout_uri: Option<String>,
    /// It needs the session named in that
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    backchannel_logout_session_required: Option<bool>,
    /// Told of logouts in a frame of the person's browser; '' for none
    #[arg(long, value_name = "URL")]
    frontchannel_logout_uri: Option<String>,
    /// It needs the session named in that
    #[arg(long, value_name = "true|false", num_args = 0..=1, default_missing_value = "true")]
    frontchannel_logout_session_required: Option<bool>,
    /// Where a sign-in to it can be begun from elsewhere; '' for none
    #[arg(long, value_name = "URL")]
    initiate_login_uri: Option<String>,
    /// `max_age` of its requests that name none, in seconds, or default
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    default_max_age: Option<Choice<u32>>,
    /// A level it wants when its request names none, 0 to 3; repeat for each
    #[arg(long = "default-acr-value", value_name = "N")]
    default_acr_values: Vec<String>,
    /// A mail address of those who look after it; repeat for each
    #[arg(long = "contact", value_name = "MAIL")]
    contacts: Vec<String>,
}

fn seconds(text: &str) -> Result<Choice<u32>, String> {
    if text == "default" {
        return Ok(Choice::Default);
    }
    text.parse().map(Choice::Of).map_err(|_| "give a whole number of seconds, or default".to_owned())
}

impl RelyingPartyOptions {
    /// Lays what was given over the registration.
    pub fn apply(self, client: &mut Client) {
        let party = &mut client.settings.oidc;
        put(&mut party.subject_type, self.subject_type);
        put(&mut party.application_type, self.application_type);
        put(&mut party.require_pushed_authorization_requests, self.require_pushed_authorization_requests);
        put(&mut party.require_signed_request_object, self.require_signed_request_object);
        put(&mut party.backchannel_logout_session_required, self.backchannel_logout_session_required);
        put(&mut party.frontchannel_logout_session_required, self.frontchannel_logout_session_required);
        choose(&mut party.request_object_signing_alg, self.request_object_alg);
        choose(&mut party.authorization_signed_response_alg, self.authorization_response_alg);
        choose(&mut party.userinfo_signed_response_alg, self.userinfo_alg);
        choose(&mut party.introspection_signed_response_alg, self.introspection_alg);
        choose(&mut party.default_max_age, self.default_max_age);
        address(&mut party.sector_identifier_uri, self.sector_identifier_uri);
        address(&mut party.backchannel_logout_uri, self.backchannel_logout_uri);
        address(&mut party.frontchannel_logout_uri, self.frontchannel_logout_uri);
        address(&mut party.initiate_login_uri, self.initiate_login_uri);
        replace_texts(&mut party.request_uris, self.request_uris);
        replace_texts(&mut party.default_acr_values, self.default_acr_values);
        replace_texts(&mut party.contacts, self.contacts);
    }
}

fn choose<T>(place: &mut Option<T>, given: Option<Choice<T>>) {
    match given {
        None => {}
        Some(Choice::Default) => *place = None,
        Some(Choice::Of(value)) => *place = Some(value),
    }
}

fn address(place: &mut Option<String>, given: Option<String>) {
    if let Some(given) = given {
        *place = Some(given).filter(|given| !given.is_empty());
    }
}

/// Checks what the options say together.
///
/// # Errors
/// The first rule that is broken, in words.
pub fn check(client: &Client, settings: &Settings) -> Result<(), String> {
    let fetcher = Fetcher::new(&settings.outbound).map_err(|error| error.to_string())?;
    registrable::check(client, &fetcher)
        .map_err(|BadMetadata { name, why }| format!("{}: {}", option(name), with_options(&why)))
}

/// Checks that a pairwise client's sector may be believed; a document that names it is fetched.
///
/// # Errors
/// What is wrong, in the words of the options.
pub async fn check_sector(client: &Client, settings: &Settings) -> Result<(), CliError> {
    let fetcher = Fetcher::new(&settings.outbound).map_err(|error| CliError::refused(error.to_string()))?;
    let checked = subject::check_sector(&fetcher, client).await;
    checked.map_err(|why| CliError::Refused(with_options(&why.replace("redirect_uris", "redirect_uri"))))
}

/// The option that sets a member of the registration.
fn option(name: &str) -> String {
    let option = match name {
        "token_endpoint_auth_method" => "auth-method",
        "token_endpoint_auth_signing_alg" => "assertion-alg",
        "grant_types" => "allowed-flow",
        "id_token_signed_response_alg" => "id-token-alg",
        "authorization_signed_response_alg" => "authorization-response-alg",
        "userinfo_signed_response_alg" => "userinfo-alg",
        "introspection_signed_response_alg" => "introspection-alg",
        "request_object_signing_alg" => "request-object-alg",
        "request_uris" => "request-uri",
        "default_acr_values" => "default-acr-value",
        "contacts" => "contact",
        "logo_uri" => "logo",
        other => return format!("--{}", other.replace('_', "-")),
    };
    format!("--{option}")
}

fn with_options(why: &str) -> String {
    let said = [
        ("jwks or jwks_uri", "--jwks"),
        ("backchannel_logout_uri", "--backchannel-logout-uri"),
        ("frontchannel_logout_uri", "--frontchannel-logout-uri"),
        ("redirect_uri", "--redirect-uri"),
        ("sector_identifier_uri", "--sector-identifier-uri"),
    ];
    said.into_iter().fold(why.to_owned(), |why, (name, option)| why.replace(name, option))
}

/// Lines of `client show`.
pub fn lines(client: &Client) -> Vec<(&'static str, String)> {
    let party = &client.settings.oidc;
    let one = |value: &Option<String>| value.clone();
    let word = |alg: Option<Algorithm>| alg.map(|alg| alg.word().to_owned());
    let lines = [
        ("subjects", Some(party.subject_type.word().to_owned())),
        ("sector", one(&party.sector_identifier_uri)),
        ("request object alg", party.request_object_signing_alg.map(|alg| alg.word().to_owned())),
        ("answer alg", word(party.authorization_signed_response_alg)),
        ("userinfo alg", word(party.userinfo_signed_response_alg)),
        ("introspection alg", word(party.introspection_signed_response_alg)),
        ("back-channel", one(&party.backchannel_logout_uri)),
        ("front-channel", one(&party.frontchannel_logout_uri)),
        ("initiate login", one(&party.initiate_login_uri)),
        ("default max age", party.default_max_age.map(|seconds| format!("{seconds}s"))),
        ("home page", one(&party.client_uri)),
        (
            "logo",
            party.logo_sha256.as_ref().map(|_| one(&party.logo_uri).unwrap_or("from a file".to_owned())),
        ),
        ("policy", one(&party.policy_uri)),
        ("terms", one(&party.tos_uri)),
    ];
    let lists = [
        ("request uri", &party.request_uris),
        ("default acr", &party.default_acr_values),
        ("contact", &party.contacts),
    ];
    let lists = lists.into_iter().flat_map(|(name, values)| values.iter().map(move |v| (name, v.clone())));
    lines.into_iter().filter_map(|(name, value)| Some((name, value?))).chain(lists).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_speaks_of_options() {
        assert_eq!(option("request_uris"), "--request-uri");
        assert_eq!(option("backchannel_logout_uri"), "--backchannel-logout-uri");
        assert_eq!(
            with_options("there is no backchannel_logout_uri"),
            "there is no --backchannel-logout-uri"
        );
    }

    #[test]
    fn default_takes_a_choice_back() {
        let mut place = Some(Algorithm::Es256);
        choose(&mut place, Some(algorithm("default").unwrap()));
        assert_eq!(place, None);
        choose(&mut place, Some(algorithm("PS256").unwrap()));
        assert_eq!(place, Some(Algorithm::Ps256));
        assert!(algorithm::<Algorithm>("none").is_err());
    }
}
