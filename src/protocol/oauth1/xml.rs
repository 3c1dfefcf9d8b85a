//! The user information document: `<Member>` with every element in its fixed place, filled in as far
//! as the person allowed. Written with quick-xml; nothing here reads XML.

use std::{collections::BTreeMap, io};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use crate::model::{
    attribute::{AttributeRegistry, Format, Level},
    user::{User, UserKind},
};

/// A part of the document.
enum Part {
    /// An element with a value.
    Leaf(&'static str),
    /// An element that holds others.
    Group(&'static str, &'static [&'static str]),
}

/// Everything below `Member` after the account's own id and name, in its order.
const PARTS: [Part; 12] = [
    Part::Leaf("Title"),
    Part::Leaf("FullName"),
    Part::Leaf("FirstName"),
    Part::Leaf("LastName"),
    Part::Leaf("DateOfBirth"),
    Part::Leaf("Gender"),
    Part::Group("Identification", &["Code", "IssueBy", "IssueDate", "ExpireDate"]),
    Part::Leaf("Nationality"),
    Part::Leaf("Occupation"),
    Part::Group(ORGANIZATION, &["Name", "Ministry", "Department", "Division"]),
    Part::Group(
        "Address",
        &[
            "HouseNumber",
            "VillageName",
            "Moo",
            "Soi",
            "Road",
            "SubDistrict",
            "District",
            "Province",
            "PostCode",
            "GeoCode",
        ],
    ),
    Part::Group("ContactInfo", &["Telephone", "Mobilephone", "Email", "Alternative"]),
];
/// Officials alone have it.
const ORGANIZATION: &str = "Organization";
/// The attribute that the codes of an official's organization are cut from.
const AGENCY_CODE: &str = "organization.agency_code";

/// What the document is made from.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// Whom it is about.
    pub user: &'a User,
    /// Attributes that the person allowed.
    pub allowed: &'a [String],
    /// Which element each attribute is.
    pub registry: &'a AttributeRegistry,
}

/// A value with how well it was checked.
#[derive(Default)]
struct Held {
    value: String,
    level: Level,
}

type Xml = Writer<Vec<u8>>;

impl Member<'_> {
    /// The document.
    ///
    /// # Errors
    /// Only if writing to memory fails.
    pub fn document(&self) -> io::Result<Vec<u8>> {
        let mut xml = begin()?;
        let kind = self.user.kind.type_word();
        xml.write_event(Event::Start(BytesStart::new("Member").with_attributes([("type", kind)])))?;
        text(&mut xml, "UserID", &[], &self.user.id.to_string())?;
        text(&mut xml, "UserName", &[], &self.user.username)?;
        let mut further = self.further();
        for part in PARTS {
            match part {
                Part::Leaf(name) => self.leaf(&mut xml, name, name)?,
                // Kept for juristic persons too by the registry, but theirs is the name itself.
                Part::Group(ORGANIZATION, _) if self.user.kind != UserKind::GovernmentAgent => {
                    further.remove(ORGANIZATION);
                }
                Part::Group(name, leaves) => {
                    let more = further.remove(name).unwrap_or_default();
                    self.group(&mut xml, name, leaves.iter().copied().chain(more))?;
                }
            }
        }
        for (name, leaves) in further {
            if leaves.is_empty() {
                self.leaf(&mut xml, name, name)?;
            } else {
                self.group(&mut xml, name, leaves.into_iter())?;
            }
        }
        xml.write_event(Event::End(BytesEnd::new("Member")))?;
        Ok(xml.into_inner())
    }

    fn group<'n>(&self, xml: &mut Xml, name: &str, leaves: impl Iterator<Item = &'n str>) -> io::Result<()> {
        xml.write_event(Event::Start(BytesStart::new(name)))?;
        for leaf in leaves {
            self.leaf(xml, leaf, &format!("{name}/{leaf}"))?;
        }
        xml.write_event(Event::End(BytesEnd::new(name)))
    }

    fn leaf(&self, xml: &mut Xml, name: &str, path: &str) -> io::Result<()> {
        let held = self.held(path);
        let code = self.code(path);
        let code = code.as_deref().map(|code| ("Code", code));
        let level = ("VerifiedLevel", level_word(held.level));
        let attributes: Vec<(&str, &str)> = code.into_iter().chain([level]).collect();
        text(xml, name, &attributes, &held.value)
    }

    /// The value of an element; empty when the account holds none or the person did not allow it.
    fn held(&self, path: &str) -> Held {
        let of_path = self.registry.iter().filter(|(name, definition)| {
            definition.oauth1.as_deref() == Some(path)
                && definition.applies_to(self.user.kind)
                && definition.format != Format::File
                && self.allows(name)
        });
        let mut found = of_path.filter_map(|(name, definition)| {
            let held = self.user.attributes.get(name)?;
            let value = match (definition.format, held.value.as_str()) {
                (Format::Gender, "male") => "M",
                (Format::Gender, "female") => "F",
                (_, value) => value,
            };
            Some(Held { value: value.to_owned(), level: held.level })
        });
        found.next().or_else(|| self.full_name(path)).unwrap_or_default()
    }

    /// A full name put together is checked no better than the worst of its parts.
    fn full_name(&self, path: &str) -> Option<Held> {
        let name = "full_name";
        let is_path = self.registry.get(name).is_some_and(|held| held.oauth1.as_deref() == Some(path));
        let value = self.user.full_name().filter(|_| is_path && self.allows(name))?;
        let parts =
            ["first_name", "middle_name", "last_name"].iter().filter_map(|p| self.user.attributes.get(*p));
        Some(Held { value, level: parts.map(|part| part.level).min().unwrap_or_default() })
    }

    /// The code beside a name of an official's organization: the whole agency code, and its first two
    /// characters, next three and last three. Empty where the code is too short to have that part.
    fn code(&self, path: &str) -> Option<String> {
        let part = path.strip_prefix(ORGANIZATION)?.strip_prefix('/')?;
        let code = self.user.attribute(AGENCY_CODE).filter(|_| self.allows(AGENCY_CODE)).unwrap_or_default();
        let part = match part {
            "Name" => Some(code),
            "Ministry" => code.get(..2),
            "Department" => code.get(2..5),
            "Division" => {
                code.len().checked_sub(3).filter(|from| *from >= 5).and_then(|from| code.get(from..))
            }
            _ => return None,
        };
        Some(part.unwrap_or_default().to_owned())
    }

    /// Whether the person allowed this attribute, or the whole it is a part of.
    fn allows(&self, name: &str) -> bool {
        let whole = name.split_once('.').map(|(whole, _)| whole);
        self.allowed.iter().any(|allowed| allowed == name || Some(allowed.as_str()) == whole)
    }

    /// Elements that an installation has added, by group; those without one have no leaves.
    fn further(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut further: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for path in self.registry.values().filter_map(|definition| definition.oauth1.as_deref()) {
            match path.split_once('/') {
                None if PARTS.iter().any(|part| matches!(part, Part::Leaf(name) if *name == path)) => {}
                None => drop(further.entry(path).or_default()),
                Some((group, leaf)) if !is_known(group, leaf) => {
                    let leaves = further.entry(group).or_default();
                    if !leaves.contains(&leaf) {
                        leaves.push(leaf);
                    }
                }
                Some(_) => {}
            }
        }
        further
    }
}

/// The document of a refusal.
///
/// # Errors
/// Only if writing to memory fails.
pub fn error(code: &str, request_id: &str) -> io::Result<Vec<u8>> {
    let mut xml = begin()?;
    let attributes = [("code", code), ("requestId", request_id)];
    xml.write_event(Event::Empty(BytesStart::new("Error").with_attributes(attributes)))?;
    Ok(xml.into_inner())
}

fn begin() -> io::Result<Xml> {
    let mut xml = Writer::new(Vec::with_capacity(2048));
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    Ok(xml)
}

/// An element with a text, self-closed when that is empty.
fn text(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], value: &str) -> io::Result<()> {
    let element = BytesStart::new(name).with_attributes(attributes.iter().copied());
    if value.is_empty() {
        return xml.write_event(Event::Empty(element));
    }
    // XML 1.0 §2.2 has no place for these, escaped or not. Where values are entered they are refused;
    // one that came another way must not make the whole document unreadable.
    let sound: String = value.chars().map(|c| if is_character(c) { c } else { '\u{fffd}' }).collect();
    xml.write_event(Event::Start(element))?;
    xml.write_event(Event::Text(BytesText::new(&sound)))?;
    xml.write_event(Event::End(BytesEnd::new(name)))
}

/// XML 1.0 §2.2: Char.
const fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_known(group: &str, leaf: &str) -> bool {
    PARTS
        .iter()
        .any(|part| matches!(part, Part::Group(name, leaves) if *name == group && leaves.contains(&leaf)))
}

fn level_word(level: Level) -> &'static str {
    match i16::from(level) {
        1 => "VerifiedLevel1",
        2 => "VerifiedLevel2",
        3 => "VerifiedLevel3",
        _ => "Unverified",
    }
}

#[cfg(test)]
mod tests;
