//! What a form field tells the browser about an attribute, so that it offers the right keyboard
//! and fills in what the person told it before (WCAG 2.2 SC 1.3.5).

use super::{AttributeDefinition, Check, Format};

/// Attributes of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hints {
    /// `type`.
    pub input_type: &'static str,
    /// `autocomplete`, of HTML's list; `off` when nothing there fits.
    pub autocomplete: &'static str,
    /// `inputmode`; `None` to leave it out.
    pub inputmode: Option<&'static str>,
}

impl AttributeDefinition {
    /// What to tell the browser about the field of this attribute, called `name`.
    pub fn field_hints(&self, name: &str) -> Hints {
        Hints {
            input_type: self.input_type(),
            autocomplete: self.autocomplete(name),
            inputmode: self.inputmode(name),
        }
    }

    /// `type` of the field.
    pub const fn input_type(&self) -> &'static str {
        match self.format {
            // A gender is chosen from a list; the word is for pages that draw it as a text field.
            Format::Text | Format::Gender => "text",
            // A date field of the browser drops what is no date: what was typed would be lost, and
            // an impossible date could not be told beside it.
            Format::Date => "text",
            Format::Email => "email",
            Format::Phone => "tel",
            Format::File => "file",
        }
    }

    /// `autocomplete` of the field (HTML, "Autofill").
    pub fn autocomplete(&self, name: &str) -> &'static str {
        match name {
            "title" => "honorific-prefix",
            "full_name" => "name",
            "first_name" => "given-name",
            "middle_name" => "additional-name",
            "last_name" => "family-name",
            "date_of_birth" => "bday",
            "gender" => "sex",
            "occupation" => "organization-title",
            "organization.name" => "organization",
            "address.house_number" => "address-line1",
            "address.road" => "address-line2",
            "address.sub_district" => "address-level3",
            "address.district" => "address-level2",
            "address.province" => "address-level1",
            "address.post_code" => "postal-code",
            "address.country" => "country-name",
            _ => match self.format {
                Format::Email => "email",
                Format::Phone => "tel",
                _ => "off",
            },
        }
    }

    /// `inputmode` of the field: a keyboard of digits where nothing else can be typed.
    pub fn inputmode(&self, name: &str) -> Option<&'static str> {
        let of_letters = self.checks.is_empty() || self.checks.contains(&Check::MnRegister);
        match self.format {
            Format::Email => Some("email"),
            Format::Phone => Some("tel"),
            Format::Text if !of_letters || name == "address.post_code" => Some("numeric"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_say_what_they_are_for() {
        let of = |format, checks: &[Check]| AttributeDefinition {
            format,
            checks: checks.to_vec(),
            ..AttributeDefinition::default()
        };
        let (text, thai) = (of(Format::Text, &[]), of(Format::Text, &[Check::ThaiCitizenId]));
        assert_eq!(text.autocomplete("first_name"), "given-name");
        assert_eq!(text.autocomplete("address.ger_district"), "off");
        assert_eq!(thai.inputmode("citizen_id"), Some("numeric"));
        assert_eq!(
            of(Format::Text, &[Check::ThaiCitizenId, Check::MnRegister]).inputmode("citizen_id"),
            None,
            "letters must be typed"
        );
        let phone = of(Format::Phone, &[]).field_hints("mobile_phone");
        assert_eq!(phone, Hints { input_type: "tel", autocomplete: "tel", inputmode: Some("tel") });
        assert_eq!(of(Format::Date, &[]).field_hints("date_of_birth").autocomplete, "bday");
    }
}
