//! A typed value brought into the one form that is stored, or what is wrong with it. The form is
//! the same for pages, protocols and the command line, so that one person's number is one text.

use time::{Date, macros::format_description};
use unicode_normalization::UnicodeNormalization;

use super::{AttributeDefinition, Format};

/// The first day that a date gone by may name.
const EARLIEST: Date = time::macros::date!(1900 - 01 - 01);
/// More than any value may have, before anything is looked at.
const LONGEST: usize = 500;

/// What is wrong with a typed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttributeError {
    /// Empty, too long, or with characters that can't be shown.
    #[error("give 1 to 500 characters on one line, without control characters")]
    Text,
    /// No date, or none that exists.
    #[error("give a date that exists, as YYYY-MM-DD")]
    Date,
    /// A date to come, or before 1900.
    #[error("give a date from 1900-01-01 to today, as YYYY-MM-DD")]
    Past,
    /// No mail address.
    #[error("give a mail address, such as somchai@example.org")]
    Mail,
    /// No E.164 number.
    #[error("give the number with its country's code, such as +66812345678")]
    Phone,
    /// Neither of the two words.
    #[error("give male or female")]
    Gender,
    /// Not as the registry's `pattern` wants it.
    #[error("does not have the form that the settings ask for (attributes, pattern)")]
    Pattern,
    /// Fails every check of the registry's.
    #[error("is no number that was ever issued: its check digit or its date is wrong; look for a slip")]
    CheckDigit,
    /// A file is not typed.
    #[error("is a file, which can't be given as text")]
    File,
}

impl AttributeError {
    /// The catalogue's text for it, said beside the field.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Text => "attribute-error-text",
            Self::Date => "attribute-error-date",
            Self::Past => "attribute-error-past",
            Self::Mail => "attribute-error-mail",
            Self::Phone => "attribute-error-phone",
            Self::Gender => "attribute-error-gender",
            Self::Pattern => "attribute-error-pattern",
            Self::CheckDigit => "attribute-error-check-digit",
            Self::File => "attribute-error-file",
        }
    }
}

impl AttributeDefinition {
    /// The form in which a typed value is stored: Unicode NFC without spaces around; phones and
    /// identifiers without spaces, dashes and brackets; identifiers in capitals.
    ///
    /// # Errors
    /// What is wrong, as a text of the catalogue and in English.
    pub fn normalised(&self, typed: &str, today: Date) -> Result<String, AttributeError> {
        // By octets first: normalising megabytes costs.
        if typed.len() > LONGEST * 8 {
            return Err(self.format.wrong());
        }
        let text: String = typed.trim().nfc().collect();
        let value = match self.format {
            Format::File => return Err(AttributeError::File),
            Format::Text if self.identifier => compact(&text).to_uppercase().nfc().collect(),
            Format::Text | Format::Email | Format::Gender => text,
            Format::Date => latin_digits(&text),
            Format::Phone => international(&compact(&text)),
        };
        self.format.check(&value)?;
        if self.past {
            check_past(&value, today)?;
        }
        if self.pattern.as_ref().is_some_and(|pattern| !pattern.matches(&value)) {
            return Err(AttributeError::Pattern);
        }
        if !self.checks.is_empty() && !self.is_consistent(&value) {
            return Err(AttributeError::CheckDigit);
        }
        Ok(value)
    }
}

impl Format {
    /// Checks a value that is in its normal form.
    ///
    /// # Errors
    /// What it should look like.
    pub fn check(self, value: &str) -> Result<(), AttributeError> {
        let sound = !value.is_empty()
            && value.chars().count() <= LONGEST
            && value.trim().len() == value.len()
            && !value.chars().any(is_unwanted);
        let fits = sound
            && match self {
                Self::Text => true,
                Self::Date => date(value).is_some(),
                Self::Email => is_mail_address(value),
                Self::Phone => is_e164(value),
                Self::Gender => matches!(value, "male" | "female"),
                Self::File => false,
            };
        if fits { Ok(()) } else { Err(self.wrong()) }
    }

    const fn wrong(self) -> AttributeError {
        match self {
            Self::Text => AttributeError::Text,
            Self::Date => AttributeError::Date,
            Self::Email => AttributeError::Mail,
            Self::Phone => AttributeError::Phone,
            Self::Gender => AttributeError::Gender,
            Self::File => AttributeError::File,
        }
    }
}

fn date(value: &str) -> Option<Date> {
    // The parser takes a sign and more digits for a year beyond 9999.
    let text = Some(value).filter(|value| value.len() == 10)?;
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

fn check_past(value: &str, today: Date) -> Result<(), AttributeError> {
    match date(value) {
        Some(date) if (EARLIEST..=today).contains(&date) => Ok(()),
        _ => Err(AttributeError::Past),
    }
}

/// Control characters; what XML 1.0 §2.2 has no place for; and what turns the direction of the text
/// after it: a name could be made to read as another on a registrar's page (UAX #9, "Trojan
/// Source").
fn is_unwanted(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Without what people put between the digits of a number; Thai digits as ASCII ones.
fn compact(text: &str) -> String {
    let between = |c: &char| {
        c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '(' | ')' | '[' | ']')
    };
    latin_digits(text).chars().filter(|c| !between(c)).collect()
}

fn latin_digits(text: &str) -> String {
    let ascii = |c: char| match c {
        '๐'..='๙' => char::from_digit(u32::from(c) - u32::from('๐'), 10).unwrap_or(c),
        other => other,
    };
    text.chars().map(ascii).collect()
}

/// A telephone number however it is written, in E.164 with its plus, which may be left out: for
/// numbers that a code confirms at once. `None` for what is none.
pub fn phone(text: &str) -> Option<String> {
    let text = international(&compact(text.trim()));
    let phone = if text.starts_with('+') { text } else { format!("+{text}") };
    is_e164(&phone).then_some(phone)
}

/// ITU-T E.123: `00` is how many countries dial what is written `+`; dots are another way to
/// part the digits.
fn international(text: &str) -> String {
    let text = text.replace('.', "");
    text.strip_prefix("00").map(|rest| format!("+{rest}")).unwrap_or(text)
}

/// ITU-T E.164: at most 15 digits, the first of the country's code not 0.
fn is_e164(value: &str) -> bool {
    value.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// One `@` with something mail can be sent to on either side. Whether anybody reads it only a
/// message tells.
fn is_mail_address(value: &str) -> bool {
    let Some((local, domain)) = value.rsplit_once('@') else { return false };
    let plain =
        |text: &str| !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>,;@\"".contains(c));
    let labels = || {
        domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
    };
    // RFC 5321 §4.5.3.1: 64 octets before the `@`, 254 in all (RFC 3696 erratum 1690).
    !local.is_empty()
        && local.len() <= 64
        && value.len() <= 254
        && plain(local)
        && plain(domain)
        && domain.contains('.')
        && labels()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;
    use crate::model::attribute::{Check, Pattern};

    const TODAY: Date = date!(2026 - 03 - 01);

    fn of(format: Format) -> AttributeDefinition {
        AttributeDefinition { format, ..AttributeDefinition::default() }
    }

    fn identifier(checks: &[Check]) -> AttributeDefinition {
        AttributeDefinition { identifier: true, checks: checks.to_vec(), ..of(Format::Text) }
    }

    #[test]
    fn values_are_brought_into_one_form() {
        let all = identifier(&[Check::ThaiCitizenId, Check::KzIin, Check::MnRegister]);
        for (definition, typed, stored) in [
            (of(Format::Text), "  Сомчай ใจดี ", "Сомчай ใจดี"),
            (of(Format::Text), "e\u{301}", "é"),
            (of(Format::Date), " 2000-02-29 ", "2000-02-29"),
            (of(Format::Date), "๒๐๐๐-๐๒-๒๙", "2000-02-29"),
            (of(Format::Email), " somchai.jaidee+x@mail.example.org ", "somchai.jaidee+x@mail.example.org"),
            (of(Format::Phone), "+66812345678", "+66812345678"),
            (of(Format::Phone), "+7 (701) 123-45-67", "+77011234567"),
            (of(Format::Phone), "00976 99.11.22.33", "+97699112233"),
            (of(Format::Gender), "female", "female"),
            (all.clone(), "1-1010-02345-67-4", "1101002345674"),
            (all.clone(), "๑ ๑๐๑๐ ๐๒๓๔๕ ๖๗ ๔", "1101002345674"),
            (all.clone(), "900515 400 123", "900515400123"),
            (all, " уб 88031512", "УБ88031512"),
            (identifier(&[]), "fx 004-417", "FX004417"),
        ] {
            assert_eq!(definition.normalised(typed, TODAY).as_deref(), Ok(stored), "{typed}");
        }
    }

    #[test]
    fn a_phone_is_read_however_it_is_written() {
        for typed in ["+66812345678", "66812345678", "0066 81 234 5678", " +66 (81) 234-56.78 "] {
            assert_eq!(phone(typed).as_deref(), Some("+66812345678"), "{typed}");
        }
        for typed in ["", "+", "0812345678", "+66 81", "phone", "+6681234567890123"] {
            assert_eq!(phone(typed), None, "{typed}");
        }
    }

    #[test]
    fn values_that_do_not_fit_are_told_what_is_wanted() {
        use AttributeError as E;
        let long = "x".repeat(501);
        let past = || AttributeDefinition { past: true, ..of(Format::Date) };
        let thai = || identifier(&[Check::ThaiCitizenId, Check::MnRegister]);
        let post_code =
            || AttributeDefinition { pattern: Pattern::new("[0-9]{5,6}").ok(), ..of(Format::Text) };
        for (definition, typed, error) in [
            (of(Format::Text), "  ", E::Text),
            (of(Format::Text), "two\nlines", E::Text),
            (of(Format::Text), "a\0b", E::Text),
            (of(Format::Text), "a\u{202e}b", E::Text),
            (of(Format::Text), "a\u{ffff}b", E::Text),
            (of(Format::Text), long.as_str(), E::Text),
            (of(Format::Date), "2026-02-30", E::Date),
            (of(Format::Date), "2001-02-29", E::Date),
            (of(Format::Date), "1.2.2001", E::Date),
            (of(Format::Date), "+02001-02-28", E::Date),
            (of(Format::Date), "", E::Date),
            (past(), "2026-03-02", E::Past),
            (past(), "1899-12-31", E::Past),
            // A year of the Buddhist era.
            (past(), "2535-04-13", E::Past),
            (of(Format::Email), "somchai", E::Mail),
            (of(Format::Email), "a@b", E::Mail),
            (of(Format::Email), "a@@example.org", E::Mail),
            (of(Format::Email), "a b@example.org", E::Mail),
            (of(Format::Email), "a@example..org", E::Mail),
            (of(Format::Email), "a@-example.org", E::Mail),
            (of(Format::Phone), "66812345678", E::Phone),
            (of(Format::Phone), "0812345678", E::Phone),
            (of(Format::Phone), "+0812345678", E::Phone),
            (of(Format::Phone), "+123456", E::Phone),
            (of(Format::Phone), "+1234567890123456", E::Phone),
            (of(Format::Phone), "+66 81 CALL ME", E::Phone),
            (of(Format::Phone), "", E::Phone),
            (of(Format::Gender), "F", E::Gender),
            (post_code(), "1011", E::Pattern),
            (thai(), "1101002345675", E::CheckDigit),
            (thai(), "", E::Text),
            (thai(), "---", E::Text),
            (of(Format::File), "x", E::File),
        ] {
            assert_eq!(definition.normalised(typed, TODAY), Err(error), "{typed:?}");
        }
    }

    #[test]
    fn the_bounds_of_a_date_gone_by_are_within() {
        let past = AttributeDefinition { past: true, ..of(Format::Date) };
        for typed in ["1900-01-01", "2026-03-01"] {
            assert_eq!(past.normalised(typed, TODAY).as_deref(), Ok(typed));
        }
    }

    proptest! {
        #[test]
        fn what_was_brought_into_form_stays_as_it_is(typed in any::<String>(), identifier in any::<bool>()) {
            for format in [Format::Text, Format::Date, Format::Email, Format::Phone, Format::Gender] {
                let definition = AttributeDefinition { identifier, ..of(format) };
                if let Ok(stored) = definition.normalised(&typed, TODAY) {
                    prop_assert_eq!(definition.normalised(&stored, TODAY), Ok(stored.clone()));
                }
            }
        }

        #[test]
        fn a_phone_is_one_number_however_it_is_parted(digits in "[1-9][0-9]{6,14}", at in 1_usize..7) {
            let phone = of(Format::Phone);
            let parted = format!("+{} ({})", &digits[..at], &digits[at..]);
            prop_assert_eq!(phone.normalised(&parted, TODAY), Ok(format!("+{digits}")));
        }
    }
}
