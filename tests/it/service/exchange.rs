//! Token exchange (RFC 8693): whom a token may be exchanged for, by whose word.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde_json::{Value, json};
use tamga::{
    ids::UserId,
    model::{
        act_for::ActFor,
        client::{Client, Flow},
        credential::CredentialKind,
        journal::Entry,
        user::UserKind,
    },
    store::operators,
};
use time::Duration;

use super::{OTHER, SIGN_SERVER, account, service};
use crate::{
    oauth2::{Scene, changed, claims, header, text},
    support::{
        app::{ISSUER, TestApp},
        door::Answer,
    },
};

const GRANT: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// A client for the code flow that may exchange tokens, with two resources.
fn exchanging(client: &mut Client) {
    client.flows = vec![Flow::AuthorizationCode, Flow::RefreshToken, Flow::TokenExchange];
    client.resources = vec![SIGN_SERVER.to_owned(), OTHER.to_owned()];
}

async fn scene() -> Scene {
    Scene::with(exchanging).await
}

/// What the token endpoint says to an exchange.
async fn exchange(scene: &Scene, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = [GRANT].iter().chain(fields).copied().collect();
    scene.app.door.post_as(&scene.rp, "/oauth2/token", &fields).await
}

/// The exchange of an access token with `change` over it.
async fn narrow(scene: &Scene, token: &str, change: &[(&str, &str)]) -> Answer {
    let usual = [("subject_token", token), ("subject_token_type", ACCESS_TOKEN)];
    exchange(scene, &changed(&usual, change)).await
}

/// An unsigned token that names a user.
fn unsigned(claims: &Value) -> String {
    format!("{}.{}.", B64.encode(r#"{"alg":"none","typ":"JWT"}"#), B64.encode(claims.to_string()))
}

/// The usual claims of one, in this many seconds from now.
fn naming(scene: &Scene, username: &str, ends: i64) -> Value {
    let now = scene.app.clock.now().unix_timestamp();
    json!({"unique_name": username, "nbf": now, "iat": now, "exp": now + ends})
}

/// The exchange of an unsigned token with `change` over it.
async fn named(scene: &Scene, token: &str, change: &[(&str, &str)]) -> Answer {
    let usual = [("subject_token", token), ("subject_token_type", JWT), ("resource", SIGN_SERVER)];
    exchange(scene, &changed(&usual, change)).await
}

/// Lets an account act for others.
async fn may_act_for(app: &TestApp, user: UserId, parts: &[ActFor]) {
    let entry = Entry::by_operator(app.clock.now(), "user.set_may_act_for", "user", user);
    operators::set(app.pool(), user, parts, &entry).await.unwrap();
}

/// An operator's own access token.
async fn operator(scene: &mut Scene, parts: &[ActFor]) -> (UserId, String) {
    let tokens = scene.tokens(&[]).await;
    may_act_for(&scene.app, scene.user, parts).await;
    (scene.user, text(&tokens, "access_token").to_owned())
}

fn with_actor(token: &str) -> [(&str, &str); 2] {
    [("actor_token", token), ("actor_token_type", ACCESS_TOKEN)]
}

#[tokio::test]
async fn rfc_8693_s2_2_1_an_own_token_is_narrowed_and_keeps_what_it_says_of_the_person() {
    let mut scene = scene().await;
    let asked = [("scope", "openid email profile"), ("resource", SIGN_SERVER), ("resource", OTHER)];
    let tokens = scene.tokens(&asked).await;
    let before = claims(text(&tokens, "access_token"));
    let fields = [("scope", "email"), ("resource", OTHER), ("requested_token_type", JWT)];
    let answer = narrow(&scene, text(&tokens, "access_token"), &fields).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = answer.good();
    assert_eq!(answer["issued_token_type"], JWT);
    assert_eq!((&answer["token_type"], &answer["scope"]), (&json!("Bearer"), &json!("email")));
    assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none());
    let token = text(&answer, "access_token");
    assert_eq!(header(token)["typ"], "at+jwt");
    let after = claims(token);
    assert_eq!((&after["aud"], &after["scope"]), (&json!(OTHER), &json!("email")));
    for same in ["iss", "sub", "acr", "amr", "auth_time", "grant_id", "client_id"] {
        assert_eq!(after[same], before[same], "{same}");
    }
    assert_ne!(after["jti"], before["jti"]);
    // Without a word it is the same again.
    let answer = narrow(&scene, text(&tokens, "access_token"), &[]).await.good();
    assert_eq!(answer["issued_token_type"], ACCESS_TOKEN);
    let after = claims(text(&answer, "access_token"));
    assert_eq!((&after["aud"], &after["scope"]), (&before["aud"], &before["scope"]));
}

#[tokio::test]
async fn an_own_token_never_becomes_wider_nor_longer() {
    let mut scene = scene().await;
    let tokens = scene.tokens(&[("scope", "openid email"), ("resource", SIGN_SERVER)]).await;
    let token = text(&tokens, "access_token").to_owned();
    let error = async |change: &[(&str, &str)]| narrow(&scene, &token, change).await.error(400);
    assert_eq!(error(&[("scope", "email profile")]).await, "invalid_scope");
    assert_eq!(error(&[("scope", "nonsense")]).await, "invalid_scope");
    for parameter in ["resource", "audience"] {
        assert_eq!(error(&[(parameter, OTHER)]).await, "invalid_target", "registered, but not the token's");
        assert_eq!(error(&[(parameter, ISSUER)]).await, "invalid_target");
        narrow(&scene, &token, &[(parameter, SIGN_SERVER)]).await.good();
    }
    scene.app.clock.advance(Duration::minutes(50));
    let answer = narrow(&scene, &token, &[]).await.good();
    assert_eq!(answer["expires_in"], 600, "the rest of the hour");
    assert_eq!(claims(text(&answer, "access_token"))["exp"], claims(&token)["exp"]);
}

#[tokio::test]
async fn a_bad_expired_revoked_or_foreign_subject_token_is_invalid_request() {
    let mut scene = scene().await;
    let tokens = scene.tokens(&[("scope", "openid email"), ("resource", SIGN_SERVER)]).await;
    let token = text(&tokens, "access_token").to_owned();
    let error = async |scene: &Scene, token: &str| narrow(scene, token, &[]).await.error(400);
    let (head, _) = token.rsplit_once('.').unwrap();
    for bad in ["nonsense", "a.b.c", &format!("{head}.AAAA"), &format!("{head}."), text(&tokens, "id_token")]
    {
        assert_eq!(error(&scene, bad).await, "invalid_request", "{bad}");
    }
    // Another client's token, though it is good.
    let stranger = scene.app.client("stranger", |client| {
        exchanging(client);
        client.resources = vec![OTHER.to_owned()];
    });
    let stranger = stranger.await;
    let own = std::mem::replace(&mut scene.rp, stranger);
    assert_eq!(error(&scene, &token).await, "invalid_request");
    // One for whose resource it is meant may.
    let server = scene.app.client("server", |client| {
        exchanging(client);
        client.resources = vec![SIGN_SERVER.to_owned()];
    });
    scene.rp = server.await;
    let answer = narrow(&scene, &token, &[]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["client_id"], "server");
    scene.rp = own;
    scene.app.door.post_as(&scene.rp, "/oauth2/revoke", &[("token", &token)]).await;
    assert_eq!(error(&scene, &token).await, "invalid_request");
    let tokens = scene.tokens(&[("scope", "openid email"), ("resource", SIGN_SERVER)]).await;
    let token = text(&tokens, "access_token").to_owned();
    scene.app.clock.advance(Duration::hours(1));
    assert_eq!(error(&scene, &token).await, "invalid_request");
}

#[tokio::test]
async fn what_is_made_of_a_grant_ends_with_it() {
    let mut scene = scene().await;
    let tokens = scene.tokens(&[("scope", "openid email offline_access"), ("resource", SIGN_SERVER)]).await;
    let made = narrow(&scene, text(&tokens, "access_token"), &[]).await.good();
    let introspect = async |scene: &Scene| {
        let fields = [("token", text(&made, "access_token"))];
        scene.app.door.post_as(&scene.rp, "/oauth2/introspect", &fields).await.good()
    };
    assert_eq!(introspect(&scene).await["active"], true);
    let fields = [("token", text(&tokens, "refresh_token"))];
    scene.app.door.post_as(&scene.rp, "/oauth2/revoke", &fields).await;
    assert_eq!(introspect(&scene).await, json!({"active": false}));
}

#[tokio::test]
async fn an_own_id_token_gives_a_token_for_the_clients_resources_without_scopes() {
    let mut scene = scene().await;
    let tokens = scene.tokens(&[("scope", "openid email")]).await;
    let usual = [("subject_token", text(&tokens, "id_token")), ("subject_token_type", ID_TOKEN)];
    let ask = async |change: &[(&str, &str)]| exchange(&scene, &changed(&usual, change)).await;
    let answer = ask(&[("resource", SIGN_SERVER)]).await.good();
    assert!(answer.get("scope").is_none(), "{answer}");
    let token = claims(text(&answer, "access_token"));
    assert_eq!((&token["sub"], &token["amr"]), (&json!(scene.user), &json!(["pwd"])));
    assert_eq!(ask(&[]).await.error(400), "invalid_target");
    assert_eq!(ask(&[("resource", SIGN_SERVER), ("scope", "email")]).await.error(400), "invalid_scope");
    // The type must be what the token is.
    let typed = [("resource", SIGN_SERVER), ("subject_token_type", ACCESS_TOKEN)];
    assert_eq!(ask(&typed).await.error(400), "invalid_request");
    ask(&[("resource", SIGN_SERVER), ("subject_token_type", JWT)]).await.good();
    let access_token = text(&tokens, "access_token");
    assert_eq!(ask(&[("subject_token", access_token)]).await.error(400), "invalid_request");
}

#[tokio::test]
async fn rfc_8693_s2_1_parameters_that_are_missing_or_unknown_are_invalid_request() {
    let mut scene = scene().await;
    let tokens = scene.tokens(&[("resource", SIGN_SERVER)]).await;
    let token = text(&tokens, "access_token").to_owned();
    let error = async |change: &[(&str, &str)]| {
        let answer = narrow(&scene, &token, change).await;
        assert_eq!(answer.error(400), "invalid_request", "{change:?}");
        text(&answer.json(), "error_description").to_owned()
    };
    assert!(error(&[("subject_token", "")]).await.contains("subject_token"));
    assert!(error(&[("subject_token_type", "")]).await.contains("subject_token_type"));
    let saml = "urn:ietf:params:oauth:token-type:saml2";
    for unknown in [saml, "access_token", "urn:ietf:params:oauth:token-type:refresh_token"] {
        assert!(error(&[("subject_token_type", unknown)]).await.contains("subject_token_type"));
        assert!(error(&[("requested_token_type", unknown)]).await.contains("requested_token_type"));
    }
    assert!(error(&[("actor_token", &token)]).await.contains("actor_token_type"));
    assert!(error(&[("actor_token_type", ACCESS_TOKEN)]).await.contains("actor_token_type"));
    assert!(error(&[("actor_token", &token), ("actor_token_type", ID_TOKEN)]).await.contains("actor_token"));
}

#[tokio::test]
async fn public_clients_and_those_without_the_flow_exchange_nothing() {
    let mut scene = Scene::new().await;
    let tokens = scene.tokens(&[]).await;
    let token = text(&tokens, "access_token").to_owned();
    assert_eq!(narrow(&scene, &token, &[]).await.error(400), "unauthorized_client");
    scene.rp = scene.app.public_client("public", exchanging).await;
    assert_eq!(narrow(&scene, &token, &[]).await.error(400), "unauthorized_client");
}

#[tokio::test]
async fn an_unsigned_token_alone_is_invalid_request() {
    let scene = scene().await;
    let token = unsigned(&naming(&scene, "somchai", 300));
    let answer = named(&scene, &token, &[]).await;
    assert_eq!(answer.error(400), "invalid_request");
    assert!(text(&answer.json(), "error_description").contains("vouch"), "{answer:?}");
}

#[tokio::test]
async fn a_service_client_vouches_for_an_unsigned_token_and_is_its_actor() {
    let scene = Scene::with(service).await;
    let id = scene.user.to_string();
    let now = scene.app.clock.now().unix_timestamp();
    let by_id = json!({"nameidentifier": id, "nbf": now, "iat": now, "exp": now + 300});
    for subject in [naming(&scene, "SomChai", 300), by_id] {
        let answer = named(&scene, &unsigned(&subject), &[]).await.good();
        let token = claims(text(&answer, "access_token"));
        assert_eq!((&token["sub"], &token["aud"]), (&json!(scene.user), &json!(SIGN_SERVER)));
        assert_eq!(token["act"], json!({"sub": "rp"}));
        assert_eq!((&token["acr"], &token["amr"]), (&json!("0"), &json!([])));
        assert_eq!(token["suppressed_auth"], true);
    }
    // It never outlives the token that names the user.
    let answer = named(&scene, &unsigned(&naming(&scene, "somchai", 60)), &[]).await.good();
    assert_eq!(answer["expires_in"], 60);
    let answer = named(&scene, &unsigned(&naming(&scene, "somchai", 3600)), &[]).await.good();
    assert_eq!(answer["expires_in"], 300);
    assert_eq!(
        named(&scene, &unsigned(&naming(&scene, "nobody", 60)), &[]).await.error(400),
        "invalid_request"
    );
    let lines = super::journal(&scene.app, "token.exchange").await;
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["subject"]["id"], id);
    assert_eq!(lines[0]["after"]["grant"], "unsigned");
}

#[tokio::test]
async fn a_service_client_vouches_within_its_reach_alone() {
    let mut scene = Scene::with(service).await;
    let kinds = vec![ActFor::Kind(UserKind::Foreigner)];
    scene.app.change_client(&mut scene.rp, |client| client.settings.act_for = kinds).await;
    account(&scene.app, "maria", UserKind::Foreigner, &[]).await;
    named(&scene, &unsigned(&naming(&scene, "maria", 60)), &[]).await.good();
    let refused = named(&scene, &unsigned(&naming(&scene, "somchai", 60)), &[]).await;
    let unknown = named(&scene, &unsigned(&naming(&scene, "nobody", 60)), &[]).await;
    assert_eq!((refused.error(400).as_str(), &refused.body), ("invalid_request", &unknown.body));
}

#[tokio::test]
async fn an_unsigned_token_must_say_when_it_ends_within_the_hour_and_whom_it_means() {
    let scene = Scene::with(service).await;
    let now = scene.app.clock.now().unix_timestamp();
    for (wrong, why) in [
        (json!({"unique_name": "somchai", "nbf": now, "iat": now}), "no end"),
        (json!({"unique_name": "somchai", "nbf": now, "iat": now, "exp": now}), "expired"),
        (json!({"unique_name": "somchai", "nbf": now, "iat": now, "exp": now + 3601}), "too far ahead"),
        (json!({"unique_name": "somchai", "nbf": now + 120, "exp": now + 300}), "not yet"),
        (json!({"unique_name": "somchai", "iat": now + 120, "exp": now + 300}), "made in the future"),
        (json!({"unique_name": "somchai", "exp": "tomorrow"}), "no number"),
        (json!({"exp": now + 300}), "nobody"),
        (json!({"unique_name": 7, "exp": now + 300}), "no text"),
        (json!({"nameidentifier": "somchai", "exp": now + 300}), "no id"),
        (json!({"sub": "somchai", "exp": now + 300}), "another claim"),
    ] {
        assert_eq!(named(&scene, &unsigned(&wrong), &[]).await.error(400), "invalid_request", "{why}");
    }
    let good = naming(&scene, "somchai", 300);
    // RFC 7519 §6.1: no signature at all.
    let signed = format!("{}AAAA", unsigned(&good));
    assert_eq!(named(&scene, &signed, &[]).await.error(400), "invalid_request");
    let as_access_token = [("subject_token_type", ACCESS_TOKEN)];
    assert_eq!(named(&scene, &unsigned(&good), &as_access_token).await.error(400), "invalid_request");
    for alg in ["None", "NONE", "nOnE", ""] {
        let header = json!({"alg": alg, "typ": "JWT"}).to_string();
        let token = format!("{}.{}.", B64.encode(header), B64.encode(good.to_string()));
        assert_eq!(named(&scene, &token, &[]).await.error(400), "invalid_request", "{alg}");
    }
    // It can't pass for one of ours either.
    let mut ours = good;
    ours["iss"] = json!(ISSUER);
    ours["sub"] = json!(scene.user);
    let answer = named(&scene, &unsigned(&ours), &[]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["suppressed_auth"], true);
}

#[tokio::test]
async fn targets_and_scopes_of_who_was_vouched_for_are_the_clients() {
    let scene = Scene::with(service).await;
    let token = unsigned(&naming(&scene, "somchai", 300));
    let error = async |change: &[(&str, &str)]| named(&scene, &token, change).await.error(400);
    assert_eq!(error(&[("resource", "")]).await, "invalid_target");
    assert_eq!(error(&[("resource", "urn:unknown")]).await, "invalid_target");
    assert_eq!(error(&[("audience", "urn:unknown")]).await, "invalid_target");
    assert_eq!(error(&[("scope", "nonsense")]).await, "invalid_scope");
    let fields = [("resource", ""), ("audience", OTHER), ("scope", "openid profile")];
    let answer = named(&scene, &token, &fields).await.good();
    assert_eq!(answer["scope"], "profile");
    assert_eq!(claims(text(&answer, "access_token"))["aud"], OTHER);
}

#[tokio::test]
async fn an_operator_acts_for_whom_they_were_allowed_to() {
    let mut scene = scene().await;
    account(&scene.app, "maria", UserKind::Foreigner, &[]).await;
    let other = scene.app.user("other").await;
    let (operator, token) = operator(&mut scene, &[ActFor::Kind(UserKind::Foreigner)]).await;
    let ask = async |scene: &Scene, username: &str, actor: &str| {
        let subject = unsigned(&naming(scene, username, 300));
        named(scene, &subject, &with_actor(actor)).await
    };
    let answer = ask(&scene, "maria", &token).await.good();
    let claims = claims(text(&answer, "access_token"));
    assert_eq!(claims["act"], json!({"sub": operator}));
    assert_eq!((&claims["acr"], &claims["suppressed_auth"]), (&json!("0"), &json!(true)));
    let line = &super::journal(&scene.app, "token.exchange").await[0];
    assert_eq!(line["after"]["actor"], json!(operator));
    assert_eq!(ask(&scene, "other", &token).await.error(400), "invalid_request");
    may_act_for(&scene.app, scene.user, &[ActFor::All]).await;
    ask(&scene, "other", &token).await.good();
    scene.app.disable_user(other).await;
    assert_eq!(ask(&scene, "other", &token).await.error(400), "invalid_request");
    may_act_for(&scene.app, scene.user, &[]).await;
    assert_eq!(ask(&scene, "maria", &token).await.error(400), "invalid_request");
}

#[tokio::test]
async fn an_operator_of_an_organisation_acts_for_its_members() {
    let mut scene = scene().await;
    let app = &scene.app;
    let named = |source| [("organization.name", "Registry", 2, source)];
    account(app, "registry", UserKind::JuristicPerson, &named("operator")).await;
    account(app, "colleague", UserKind::GovernmentAgent, &named("agency")).await;
    account(app, "elsewhere", UserKind::GovernmentAgent, &[]).await;
    let (_, token) = operator(&mut scene, &[ActFor::Organisation]).await;
    let ask = async |scene: &Scene, username: &str| {
        let subject = unsigned(&naming(scene, username, 300));
        let usual = [("subject_token", &*subject), ("subject_token_type", JWT), ("resource", SIGN_SERVER)];
        let fields: Vec<_> = usual.into_iter().chain(with_actor(&token)).collect();
        exchange(scene, &fields).await
    };
    // A citizen belongs to no agency, whatever they say.
    assert_eq!(ask(&scene, "colleague").await.error(400), "invalid_request");
    sqlx::query("UPDATE users SET kind = 'government-agent' WHERE id = $1")
        .bind(scene.user.0)
        .execute(scene.app.pool())
        .await
        .unwrap();
    let entry = Entry::by_operator(scene.app.clock.now(), "user.set_attributes", "user", scene.user);
    let attribute = tamga::store::users::NewAttribute {
        name: "organization.name".into(),
        value: "Registry".into(),
        level: 2.try_into().unwrap(),
        identifier: false,
    };
    tamga::store::users::set_attributes(scene.app.pool(), scene.user, &[attribute], "agency", &entry)
        .await
        .unwrap();
    ask(&scene, "colleague").await.good();
    assert_eq!(ask(&scene, "elsewhere").await.error(400), "invalid_request");
}

#[tokio::test]
async fn a_bad_foreign_or_unproved_actor_token_is_invalid_request() {
    let mut scene = scene().await;
    scene.app.user("other").await;
    let (_, token) = operator(&mut scene, &[ActFor::All]).await;
    let ask = async |scene: &Scene, actor: &str| {
        let subject = unsigned(&naming(scene, "other", 300));
        named(scene, &subject, &with_actor(actor)).await
    };
    ask(&scene, &token).await.good();
    let (head, _) = token.rsplit_once('.').unwrap();
    for bad in ["nonsense", &format!("{head}.AAAA"), &unsigned(&naming(&scene, "somchai", 300))] {
        assert_eq!(ask(&scene, bad).await.error(400), "invalid_request", "{bad}");
    }
    // A token that an operator's own token was exchanged for proves the operator no more.
    let subject = unsigned(&naming(&scene, "somchai", 300));
    let made = named(&scene, &subject, &with_actor(&token)).await.good();
    assert_eq!(ask(&scene, text(&made, "access_token")).await.error(400), "invalid_request");
    // Nor does one of a service client.
    let served = scene.app.client("served", |client| {
        service(client);
        client.resources.clear();
    });
    let own = std::mem::replace(&mut scene.rp, served.await);
    let fields = [("grant_type", "password"), ("username", "somchai"), ("password", "")];
    let suppressed = scene.app.door.post_as(&scene.rp, "/oauth2/token", &fields).await.good();
    let subject = unsigned(&naming(&scene, "other", 300));
    let fields = [("subject_token", &*subject), ("subject_token_type", JWT)];
    let fields: Vec<_> = fields.into_iter().chain(with_actor(text(&suppressed, "access_token"))).collect();
    assert_eq!(exchange(&scene, &fields).await.error(400), "invalid_request");
    // Another client's operator.
    let fields: Vec<_> = fields[..2].iter().copied().chain(with_actor(&token)).collect();
    assert_eq!(exchange(&scene, &fields).await.error(400), "invalid_request");
    scene.rp = own;
    scene.app.door.post_as(&scene.rp, "/oauth2/revoke", &[("token", &token)]).await;
    assert_eq!(ask(&scene, &token).await.error(400), "invalid_request");
}

#[tokio::test]
async fn rfc_8693_s4_1_chains_of_actors_are_kept_and_end_at_five() {
    let mut scene = scene().await;
    scene.app.user("other").await;
    let (operator, token) = operator(&mut scene, &[ActFor::All]).await;
    let subject = unsigned(&naming(&scene, "other", 3600));
    let answer = named(&scene, &subject, &with_actor(&token)).await.good();
    let mut made = text(&answer, "access_token").to_owned();
    for depth in 2..=5 {
        let answer = narrow(&scene, &made, &with_actor(&token)).await.good();
        made = text(&answer, "access_token").to_owned();
        let chain = claims(&made)["act"].clone();
        let length = std::iter::successors(Some(&chain), |act| act.get("act")).count();
        assert_eq!((length, &chain["sub"]), (depth, &json!(operator)));
    }
    assert_eq!(narrow(&scene, &made, &with_actor(&token)).await.error(400), "invalid_request");
    // Without a new actor the chain stays as it is.
    let answer = narrow(&scene, &made, &[]).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["act"], claims(&made)["act"]);
    let fields = [("token", &*made)];
    let told = scene.app.door.post_as(&scene.rp, "/oauth2/introspect", &fields).await.good();
    assert_eq!(told["act"], claims(&made)["act"]);
}

#[tokio::test]
async fn an_operators_second_factor_is_not_the_persons() {
    let mut scene = scene().await;
    scene.app.user("other").await;
    let (_, token) = operator(&mut scene, &[ActFor::All]).await;
    scene.app.enrol(scene.user, CredentialKind::Mail).await;
    scene.browser = scene.app.browser();
    let own = super::step_up::with_second_factor(&mut scene, "openid export").await;
    // The operator acts on the operator's own token: still somebody acts.
    let answer = narrow(&scene, &own, &with_actor(&token)).await.good();
    assert_eq!(claims(text(&answer, "access_token"))["amr"], claims(&own)["amr"]);
    let bearer = format!("Bearer {}", text(&answer, "access_token"));
    let headers = [("authorization", bearer.as_str())];
    let path = "/api/v1/users/me/export";
    let answer = scene.app.door.call(axum::http::Method::GET, path, &headers, "").await;
    assert_eq!(answer.error(401), "insufficient_user_authentication");
    let bearer = format!("Bearer {own}");
    scene.app.door.call(axum::http::Method::GET, path, &[("authorization", &bearer)], "").await.good();
}

#[tokio::test]
async fn two_exchanges_at_once_are_both_right() {
    let scene = Scene::with(service).await;
    let token = unsigned(&naming(&scene, "somchai", 300));
    let both = futures_util::future::join_all((0..8).map(|_| named(&scene, &token, &[]))).await;
    let mut ids: Vec<String> = both
        .iter()
        .map(|answer| text(&claims(text(&answer.good(), "access_token")), "jti").to_owned())
        .collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8, "each has an id of its own");
}
