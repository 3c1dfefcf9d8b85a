//! The exchange against vectors of another library (python3-openid 3.2.0) and against other
//! arithmetic (`num-bigint`).

use num_bigint::BigUint;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, prop_assume, proptest};

use super::*;

/// The relying party's public value for exponent 01 02 .. 20, default modulus and generator.
const PUBLIC: &str = "\
    ALc8tTavzTdHw5bs2VjDpQhuGmpKuZHtUZlf2dCWZUcOHWvZnbbysPaH6KKjh+U0A5RrE4pi2xTqITf0ifbgr12Sue13beTj\
    KMdltYhYPdD8byS0bAEjBTLwj5mowKMZL/3C7Ml3csC1D0EU0w+UxP4SeFJ2AY3L9U29kcRP+vuy";
/// Ours for exponent 80 81 .. 9f.
const SERVER_PUBLIC: &str = "\
    AMt4ugxGTf3RM/zDvRRkmkScnQZQZ9Us+ywu8Z2qfb+fBTe4GgISo+cXoIfr7aSekjkr2+S5LVsSoDINAOZ89U5qhEeIMnsb\
    /01Bpj5GiVuvMB90ownq/VQGSSppY/Vy9FjT25IZL8c95hFsP/gu/1pcaY7KWa7Zq5juv+coAsxD";
/// RFC 3526 group 14.
const MODULUS_2048: &str = "\
    AP//////////yQ/aoiFowjTExmKLgNwc0SkCTgiKZ8x0Agu+pjsTmyJRSgh5jjQE3e+VGbPNOkMbMCsKbfJfFDdP4TVtbVHC\
    ReSFtXZiXn7G9ExC6aY37WsL/1y29Aa37e44a/taiZ+lrp8kEXxLH+ZJKGZR7ORbPcIAfLihY78FmNpINhxV05ppFj+o/STP\
    X4NlXSPco62WHGLzViCFUrue1SkHcJaWbWcMNU5KvJgE8XRsCMoYIXwykF5GLjbOO+OedywYDoYDmyeDouwHoo+1xV3wb0xS\
    yd4ry/aVWBcYOZVJfOqVauUV0iYYmPoFEBVyjlqKrKpo//////////8=";
/// The relying party's public value in it, with generator 5.
const PUBLIC_2048: &str = "\
    I2QnaWbkncxnRyNN6BuIL7QPlj3MC/PUA7aQJ9TJzDpA6lYb+KIwbHkw26AUtasfjbquPtZzvNxa6kNOmWnD2IUvGxtijKnj\
    cdamk0KsL5x0AAa2u70rDo9SR6t0ApoG7jnRMfF+flcPsl/8JDpZnQh997YVoBmjp+6EppT+BaDZWoiOCcOzMRuDdADAqvj9\
    0bYdW7kkyptrQarlQSE4o56Tlvij690p9Lu+NWjdIgYybKXiGd/iuKPEfFpyjHcbOsjfi/aykuCZxpXOkCciHWvdP9BSPyg/\
    SCi1bNNDo4F2MC0gSz05dVdsYL+xkHh+w3A+p6t75J4SXnuGcWvzBQ==";
/// Ours in it.
const SERVER_PUBLIC_2048: &str = "\
    Fq0cZGs75GPZcfBE3p46JpPgCJKGDGPiJF4JGlLspXCx9XCjUln4aheAYG4cE6xX7DbNCGrMBFxQ0vGbvDOZw/aTxcQ2tHYz\
    SqjvHkXXxMoyPBEsS2oBVVpNEwBXgfRpFD7GFYSHquwKjDvrK4AI/X/8dADdVenO8+JxQRW51i6KACi2VosqCEn/t56h9NHR\
    quW3zefzxbMFj5HKDkdGtomi43nhuML9nL+RwmvN1I1FNdrGApdiG5nYrEiiOKytrMB1DQd7VlkjQ1zRRCqzj+zi/DphM735\
    oNTsQEwAWjjaRQU2xh0HIaoqoKN5ef0ru6z2G9ShXgun2GmttCYUVQ==";

fn server_exponent() -> BoxedUint {
    BoxedUint::from_be_slice_vartime(&(0x80..0xa0).collect::<Vec<u8>>())
}

fn encode(number: &BigUint) -> String {
    STANDARD.encode(btwoc(&BoxedUint::from_be_slice_vartime(&number.to_bytes_be())))
}

fn decode(text: &str) -> BigUint {
    BigUint::from_bytes_be(&STANDARD.decode(text).unwrap())
}

#[test]
fn openid_2_s8_4_2_vectors_of_the_default_modulus() {
    let exchange = Exchange::read(None, None, Some(PUBLIC)).unwrap();
    for (hash, secret, masked) in [
        (Hash::Sha1, 0..20, "Nt+CbyX6SC/eZprAPB8AcdwroSo="),
        (Hash::Sha256, 0..32, "MrEfFlu9KG9rzl0pMa1QThoSWsQwvOvGQvR72FOzqt4="),
    ] {
        let ours = exchange.mask_with(&server_exponent(), hash, &secret.collect::<Vec<u8>>());
        assert_eq!(ours.server_public, SERVER_PUBLIC);
        assert_eq!(ours.enc_mac_key, masked);
    }
}

#[test]
fn openid_2_s8_1_2_vectors_of_the_relying_partys_own_modulus_and_generator() {
    let exchange = Exchange::read(Some(MODULUS_2048), Some("BQ=="), Some(PUBLIC_2048)).unwrap();
    let ours = exchange.mask_with(&server_exponent(), Hash::Sha256, &(0..32).collect::<Vec<u8>>());
    assert_eq!(ours.server_public, SERVER_PUBLIC_2048);
    assert_eq!(ours.enc_mac_key, "0OgzWJlEsF9o1e6AZwUWGHnuKZ0rloK0Y/4mOVshcRQ=");
}

#[test]
fn openid_2_s8_1_2_modulus_and_generator_have_defaults() {
    let modulus = STANDARD.encode(btwoc(&DEFAULT_MODULUS.into()));
    let named = Exchange::read(Some(&modulus), Some("Ag=="), Some(PUBLIC)).unwrap();
    let ours = named.mask_with(&server_exponent(), Hash::Sha1, &[0; 20]);
    assert_eq!(ours.server_public, SERVER_PUBLIC);
    assert!(named.is_costly() && !Exchange::read(None, None, Some(PUBLIC)).unwrap().is_costly());
}

#[test]
fn openid_2_s4_2_the_standards_table_of_integers() {
    for (number, bytes) in [
        (0_u32, &b"\x00"[..]),
        (127, b"\x7f"),
        (128, b"\x00\x80"),
        (255, b"\x00\xff"),
        (32_768, b"\x00\x80\x00"),
    ] {
        assert_eq!(btwoc(&BoxedUint::from(number)), bytes);
    }
}

#[test]
fn openid_2_s4_2_negative_or_missing_numbers_are_refused() {
    let public = |text| Exchange::read(None, None, text).map(drop);
    let encoding = Err(BadExchange::Encoding("dh_consumer_public"));
    assert_eq!(public(None), Err(BadExchange::Missing));
    // ff is -1; without the zero in front of it a positive number's first bit would be a sign.
    for text in ["/w==", "gAAA", "", "not base64!", "AA"] {
        assert_eq!(public(Some(text)), encoding, "{text}");
    }
    assert_eq!(
        Exchange::read(Some("/w=="), None, Some(PUBLIC)).map(drop),
        Err(BadExchange::Encoding("dh_modulus"))
    );
}

#[test]
fn a_modulus_is_odd_and_has_1024_to_8192_bits() {
    let read = |modulus: BigUint| Exchange::read(Some(&encode(&modulus)), None, Some("Aw==")).map(drop);
    let one = BigUint::from(1_u8);
    for (modulus, good) in [
        ((&one << 1023) + 1_u8, true),
        ((&one << 1024) - 1_u8, true),
        ((&one << 1025) + 1_u8, true),
        ((&one << 8192) - 1_u8, true),
        ((&one << 1023) - 1_u8, false),
        (&one << 1024, false),
        ((&one << 8192) + 1_u8, false),
        (BigUint::ZERO, false),
        (one.clone(), false),
    ] {
        let expected = if good { Ok(()) } else { Err(BadExchange::Modulus) };
        assert_eq!(read(modulus), expected);
    }
}

#[test]
fn values_that_give_the_secret_away_are_refused() {
    let modulus = decode(MODULUS_2048);
    let read = |generator: &BigUint, public: &BigUint| {
        Exchange::read(Some(MODULUS_2048), Some(&encode(generator)), Some(&encode(public))).map(drop)
    };
    let two = BigUint::from(2_u8);
    let largest = &modulus - 2_u8;
    assert_eq!(read(&two, &largest), Ok(()));
    assert_eq!(read(&largest, &two), Ok(()));
    for weak in [
        BigUint::ZERO,
        BigUint::from(1_u8),
        &modulus - 1_u8,
        modulus.clone(),
        &modulus + 1_u8,
        &modulus << 64,
    ] {
        assert_eq!(read(&two, &weak), Err(BadExchange::Range("dh_consumer_public")));
        assert_eq!(read(&weak, &two), Err(BadExchange::Range("dh_gen")));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn both_sides_agree(
        bytes in proptest::collection::vec(any::<u8>(), 128..200),
        generator in 2_u32..1_000,
        theirs in proptest::collection::vec(any::<u8>(), 1..40),
        seed in any::<u64>(),
        sha256 in any::<bool>(),
    ) {
        // Any odd number of enough bits computes; whether it is prime is its sender's own affair.
        let mut bytes = bytes;
        bytes[0] |= 0x80;
        *bytes.last_mut().unwrap() |= 1;
        let modulus = BigUint::from_bytes_be(&bytes);
        let exponent = BigUint::from_bytes_be(&theirs) + 1_u8;
        let public = BigUint::from(generator).modpow(&exponent, &modulus);
        prop_assume!(public > BigUint::from(1_u8) && public < &modulus - 1_u8);

        let hash = if sha256 { Hash::Sha256 } else { Hash::Sha1 };
        let secret: Vec<u8> = (0..u8::try_from(hash.length()).unwrap()).collect();
        let generator = encode(&BigUint::from(generator));
        let ours = Exchange::read(Some(&encode(&modulus)), Some(&generator), Some(&encode(&public)))
            .unwrap()
            .mask(hash, &secret, &Rng::seeded(seed));

        let shared = decode(&ours.server_public).modpow(&exponent, &modulus);
        let mask = digest::digest(hash.algorithm(), &STANDARD.decode(encode(&shared)).unwrap());
        let masked = STANDARD.decode(&ours.enc_mac_key).unwrap();
        let unmasked: Vec<u8> = mask.as_ref().iter().zip(&masked).map(|(a, b)| a ^ b).collect();
        prop_assert_eq!(unmasked, secret);
    }

    #[test]
    fn a_number_is_told_in_its_shortest_form(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let told = btwoc(&BoxedUint::from_be_slice_vartime(&bytes));
        prop_assert_eq!(BigUint::from_bytes_be(&told), BigUint::from_bytes_be(&bytes));
        prop_assert!(told[0] & 0x80 == 0);
        prop_assert!(told.len() == 1 || told[0] != 0 || told[1] & 0x80 != 0);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[A-Za-z0-9+/=]{0,40}") {
        let _any = Exchange::read(Some(&text), Some(&text), Some(&text));
        let _any = Exchange::read(None, Some(&text), Some(&text));
    }
}
