use tamga::{
    model::oauth1::SignatureMethod,
    protocol::oauth1::{
        params::Parameters,
        signature::{base_string, encode},
        signed::{Signed, Surroundings},
    },
};
use time::{Duration, macros::datetime};

/// A signed request of OAuth 1.0a: the header in the first line, then the query, then the body.
pub fn oauth1_request(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.splitn(3, '\n');
    let [header, query, body] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let Ok(parameters) = Parameters::gather(&[header], query, body.as_bytes()) else { return };
    // What was read can be written as a header again, and is read the same.
    let written: Vec<String> = parameters
        .pairs()
        .filter(|(name, _)| !name.eq_ignore_ascii_case("realm"))
        .map(|(name, value)| format!("{}=\"{}\"", encode(name), encode(value)))
        .collect();
    let again =
        Parameters::gather(&[&format!("OAuth {}", written.join(", "))], "", b"").expect("own writing");
    let base = |parameters: &Parameters| {
        let pairs = parameters.pairs().filter(|(name, _)| !name.eq_ignore_ascii_case("realm"));
        base_string("GET", "https://sso.example/", pairs)
    };
    assert_eq!(base(&parameters), base(&again));
    let around = Surroundings {
        http_method: "GET",
        uri: "https://sso.example/oauth1/request_token",
        methods: SignatureMethod::ALL,
        now: datetime!(2026-03-01 09:00 UTC),
        window: Duration::minutes(5),
    };
    if let Err(reject) = Signed::vet(parameters, around) {
        // What is told goes into a header.
        let told = reject.parameters();
        assert!(told.iter().all(|(_, value)| value.chars().all(|c| matches!(c, ' '..='~'))));
    }
}
