use proptest::prelude::*;
use rsa::{
    Pkcs1v15Sign, RsaPrivateKey,
    pkcs8::{EncodePublicKey, LineEnding},
};

use super::*;

const CONSUMER: (&str, &str) = ("oauth_consumer_key", "dpf43f3p2l4k3l03");
const HMAC_SHA1: (&str, &str) = ("oauth_signature_method", "HMAC-SHA1");

fn keys<'a>(consumer: &'a str, token: &'a str) -> Keys<'a> {
    Keys { consumer, token, public: None }
}

fn is_hmac_sha1(base: &str, consumer: &str, token: &str, given: &str) -> bool {
    is_right(SignatureMethod::HmacSha1, base, keys(consumer, token), given)
}

#[test]
fn rfc_5849_s1_2_the_requests_of_the_example_are_signed_right() {
    let initiate = base_string(
        "POST",
        "https://photos.example.net/initiate",
        [
            CONSUMER,
            HMAC_SHA1,
            ("oauth_timestamp", "137131200"),
            ("oauth_nonce", "wIjqoS"),
            ("oauth_callback", "http://printer.example.com/ready"),
        ],
    );
    assert!(is_hmac_sha1(&initiate, "kd94hf93k423kf44", "", "74KNZJeDHnMBp0EMJ9ZHt/XKycU="));
    let token = base_string(
        "POST",
        "https://photos.example.net/token",
        [
            CONSUMER,
            ("oauth_token", "hh5s93j4hdidpola"),
            HMAC_SHA1,
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "walatlh"),
            ("oauth_verifier", "hfdp7dh39dks9884"),
        ],
    );
    assert!(is_hmac_sha1(&token, "kd94hf93k423kf44", "hdhd0244k9j7ao03", "gKgrFCywp7rO0OXSjdot/IHF7IU="));
    let photos = base_string(
        "GET",
        "http://photos.example.net/photos",
        [
            ("file", "vacation.jpg"),
            ("size", "original"),
            CONSUMER,
            ("oauth_token", "nnch734d00sl2jdk"),
            HMAC_SHA1,
            ("oauth_timestamp", "137131202"),
            ("oauth_nonce", "chapoH"),
        ],
    );
    assert!(is_hmac_sha1(&photos, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00", "MdpQcU8iPSUjWoN/UDMsK2sui9I="));
    assert!(!is_hmac_sha1(&photos, "kd94hf93k423kf44", "pfkkdhi9sl3r4s01", "MdpQcU8iPSUjWoN/UDMsK2sui9I="));
}

/// The parameters of RFC 5849 §3.4.1.3.1, from query, header and body.
fn example() -> Vec<(&'static str, &'static str)> {
    vec![
        ("b5", "=%3D"),
        ("a3", "a"),
        ("c@", ""),
        ("a2", "r b"),
        ("oauth_consumer_key", "9djdj82h48djs9d2"),
        ("oauth_token", "kkk9d7dh3k39sjv7"),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", "137131201"),
        ("oauth_nonce", "7d8f3e4a"),
        ("oauth_signature", "djosJKDKJSD8743243/jdk33klY="),
        ("c2", ""),
        ("a3", "2 q"),
    ]
}

#[test]
fn rfc_5849_s3_4_1_1_the_base_string_of_the_example() {
    let expected = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D\
                    %26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a\
                    %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201\
                    %26oauth_token%3Dkkk9d7dh3k39sjv7";
    let base = base_string("post", "http://example.com/request", example());
    assert_eq!(base, expected);
    // The signature printed there is wrong (erratum 2550); this is the one of its secrets.
    assert!(is_hmac_sha1(&base, "j49sk3j29djd", "dh893hdasih9", "r6/TJjbCOr97/+UU0NsvSne7s5g="));
}

#[test]
fn rfc_5849_s3_6_only_unreserved_characters_stay() {
    assert_eq!(encode("azAZ09-._~"), "azAZ09-._~");
    assert_eq!(encode(" +*/=%&é☃"), "%20%2B%2A%2F%3D%25%26%C3%A9%E2%98%83");
}

#[test]
fn hmac_sha256_is_that_of_another_implementation() {
    // Computed with Python's hmac and hashlib.
    let base = base_string("POST", "http://example.com/request", example());
    let given = SHA256_SIGNATURE;
    assert!(is_right(SignatureMethod::HmacSha256, &base, keys("j49sk3j29djd", "dh893hdasih9"), given));
    assert!(!is_right(SignatureMethod::HmacSha1, &base, keys("j49sk3j29djd", "dh893hdasih9"), given));
}

const SHA256_SIGNATURE: &str = "lIfydhbOitvsm4DvUwgM0NdR1Mzd08HnXI+q+EG0QKo=";

#[test]
fn rfc_5849_s3_4_3_rsa_sha1_is_checked_with_the_registered_key() {
    let private = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap();
    let public =
        RsaKey::from_pem(&private.to_public_key().to_public_key_pem(LineEnding::LF).unwrap()).unwrap();
    let base = base_string("GET", "https://a.example/", example());
    let sha1 = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, base.as_bytes());
    // RFC 8017 §9.2, note 1: the DigestInfo of SHA-1.
    let prefix = b"\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14";
    let scheme = Pkcs1v15Sign { hash_len: Some(20), prefix: Box::from(&prefix[..]) };
    let given = STANDARD.encode(private.sign(scheme, sha1.as_ref()).unwrap());
    let with = |public| Keys { consumer: "secret", token: "", public };
    assert!(is_right(SignatureMethod::RsaSha1, &base, with(Some(&public)), &given));
    assert!(!is_right(SignatureMethod::RsaSha1, &format!("{base}x"), with(Some(&public)), &given));
    assert!(!is_right(SignatureMethod::RsaSha1, &base, with(None), &given), "no key, no signature");
    assert!(!is_right(SignatureMethod::RsaSha1, &base, with(Some(&public)), ""));
}

#[test]
fn rfc_5849_s3_4_4_plaintext_is_both_secrets_encoded() {
    let right =
        |given| is_right(SignatureMethod::Plaintext, "", keys("djr9rjt0jd78jf88", "jjd99$tj88uiths3"), given);
    assert!(right("djr9rjt0jd78jf88&jjd99%24tj88uiths3"));
    for wrong in ["djr9rjt0jd78jf88&jjd99$tj88uiths3", "djr9rjt0jd78jf88&", "", "&"] {
        assert!(!right(wrong), "{wrong}");
    }
}

#[test]
fn the_transformed_secret_is_that_of_the_kit() {
    // Computed with Python's hashlib: ten rounds of md5(value + "EGA"), the first without spaces around.
    let transformed = signing_secret(SecretTransform::Md5x10Ega, " s3cret-value\n");
    assert_eq!(*transformed, "fa78ea53f22a6e0670cf0583166e19d6");
    assert_eq!(*signing_secret(SecretTransform::Raw, " s3cret "), " s3cret ");
}

proptest! {
    #[test]
    fn the_order_in_which_parameters_come_is_no_matter(
        list in prop::collection::vec((".{0,6}", ".{0,6}"), 0..8), rotated in 0_usize..8
    ) {
        let as_strs: Vec<(&str, &str)> = list.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let mut other = as_strs.clone();
        if !other.is_empty() {
            let by = rotated % other.len();
            other.rotate_left(by);
            other.reverse();
        }
        prop_assert_eq!(base_string("GET", "https://a/b", as_strs), base_string("GET", "https://a/b", other));
    }

    #[test]
    fn different_requests_have_different_base_strings(
        one in prop::collection::btree_set(("[a-c&=%]{0,3}", "[a-c&=%]{0,3}"), 0..4),
        two in prop::collection::btree_set(("[a-c&=%]{0,3}", "[a-c&=%]{0,3}"), 0..4),
        uri_one in "[a-b&/]{0,3}", uri_two in "[a-b&/]{0,3}",
    ) {
        let base = |uri: &str, set: &std::collections::BTreeSet<(String, String)>| {
            base_string("GET", uri, set.iter().map(|(n, v)| (n.as_str(), v.as_str())))
        };
        let same = one == two && uri_one == uri_two;
        prop_assert_eq!(base(&uri_one, &one) == base(&uri_two, &two), same);
    }

    #[test]
    fn a_base_string_is_three_encoded_parts(
        list in prop::collection::vec((".{0,8}", ".{0,8}"), 0..6), uri in "https?://[a-z.:0-9/%]{1,20}"
    ) {
        let base = base_string("post", &uri, list.iter().map(|(n, v)| (n.as_str(), v.as_str())));
        let parts: Vec<&str> = base.split('&').collect();
        prop_assert_eq!(parts.len(), 3);
        prop_assert_eq!(parts[0], "POST");
        let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
        prop_assert_eq!(decode(parts[1]), uri);
        let mut read: Vec<(String, String)> = Vec::new();
        for pair in decode(parts[2]).split('&').filter(|_| !list.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap();
            read.push((decode(name), decode(value)));
        }
        read.sort();
        let mut sent = list.clone();
        sent.sort();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn no_signature_but_the_right_one_fits(given in "[ -~]{0,60}") {
        for method in SignatureMethod::ALL {
            prop_assert!(!is_right(*method, "base", keys("consumer", "token"), &given));
        }
    }
}
