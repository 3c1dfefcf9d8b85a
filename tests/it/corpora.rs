//! The corpora of the fuzz targets, replayed through the same entries: what once broke a parser, or
//! reaches far into it, is read again at every run.

#[path = "../../fuzz/entries/mod.rs"]
mod entries;

use std::{fs, path::Path};

/// Each file of a target's corpus, and each cut short.
fn replay(target: &str, entry: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut files = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let data = fs::read(file.unwrap().path()).unwrap();
        entry(&data);
        for cut in (0..data.len()).step_by(7) {
            entry(&data[..cut]);
        }
        files += 1;
    }
    assert!(files >= 8, "{} has {files} files", folder.display());
}

#[test]
fn messages_of_openid_2() {
    replay("openid2_message", entries::openid2_message);
}

#[test]
fn queries_of_authorization_requests() {
    replay("authorize_query", entries::authorize_query);
}

#[test]
fn signed_requests_of_oauth_1() {
    replay("oauth1_request", entries::oauth1_request);
}

#[test]
fn assertions_of_clients() {
    replay("client_assertion", entries::client_assertion);
}

#[test]
fn request_objects() {
    replay("request_object", entries::request_object);
}

#[test]
fn registrations_of_clients() {
    replay("registration", entries::registration);
}

#[test]
fn logos_of_clients() {
    replay("logo", entries::logo);
}

#[test]
fn dpop_proofs() {
    replay("dpop", entries::dpop);
}

#[test]
fn certificates() {
    replay("certificate", entries::certificate);
}
