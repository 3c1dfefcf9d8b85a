use std::{fs, path::PathBuf};

use proptest::prelude::*;

use super::*;
use crate::{
    ids::UserId,
    model::{registry::Registry, user::tests::person},
    protocol::oauth1::scope::{self, tests::settings},
};

/// An account of this kind that holds these attributes.
fn member_of(kind: UserKind, attributes: &[(&str, &str, i16)]) -> User {
    let id = uuid::Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0001);
    User { id: UserId(id), kind, username: "somchai".into(), ..person(attributes) }
}

/// The document when these scopes were allowed.
fn document(user: &User, scopes: &[&str]) -> String {
    let settings = settings();
    let registry = Registry { scopes: &settings.scopes, attributes: &settings.attributes };
    let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let allowed: Vec<String> = scope::attributes(&scopes, registry).into_iter().collect();
    let member = Member { user, allowed: &allowed, registry: &settings.attributes };
    String::from_utf8(member.document().unwrap()).unwrap()
}

/// An example of the documentation: its lines without what makes them readable.
#[track_caller]
fn assert_example(name: &str, document: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/schemas").join(name);
    let example = fs::read_to_string(&path).unwrap();
    let written: String = example.lines().map(str::trim).collect();
    assert_eq!(document, written, "{name}");
}

const ALL: [&str; 8] =
    ["profile", "citizen_id", "passport_id", "juristic_id", "organization", "address", "email", "phone"];

const NAMES: [(&str, &str, i16); 8] = [
    ("title", "Mr", 1),
    ("first_name", "สมชาย", 2),
    ("last_name", "ใจดี", 2),
    ("full_name", "สมชาย ใจดี", 2),
    ("date_of_birth", "1990-05-15", 2),
    ("gender", "male", 2),
    ("nationality", "Thai", 2),
    ("occupation", "Teacher & <writer>", 0),
];
const DOCUMENT: [(&str, &str, i16); 3] = [
    ("identification.issue_by", "Bang Rak", 2),
    ("identification.issue_date", "2020-01-31", 2),
    ("identification.expire_date", "2029-05-14", 2),
];
const ADDRESS: [(&str, &str, i16); 10] = [
    ("address.house_number", "99/1", 0),
    ("address.village_name", "Ban Suan", 0),
    ("address.moo", "4", 0),
    ("address.soi", "Silom 3", 0),
    ("address.road", "Silom", 0),
    ("address.sub_district", "Suriyawong", 1),
    ("address.district", "Bang Rak", 1),
    ("address.province", "Bangkok", 1),
    ("address.post_code", "10500", 1),
    ("address.geo_code", "100404", 1),
];
const CONTACT: [(&str, &str, i16); 4] = [
    ("telephone", "+6621234567", 0),
    ("mobile_phone", "+66812345678", 1),
    ("email", "somchai@citizen.example", 1),
    ("alternative_contact", "line: somchai", 0),
];

#[test]
fn a_citizens_document_is_the_example() {
    let held = [&NAMES[..], &[("citizen_id", "1101002345674", 3)], &DOCUMENT, &ADDRESS, &CONTACT].concat();
    assert_example("citizen.xml", &document(&member_of(UserKind::Citizen, &held), &ALL));
}

#[test]
fn a_juristic_persons_document_is_the_example() {
    let held = [
        &[("full_name", "Siam Trading Co., Ltd.", 2), ("juristic_id", "0105512345672", 2)],
        // Held by the account, but none of this kind's elements.
        &[("organization.name", "Siam Trading", 2), ("first_name", "Siam", 0)],
        &ADDRESS[..],
        &CONTACT[..3],
    ]
    .concat();
    assert_example("juristic-person.xml", &document(&member_of(UserKind::JuristicPerson, &held), &ALL));
}

#[test]
fn a_foreigners_document_is_the_example() {
    let held = [
        ("first_name", "Anna", 1),
        ("middle_name", "Maria", 0),
        ("last_name", "Schmidt", 2),
        ("date_of_birth", "1985-11-02", 2),
        ("gender", "female", 1),
        ("passport_id", "C01X00T47", 2),
        ("nationality", "German", 2),
        ("email", "anna@visitor.example", 1),
    ];
    assert_example("foreigner.xml", &document(&member_of(UserKind::Foreigner, &held), &ALL));
}

#[test]
fn an_officials_document_is_the_example_with_codes() {
    let held = [
        &NAMES[..7],
        &[
            ("citizen_id", "1101002345674", 2),
            ("organization.name", "Digital Government Office", 2),
            ("organization.ministry", "Ministry of Interior", 2),
            ("organization.department", "Department of Provincial Administration", 2),
            ("organization.division", "Registration Division", 1),
            ("organization.agency_code", "03007123", 2),
        ],
        &CONTACT[1..3],
    ]
    .concat();
    assert_example("government-agent.xml", &document(&member_of(UserKind::GovernmentAgent, &held), &ALL));
}

/// The values in a document, by element.
fn valued(document: &str) -> Vec<String> {
    let leaves = document.split('<').filter(|part| part.contains("VerifiedLevel=") && !part.contains("/>"));
    leaves.map(|leaf| leaf.split([' ', '>']).next().unwrap().to_owned()).collect()
}

#[test]
fn only_what_the_scopes_cover_has_a_value_and_the_rest_is_there_empty_and_unverified() {
    let held = [&NAMES[..], &[("citizen_id", "1101002345674", 3)], &DOCUMENT, &ADDRESS, &CONTACT].concat();
    let user = member_of(UserKind::Citizen, &held);
    let names =
        ["Title", "FullName", "FirstName", "LastName", "DateOfBirth", "Gender", "Nationality", "Occupation"];
    for (scope, expected) in [
        ("profile", &names[..]),
        ("citizen_id", &["Code", "IssueBy", "IssueDate", "ExpireDate"]),
        ("email", &["Email"]),
        ("phone", &["Telephone", "Mobilephone", "Alternative"]),
        ("openid", &[]),
        // Another kind's identifier brings nothing of this one's but the dates of the document.
        ("passport_id", &["IssueBy", "IssueDate", "ExpireDate"]),
    ] {
        let document = document(&user, &[scope]);
        assert_eq!(valued(&document), expected, "{scope}");
        assert!(scope == "email" || document.contains("<Email VerifiedLevel=\"Unverified\"/>"), "{document}");
    }
    let elements = |document: &str| document.matches("VerifiedLevel=\"").count();
    assert_eq!(elements(&document(&user, &[])), elements(&document(&user, &ALL)), "none is ever left out");
}

#[test]
fn an_attribute_that_the_person_left_out_is_empty_though_its_scope_was_allowed() {
    let user = member_of(UserKind::Citizen, &NAMES);
    let settings = settings();
    let allowed = ["first_name".to_owned()];
    let member = Member { user: &user, allowed: &allowed, registry: &settings.attributes };
    assert_eq!(valued(&String::from_utf8(member.document().unwrap()).unwrap()), ["FirstName"]);
}

#[test]
fn codes_are_parts_of_the_agency_code_and_empty_where_it_is_too_short() {
    let codes = |code: &str, scopes: &[&str]| {
        let user = member_of(UserKind::GovernmentAgent, &[("organization.agency_code", code, 2)]);
        let document = document(&user, scopes);
        let codes: Vec<String> = document
            .split("Code=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        codes.join(" ")
    };
    assert_eq!(codes("03007123", &["organization"]), "03007123 03 007 123");
    assert_eq!(codes("030071239", &["organization"]), "030071239 03 007 239");
    assert_eq!(codes("03007", &["organization"]), "03007 03 007 ");
    assert_eq!(codes("03", &["organization"]), "03 03  ");
    assert_eq!(codes("03007123", &["profile"]), "   ", "none without the scope");
}

#[test]
fn an_installations_own_elements_come_last_in_their_place() {
    let mut settings = settings();
    for (name, path) in
        [("address.ger_district", "Address/GerDistrict"), ("guild", "Guild"), ("degree", "Education/Degree")]
    {
        let definition = crate::model::attribute::AttributeDefinition {
            oauth1: Some(path.to_owned()),
            ..Default::default()
        };
        settings.attributes.insert(name.to_owned(), definition);
    }
    let user = member_of(
        UserKind::Citizen,
        &[("address.ger_district", "AB12", 1), ("guild", "Smiths", 0), ("degree", "MA", 2)],
    );
    let allowed = ["address", "guild", "degree"].map(str::to_owned);
    let member = Member { user: &user, allowed: &allowed, registry: &settings.attributes };
    let document = String::from_utf8(member.document().unwrap()).unwrap();
    assert!(
        document.contains("<GerDistrict VerifiedLevel=\"VerifiedLevel1\">AB12</GerDistrict></Address>"),
        "{document}"
    );
    let end = "</ContactInfo><Education><Degree VerifiedLevel=\"VerifiedLevel2\">MA</Degree></Education>\
               <Guild VerifiedLevel=\"Unverified\">Smiths</Guild></Member>";
    assert!(document.ends_with(end), "{document}");
}

#[test]
fn a_refusal_is_one_element() {
    let expected =
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><Error code=\"token_expired\" requestId=\"0198\"/>";
    assert_eq!(String::from_utf8(error("token_expired", "0198").unwrap()).unwrap(), expected);
}

proptest! {
    #[test]
    fn whatever_a_value_holds_stays_within_its_element(value in ".{1,40}", name in ".{1,20}") {
        let mut user = member_of(UserKind::Citizen, &[("first_name", "x", 0)]);
        user.username = name;
        user.attributes.get_mut("first_name").unwrap().value = value.clone();
        let document = document(&user, &["profile"]);
        let plain = document_with_plain_values(&user);
        prop_assert_eq!(document.matches('<').count(), plain.matches('<').count());
        prop_assert!(document.chars().all(is_character));
    }
}

fn document_with_plain_values(user: &User) -> String {
    let mut plain = user.clone();
    plain.username = "x".into();
    plain.attributes.get_mut("first_name").unwrap().value = "x".into();
    document(&plain, &["profile"])
}
