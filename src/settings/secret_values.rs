//! Secrets: given as `x`, or in the file that `x_file` names. Their values are in no fault's message.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::{ExposeSecret, SecretString};

use super::reader::Section;

impl Section<'_> {
    /// A secret given as `name`, or in a file named by `name_file`; the file's last line break is
    /// not part of it. `None` when neither is given, or when a fault was recorded.
    pub(super) fn secret(&mut self, name: &str) -> Option<SecretString> {
        let file = self.secret_file(name);
        let inline = self.text(name).map(SecretString::from);
        self.one_of(name, inline, file)
    }

    /// The same for a list; the file holds one item a line.
    pub(super) fn secret_list(&mut self, name: &str) -> Option<Vec<String>> {
        let file = self.secret_file(name).map(|read| {
            read.map(|secret| {
                let text = secret.expose_secret();
                text.lines().map(str::trim).filter(|l| !l.is_empty()).map(Into::into).collect()
            })
        });
        let inline = self.list(name);
        self.one_of(name, inline, file)
    }

    /// The secrets of the table `name`, whose keys the operator chooses; each may be given as a file.
    pub(super) fn secrets(&mut self, name: &str) -> BTreeMap<String, SecretString> {
        self.section(name, |section| {
            let keys = section.keys();
            let names: BTreeSet<&str> =
                keys.iter().map(|key| key.strip_suffix("_file").unwrap_or(key)).collect();
            names.into_iter().filter_map(|name| Some((name.to_owned(), section.secret(name)?))).collect()
        })
    }

    /// `Some(None)` when the file was named but could not be read.
    fn secret_file(&mut self, name: &str) -> Option<Option<SecretString>> {
        let key = format!("{name}_file");
        let path = self.path(&key)?;
        match std::fs::read_to_string(&path) {
            Ok(text) => Some(Some(SecretString::from(text.trim_end_matches(['\r', '\n'])))),
            Err(error) => {
                let path = path.display();
                self.fault(
                    &key,
                    format!("{path} can't be read ({error}); check the path and its permissions"),
                );
                Some(None)
            }
        }
    }

    fn one_of<T>(&mut self, name: &str, inline: Option<T>, file: Option<Option<T>>) -> Option<T> {
        match (inline, file) {
            (Some(_), Some(_)) => {
                self.fault(name, format!("is given both here and as {name}_file; keep one of them"));
                None
            }
            (inline, file) => inline.or(file.flatten()),
        }
    }
}
