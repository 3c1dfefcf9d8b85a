//! Hashes made by other programs, and hashes made to hurt.

use super::*;

const PASSWORD: &str = "correct horse ใจ";

/// Made by passlib and Django from [`PASSWORD`].
const MADE_ELSEWHERE: [&str; 8] = [
    "$pbkdf2-sha256$1000$FeJcq5VSyjknZCwFYGytNQ$imoz.wtz/zm6aueZ0ea2BmhxmxONHl7CiK3wWPJbK74",
    "$pbkdf2-sha512$1000$9z7H2JszBiBk7P3fO0fIWQ$mksICwUAplXPRlDTFKSCMPHoZ1qZWOQYlKmVov9vCRrrePUEP9oXbwU0I/IZWuAAsAm0cHAboHFXyIvHxNThiQ",
    "$pbkdf2$1000$692bc.4doxRCKMU4BwCA8A$UxOpmWPOFsjZK8mkNbujKiC0YFs",
    "pbkdf2_sha256$1000$LEDpljKgp1hv$dIeuBcpbpnbKxBYv4wF3J8fZD6sP615z8d5utx2uERA=",
    "pbkdf2_sha1$1000$bgZ16sGBcbKL$4z3toTnuluyAT+M8lT3win9FJFA=",
    "{SSHA}HF1EwI2lVSlqFAd3SZnZfU2+VyjGeE+p",
    "{SSHA256}v/GpwSl1NBu42kcUqOy/qr505miYEgw+Buz1sG8t4R6CcI6xtlYqxQ==",
    "{SSHA512}arcj+2phZcSdHCM1z8qKKhNMJmF2E0TBT76w+Gwj+u3HoNSilQ3erYOBFWVi8dn+bkYu5paskTx7QvVEaZt3f8y519qbU4rR",
];

fn is_right(stored: &str, password: &str) -> bool {
    OldHash::parse(stored).unwrap_or_else(|error| panic!("{stored}: {error}")).is_right(password.as_bytes())
}

#[test]
fn hashes_of_other_programs_are_recognised() {
    for stored in MADE_ELSEWHERE {
        assert!(is_right(stored, PASSWORD), "{stored}");
        assert!(!is_right(stored, "wrong horse"), "{stored}");
    }
    // The same hash, written as PHC strings are.
    let phc = MADE_ELSEWHERE[0].replace("$1000$", "$i=1000,l=32$").replace('.', "+");
    assert!(is_right(&phc, PASSWORD));
}

#[test]
fn every_variant_of_bcrypt_is_recognised() {
    // From the test vectors of crypt_blowfish.
    let stored = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    for variant in ["$2a$", "$2b$", "$2x$", "$2y$"] {
        let stored = stored.replace("$2a$", variant);
        assert!(is_right(&stored, "U*U"), "{variant}");
        assert!(!is_right(&stored, "U*V"), "{variant}");
    }
}

#[test]
fn a_hash_that_takes_too_long_is_refused() {
    for stored in [
        "$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "pbkdf2_sha256$3000001$salt$dIeuBcpbpnbKxBYv4wF3J8fZD6sP615z8d5utx2uERA=",
        "pbkdf2_sha256$99999999999999999999$salt$dIeuBcpbpnbKxBYv4wF3J8fZD6sP615z8d5utx2uERA=",
        "$pbkdf2-sha256$i=4294967295$FeJcq5VSyjknZCwFYGytNQ$imoz.wtz/zm6aueZ0ea2BmhxmxONHl7CiK3wWPJbK74",
    ] {
        assert_eq!(OldHash::parse(stored).err(), Some(UnreadableHash::TooDear), "{stored}");
    }
    // Each block of a long output costs all the iterations again.
    let long = format!("pbkdf2_sha256$1000$salt${}", BASE64.encode([1; 65]));
    assert_eq!(OldHash::parse(&long).err(), Some(UnreadableHash::TooDear));
}

#[test]
fn what_is_no_hash_is_refused() {
    for (stored, why) in [
        ("", UnreadableHash::UnknownKind),
        ("correct horse", UnreadableHash::UnknownKind),
        ("5f4dcc3b5aa765d61d8327deb882cf99", UnreadableHash::UnknownKind),
        ("{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", UnreadableHash::UnknownKind),
        ("{CLEARTEXT}secret", UnreadableHash::UnknownKind),
        ("pbkdf2_md5$1000$salt$AAAA", UnreadableHash::UnknownKind),
        // Salted in name only.
        ("{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", UnreadableHash::Damaged),
        ("{SSHA", UnreadableHash::Damaged),
        ("{SSHA}***", UnreadableHash::Damaged),
        ("$2a$05$short", UnreadableHash::Damaged),
        ("$2a$xx$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", UnreadableHash::Damaged),
        ("pbkdf2_sha256$0$salt$dIeuBcpbpnbKxBYv4wF3J8fZD6sP615z8d5utx2uERA=", UnreadableHash::Damaged),
        ("pbkdf2_sha256$+5$salt$dIeuBcpbpnbKxBYv4wF3J8fZD6sP615z8d5utx2uERA=", UnreadableHash::Damaged),
        // An empty expected value would equal an empty computed one.
        ("pbkdf2_sha256$1000$salt$", UnreadableHash::Damaged),
        ("$pbkdf2-sha256$l=32$c2FsdA$AAAA", UnreadableHash::Damaged),
        ("$pbkdf2-sha256$", UnreadableHash::Damaged),
    ] {
        assert_eq!(OldHash::parse(stored).err(), Some(why), "{stored}");
    }
}
