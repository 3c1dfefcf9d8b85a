use super::*;
use crate::{
    form::Form,
    model::{attribute::AttributeDefinition, user::tests::person},
};

fn types() -> AxTypes {
    let source = |name: &str| name.parse::<Source>().unwrap();
    [
        ("urn:mail", "email"),
        ("urn:id", "citizen_id"),
        ("urn:level", "level.citizen_id"),
        ("urn:gender", "gender"),
        ("urn:language", "locale"),
    ]
    .map(|(uri, name)| (uri.to_owned(), source(name)))
    .into()
}

fn read(fields: &[(&str, &str)]) -> Result<Option<Exchange>, Reject> {
    let prefixed: Vec<_> = fields.iter().map(|(name, value)| (format!("openid.{name}"), *value)).collect();
    let message =
        Message::read(&Form::of(prefixed.iter().map(|(name, value)| (name.as_str(), *value)))).unwrap();
    Exchange::read(&message, &types())
}

fn fetch(fields: &[(&str, &str)]) -> Exchange {
    let usual = [("ns.ax", AX_NS), ("ax.mode", "fetch_request")];
    read(&[usual.as_slice(), fields].concat()).unwrap().unwrap()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

fn answer(exchange: &Exchange, held: &[(&str, &str, i16)], allowed: &[&str]) -> Vec<(String, String)> {
    let registry: AttributeRegistry = [
        ("citizen_id".to_owned(), AttributeDefinition { identifier: true, ..Default::default() }),
        ("gender".to_owned(), AttributeDefinition { format: Format::Gender, ..Default::default() }),
    ]
    .into();
    exchange.answer(&Release {
        user: &person(held),
        allowed: &set(allowed),
        types: &types(),
        registry: &registry,
        dashes: false,
        user_id: "1",
    })
}

fn value<'a>(fields: &'a [(String, String)], key: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
}

#[test]
fn a_required_language_keeps_nobody_from_going_on() {
    let exchange = fetch(&[("ax.required", "m,l"), ("ax.type.m", "urn:mail"), ("ax.type.l", "urn:language")]);
    assert_eq!(exchange.asked().required, set(&["email"]));
    assert_eq!(exchange.asked().optional, set(&["locale"]));
}

#[test]
fn without_the_extension_nothing_is_asked() {
    assert_eq!(read(&[("ax.mode", "fetch_request"), ("ax.required", "m")]), Ok(None));
    assert_eq!(read(&[("ns.ax", AX_NS), ("ax.mode", "other")]), Ok(None));
}

#[test]
fn ax_s5_1_required_and_wanted_are_told_apart_and_required_wins() {
    let exchange = fetch(&[
        ("ax.required", "m"),
        ("ax.if_available", "g, m ,u,"),
        ("ax.type.m", "urn:mail"),
        ("ax.type.g", "urn:gender"),
        ("ax.type.u", "urn:unknown"),
    ]);
    let asked = exchange.asked();
    assert_eq!((asked.required, asked.optional), (set(&["email"]), set(&["gender"])));
}

#[test]
fn one_attribute_asked_under_two_aliases_is_answered_under_both() {
    let exchange = fetch(&[
        ("ax.required", "a"),
        ("ax.if_available", "b"),
        ("ax.type.a", "urn:mail"),
        ("ax.type.b", "urn:mail"),
    ]);
    assert!(exchange.asked().optional.is_empty());
    let fields = answer(&exchange, &[("email", "a@b.c", 1)], &["email"]);
    assert_eq!((value(&fields, "ax.value.a"), value(&fields, "ax.value.b")), (Some("a@b.c"), Some("a@b.c")));
}

#[test]
fn a_companion_keeps_clear_of_the_aliases_that_were_asked() {
    let exchange = fetch(&[
        ("ax.required", "c,c_verifiedlevel"),
        ("ax.type.c", "urn:id"),
        ("ax.type.c_verifiedlevel", "urn:mail"),
    ]);
    let fields =
        answer(&exchange, &[("citizen_id", "1", 3), ("email", "a@b.c", 0)], &["citizen_id", "email"]);
    assert_eq!(value(&fields, "ax.value.c_verifiedlevel"), Some("a@b.c"));
    assert_eq!(value(&fields, "ax.value.c_verifiedlevel_"), Some("VerifiedLevel3"));
    let keys: BTreeSet<_> = fields.iter().map(|(key, _)| key).collect();
    assert_eq!(keys.len(), fields.len(), "no field twice");
}

#[test]
fn the_level_of_what_is_kept_back_is_that_of_nothing() {
    let exchange = fetch(&[("ax.required", "c"), ("ax.type.c", "urn:id")]);
    let fields = answer(&exchange, &[("citizen_id", "1", 3)], &[]);
    assert_eq!(value(&fields, "ax.count.c"), Some("0"));
    assert_eq!(value(&fields, "ax.value.c_verifiedlevel"), Some("Unverified"));
}

#[test]
fn a_newline_in_a_value_does_not_reach_the_signature() {
    let exchange = fetch(&[("ax.required", "m"), ("ax.type.m", "urn:mail")]);
    let fields = answer(&exchange, &[("email", "a\r\nb:c", 0)], &["email"]);
    assert_eq!(value(&fields, "ax.value.m"), Some("a  b:c"));
}

#[test]
fn a_gender_is_a_letter() {
    let exchange = fetch(&[("ax.required", "g"), ("ax.type.g", "urn:gender")]);
    assert_eq!(value(&answer(&exchange, &[("gender", "female", 0)], &["gender"]), "ax.value.g"), Some("F"));
}
