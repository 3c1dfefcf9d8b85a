//! The route table: one line a route, the profiles' alias paths beside the canonical ones.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, header},
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, get, post},
};
use tower_http::cors::{Any, CorsLayer};

use crate::{
    app::App,
    http::{headers, health, limits, log},
    pages::{
        attributes, cancel, consent, device as device_page, forgotten, home, level, login, logo, mismatch,
        new_password, passkey, password_link, phone, register, resume, second_factor, static_files, terms,
    },
    protocol::{
        oauth2::{
            authorize, certificate_login, check_session, confirmation, device, discovery,
            files as user_files, initiate, introspect, logout, par, registration, revoke, token,
            trusted_phone, userinfo,
        },
        openid2,
    },
};

/// Everything the server serves.
pub fn build_router(app: App) -> Router {
    layered(app, Router::new())
}

/// The same, with further routes beside that have their own state (`tamga dev`).
pub fn build_router_with(app: App, further: Router) -> Router {
    layered(app, further.with_state(()))
}

fn layered(app: App, further: Router<App>) -> Router {
    let profiles = &app.settings.profiles;
    let mut routes = journey_routes()
        .merge(account_routes())
        .merge(portal_routes())
        .merge(oauth2_routes())
        .merge(openid2_routes())
        .merge(oauth1_routes(profiles.egov_th))
        .merge(further);
    if app.settings.registration.enabled {
        routes = routes.merge(registration_routes());
    }
    if profiles.aitu {
        routes = routes.merge(aitu_routes());
    }
    if profiles.dss {
        routes = routes.merge(dss_routes(&profiles.dss_segment));
    }
    if profiles.egov_th {
        routes = routes.merge(egov_th_routes());
    }
    if profiles.digital_id_th {
        routes = routes.merge(digital_id_th_routes());
    }
    routes
        .layer(from_fn_with_state(app.clone(), limits::database_layer))
        .merge(public_routes(&app))
        .fallback(home::not_found)
        .layer(DefaultBodyLimit::max(limits::BODY))
        .layer(from_fn(limits::layer))
        .layer(from_fn_with_state(app.clone(), headers::layer))
        .layer(from_fn_with_state(app.clone(), log::layer))
        .with_state(app)
}

/// Answered from memory, so also while the database is away.
fn public_routes(app: &App) -> Router<App> {
    let routes = Router::new()
        .route("/", root_methods(app))
        .route("/openid2/xrds", get(openid2::discovery::provider))
        .route("/id/{name}", get(openid2::discovery::identity))
        .route("/id/{name}/xrds", get(openid2::discovery::identity_xrds))
        .route("/.well-known/openid-configuration", get(discovery::get).layer(cors()))
        .route("/.well-known/oauth-authorization-server", get(discovery::get).layer(cors()))
        .route("/oauth2/jwks", get(discovery::jwks).layer(cors()))
        .route("/oauth2/check-session", get(check_session::get))
        .route("/.well-known/jwks.json", get(discovery::jwks).layer(cors()))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/static/{*path}", get(static_files::get));
    if !app.settings.profiles.egov_th {
        return routes;
    }
    routes
        .route("/op_xrds.aspx", get(openid2::discovery::provider))
        .route("/user.aspx/{name}", get(openid2::discovery::identity))
        .route("/user_xrds.aspx", get(openid2::discovery::user_xrds))
}

/// The home page needs the database; as the OP Identifier of OpenID 2.0 the same address does not.
fn root_methods(app: &App) -> MethodRouter<App> {
    get(home::get)
        .layer(from_fn_with_state(app.clone(), limits::database_layer))
        .layer(from_fn_with_state(app.clone(), openid2::discovery::at_root))
}

fn journey_routes() -> Router<App> {
    Router::new()
        .route("/login", get(login::get).post(login::post))
        .route("/login/phone", get(phone::get).post(phone::post))
        .route("/login/passkey", get(passkey::get).post(passkey::post))
        .route("/login/phone/code", get(phone::code).post(phone::check))
        .route("/login/phone/resend", post(phone::resend))
        .route("/second-factor", get(second_factor::get).post(second_factor::post))
        .route("/second-factor/resend", post(second_factor::resend))
        .route("/register", get(register::kind::get).post(register::kind::post))
        .route("/register/details", get(register::details::get).post(register::details::post))
        .route("/register/contact", get(register::contact::get).post(register::contact::post))
        .route("/register/code", get(register::code::get).post(register::code::post))
        .route("/register/code/resend", post(register::code::resend))
        .route("/register/known", get(register::known::get).post(register::known::post))
        .route("/register/password", get(register::password::get).post(register::password::post))
        .route("/terms", get(terms::get))
        .route("/clients/{id}/logo", get(logo::get))
        .route("/password/forgotten", get(forgotten::get).post(forgotten::post))
        .route("/password/code", get(forgotten::code).post(forgotten::check))
        .route("/password/code/resend", post(forgotten::resend))
        .route("/password/new", get(new_password::get).post(new_password::post))
        .route("/password/link", get(password_link::get).post(password_link::post))
        .route("/attributes", get(attributes::get).post(attributes::post))
        .route("/level", get(level::get).post(level::post))
        .route("/level/code", get(level::code).post(level::check))
        .route("/level/resend", post(level::resend))
        .route("/consent", get(consent::get).post(consent::post))
        .route("/mismatch", get(mismatch::get).post(mismatch::post))
        .route("/cancel", post(cancel::post))
        .route("/device", get(device_page::get).post(device_page::post))
        .route("/continue/{journey}", get(resume::get))
}

/// The person's own pages.
fn account_routes() -> Router<App> {
    use crate::account::{
        activity, applications, attributes, close, confirmations, contact, export, files, profile,
        representatives, sessions,
    };
    // Files are larger than anything else that people send: these two routes alone take them.
    let files = Router::new()
        .route("/account/files/photo", post(files::photo))
        .route("/account/files/document", post(files::document))
        .layer(DefaultBodyLimit::max(files::BODY));
    Router::new()
        .route("/account", get(profile::get))
        .route("/account/locale", post(profile::locale))
        .route("/account/profile", get(attributes::get).post(attributes::post))
        .route("/account/contact", get(contact::get).post(contact::post))
        .route("/account/contact/code", get(contact::code).post(contact::check))
        .route("/account/contact/resend", post(contact::resend))
        .route("/account/photo", get(files::own_photo))
        .route("/account/files", get(files::get))
        .route("/account/files/photo/remove", post(files::remove_photo))
        .route("/account/files/remove", post(files::remove))
        .route("/account/files/{id}", get(files::own))
        .route("/account/sessions", get(sessions::get))
        .route("/account/sessions/end", post(sessions::end))
        .route("/account/sessions/end-others", post(sessions::end_others))
        .route("/account/applications", get(applications::get))
        .route("/account/applications/withdraw", post(applications::withdraw))
        .route("/account/confirmations", get(confirmations::get))
        .route("/account/confirmations/approve", post(confirmations::approve))
        .route("/account/confirmations/refuse", post(confirmations::refuse))
        .route("/account/activity", get(activity::get))
        .route("/account/export", post(export::post))
        .route("/api/v1/users/me/export", get(export::get_by_token).layer(cors()))
        .route("/account/close", get(close::get).post(close::post))
        .route("/account/closed", get(close::closed))
        .route("/account/representatives", get(representatives::get).post(representatives::post))
        .route("/account/representatives/remove", post(representatives::remove))
        .merge(security_routes())
        .merge(files)
}

/// What protects the account.
fn security_routes() -> Router<App> {
    use crate::account::{channels, passkeys, password, recovery, security, totp};
    Router::new()
        .route("/account/security", get(security::get))
        .route("/account/security/remove", post(security::remove))
        .route("/account/security/password", get(password::get).post(password::post))
        .route("/account/security/totp", get(totp::get).post(totp::post))
        .route("/account/security/passkey", get(passkeys::get).post(passkeys::post))
        .route("/account/security/passkey/rename", post(passkeys::rename))
        .route("/account/security/channel", post(channels::post))
        .route("/account/security/recovery", post(recovery::post))
}

/// Pages of registrars and of agencies' administrators.
fn portal_routes() -> Router<App> {
    use crate::portal::{agency, registrar};
    Router::new()
        .route("/registrar", get(registrar::search::get))
        .route("/registrar/people/{id}", get(registrar::person::get).post(registrar::person::post))
        .route("/registrar/people/{id}/files/{file}", get(registrar::files::get))
        .route("/agency", get(agency::list::get))
        .route("/agency/officials/new", get(agency::join::get).post(agency::join::post))
        .route("/agency/officials/{id}", get(agency::official::get).post(agency::official::post))
}

fn oauth2_routes() -> Router<App> {
    Router::new()
        .route("/oauth2/authorize", authorize_methods())
        .route(certificate_login::PATH, get(certificate_login::get))
        .route("/oauth2/token", post(token::post).layer(cors()))
        .route("/oauth2/userinfo", userinfo_methods())
        .route("/api/v1/users/me/files/{name}", get(user_files::get).layer(cors()))
        .route("/api/v1/confirmations", post(confirmation::post))
        .route("/oauth2/par", post(par::post).layer(cors()))
        .route("/oauth2/introspect", post(introspect::post))
        .route("/oauth2/revoke", post(revoke::post).layer(cors()))
        .route("/oauth2/device", post(device::post).layer(cors()))
        .route("/oauth2/logout", logout_methods())
        .route(initiate::PATH, get(initiate::get))
}

/// Clients that register themselves. No CORS: a page elsewhere must not register clients through its
/// visitors' browsers.
fn registration_routes() -> Router<App> {
    Router::new().route("/oauth2/register", post(registration::post)).route(
        "/oauth2/register/{id}",
        get(registration::get).put(registration::put).delete(registration::delete),
    )
}

/// OAuth 1.0a, and the paths of the Thai e-Government service.
fn oauth1_routes(egov_th: bool) -> Router<App> {
    use crate::protocol::oauth1::{access_token, alias, authorize, request_token, user_info};
    let routes = Router::new()
        .route("/oauth1/request_token", get(request_token::handle).post(request_token::handle))
        .route("/oauth1/authorize", get(authorize::get))
        .route("/oauth1/access_token", get(access_token::handle).post(access_token::handle))
        .route("/oauth1/user_info", get(user_info::handle));
    if !egov_th {
        return routes;
    }
    routes
        .route("/OAuth.ashx", get(alias::handle).post(alias::handle))
        .route("/XmlUserInfo.aspx", get(user_info::handle))
}

/// Aitu Passport's paths.
fn aitu_routes() -> Router<App> {
    Router::new()
        .route("/oauth2/auth", authorize_methods())
        .route("/api/v1/oauth/token", post(token::post).layer(cors()))
        .route("/api/v1/trusted-phone", post(trusted_phone::post))
        .route("/sessions/logout", logout_methods())
        .route("/oauth2/sessions/logout", logout_methods())
}

/// CryptoPro DSS's paths (Russia).
fn dss_routes(segment: &str) -> Router<App> {
    Router::new()
        .route(&format!("/{segment}/oauth/authorize"), authorize_methods())
        .route(&format!("/{segment}/oauth/authorize/certificate"), get(certificate_login::get))
        .route(&format!("/{segment}/oauth/token"), post(token::post_dss).layer(cors()))
        .route(&format!("/{segment}/confirmation"), post(confirmation::post_dss))
        .route(&format!("/{segment}/v2.0/confirmation"), post(confirmation::post_dss))
}

/// Digital ID's paths (Thailand).
fn digital_id_th_routes() -> Router<App> {
    Router::new()
        .route("/connect/authorize", authorize_methods())
        .route("/connect/token", post(token::post).layer(cors()))
        .route("/connect/userinfo", userinfo_methods())
        .route("/connect/endsession", logout_methods())
}

fn openid2_routes() -> Router<App> {
    Router::new()
        .route("/openid2", openid2_methods())
        .route("/openid2/logout", get(openid2::logout::get).post(openid2::logout::post))
}

/// Paths of e-Government SSO (Thailand).
fn egov_th_routes() -> Router<App> {
    Router::new()
        .route("/server.aspx", openid2_methods())
        .route("/Logout.aspx", get(openid2::logout::get_egov_th).post(openid2::logout::post_egov_th))
}

fn openid2_methods() -> MethodRouter<App> {
    get(openid2::endpoint::get).post(openid2::endpoint::post)
}

fn authorize_methods() -> MethodRouter<App> {
    // No CORS: the authorization endpoint is for browsers going there, never for scripts
    // (RFC 9700 §2.6).
    get(authorize::get).post(authorize::post)
}

fn userinfo_methods() -> MethodRouter<App> {
    get(userinfo::get).post(userinfo::post).layer(cors())
}

fn logout_methods() -> MethodRouter<App> {
    get(logout::get).post(logout::post)
}

/// For applications in the browser: any origin, since no cookie counts at these endpoints.
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(Any)
        // RFC 9449 §8.2: what an application must be able to read.
        .expose_headers([HeaderName::from_static("dpop-nonce"), header::WWW_AUTHENTICATE])
}
