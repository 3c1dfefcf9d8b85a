//! Walks the merged table: takes each known key once, collects every fault, and calls whatever is
//! left over unknown.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    net::SocketAddr,
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use toml::{Table, Value};
use url::Url;

use super::duration;

/// One thing wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFault {
    /// The dotted key, or the source itself when it could not be read.
    pub key: String,
    /// What is wrong and what to do. Never holds a secret's value.
    pub message: String,
}

impl fmt::Display for SettingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

impl std::error::Error for SettingFault {}

/// Dotted key to where its value came from, for values that are not from the file.
pub(super) type Origins = BTreeMap<String, String>;

/// What is gathered while walking.
pub(super) struct Reader {
    faults: Vec<SettingFault>,
    known: BTreeSet<String>,
    origins: Origins,
}

impl Reader {
    pub(super) fn new(origins: Origins, faults: Vec<SettingFault>) -> Self {
        Self { faults, known: BTreeSet::new(), origins }
    }

    /// Reads the whole table.
    pub(super) fn read<T>(&mut self, table: Table, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        let mut root = Section { reader: self, path: String::new(), table, names: Vec::new() };
        let value = read(&mut root);
        root.refuse_unknown();
        value
    }

    /// The value when there was no fault.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<SettingFault>> {
        match value {
            Some(value) if self.faults.is_empty() => Ok(value),
            // A reader that gives nothing must have said why; should one forget, still say something.
            None if self.faults.is_empty() => {
                Err(vec![SettingFault { key: "settings".into(), message: "are incomplete".into() }])
            }
            _ => Err(self.faults),
        }
    }

    /// Every dotted key asked for, so that a test can hold the documented file against it.
    #[cfg(test)]
    pub(super) fn known(&self) -> &BTreeSet<String> {
        &self.known
    }
}

/// One table while it is read.
pub(super) struct Section<'r> {
    reader: &'r mut Reader,
    path: String,
    table: Table,
    names: Vec<String>,
}

impl Section<'_> {
    /// Records a fault of the key `name`.
    pub(super) fn fault(&mut self, name: &str, message: impl Into<String>) {
        let key = self.key(name);
        let mut message = message.into();
        if let Some(origin) = self.reader.origins.get(&key) {
            message = format!("{message} (set by {origin})");
        }
        self.reader.faults.push(SettingFault { key, message });
    }

    /// The table `name`, an empty one when it is left out.
    pub(super) fn section<T>(&mut self, name: &str, read: impl FnOnce(&mut Section<'_>) -> T) -> T {
        self.names.push(name.to_owned());
        let table = match self.table.remove(name) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(other) => {
                let shape = other.type_str();
                self.fault(
                    name,
                    format!("is of type {shape}, but it is a section; write [{}]", self.key(name)),
                );
                Table::new()
            }
        };
        let path = self.key(name);
        let mut section = Section { reader: self.reader, path, table, names: Vec::new() };
        let value = read(&mut section);
        section.refuse_unknown();
        value
    }

    /// The table `name` whose keys the operator chooses, each a table of its own.
    pub(super) fn entries<T>(
        &mut self,
        name: &str,
        read: impl Fn(&mut Section<'_>, &str) -> Option<T>,
    ) -> BTreeMap<String, T> {
        self.section(name, |section| {
            let keys: Vec<String> = section.table.keys().cloned().collect();
            keys.into_iter()
                .filter_map(|key| section.section(&key, |s| read(s, &key)).map(|value| (key, value)))
                .collect()
        })
    }

    /// The texts of the table `name`, by keys that `K` understands.
    pub(super) fn texts<K>(&mut self, name: &str) -> BTreeMap<K, String>
    where
        K: FromStr + Ord,
        K::Err: fmt::Display,
    {
        self.section(name, |section| {
            let keys: Vec<String> = section.table.keys().cloned().collect();
            let mut texts = BTreeMap::new();
            for key in keys {
                let text = section.text(&key);
                match (key.parse::<K>(), text) {
                    (Ok(parsed), Some(text)) if !text.trim().is_empty() => {
                        texts.insert(parsed, text);
                    }
                    (Ok(_), Some(_)) => section.fault(&key, "is empty; give the text or leave the key out"),
                    (Ok(_), None) => {}
                    (Err(error), _) => section.fault(&key, format!("is {error}")),
                }
            }
            texts
        })
    }

    /// A text as it stands.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => Some(text),
            other => self.wrong_type(name, &other, "text in quotes"),
        }
    }

    /// A text that `T` understands.
    pub(super) fn parsed<T>(&mut self, name: &str, example: &str) -> Option<T>
    where
        T: FromStr,
        T::Err: fmt::Display,
    {
        let text = self.text(name)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.fault(name, format!("`{text}` does not do: {error}; write it like {example}"));
                None
            }
        }
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)], default: T) -> T {
        let Some(text) = self.text(name) else { return default };
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return *value;
        }
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.fault(name, format!("`{text}` is not one of {}", all.join(", ")));
        default
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, name: &str, default: bool) -> bool {
        let flag = match self.take(name) {
            None => Some(default),
            Some(Value::Boolean(flag)) => Some(flag),
            // The environment has only texts.
            Some(Value::String(text)) if text == "true" || text == "false" => Some(text == "true"),
            Some(other) => self.wrong_type(name, &other, "true or false"),
        };
        flag.unwrap_or(default)
    }

    /// A whole number in `range`.
    pub(super) fn number(&mut self, name: &str, default: u32, range: RangeInclusive<u32>) -> u32 {
        let number = match self.take(name) {
            None => return default,
            Some(Value::Integer(number)) => Some(number),
            Some(Value::String(text)) if text.parse::<i64>().is_ok() => text.parse().ok(),
            Some(other) => self.wrong_type(name, &other, "a whole number"),
        };
        let Some(number) = number else { return default };
        match u32::try_from(number) {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let (least, most) = range.into_inner();
                self.fault(name, format!("{number} is out of range; give {least} to {most}"));
                default
            }
        }
    }

    /// A time such as `10m`, in `range`.
    pub(super) fn duration(
        &mut self,
        name: &str,
        default: Duration,
        range: RangeInclusive<Duration>,
    ) -> Duration {
        let Some(value) = self.take(name) else { return default };
        let Value::String(text) = value else {
            self.wrong_type::<()>(name, &value, "a number with its unit, such as \"10m\"");
            return default;
        };
        match duration::parse(&text) {
            Ok(value) if range.contains(&value) => value,
            Ok(_) => {
                let (least, most) = (duration::show(*range.start()), duration::show(*range.end()));
                self.fault(name, format!("`{text}` is out of range; give {least} to {most}"));
                default
            }
            Err(error) => {
                self.fault(name, format!("`{text}` is not a time: {error}"));
                default
            }
        }
    }

    /// An address to listen on.
    pub(super) fn address(&mut self, name: &str) -> Option<SocketAddr> {
        self.parsed(name, "127.0.0.1:8080 or [::1]:8080")
    }

    /// An `https` (or `http`) address of a page.
    pub(super) fn page(&mut self, name: &str) -> Option<Url> {
        let url: Url = self.parsed(name, "https://www.example.org/help")?;
        if matches!(url.scheme(), "https" | "http") {
            return Some(url);
        }
        // `javascript:` in a link would run in our own pages.
        self.fault(name, format!("`{url}` is not a web address; write it like https://www.example.org/help"));
        None
    }

    /// A file or folder's path; empty counts as a fault.
    pub(super) fn path(&mut self, name: &str) -> Option<PathBuf> {
        let text = self.text(name)?;
        if text.is_empty() {
            self.fault(name, "is empty; give the path or leave the key out");
            return None;
        }
        Some(PathBuf::from(text))
    }

    /// A list of texts; from the environment, parts between commas.
    pub(super) fn list(&mut self, name: &str) -> Option<Vec<String>> {
        let items = match self.take(name)? {
            Value::String(text) => match written_list(&text) {
                Some(items) => items,
                None => {
                    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                    return Some(items.map(Into::into).collect());
                }
            },
            Value::Array(items) => items,
            other => return self.wrong_type(name, &other, "a list of texts, such as [\"a\", \"b\"]"),
        };
        let mut texts = Vec::new();
        for item in items {
            match item {
                Value::String(text) => texts.push(text),
                other => return self.wrong_type(name, &other, "a list of texts, such as [\"a\", \"b\"]"),
            }
        }
        Some(texts)
    }

    /// Is `name`, or `name_file`, given at all? Must be asked before they are taken.
    pub(super) fn gives(&self, name: &str) -> bool {
        self.table.contains_key(name) || self.table.contains_key(&format!("{name}_file"))
    }

    /// The keys not taken yet.
    pub(super) fn keys(&self) -> Vec<String> {
        self.table.keys().cloned().collect()
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.names.push(name.to_owned());
        let key = self.key(name);
        self.reader.known.insert(key);
        self.table.remove(name)
    }

    /// The value itself is not shown: it may be a secret in a wrong shape.
    fn wrong_type<T>(&mut self, name: &str, value: &Value, wanted: &str) -> Option<T> {
        self.fault(name, format!("is of type {}; give {wanted}", value.type_str()));
        None
    }

    fn refuse_unknown(&mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for name in unknown {
            let nearest = self
                .names
                .iter()
                .map(|known| (strsim::jaro_winkler(&name, known), known))
                .filter(|(likeness, _)| *likeness >= 0.75)
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map(|(_, known)| self.key(known));
            match nearest {
                Some(nearest) => self.fault(&name, format!("is not a setting; did you mean `{nearest}`?")),
                None => self.fault(&name, "is not a setting; remove it"),
            }
        }
    }

    fn key(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// A list written in the environment as it is in the file, `["a", "b"]`.
fn written_list(text: &str) -> Option<Vec<Value>> {
    let written = text.trim().starts_with('[').then(|| format!("list = {text}"))?;
    match written.parse::<toml::Table>().ok()?.remove("list")? {
        Value::Array(items) => Some(items),
        _ => None,
    }
}
