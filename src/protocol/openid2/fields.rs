//! What we send: an ordered list of fields, as lines (key-value form, OpenID Authentication 2.0
//! §4.1.1) in direct answers and under signatures, or as `openid.` parameters through the browser
//! (§4.1.2).

use std::fmt;

/// The fields of a message without the prefix `openid.`, in order, each once. `Debug` names them
/// and hides their values: some are keys, signatures and people's data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// Why fields can't be told as lines, or lines not as fields. Holds nothing a peer sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKeyValue {
    /// A key with a newline or a colon would be read as another key.
    #[error("a key holds a newline or a colon")]
    Key,
    /// A value with a newline would be read as two fields.
    #[error("a value holds a newline")]
    Value,
    /// A line without a colon.
    #[error("a line has no colon")]
    Colon,
    /// The last line does not end.
    #[error("the last line does not end with a newline")]
    End,
    /// A key that stands there twice.
    #[error("a key is repeated")]
    Repeated,
}

impl Fields {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field at the end, or changes it where it stands.
    /// OpenID 2.0 §4.1: "Messages MUST NOT contain multiple parameters with the same name."
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// The same, for building in one go.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.set(key, value);
        self
    }

    /// A field's value.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The names and values of parameters of a request or redirect (§4.1.2), in order.
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        self.iter().map(|(key, value)| (format!("openid.{key}"), value.to_owned())).collect()
    }

    /// The lines of §4.1.1.
    ///
    /// # Errors
    /// [`NotKeyValue`] when a key or value can't be told as a line.
    pub fn to_key_value(&self) -> Result<String, NotKeyValue> {
        let mut lines = String::new();
        for (key, value) in self.iter() {
            push_line(&mut lines, key, value)?;
        }
        Ok(lines)
    }

    /// Reads the lines of §4.1.1.
    ///
    /// # Errors
    /// [`NotKeyValue`] saying what is wrong with them.
    pub fn from_key_value(lines: &str) -> Result<Self, NotKeyValue> {
        if lines.is_empty() {
            return Ok(Self::new());
        }
        let mut fields = Vec::new();
        let mut keys = std::collections::HashSet::new();
        for line in lines.strip_suffix('\n').ok_or(NotKeyValue::End)?.split('\n') {
            let (key, value) = line.split_once(':').ok_or(NotKeyValue::Colon)?;
            if !keys.insert(key) {
                return Err(NotKeyValue::Repeated);
            }
            fields.push((key.to_owned(), value.to_owned()));
        }
        Ok(Self(fields))
    }
}

/// Adds one line.
///
/// # Errors
/// [`NotKeyValue`]. OpenID 2.0 §4.1.1: "A key or value MUST NOT contain a newline and a key also MUST
/// NOT contain a colon." Otherwise two messages would have one signature, and a value could add a
/// field of its own to an answer.
pub fn push_line(lines: &mut String, key: &str, value: &str) -> Result<(), NotKeyValue> {
    if key.contains(['\n', ':']) {
        return Err(NotKeyValue::Key);
    }
    if value.contains('\n') {
        return Err(NotKeyValue::Value);
    }
    // §4.1.1: nothing, not even white space, is added around colon and newline.
    for part in [key, ":", value, "\n"] {
        lines.push_str(part);
    }
    Ok(())
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(key, _)| key)).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn openid_2_s4_1_1_the_standards_example() {
        let fields = Fields::new().with("mode", "error").with("error", "This is an example message");
        assert_eq!(fields.to_key_value().unwrap(), "mode:error\nerror:This is an example message\n");
    }

    #[test]
    fn openid_2_s4_1_1_a_key_or_value_with_a_newline_or_a_key_with_a_colon_is_never_sent() {
        let lines = |key: &str, value: &str| Fields::new().with(key, value).to_key_value();
        assert_eq!(lines("a\nb", "1"), Err(NotKeyValue::Key));
        assert_eq!(lines("a:b", "1"), Err(NotKeyValue::Key));
        assert_eq!(lines("a", "1\nis_valid:true"), Err(NotKeyValue::Value));
        assert_eq!(lines("a", " 1:2 ").unwrap(), "a: 1:2 \n");
    }

    #[test]
    fn openid_2_s4_1_a_key_stands_once() {
        let fields = Fields::new().with("a", "1").with("b", "2").with("a", "3");
        assert_eq!(fields.to_key_value().unwrap(), "a:3\nb:2\n");
        assert_eq!(Fields::from_key_value("a:1\na:2\n"), Err(NotKeyValue::Repeated));
    }

    #[test]
    fn openid_2_s4_1_1_lines_that_are_not_whole_are_refused() {
        assert_eq!(Fields::from_key_value("a:1"), Err(NotKeyValue::End));
        assert_eq!(Fields::from_key_value("a:1\nb\n"), Err(NotKeyValue::Colon));
        assert_eq!(Fields::from_key_value("\n"), Err(NotKeyValue::Colon));
        assert_eq!(Fields::from_key_value(""), Ok(Fields::new()));
    }

    #[test]
    fn openid_2_s4_1_2_parameters_are_prefixed() {
        let pairs = Fields::new().with("mode", "cancel").to_pairs();
        assert_eq!(pairs, [("openid.mode".to_owned(), "cancel".to_owned())]);
    }

    #[test]
    fn values_are_never_printed() {
        let fields = Fields::new().with("mac_key", "c2VjcmV0");
        assert_eq!(format!("{fields:?}"), r#"{"mac_key"}"#);
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(
            pairs in proptest::collection::vec(("[^:\n]{0,12}", "[^\n]{0,40}"), 0..12)
        ) {
            let mut fields = Fields::new();
            for (key, value) in pairs {
                fields.set(key, value);
            }
            let lines = fields.to_key_value().unwrap();
            prop_assert_eq!(Fields::from_key_value(&lines).unwrap(), fields);
        }

        #[test]
        fn what_can_be_read_is_written_the_same(lines in "([a-c]{0,2}:[ab:\u{e01}]{0,3}\n){0,4}") {
            if let Ok(fields) = Fields::from_key_value(&lines) {
                prop_assert_eq!(fields.to_key_value().unwrap(), lines);
            }
        }

        #[test]
        fn a_newline_anywhere_is_refused(before in "[^:\n]{0,8}", after in "[^:]{0,8}") {
            let broken = format!("{before}\n{after}");
            prop_assert_eq!(Fields::new().with(broken.as_str(), "x").to_key_value(), Err(NotKeyValue::Key));
            prop_assert_eq!(Fields::new().with("x", broken).to_key_value(), Err(NotKeyValue::Value));
        }
    }
}
