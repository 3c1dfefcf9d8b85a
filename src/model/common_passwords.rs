//! Passwords that are tried first by everybody who guesses (NIST SP 800-63B §5.1.1.2).

/// One a line: lower case, NFC, sorted by bytes; made by `scripts/common-passwords`.
const LIST: &[u8] = include_bytes!("common_passwords.txt");

/// Whether this is one of them; `word` in lower case and NFC. The text is halved where it lies, so
/// that nothing is unpacked at the start.
pub(super) fn contains(word: &str) -> bool {
    let word = word.as_bytes();
    // Both are always the start of a line, or the end of the text.
    let (mut low, mut high) = (0, LIST.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = LIST[..middle].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let end = LIST[start..].iter().position(|byte| *byte == b'\n').map_or(LIST.len(), |at| start + at);
        match LIST[start..end].cmp(word) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = (end + 1).min(LIST.len()),
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_and_the_list_is_sorted() {
        let text = std::str::from_utf8(LIST).unwrap();
        assert!(text.lines().count() > 8_000);
        assert!(text.lines().zip(text.lines().skip(1)).all(|(a, b)| a < b));
        for word in text.lines() {
            assert!(contains(word), "{word}");
            assert!(word.chars().count() >= 8 && word.to_lowercase() == word, "{word}");
        }
    }

    #[test]
    fn what_is_not_a_line_is_not_found() {
        for word in
            ["", "\n", "password", "password\n", "passwor", "correct horse battery staple", "\u{10ffff}"]
        {
            assert_eq!(contains(word), word == "password", "{word:?}");
        }
    }
}
