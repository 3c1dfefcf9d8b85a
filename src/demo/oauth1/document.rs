//! The user information document as a consumer reads it: element by element, by a parser of XML.

use quick_xml::{
    Reader, Writer, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use super::super::wire::explain;

const TYPES: [&str; 4] = ["Citizen", "JuristicPerson", "Foreigner", "GovernmentAgent"];
const LEVELS: [&str; 4] = ["Unverified", "VerifiedLevel1", "VerifiedLevel2", "VerifiedLevel3"];
/// The account itself: nobody checks these.
const WITHOUT_LEVEL: [&str; 2] = ["UserID", "UserName"];

/// What was read.
#[derive(Debug, Default)]
pub struct Member {
    /// The document with line breaks, to be looked at.
    pub indented: String,
    root: Element,
    leaves: Vec<Element>,
}

#[derive(Debug, Default)]
struct Element {
    /// Names from below the root, between dots.
    path: String,
    attributes: Vec<(String, String)>,
    text: String,
    has_children: bool,
}

impl Element {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

/// Reads a document.
pub fn read(xml: &str) -> Result<(Member, String), String> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let (mut member, mut open): (Member, Vec<Element>) = Default::default();
    let mut ended = false;
    loop {
        let event = reader.read_event().map_err(|error| explain(&error))?;
        match &event {
            Event::Start(start) if !ended => {
                let element = element(start, &mut open)?;
                open.push(element);
            }
            Event::Empty(start) if !ended => {
                let element = element(start, &mut open)?;
                ended = member.close(element, open.is_empty());
            }
            Event::End(_) => {
                let element = open.pop().ok_or("an element ends that did not begin")?;
                ended = member.close(element, open.is_empty());
            }
            Event::Text(text) => append(&mut open, &text.xml10_content())?,
            Event::GeneralRef(reference) => {
                let character = reference.resolve_char_ref().map_err(|error| explain(&error))?;
                let entity = resolve_predefined_entity(reference).map(str::to_owned);
                let text = character.map(String::from).or(entity).ok_or("an entity is not known")?;
                append(&mut open, &text)?;
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            // A document type could make a parser fetch or unfold anything; this document needs none.
            _ => return Err("it has parts that are no elements".to_owned()),
        }
        writer.write_event(event).map_err(|error| error.to_string())?;
    }
    if !ended {
        return Err("it has no end".to_owned());
    }
    member.indented = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    let detail = format!("{} values", member.leaves.len());
    Ok((member, detail))
}

fn element(start: &BytesStart<'_>, open: &mut [Element]) -> Result<Element, String> {
    let name = start.name().as_ref().to_owned();
    if let Some(parent) = open.last_mut() {
        parent.has_children = true;
    }
    let path = match open {
        [] | [_] => name,
        [.., parent] => format!("{}.{name}", parent.path),
    };
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|error| explain(&error))?;
        attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
    }
    Ok(Element { path, attributes, ..Element::default() })
}

fn append(open: &mut [Element], text: &str) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("it has text outside".to_owned()),
    }
    Ok(())
}

impl Member {
    /// Keeps an element that ends; whether it was the last.
    fn close(&mut self, element: Element, is_root: bool) -> bool {
        if is_root {
            self.root = element;
        } else if !element.has_children {
            self.leaves.push(element);
        }
        is_root
    }

    /// What kind of account it is.
    pub fn kind(&self) -> Result<((), String), String> {
        if self.root.path != "Member" {
            return Err(format!("it is {}", self.root.path));
        }
        match self.root.attribute("type") {
            Some(kind) if TYPES.contains(&kind) => Ok(((), kind.to_owned())),
            Some(other) => Err(format!("its type is {other}")),
            None => Err("its type is missing".to_owned()),
        }
    }

    /// The identifier that a service keeps its records by.
    pub fn account(&self) -> Result<((), String), String> {
        let id = self.leaves.iter().find(|leaf| leaf.path == "UserID").map(|leaf| leaf.text.as_str());
        match id.filter(|id| uuid::Uuid::try_parse(id).is_ok()) {
            Some(id) => Ok(((), id.to_owned())),
            None => Err(format!("it is {}", id.unwrap_or("missing"))),
        }
    }

    /// Whether each value has its level, and an empty one none above the least.
    pub fn levels(&self) -> Result<((), String), String> {
        let mut checked = 0;
        for leaf in self.leaves.iter().filter(|leaf| !WITHOUT_LEVEL.contains(&leaf.path.as_str())) {
            let level = leaf.attribute("VerifiedLevel").unwrap_or("missing");
            if !LEVELS.contains(&level) || (leaf.text.is_empty() && level != LEVELS[0]) {
                return Err(format!("that of {} is {level}", leaf.path));
            }
            checked += usize::from(level != LEVELS[0]);
        }
        Ok(((), format!("{checked} of them were checked")))
    }

    /// The values that are there, by their paths, in the document's order.
    pub fn values(&self) -> Vec<(String, String)> {
        let there = self.leaves.iter().filter(|leaf| !leaf.text.is_empty());
        let shown = there.map(|leaf| {
            let marks: Vec<&str> = leaf.attributes.iter().map(|(_, value)| value.as_str()).collect();
            let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
            (leaf.path.clone(), format!("{}{marks}", leaf.text))
        });
        shown.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01980000-0000-7000-8000-000000000001";

    fn document(inner: &str) -> String {
        let head = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";
        format!("{head}<Member type=\"Citizen\"><UserID>{ID}</UserID>{inner}</Member>")
    }

    #[test]
    fn values_are_read_with_their_paths_levels_and_escapes() {
        let inner = "<Title VerifiedLevel=\"Unverified\"/><Occupation VerifiedLevel=\"VerifiedLevel1\">a &amp; \
                     &#x3C;b&gt; ครู</Occupation><Address><Moo VerifiedLevel=\"VerifiedLevel2\">4</Moo></Address>";
        let member = read(&document(inner)).unwrap().0;
        assert_eq!(member.kind(), Ok(((), "Citizen".to_owned())));
        assert_eq!(member.account(), Ok(((), ID.to_owned())));
        assert_eq!(member.levels(), Ok(((), "2 of them were checked".to_owned())));
        let values = [
            ("UserID", ID),
            ("Occupation", "a & <b> ครู (VerifiedLevel1)"),
            ("Address.Moo", "4 (VerifiedLevel2)"),
        ];
        assert_eq!(member.values(), values.map(|(path, value)| (path.to_owned(), value.to_owned())));
        for line in
            ["<Title VerifiedLevel=\"Unverified\"/>", "  <Moo VerifiedLevel=\"VerifiedLevel2\">4</Moo>"]
        {
            assert!(member.indented.contains(&format!("\n  {line}\n")), "{}", member.indented);
        }
    }

    #[test]
    fn a_document_of_another_form_is_found_out() {
        let of = |xml: &str| read(xml).map(|(member, _)| member);
        assert!(of("<Error code=\"token_expired\"/>").unwrap().kind().is_err());
        assert!(of("<Member type=\"Robot\"/>").unwrap().kind().is_err());
        assert!(of("<Member/>").unwrap().account().is_err());
        for inner in [
            "<Title>x</Title>",
            "<Title VerifiedLevel=\"4\">x</Title>",
            "<Title VerifiedLevel=\"VerifiedLevel1\"/>",
        ] {
            assert!(of(&document(inner)).unwrap().levels().is_err(), "{inner}");
        }
        for bad in
            ["", "text", "<a>", "<a></b>", "<!DOCTYPE a><a/>", "<a>&x;</a>", "<a/>b", "<a/><b/>", "<a/><b>"]
        {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
