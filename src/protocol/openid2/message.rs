//! What relying parties send: the `openid.` parameters of a request (OpenID Authentication 2.0
//! §4.1.2), its version, and the aliases of extensions (§12).

use std::{
    collections::{HashMap, HashSet},
    fmt,
};

use crate::form::{BadParameter, Form, Problem};

/// `openid.ns` of OpenID 2.0.
pub const OPENID2_NS: &str = "http://specs.openid.net/auth/2.0";
/// `openid.ns` of OpenID 1.x, where it may also be left out.
const OPENID1_NS: [&str; 2] = ["http://openid.net/signon/1.1", "http://openid.net/signon/1.0"];
/// Attribute Exchange 1.0.
pub const AX_NS: &str = "http://openid.net/srv/ax/1.0";

/// OpenID 2.0 §12: words that are fields of the protocol itself.
const RESERVED: [&str; 24] = [
    "assoc_handle",
    "assoc_type",
    "claimed_id",
    "contact",
    "delegate",
    "dh_consumer_public",
    "dh_gen",
    "dh_modulus",
    "error",
    "identity",
    "invalidate_handle",
    "mode",
    "ns",
    "op_endpoint",
    "openid",
    "realm",
    "reference",
    "response_nonce",
    "return_to",
    "server",
    "session_type",
    "sig",
    "signed",
    "trust_root",
];

/// Which standard a request speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// OpenID 1.0 or 1.1 (OpenID 2.0 §14).
    V1,
    /// OpenID 2.0.
    V2,
}

/// The `openid.` parameters of a request, without the prefix, in the order of their arrival. What
/// else came along (`dnoa.*`, `janrain_nonce`) is not ours and left alone. `Debug` hides values.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    version: Version,
    fields: Vec<(String, String)>,
    /// Alias and type URI of each extension.
    aliases: Vec<(String, String)>,
}

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// A parameter is repeated, not UTF-8 or holds NUL.
    #[error(transparent)]
    Parameter(#[from] BadParameter),
    /// `openid.ns` of no version that is served.
    #[error("openid.ns is of no version that is served; use {OPENID2_NS}")]
    Version,
    /// An alias that is no alias.
    #[error(
        "openid.ns.{0}: the alias is empty, a word of the protocol, or has one of . , : or a control character"
    )]
    Alias(String),
    /// A namespace with two aliases.
    #[error("openid.ns.{0}: the namespace has another alias already")]
    Namespace(String),
}

/// A message at fault, with what of it can be read: whom to tell (`return_to`, `realm`) and in which
/// version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The first thing that is wrong.
    pub fault: Malformed,
    /// The parameters that came once and are text.
    pub rest: Message,
}

impl Message {
    /// Reads the `openid.` parameters of a query or a body.
    ///
    /// # Errors
    /// [`Unreadable`], with the rest of the message.
    pub fn read(form: &Form) -> Result<Self, Box<Unreadable>> {
        let (fields, bad) = fields(form);
        let (version, bad_version) = version(&fields);
        let (aliases, bad_alias) = aliases(&fields);
        let message = Self { version, fields, aliases };
        match bad.or(bad_version).or(bad_alias) {
            None => Ok(message),
            Some(fault) => Err(Box::new(Unreadable { fault, rest: message })),
        }
    }

    /// A parameter's value, by its name without `openid.`; an empty one counts as left out.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.present(key).filter(|value| !value.is_empty())
    }

    /// The same, but an empty value is given as it is.
    pub fn present(&self, key: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Which standard it speaks.
    pub fn version(&self) -> Version {
        self.version
    }

    /// All parameters, without `openid.`, in the order of their arrival.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The alias that the message gives an extension's type URI.
    pub fn alias_of(&self, uri: &str) -> Option<&str> {
        self.aliases.iter().find(|(_, known)| known == uri).map(|(alias, _)| alias.as_str())
    }

    /// The parameters of an extension: names without `openid.` and alias, and values, in order
    /// (OpenID 2.0 §12). One named by the alias alone has an empty name.
    pub fn under<'a>(&'a self, alias: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.iter().filter_map(move |(key, value)| match key.strip_prefix(alias)? {
            "" => Some(("", value)),
            rest => Some((rest.strip_prefix('.')?, value)),
        })
    }
}

/// The parameters that came once and are text, and the first fault among the others.
fn fields(form: &Form) -> (Vec<(String, String)>, Option<Malformed>) {
    let ours: Vec<_> =
        form.iter().filter_map(|(name, value)| Some((name.strip_prefix("openid.")?, value))).collect();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for (key, _) in &ours {
        *times.entry(key).or_default() += 1;
    }
    let (mut fields, mut fault) = (Vec::new(), None);
    for (key, value) in ours {
        // OpenID 2.0 §4.1: "Messages MUST NOT contain multiple parameters with the same name", or we
        // would check one and the relying party believe the other.
        let value = if times.get(key) == Some(&1) { value } else { Err(Problem::Repeated) };
        match value {
            Ok(value) => fields.push((key.to_owned(), value.to_owned())),
            Err(problem) => {
                fault.get_or_insert_with(|| {
                    Malformed::from(BadParameter { name: format!("openid.{key}"), problem })
                });
            }
        }
    }
    (fields, fault)
}

/// OpenID 2.0 §4.1.2: "This particular value MUST be present for the request to be a valid OpenID
/// Authentication 2.0 request"; absent, or one of OpenID 1's, §14 applies.
fn version(fields: &[(String, String)]) -> (Version, Option<Malformed>) {
    match fields.iter().find(|(key, _)| key == "ns").map(|(_, value)| value.as_str()) {
        Some(OPENID2_NS) => (Version::V2, None),
        None => (Version::V1, None),
        Some(uri) if OPENID1_NS.contains(&uri) => (Version::V1, None),
        Some(_) => (Version::V2, Some(Malformed::Version)),
    }
}

fn aliases(fields: &[(String, String)]) -> (Vec<(String, String)>, Option<Malformed>) {
    let (mut aliases, mut fault) = (Vec::new(), None);
    let mut uris = HashSet::new();
    for (key, uri) in fields {
        let Some(alias) = key.strip_prefix("ns.") else { continue };
        if !is_alias(alias) {
            fault.get_or_insert_with(|| Malformed::Alias(alias.to_owned()));
        } else if !uris.insert(uri) {
            // OpenID 2.0 §12: "A namespace MUST NOT be assigned more than one alias in the same message."
            fault.get_or_insert_with(|| Malformed::Namespace(alias.to_owned()));
        } else {
            aliases.push((alias.to_owned(), uri.clone()));
        }
    }
    (aliases, fault)
}

/// OpenID 2.0 §12: "A namespace alias MUST NOT contain a period", nor be a word of the protocol. We
/// echo it in answers, where a comma would split the list of signed fields and a colon or newline
/// a line (§4.1.1, §6.1).
fn is_alias(alias: &str) -> bool {
    let broken = |c: char| matches!(c, '.' | ',' | ':') || c.is_control();
    !alias.is_empty() && !alias.contains(broken) && !RESERVED.contains(&alias)
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.iter().map(|(key, _)| key).collect();
        f.debug_struct("Message").field("version", &self.version).field("keys", &keys).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Result<Message, Box<Unreadable>> {
        Message::read(&Form::parse(body.as_bytes()))
    }

    fn fault(body: &str) -> Malformed {
        read(body).unwrap_err().fault
    }

    #[test]
    fn parameters_come_without_prefix_in_order_and_foreign_ones_are_left_alone() {
        let message =
            read("janrain_nonce=1&openid.mode=x&dnoa.a=1&dnoa.a=2&openid.claimed_id=&openidx=1").unwrap();
        assert_eq!(message.iter().collect::<Vec<_>>(), [("mode", "x"), ("claimed_id", "")]);
        assert_eq!((message.get("claimed_id"), message.present("claimed_id")), (None, Some("")));
        assert_eq!(message.get("janrain_nonce"), None);
    }

    #[test]
    fn openid_2_s4_1_2_the_version_is_told_by_ns() {
        let version = |ns: &str| read(&format!("openid.ns={ns}&openid.mode=x")).map(|m| m.version());
        assert_eq!(version("http://specs.openid.net/auth/2.0"), Ok(Version::V2));
        assert_eq!(version("http://openid.net/signon/1.1"), Ok(Version::V1));
        assert_eq!(version("http://openid.net/signon/1.0"), Ok(Version::V1));
        assert_eq!(read("openid.mode=x").unwrap().version(), Version::V1);
        for other in ["", "http://specs.openid.net/auth/2.0/", "http://specs.openid.net/auth/3.0"] {
            assert_eq!(version(other).unwrap_err().fault, Malformed::Version, "{other}");
        }
    }

    #[test]
    fn openid_2_s4_1_a_repeated_parameter_is_named_and_the_rest_can_be_read() {
        let body = "openid.mode=x&openid.return_to=https://a/&openid.realm=a&openid.realm=a";
        let unreadable = read(body).unwrap_err();
        let bad = BadParameter { name: "openid.realm".into(), problem: Problem::Repeated };
        assert_eq!(unreadable.fault, Malformed::Parameter(bad));
        assert_eq!(unreadable.rest.get("return_to"), Some("https://a/"));
        // Neither of the two: whoever checks one and uses the other is fooled.
        assert_eq!(unreadable.rest.get("realm"), None);
    }

    #[test]
    fn openid_2_s4_1_a_parameter_that_is_no_text_is_named() {
        let named = |problem| Malformed::Parameter(BadParameter { name: "openid.identity".into(), problem });
        assert_eq!(fault("openid.identity=%FF"), named(Problem::NotUtf8));
        assert_eq!(fault("openid.identity=a%00"), named(Problem::Nul));
    }

    #[test]
    fn openid_2_s4_1_values_are_utf_8_and_survive_byte_for_byte() {
        let message = read("openid.x=%E0%B8%AA%E0%B8%A1%E0%B8%8A%E0%B8%B2%E0%B8%A2+%2B").unwrap();
        assert_eq!(message.get("x"), Some("\u{e2a}\u{e21}\u{e0a}\u{e32}\u{e22} +"));
    }

    #[test]
    fn openid_2_s12_an_extension_is_known_by_its_alias_alone() {
        let uri = "http://example.com/ext/1.0";
        let message =
            read(&format!("openid.ns.x={uri}&openid.x=example&openid.x.foo=bar&openid.xx=notx")).unwrap();
        assert_eq!(message.alias_of(uri), Some("x"));
        assert_eq!(message.under("x").collect::<Vec<_>>(), [("", "example"), ("foo", "bar")]);
        assert_eq!(message.alias_of(AX_NS), None);
    }

    #[test]
    fn openid_2_s12_an_alias_has_no_period_and_is_no_word_of_the_protocol() {
        for alias in ["a.b", "", "mode", "signed", "a,b", "a:b", "a%0Ab"] {
            assert!(matches!(fault(&format!("openid.ns.{alias}=u")), Malformed::Alias(_)), "{alias}");
        }
        assert!(read("openid.ns.mode2=u").is_ok());
    }

    #[test]
    fn openid_2_s12_an_alias_and_a_namespace_stand_for_one_another_only() {
        assert_eq!(fault("openid.ns.a=u&openid.ns.b=u"), Malformed::Namespace("b".into()));
        assert!(matches!(fault("openid.ns.a=u&openid.ns.a=v"), Malformed::Parameter(_)));
    }

    #[test]
    fn values_are_never_printed() {
        let message = read("openid.sig=c2VjcmV0&openid.ax.value.cid=1101700230673").unwrap();
        let shown = format!("{message:?}");
        assert!(shown.contains("ax.value.cid") && !shown.contains("1101700230673"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _any = Message::read(&Form::parse(&body));
        }

        #[test]
        fn what_was_encoded_is_read_back(pairs in proptest::collection::hash_map("[a-z_]{1,10}", "[^\0]{0,30}", 0..8)) {
            prop_assume!(!pairs.contains_key("ns"));
            let names: Vec<_> = pairs.keys().map(|key| format!("openid.{key}")).collect();
            let body = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(names.iter().zip(pairs.values()))
                .finish();
            let message = read(&body).unwrap();
            for (key, value) in &pairs {
                prop_assert_eq!(message.present(key), Some(value.as_str()));
            }
        }
    }
}
