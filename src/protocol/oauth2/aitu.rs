//! Parameters of the Aitu profile that say who is expected: `phone`, `iin` with `iin_signature`,
//! `bin`, `otp_confirmation`. Honoured for every client whose registration allows them.

use super::reject::Reject;
use crate::{
    crypto::{iin_signature, rsa_key::RsaKey},
    form::Form,
    model::{attribute::Format, client::Client, hints::Hints, kz},
    secret::Token,
};

/// Reads and vets them.
///
/// # Errors
/// [`Reject`] naming the parameter at fault.
pub fn hints(client: &Client, form: &Form) -> Result<Hints, Reject> {
    let phone = form.get("phone")?.map(|text| phone(text).ok_or_else(no_phone)).transpose()?;
    let iin = form.get("iin")?;
    if iin.is_some_and(|iin| !kz::is_iin(iin)) {
        return Err(Reject::invalid("iin", "is not an IIN: 12 digits, with a date and a right check digit"));
    }
    let bin = form.get("bin")?;
    if bin.is_some_and(|bin| !kz::is_bin(bin)) {
        return Err(Reject::invalid("bin", "is not a BIN: 12 digits, with a right check digit"));
    }
    let iin_locked = is_signed(client, iin, form.get("iin_signature")?)?;
    // A client that is not trusted with phones gets the one-time code as usual.
    let otp_confirmation = form.get("otp_confirmation")?.filter(|_| client.settings.trusted_phone);
    Ok(Hints {
        phone,
        iin: iin.map(str::to_owned),
        iin_locked,
        bin: bin.map(str::to_owned),
        otp_confirmation: otp_confirmation.map(Token::from),
    })
}

/// A phone in E.164 with its plus. The digits alone will do, and so does a space in front of them,
/// which is what a plus becomes that was not escaped.
pub fn phone(text: &str) -> Option<String> {
    let digits = text.strip_prefix(['+', ' ']).unwrap_or(text);
    let phone = format!("+{digits}");
    // Kazakhstan and Russia have ten digits after their 7.
    let whole = !digits.starts_with('7') || digits.len() == 11;
    (whole && Format::Phone.check(&phone).is_ok()).then_some(phone)
}

/// Says that a phone is none.
pub fn no_phone() -> Reject {
    Reject::invalid("phone", "is not a telephone number such as +77011234567, with or without its plus")
}

/// Whether the client signed the IIN; whoever signs nothing locks nothing.
fn is_signed(client: &Client, iin: Option<&str>, signature: Option<&str>) -> Result<bool, Reject> {
    let Some(signature) = signature else {
        if client.settings.require_iin_signature {
            return Err(Reject::Missing("iin_signature"));
        }
        return Ok(false);
    };
    let Some(pem) = &client.settings.iin_public_key else {
        return Err(Reject::invalid(
            "iin_signature",
            "no key to check it with is registered for this client",
        ));
    };
    let Some(iin) = iin else {
        return Err(Reject::invalid("iin_signature", "is there, but the iin it signs is missing"));
    };
    // What is registered was read before; a row that another hand changed locks nobody's IIN.
    let key = RsaKey::from_pem(pem)
        .map_err(|_| Reject::invalid("iin_signature", "the key registered for this client can't be read"))?;
    iin_signature::verify(&key, iin, signature)
        .map_err(|why| Reject::invalid("iin_signature", why.to_string()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_comes_with_a_plus_without_or_with_the_space_a_raw_plus_becomes() {
        for written in ["+77011234567", "77011234567", " 77011234567"] {
            assert_eq!(phone(written).as_deref(), Some("+77011234567"), "{written}");
        }
        for other in ["+66812345678", "97699112233", "+4930123456"] {
            assert!(phone(other).is_some(), "{other}");
        }
    }

    #[test]
    fn what_is_no_phone_is_none() {
        for bad in [
            "",
            "+",
            "7701123456",
            "770112345678",
            "+7 701 123 45 67",
            "++77011234567",
            "  77011234567",
            "8-701",
            "+07011234567",
            "abc",
            "+1234567890123456",
            "+7701123456\u{663}",
        ] {
            assert_eq!(phone(bad), None, "{bad}");
        }
    }
}
