use tamga::{
    form::{Form, Problem},
    protocol::oauth2::{
        request_object::{Expected, RequestObject},
        resolve::encode,
    },
};
use time::macros::datetime;

/// A request object of a client.
pub fn request_object(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(object) = RequestObject::read(text) else { return };
    // The corpus was made for this time.
    let now = datetime!(2026-03-01 09:00 UTC);
    let check = |strict| {
        let expected = Expected { client: "rp", issuer: "https://sso.example", strict };
        object.check(&expected, now)
    };
    assert!(check(false).is_ok() || check(true).is_err(), "what is strict allows nothing more");
    let parameters = object.parameters();
    let form = Form::parse(encode(parameters.iter().map(|(name, value)| (*name, value.as_str()))).as_bytes());
    for (name, value) in &parameters {
        assert!(object.has(name) && !["iss", "aud", "exp"].contains(name));
        // As a form it says what the object said.
        let mut read = form.iter().filter(|(other, _)| other == name);
        assert!(
            name.contains('\0')
                || read.any(|(_, read)| read == Ok(value.as_str()) || read == Err(Problem::Nul))
        );
    }
    if check(false).is_ok() {
        assert!(!object.has("request") && !object.has("request_uri"));
    }
}
