//! The known name that an unknown one most likely means.

/// The name most like `word`, if any is like it at all.
pub fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    names
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// ``did you mean `name`?``, or what to do when no name is like it.
pub fn hint<'n>(word: &str, names: impl Iterator<Item = &'n str>, otherwise: &str) -> String {
    nearest(word, names).map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_names_the_word_meant_and_nonsense_names_none() {
        let names = ["openid", "profile", "offline_access"];
        assert_eq!(nearest("profil", names.into_iter()), Some("profile"));
        assert_eq!(nearest("xyz", names.into_iter()), None);
    }
}
