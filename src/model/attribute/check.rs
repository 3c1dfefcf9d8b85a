//! Checks of national identifiers: what a register's own numbers always fulfil. They catch slips
//! of the pen, not lies; a value that passes is no more than consistent.

use time::{Date, Month};

use super::super::{kz, words::words};

words! {
    /// A check that a definition may name.
    Check {
        /// Thai citizen id, and the juristic person's number: 13 digits, the last by modulus 11.
        ThaiCitizenId = "thai_citizen_id",
        /// Kazakh individual identification number (IIN): 12 digits with a birth date.
        KzIin = "kz_iin",
        /// Kazakh business identification number (BIN): 12 digits with year and month.
        KzBin = "kz_bin",
        /// Mongolian register number: two letters and 8 digits that begin with a birth date.
        MnRegister = "mn_register",
    }
}

impl Check {
    /// Whether the value, in its normal form, passes.
    pub fn holds(self, value: &str) -> bool {
        match self {
            Self::ThaiCitizenId => digits::<13>(value).is_some_and(|d| thai(&d)),
            Self::KzIin => kz::is_iin(value),
            Self::KzBin => kz::is_bin(value),
            Self::MnRegister => mn_register(value),
        }
    }
}

/// Exactly `N` ASCII digits.
fn digits<const N: usize>(value: &str) -> Option<[u32; N]> {
    let bytes: &[u8; N] = value.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|b| u32::from(b - b'0')))
}

/// Weights 13 down to 2; the last digit is 11 less the sum modulo 11, of which the units.
fn thai(d: &[u32; 13]) -> bool {
    let sum: u32 = d[..12].iter().zip((2..=13).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 10 == d[12]
}

/// Two letters, then YYMMDD with 20 added to the month of those born from 2000 on, then two digits.
fn mn_register(value: &str) -> bool {
    let mut chars = value.chars();
    let letters = chars.by_ref().take(2).filter(|letter| is_mongolian_capital(*letter)).count();
    let Some(d) = digits::<8>(chars.as_str()) else { return false };
    // The first six digits as three numbers.
    let [year, month, day] = [0, 2, 4].map(|at| d[at] * 10 + d[at + 1]);
    let (century, month) = if month > 20 { (2000, month - 20) } else { (1900, month) };
    letters == 2 && is_date(century + year, month, day)
}

/// А to Я with Ё, Ө and Ү: the alphabet's 35 letters.
const fn is_mongolian_capital(letter: char) -> bool {
    matches!(letter, 'А'..='Я' | 'Ё' | 'Ө' | 'Ү')
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok());
    let parts = (i32::try_from(year), month, u8::try_from(day));
    matches!(parts, (Ok(year), Some(month), Ok(day)) if Date::from_calendar_date(year, month, day).is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_of_real_form_pass() {
        for (check, value) in [
            (Check::ThaiCitizenId, "1101002345674"),
            (Check::ThaiCitizenId, "3100501122331"),
            (Check::ThaiCitizenId, "1234567890121"),
            // Companies that publish their numbers.
            (Check::ThaiCitizenId, "0107537000521"),
            (Check::ThaiCitizenId, "0107536000315"),
            (Check::KzBin, "971240001315"),
            (Check::KzBin, "940140000385"),
            (Check::KzBin, "020240000555"),
            (Check::KzIin, "900515400123"),
            (Check::KzIin, "860904350504"),
            // The first pass gives 10 for these.
            (Check::KzIin, "900515400502"),
            (Check::KzIin, "900515400514"),
            (Check::MnRegister, "УБ88031512"),
            (Check::MnRegister, "ӨҮ05230144"),
            (Check::MnRegister, "ЁЯ00222900"),
        ] {
            assert!(check.holds(value), "{check} {value}");
        }
    }

    #[test]
    fn other_numbers_do_not() {
        for (check, value) in [
            (Check::ThaiCitizenId, "1234567890123"),
            (Check::ThaiCitizenId, "110100234567"),
            (Check::ThaiCitizenId, "11010023456745"),
            (Check::ThaiCitizenId, "1-1010-02345-67-4"),
            (Check::ThaiCitizenId, "๑101002345674"),
            (Check::ThaiCitizenId, ""),
            (Check::KzIin, "900515400124"),
            // Both passes give 10: never issued, whatever stands last.
            (Check::KzIin, "900515400540"),
            (Check::KzIin, "900515400541"),
            (Check::KzIin, "971240001315"),
            (Check::KzBin, "900515400123"),
            (Check::KzBin, "971240001316"),
            (Check::MnRegister, "УБ88131512"),
            (Check::MnRegister, "УБ88023012"),
            (Check::MnRegister, "УБ88333012"),
            (Check::MnRegister, "УБ8803151"),
            (Check::MnRegister, "УБ880315123"),
            (Check::MnRegister, "УБВ8031512"),
            (Check::MnRegister, "У88031512"),
            (Check::MnRegister, "уб88031512"),
            (Check::MnRegister, "UB88031512"),
            (Check::MnRegister, "ІІ88031512"),
        ] {
            assert!(!check.holds(value), "{check} {value}");
        }
    }

    fn replaced(number: &str, at: usize, digit: u8) -> String {
        let mut bytes = number.as_bytes().to_vec();
        bytes[at] = b'0' + digit;
        String::from_utf8(bytes).unwrap()
    }

    proptest! {
        #[test]
        fn one_control_digit_in_ten_passes(twelve in "[0-9]{12}", eleven in "900515[34][0-9]{4}") {
            let thai = (0..10).filter(|d| Check::ThaiCitizenId.holds(&format!("{twelve}{d}"))).count();
            prop_assert_eq!(thai, 1);
            let kz = (0..10).filter(|d| Check::KzIin.holds(&format!("{eleven}{d}"))).count();
            prop_assert!(kz <= 1);
        }

        /// Remainders 0 and 10 both give 1, so between those two a slip passes; and the third digit's
        /// weight is 11, which modulus 11 never sees.
        #[test]
        fn a_changed_digit_of_a_thai_number_is_refused(twelve in "[0-9]{12}", at in 0_usize..13, digit in 0_u8..10) {
            let number = (0..10).map(|d| format!("{twelve}{d}")).find(|n| Check::ThaiCitizenId.holds(n)).unwrap();
            let changed = replaced(&number, at, digit);
            prop_assume!(changed != number && at != 2 && (at == 12 || !number.ends_with('1')));
            prop_assert!(!Check::ThaiCitizenId.holds(&changed), "{} {}", number, changed);
        }

        /// The eleventh digit's weight is 11, so the first pass never sees it; and a change that
        /// leads to the second pass may land on the same digit.
        #[test]
        fn a_changed_digit_of_a_kazakh_number_is_refused(
            serial in "[34][0-9]{4}", at in prop_oneof![6_usize..10, Just(11_usize)], digit in 0_u8..10,
        ) {
            let first = |n: &str| {
                let d = digits::<12>(n).unwrap();
                (1..).zip(&d[..11]).map(|(weight, digit)| weight * digit).sum::<u32>() % 11
            };
            let eleven = format!("900515{serial}");
            let number = (0..10).map(|d| format!("{eleven}{d}")).find(|n| Check::KzIin.holds(n));
            prop_assume!(number.is_some());
            let number = number.unwrap();
            let changed = replaced(&number, at, digit);
            prop_assume!(changed != number && (at == 11 || (first(&number) != 10 && first(&changed) != 10)));
            prop_assert!(!Check::KzIin.holds(&changed), "{} {}", number, changed);
        }

        #[test]
        fn whatever_is_typed_does_not_panic(text in any::<String>()) {
            for check in Check::ALL {
                check.holds(&text);
            }
        }
    }
}
