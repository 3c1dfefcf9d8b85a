//! Service clients: registrations that get tokens of users who have not proved who they are.

use uuid::Uuid;

use crate::{
    cli::{CliError, context::Context},
    ids::UserId,
    model::{
        act_for::ActFor,
        client::{Client, ClientType, Flow},
        user::UserKind,
    },
    settings::Settings,
    store::users,
};

/// A value of `--act-for` or `--may-act-for`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `''`: nobody.
    Nobody,
    /// These.
    Of(ActFor),
}

/// Reads one value.
pub fn part(text: &str) -> Result<Part, String> {
    if text.is_empty() { Ok(Part::Nobody) } else { text.parse().map(Part::Of) }
}

/// The list that these values make; `None` when none was given.
///
/// # Errors
/// Values that exclude one another.
pub fn parts(option: &str, given: &[Part]) -> Result<Option<Vec<ActFor>>, String> {
    let mut parts: Vec<ActFor> = Vec::new();
    for one in given {
        match one {
            Part::Nobody if given.len() == 1 => return Ok(Some(Vec::new())),
            Part::Nobody => return Err(format!("{option} '': nobody, or somebody; leave one out")),
            Part::Of(part) if parts.contains(part) => {
                return Err(format!("{option} `{part}` is given twice; give it once"));
            }
            Part::Of(part) => parts.push(*part),
        }
    }
    if parts.contains(&ActFor::All) && parts.len() > 1 {
        return Err(format!("{option} all: that is everybody already; leave the others out"));
    }
    Ok((!parts.is_empty()).then_some(parts))
}

/// What `--organisation` names; an empty value takes it away.
///
/// # Errors
/// There is no such account, or it is no organisation's.
pub async fn organisation(context: &Context, given: &str) -> Result<Option<UserId>, CliError> {
    if given.is_empty() {
        return Ok(None);
    }
    let found = match given.parse::<Uuid>() {
        Ok(id) => users::find_by_id(&context.pool, UserId(id)).await?,
        Err(_) => users::find(&context.pool, given).await?,
    };
    let account = found.ok_or_else(|| {
        CliError::refused(format!(
            "--organisation `{given}`: there is no such account; give the id or user name of a juristic person's \
             account, as `tamga user list` shows it"
        ))
    })?;
    if account.kind != UserKind::JuristicPerson {
        return Err(CliError::refused(format!(
            "--organisation `{given}`: that account is a {}; give a juristic person's",
            account.kind
        )));
    }
    Ok(Some(account.id))
}

/// Checks what a service client needs. `former` is what is registered now.
///
/// # Errors
/// The first rule that is broken, in words.
pub fn check(client: &Client, former: Option<&Client>, settings: &Settings) -> Result<(), String> {
    let registered = &client.settings;
    if registered.suppress_auth_for_issue && client.client_type == ClientType::Public {
        return Err(
            "--suppress-auth-for-issue: a public client can't prove who it is, so anybody could act for its \
                    users; leave out --type public"
                .into(),
        );
    }
    for flow in [Flow::ResourceOwner, Flow::TokenExchange] {
        if client.client_type == ClientType::Public && client.has_flow(flow) {
            return Err(format!(
                "--allowed-flow {flow}: only a confidential client can use it; leave out --type public"
            ));
        }
    }
    // RFC 9700 §2.4: the resource owner password credentials grant MUST NOT be used.
    let anew =
        client.has_flow(Flow::ResourceOwner) && !former.is_some_and(|c| c.has_flow(Flow::ResourceOwner));
    if anew && !client.is_service() && !settings.oauth2.allow_password_grant {
        return Err(
            "--allowed-flow resource-owner: new clients can't list it, because the application would see \
                    people's passwords (RFC 9700 §2.4); use authorization-code, or --suppress-auth-for-issue for \
                    a service that acts for users without their passwords (oauth2.allow_password_grant lifts \
                    this for the whole installation)"
                .into(),
        );
    }
    let trusts = !registered.trusted_issuers.is_empty();
    if trusts && former.is_none() && !client.has_flow(Flow::TokenExchange) {
        return Err("--trusted-issuer: the client could not use it; add --allowed-flow token-exchange".into());
    }
    if registered.act_for.contains(&ActFor::Organisation) && client.organisation.is_none() {
        return Err("--act-for organisation: say which; give --organisation ID too".into());
    }
    let changed = former.is_none_or(|former| former.settings.act_for != registered.act_for);
    if changed && !registered.act_for.is_empty() && !registered.suppress_auth_for_issue {
        return Err(
            "--act-for: only a service client acts for users; give --suppress-auth-for-issue true too".into(),
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_to_act_for_is_everybody_nobody_or_a_list() {
        let parts = |given: &[&str]| {
            let given: Vec<Part> = given.iter().map(|text| part(text).unwrap()).collect();
            parts("--act-for", &given)
        };
        assert_eq!(parts(&[]), Ok(None));
        assert_eq!(parts(&[""]), Ok(Some(vec![])));
        let both = vec![ActFor::Organisation, ActFor::Kind(UserKind::Foreigner)];
        assert_eq!(parts(&["organisation", "kind:foreigner"]), Ok(Some(both)));
        for wrong in [&["all", "organisation"][..], &["", "all"], &["all", "all"]] {
            assert!(parts(wrong).is_err(), "{wrong:?}");
        }
    }
}
