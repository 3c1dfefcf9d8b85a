//! Headers that every answer carries.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::app::App;

/// Pages load our own style, script and images and nothing else, and are never framed
/// (clickjacking, RFC 9700 §4.16). There is no `form-action`: browsers apply it to every redirect
/// that follows a form, so it would break relying parties that redirect onwards.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                                       base-uri 'none'; frame-ancestors 'none'";

/// Marks an answer that others may frame; its own policy says who.
#[derive(Clone, Copy, Debug)]
pub struct Framable;

/// The policy of a page that frames others: of these origins, and no more than the usual besides.
pub fn policy_framing<'o>(origins: impl IntoIterator<Item = &'o str>) -> Option<HeaderValue> {
    let mut policy = format!("{CONTENT_SECURITY_POLICY}; frame-src");
    for origin in origins {
        policy.push(' ');
        policy.push_str(origin);
    }
    HeaderValue::from_str(&policy).ok()
}

/// The layer; a header the handler set itself stays.
pub async fn layer(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let framable = response.extensions().get::<Framable>().is_some();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if !framable {
        set(header::X_FRAME_OPTIONS, "DENY");
    }
    // Codes and journey addresses must not leak to others through Referer (RFC 9700 §4.2.4).
    set(header::REFERRER_POLICY, "no-referrer");
    set(header::CACHE_CONTROL, "no-store");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if app.is_secure() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}
