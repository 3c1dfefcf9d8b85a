//! Kazakhstan's identifiers: IIN of a person, BIN of an organisation. Both have 12 digits, the last
//! of which checks the others.

use time::{Date, Month};

/// Whether this is an IIN: a date of birth that exists, a digit for century and sex, and the right
/// check digit.
pub fn is_iin(text: &str) -> bool {
    let Some(digits) = twelve_digits(text) else { return false };
    let (year, month, day) = (pair(&digits, 0), pair(&digits, 2), pair(&digits, 4));
    let century = match digits[6] {
        1 | 2 => 1800,
        3 | 4 => 1900,
        // 0 stands for a foreigner's, which does not tell the century.
        0 | 5 | 6 => 2000,
        _ => return false,
    };
    let birth = Month::try_from(month)
        .ok()
        .and_then(|month| Date::from_calendar_date(century + i32::from(year), month, day).ok());
    birth.is_some() && has_right_check_digit(&digits)
}

/// Whether this is a BIN: a month of registration, a digit for the kind of organisation, and the
/// right check digit.
pub fn is_bin(text: &str) -> bool {
    let Some(digits) = twelve_digits(text) else { return false };
    let (month, kind) = (pair(&digits, 2), digits[4]);
    (1..=12).contains(&month) && (4..=6).contains(&kind) && has_right_check_digit(&digits)
}

fn twelve_digits(text: &str) -> Option<[u8; 12]> {
    let bytes: [u8; 12] = text.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then(|| bytes.map(|b| b - b'0'))
}

fn pair(digits: &[u8; 12], at: usize) -> u8 {
    digits[at] * 10 + digits[at + 1]
}

/// Weights 1 to 11 modulo 11; when that gives 10, weights 3 to 11, 1, 2. A number for which both
/// give 10 is not issued.
fn has_right_check_digit(digits: &[u8; 12]) -> bool {
    let sum = |shift: u32| -> u32 {
        (0u32..)
            .zip(&digits[..11])
            .map(|(place, digit)| ((place + shift) % 11 + 1) * u32::from(*digit))
            .sum::<u32>()
            % 11
    };
    let check = match sum(0) {
        10 => sum(2),
        first => first,
    };
    check == u32::from(digits[11])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iin_has_a_date_and_a_right_check_digit() {
        assert!(is_iin("900515400123"));
        for bad in [
            "900515400124",
            "900515400120",
            "900230400123",
            "901315400123",
            "900515900123",
            "90051540012",
            "9005154001230",
            "90051540012x",
            "",
            "９00515400123",
        ] {
            assert!(!is_iin(bad), "{bad}");
        }
    }

    #[test]
    fn a_bin_has_a_month_a_kind_and_a_right_check_digit() {
        assert!(is_bin("050740004819"));
        for bad in ["050740004818", "051340004819", "900515400123", "", "05074000481"] {
            assert!(!is_bin(bad), "{bad}");
        }
    }

    #[test]
    fn the_second_weights_count_when_the_first_give_ten() {
        // 1..11 give 10 here; with the second weights the check digit is a digit again.
        let tens: Vec<String> = (0..10_000u32)
            .flat_map(|serial| (0..10).map(move |check| format!("8001013{serial:04}{check}")))
            .filter(|number| {
                let digits = twelve_digits(number).unwrap();
                let first: u32 = (1..).zip(&digits[..11]).map(|(w, d)| w * u32::from(*d)).sum();
                first % 11 == 10 && is_iin(number)
            })
            .collect();
        assert!(!tens.is_empty());
        let serials: std::collections::BTreeSet<&str> = tens.iter().map(|number| &number[..11]).collect();
        assert_eq!(serials.len(), tens.len(), "one check digit at most");
    }
}
