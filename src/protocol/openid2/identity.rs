//! The addresses of the OpenID 2.0 wing, and the names of people in them. One form an installation:
//! what is discovered at an identity page and what an assertion says must agree letter by letter
//! (OpenID Authentication 2.0 §11.2), whichever path a request came by.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::model::openid2::Paths;

/// RFC 3986 §3.3: what a path segment may hold as it is; `@` stays, as relying parties of
/// e-Government SSO have it in their accounts.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');
/// Characters of the longest name.
const LONGEST: usize = 255;

/// The installation's addresses.
#[derive(Clone, Copy, Debug)]
pub struct Addresses<'a> {
    /// The public address, without a slash at its end.
    pub base: &'a str,
    /// The form.
    pub paths: Paths,
}

impl Addresses<'_> {
    /// The OP Identifier: what a person types who lets the provider choose.
    pub fn op_identifier(&self) -> String {
        format!("{}/", self.base)
    }

    /// The OP endpoint (`openid.op_endpoint`).
    pub fn op_endpoint(&self) -> String {
        self.at("/openid2", "/server.aspx")
    }

    /// The document of the OP Identifier.
    pub fn op_xrds(&self) -> String {
        self.at("/openid2/xrds", "/op_xrds.aspx")
    }

    /// The identity page of a name: `claimed_id` and `identity` of assertions.
    pub fn identity(&self, name: &str) -> String {
        format!("{}{}", self.at("/id/", "/user.aspx/"), encode(name))
    }

    /// The document of a name's identity page.
    pub fn identity_xrds(&self, name: &str) -> String {
        match self.paths {
            Paths::Canonical => format!("{}/id/{}/xrds", self.base, encode(name)),
            Paths::EgovTh => format!("{}/user_xrds.aspx?id={}", self.base, encode(name)),
        }
    }

    /// The name in an identifier of ours, in either form; `None` for a foreign one.
    pub fn name_in(&self, identifier: &str) -> Option<String> {
        let path = identifier.strip_prefix(self.base)?;
        let name = ["/id/", "/user.aspx/"].into_iter().find_map(|prefix| path.strip_prefix(prefix))?;
        if name.contains(['/', '?', '#']) {
            return None;
        }
        let name = percent_decode_str(name).decode_utf8().ok()?.into_owned();
        is_well_formed(&name).then_some(name)
    }

    fn at(&self, canonical: &str, egov_th: &str) -> String {
        let path = match self.paths {
            Paths::Canonical => canonical,
            Paths::EgovTh => egov_th,
        };
        format!("{}{path}", self.base)
    }
}

/// A name as it stands in an address.
pub fn encode(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}

/// A user name as it stands in identifiers: a capital first letter, the rest in lower case. User names
/// are unique without regard to case, so no two accounts share one.
pub fn name_of(username: &str) -> String {
    let lower = username.to_lowercase();
    let mut letters = lower.chars();
    let Some(first) = letters.next() else { return lower };
    let mut capital = first.to_uppercase();
    match (capital.next(), capital.next()) {
        // A letter whose capital is two letters (ß) stays, or its name could be another's.
        (Some(capital), None) => std::iter::once(capital).chain(letters).collect(),
        _ => lower,
    }
}

/// Whether a page answers for this name. Each well-formed one gets an answer, so that the pages tell
/// nobody who has an account.
pub fn is_well_formed(name: &str) -> bool {
    let dots = name.chars().all(|c| c == '.');
    !dots && name.chars().count() <= LONGEST && !name.chars().any(|c| c.is_control() || "/\\?#".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANONICAL: Addresses<'_> = Addresses { base: "https://sso.example", paths: Paths::Canonical };
    const EGOV_TH: Addresses<'_> = Addresses { base: "https://sso.example", paths: Paths::EgovTh };

    #[test]
    fn a_name_begins_with_a_capital_and_keeps_its_at_sign() {
        assert_eq!(name_of("somCHAI"), "Somchai");
        assert_eq!(name_of("ORN@dga.or.th"), "Orn@dga.or.th");
        assert_eq!(name_of("สมชาย"), "สมชาย");
        assert_eq!(name_of("ßen"), "ßen");
        assert_eq!(EGOV_TH.identity("Orn@dga.or.th"), "https://sso.example/user.aspx/Orn@dga.or.th");
        assert_eq!(CANONICAL.identity("ก ข"), "https://sso.example/id/%E0%B8%81%20%E0%B8%82");
        assert_eq!(EGOV_TH.identity_xrds("A+b"), "https://sso.example/user_xrds.aspx?id=A%2Bb");
    }

    #[test]
    fn an_identifier_of_ours_is_read_in_either_form() {
        for identifier in ["https://sso.example/id/Somchai", "https://sso.example/user.aspx/Somchai"] {
            assert_eq!(CANONICAL.name_in(identifier).as_deref(), Some("Somchai"));
            assert_eq!(EGOV_TH.name_in(identifier).as_deref(), Some("Somchai"));
        }
        assert_eq!(CANONICAL.name_in("https://sso.example/id/%E0%B8%81").as_deref(), Some("ก"));
        for foreign in [
            "https://sso.example.evil/id/Somchai",
            "https://evil.example/id/Somchai",
            "https://sso.example/id/",
            "https://sso.example/id/Somchai/xrds",
            "https://sso.example/id/Somchai?x",
            "https://sso.example/id/Somchai#2",
            "https://sso.example/id/%FF",
            "https://sso.example/id/a%2Fb",
            "https://sso.example/",
            "Somchai",
        ] {
            assert_eq!(CANONICAL.name_in(foreign), None, "{foreign}");
        }
    }
}
