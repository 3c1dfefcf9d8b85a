//! Distinguished names as people write them (RFC 4514) and as certificates carry them, compared part
//! by part (RFC 4517 §4.2.15: without regard to case and repeated spaces).

use std::fmt;

use x509_parser::x509::X509Name;

/// Names of attribute types, beside their identifiers (RFC 4514 §3, RFC 4519, PKCS #9).
const TYPES: [(&str, &str); 16] = [
    ("CN", "2.5.4.3"),
    ("SN", "2.5.4.4"),
    ("serialNumber", "2.5.4.5"),
    ("C", "2.5.4.6"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("STREET", "2.5.4.9"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("title", "2.5.4.12"),
    ("givenName", "2.5.4.42"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("emailAddress", "1.2.840.113549.1.9.1"),
    ("organizationIdentifier", "2.5.4.97"),
    ("businessCategory", "2.5.4.15"),
];

/// A name: its parts in the order of the certificate, each of one or more attributes.
#[derive(Clone, Debug, Default)]
pub struct DistinguishedName(Vec<Vec<Attribute>>);

#[derive(Clone, Debug)]
struct Attribute {
    /// The type's object identifier, dotted.
    oid: String,
    value: String,
}

impl DistinguishedName {
    /// As a certificate carries it. Values that are no text count as empty, and match nothing.
    pub(super) fn of(name: &X509Name<'_>) -> Self {
        let attribute = |value: &x509_parser::x509::AttributeTypeAndValue<'_>| Attribute {
            oid: value.attr_type().to_id_string(),
            value: value.as_str().map(str::to_owned).unwrap_or_else(|_| utf16(value)),
        };
        Self(name.iter_rdn().map(|rdn| rdn.iter().map(attribute).collect()).collect())
    }

    /// Reads what a person wrote: RFC 4514, the most specific part first, or the other way round, as
    /// some tools print it. `None` when it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = split(text, ',')?
            .into_iter()
            .map(|part| split(part, '+')?.into_iter().map(attribute).collect::<Option<Vec<_>>>())
            .collect::<Option<Vec<_>>>()?;
        parts.reverse();
        Some(Self(parts))
    }

    /// Whether both are the same name; the order of its parts may be either, but must be one.
    pub fn is(&self, other: &Self) -> bool {
        let same = |one: &[Attribute], other: &[Attribute]| {
            one.len() == other.len() && one.iter().all(|a| other.iter().any(|b| a.is(b)))
        };
        if self.0.len() != other.0.len() || self.0.is_empty() {
            return false;
        }
        let forward = self.0.iter().zip(&other.0).all(|(one, other)| same(one, other));
        forward || self.0.iter().zip(other.0.iter().rev()).all(|(one, other)| same(one, other))
    }

    /// The one value of an attribute, by a name of the table or a dotted identifier; `None` when there
    /// is none or more than one: which would be the right one?
    pub fn only(&self, name: &str) -> Option<&str> {
        let oid = oid(name)?;
        let mut values = self.0.iter().flatten().filter(|a| a.oid == oid && !a.value.is_empty());
        match (values.next(), values.next()) {
            (Some(one), None) => Some(&one.value),
            _ => None,
        }
    }
}

impl Attribute {
    fn is(&self, other: &Self) -> bool {
        !self.value.is_empty() && self.oid == other.oid && folded(&self.value) == folded(&other.value)
    }
}

/// Whether a name or dotted identifier names an attribute type.
pub fn is_attribute(name: &str) -> bool {
    oid(name).is_some()
}

fn folded(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn oid(name: &str) -> Option<String> {
    let known = TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    match known {
        Some((_, oid)) => Some((*oid).to_owned()),
        None => {
            let name = name.strip_prefix("OID.").unwrap_or(name);
            let dotted = name.split('.').count() > 1
                && name.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
            dotted.then(|| name.to_owned())
        }
    }
}

/// Old certificates carry BMPString.
fn utf16(value: &x509_parser::x509::AttributeTypeAndValue<'_>) -> String {
    let bytes = value.as_slice();
    if value.attr_value().tag() != x509_parser::der_parser::asn1_rs::Tag::BmpString
        || !bytes.len().is_multiple_of(2)
    {
        return String::new();
    }
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16(&units).unwrap_or_default()
}

/// Parts between `at`, where no backslash stands before it.
fn split(text: &str, at: char) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (place, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == at => {
                parts.push(text.get(start..place)?);
                start = place + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..)?);
    Some(parts)
}

fn attribute(text: &str) -> Option<Attribute> {
    let (name, value) = text.split_once('=')?;
    let value = unescaped(value.trim_start())?;
    let oid = oid(name.trim())?;
    (!value.trim().is_empty()).then_some(Attribute { oid, value })
}

/// RFC 4514 §2.4: a backslash before a special character, or before two hexadecimal digits.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let next = rest.next()?;
        if next.is_ascii_hexdigit() {
            let pair = [next, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
        } else {
            bytes.push(next);
        }
    }
    String::from_utf8(bytes).ok()
}

/// RFC 4514, the most specific part first.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, part) in self.0.iter().rev().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            for (at, attribute) in part.iter().enumerate() {
                if at > 0 {
                    f.write_str("+")?;
                }
                let named = TYPES.iter().find(|(_, oid)| *oid == attribute.oid).map(|(name, _)| *name);
                write!(f, "{}=", named.unwrap_or(&attribute.oid))?;
                for c in attribute.value.chars() {
                    match c {
                        ',' | '+' | '"' | '\\' | '<' | '>' | ';' => write!(f, "\\{c}")?,
                        c if c.is_control() => write!(f, " ")?,
                        c => write!(f, "{c}")?,
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> DistinguishedName {
        DistinguishedName::parse(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn rfc_4514_s4_names_are_read_with_their_escapes() {
        assert_eq!(parsed("UID=jsmith,DC=example,DC=net").to_string(), "UID=jsmith,DC=example,DC=net");
        assert_eq!(parsed("OU=Sales+CN=J.  Smith,DC=net").only("cn"), Some("J.  Smith"));
        assert_eq!(
            parsed(r#"CN=James \"Jim\" Smith\, III,DC=net"#).only("CN"),
            Some("James \"Jim\" Smith, III")
        );
        assert_eq!(parsed(r"CN=Lu\C4\8Di\C4\87").only("CN"), Some("Lučić"));
        assert_eq!(parsed("2.5.4.3=X").only("CN"), Some("X"));
        for bad in ["", "CN", "=x", "XX=1", "CN=", "CN=a,,CN=b", r"CN=a\", r"CN=\4", "CN=a,"] {
            assert!(DistinguishedName::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn names_are_equal_whatever_their_case_spaces_and_direction() {
        let name = parsed("CN=System  One,O=Ministry,C=MN");
        for same in ["cn=system one, o=MINISTRY, c=mn", "C=MN, O=Ministry, CN=System One"] {
            assert!(name.is(&parsed(same)), "{same}");
        }
        for other in
            ["CN=System One,O=Ministry", "CN=System One,C=MN,O=Ministry", "CN=System Two,O=Ministry,C=MN"]
        {
            assert!(!name.is(&parsed(other)), "{other}");
        }
        assert!(parsed("OU=a+CN=b,C=MN").is(&parsed("CN=b+OU=a,C=MN")));
        assert!(!DistinguishedName::default().is(&DistinguishedName::default()));
    }

    #[test]
    fn a_value_that_is_there_twice_names_nobody() {
        assert_eq!(parsed("CN=a,CN=b").only("CN"), None);
        assert_eq!(parsed("CN=a").only("O"), None);
    }
}
