//! `tamga client add` and `set`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{
    authentication::{default_methods, lack},
    find,
    links::LinkOptions,
    oauth1,
    options::{Options, ProfileChoice, Ttl, profile},
    proof, public_key, realms, relying_party, rules,
    secrets::FirstSecret,
    service, show,
    trusted_issuers::TrustedIssuerOptions,
};
use crate::{
    cli::{
        CliError,
        context::{Context, taken},
    },
    ids::{ClientId, UserId},
    model::{
        client::{Client, ClientSettings, ClientType, Flow},
        journal::Entry,
    },
    store::{client_logos, users},
};

/// `tamga client add`
#[derive(Debug, clap::Args)]
pub struct AddOptions {
    /// Its client_id, taken as it is: 1 to 128 printable characters
    #[arg(long, value_name = "ID")]
    identifier: String,
    /// What people see it called
    #[arg(long)]
    name: String,
    /// Start with the habits of a replaced system: aitu, dss, sso_mn, egov_th or digital_id_th; or keep to
    /// the FAPI 2.0 Security Profile: fapi2
    #[arg(long, value_parser = profile)]
    profile: Option<ProfileChoice>,
    #[command(flatten)]
    secret: FirstSecret,
    /// A certificate it proves itself with by its key (self_signed_tls_client_auth): a file in PEM or DER
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    #[command(flatten)]
    trusted_issuer: TrustedIssuerOptions,
    #[command(flatten)]
    links: LinkOptions,
    #[command(flatten)]
    options: Options,
}

/// `tamga client set`
#[derive(Debug, clap::Args)]
#[command(after_help = "A list is emptied by giving one empty value, as in --resource ''.")]
pub struct SetOptions {
    /// The client's identifier
    #[arg(value_name = "ID")]
    identifier: String,
    /// What people see it called
    #[arg(long)]
    name: Option<String>,
    /// The replaced system whose habits it has, fapi2 or none; other options stay as they are
    #[arg(long, value_parser = profile)]
    profile: Option<ProfileChoice>,
    /// One more address people return to; repeat for each
    #[arg(long = "add-redirect-uri", value_name = "URI", conflicts_with = "redirect_uris")]
    add_redirect_uris: Vec<String>,
    /// An address people no longer return to; repeat for each
    #[arg(long = "remove-redirect-uri", value_name = "URI", conflicts_with = "redirect_uris")]
    remove_redirect_uris: Vec<String>,
    #[command(flatten)]
    secret: FirstSecret,
    #[command(flatten)]
    trusted_issuer: TrustedIssuerOptions,
    #[command(flatten)]
    links: LinkOptions,
    #[command(flatten)]
    options: Options,
}

/// Registers a client.
pub async fn add(context: &Context, add: AddOptions) -> Result<(), CliError> {
    let now = context.clock.now();
    let profile = add.profile.and_then(ProfileChoice::chosen);
    let mut client = Client {
        id: ClientId(context.rng.uuid(now)),
        identifier: add.identifier,
        name: add.name,
        client_type: ClientType::Confidential,
        profile,
        organisation: None,
        flows: Vec::new(),
        auth_methods: Vec::new(),
        redirect_uris: Vec::new(),
        post_logout_redirect_uris: Vec::new(),
        scopes: Vec::new(),
        resources: Vec::new(),
        settings: ClientSettings::for_profile(profile),
        secrets: Vec::new(),
        certificates: Vec::new(),
        disabled_at: None,
        created_at: now,
    };
    let default_scopes = add.options.scopes.is_empty() && rules::redirects(&add.options.flows);
    if let Some(given) = &add.options.organisation {
        client.organisation = service::organisation(context, given).await?;
    }
    add.trusted_issuer.apply(&mut client, context)?;
    add.options.apply(&mut client)?;
    if let Some(path) = &add.certificate {
        client.certificates.push(proof::certificate(context, "--certificate", path, None)?);
    }
    if client.auth_methods.is_empty() {
        client.auth_methods = default_methods(&client, add.secret.is_asked());
    }
    if default_scopes {
        client.scopes = vec!["openid".to_owned()];
    }
    let first = add.secret.take(context, &client)?;
    client.secrets.extend(first.as_ref().map(|new| new.stored.clone()));
    let logo = add.links.apply(&mut client, context).await?;
    rules::check(&client, None, context.settings())?;
    relying_party::check_sector(&client, context.settings()).await?;
    realms::are_free(context, &client).await?;
    is_nobodys_number(context, &client.identifier).await?;

    let mut entry = Entry::by_operator(now, "client.insert", "client", &client.identifier);
    entry.after = Some(show::json(&client));
    client_logos::insert_client(&context.pool, &client, &logo, &entry).await.map_err(|error| {
        taken(error, |_| {
            let id = &client.identifier;
            format!("there is a client `{id}` already; choose another identifier, or change it with `tamga client set`")
        })
    })?;
    let mut object = show::json(&client);
    let mut text = format!("registered client `{}`", client.identifier);
    let shown = first.and_then(|new| new.shown);
    if client.has_flow(Flow::Oauth1) {
        object["oauth1"] = oauth1::credentials(&client, shown.as_ref());
    }
    if let Some(shown) = shown {
        object["client_secret"] = json!(shown.expose());
        text = format!("{text}; its secret, shown only now:\n{}", shown.expose());
    }
    Ok(context.output.print(&text, &object)?)
}

/// RFC 9700 §4.15: a token that a client got for itself names the client as its subject, so one that is
/// called like a person would pass for that person at a resource server that looks at nothing else.
async fn is_nobodys_number(context: &Context, identifier: &str) -> Result<(), CliError> {
    let Ok(number) = identifier.parse::<UserId>() else { return Ok(()) };
    match users::find_by_id(&context.pool, number).await? {
        None => Ok(()),
        Some(_) => Err(CliError::refused(format!(
            "--identifier `{identifier}` is the number of a person's account, so the client's own tokens would pass \
             for theirs; choose another"
        ))),
    }
}

/// Changes a registration.
pub async fn set(context: &Context, set: SetOptions) -> Result<(), CliError> {
    if set.secret.is_asked() {
        return Err(CliError::refused(format!(
            "`client set` changes no secrets: add one with `tamga client add-secret {} --generate`, and remove the \
             old one once the client uses the new",
            set.identifier
        )));
    }
    let former = find(context, &set.identifier).await?;
    let mut client = former.clone();
    if let Some(name) = set.name {
        client.name = name;
    }
    if let Some(profile) = set.profile {
        client.profile = profile.chosen();
    }
    let retyped = set.options.client_type.is_some_and(|given| given != former.client_type);
    let choose_methods = retyped && set.options.auth_methods.is_empty();
    if let Some(given) = &set.options.organisation {
        client.organisation = service::organisation(context, given).await?;
    }
    set.trusted_issuer.apply(&mut client, context)?;
    set.options.apply(&mut client)?;
    if choose_methods {
        client.auth_methods = default_methods(&client, !client.secrets.is_empty());
    }
    for uri in &set.remove_redirect_uris {
        let place = client.redirect_uris.iter().position(|registered| registered == uri);
        let place = place.ok_or_else(|| {
            CliError::refused(format!(
                "--remove-redirect-uri `{uri}` is not registered; `tamga client show {}` lists those that are",
                set.identifier
            ))
        })?;
        client.redirect_uris.remove(place);
    }
    client.redirect_uris.extend(set.add_redirect_uris);
    let logo = set.links.apply(&mut client, context).await?;
    rules::check(&client, Some(&former), context.settings())?;
    if former.settings.oidc != client.settings.oidc || former.redirect_uris != client.redirect_uris {
        relying_party::check_sector(&client, context.settings()).await?;
    }
    realms::are_free(context, &client).await?;

    let (before, after) = (show::json(&former), show::json(&client));
    if before == after {
        let text = format!("client `{}` is as asked already", client.identifier);
        return Ok(context.output.print(&text, &after)?);
    }
    let now = context.clock.now();
    let mut entry = Entry::by_operator(now, "client.update", "client", &client.identifier);
    (entry.before, entry.after) = changed(&before, &after);
    client_logos::update_client(&context.pool, &client, &logo, &entry).await?;
    let text = format!("changed client `{}`{}{}", client.identifier, oauth1::lack(&client), lack(&client));
    Ok(context.output.print(&text, &after)?)
}

/// Only the members that differ, for the journal.
fn changed(before: &Value, after: &Value) -> (Option<Value>, Option<Value>) {
    let differing = |one: &Value, other: &Value| -> Option<Value> {
        let members = one.as_object()?.iter().filter(|(name, value)| other.get(*name) != Some(*value));
        Some(Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect()))
    };
    (differing(before, after), differing(after, before))
}

impl ProfileChoice {
    fn chosen(self) -> Option<crate::model::client::Profile> {
        match self {
            Self::None => None,
            Self::Of(profile) => Some(profile),
        }
    }
}

impl Options {
    /// Lays what was given over the registration.
    ///
    /// # Errors
    /// A file that was named can't be used.
    fn apply(self, client: &mut Client) -> Result<(), CliError> {
        put(&mut client.client_type, self.client_type);
        self.proof.apply(client)?;
        self.relying_party.apply(client);
        replace(&mut client.flows, self.flows);
        replace(&mut client.auth_methods, self.auth_methods);
        replace_texts(&mut client.redirect_uris, self.redirect_uris);
        replace_texts(&mut client.post_logout_redirect_uris, self.post_logout_redirect_uris);
        replace_texts(&mut client.scopes, self.scopes);
        replace_texts(&mut client.resources, self.resources);
        let settings = &mut client.settings;
        replace_texts(&mut settings.require_attributes, self.require_attributes);
        put(&mut settings.id_token_alg, self.id_token_alg);
        put(&mut settings.require_pkce, self.require_pkce);
        put(&mut settings.min_state_length, self.min_state_length.map(usize::from));
        put(&mut settings.detailed_errors, self.detailed_errors);
        put(&mut settings.claims_in_id_token, self.claims_in_id_token);
        put(&mut settings.always_refresh, self.always_refresh);
        put(&mut settings.min_level, self.min_level);
        put(&mut settings.require_iin_signature, self.require_iin_signature);
        put(&mut settings.trusted_phone, self.trusted_phone);
        replace_texts(&mut settings.openid2_realms, self.openid2_realms);
        put(&mut settings.openid2_dash_for_missing, self.openid2_dash_for_missing);
        put(&mut settings.openid2_pairwise, self.openid2_pairwise);
        put(&mut settings.suppress_auth_for_issue, self.suppress_auth_for_issue);
        put(&mut settings.act_for, service::parts("--act-for", &self.act_for).map_err(CliError::Refused)?);
        replace_texts(&mut settings.confirmation_callbacks, self.confirmation_callbacks);
        put(
            &mut settings.iin_public_key,
            self.iin_public_key
                .as_deref()
                .map(|path| public_key::read("--iin-public-key", Path::new(path)))
                .transpose()?,
        );
        replace_texts(&mut settings.oauth1_callbacks, self.oauth1_callbacks);
        put(&mut settings.oauth1_secret_transform, self.oauth1_secret_transform);
        put(&mut settings.oauth1_plaintext, self.oauth1_plaintext);
        put(&mut settings.oauth1_denial_page, self.oauth1_denial_page);
        put(&mut settings.oauth1_require_scope, self.oauth1_require_scope);
        put(
            &mut settings.oauth1_public_key,
            self.oauth1_public_key
                .as_deref()
                .map(|path| public_key::read("--oauth1-public-key", Path::new(path)))
                .transpose()?,
        );
        put(
            &mut settings.access_token_ttl,
            self.access_token_ttl.map(|ttl| match ttl {
                Ttl::Default => None,
                Ttl::Seconds(seconds) => Some(seconds),
            }),
        );
        Ok(())
    }
}

pub(super) fn put<T>(place: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *place = given;
    }
}

fn replace<T>(place: &mut Vec<T>, given: Vec<T>) {
    if !given.is_empty() {
        *place = given;
    }
}

/// One empty value empties the list.
pub(super) fn replace_texts(place: &mut Vec<String>, given: Vec<String>) {
    match given.as_slice() {
        [] => {}
        [one] if one.is_empty() => place.clear(),
        _ => *place = given,
    }
}
