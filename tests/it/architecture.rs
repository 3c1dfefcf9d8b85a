//! Who may import whom: the table of `README.md` ("Layout"), kept by reading the `use` lines.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Rooms from the ground up, and which of our own each may import.
const RULES: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("clock", &[]),
    ("rng", &[]),
    ("form", &[]),
    ("secret", &["rng"]),
    ("model", &["ids", "secret"]),
    ("templates", &["model", "ids"]),
    ("settings", &["model"]),
    ("crypto", &["model", "ids", "secret", "clock", "rng"]),
    ("journey", &["model", "ids"]),
    ("store", &["model", "ids", "secret"]),
    ("outbound", &["store", "settings", "model", "ids", "secret", "clock", "rng"]),
    (
        "app",
        &["outbound", "store", "settings", "templates", "crypto", "model", "ids", "secret", "clock", "rng"],
    ),
    ("http", &["app", "store", "settings", "templates", "crypto", "form", "model", "ids", "secret"]),
    (
        "protocol",
        &[
            "app",
            "http",
            "store",
            "outbound",
            "journey",
            "crypto",
            "templates",
            "form",
            "model",
            "ids",
            "rng",
            "secret",
        ],
    ),
    (
        "pages",
        &[
            "protocol",
            "app",
            "http",
            "store",
            "journey",
            "crypto",
            "templates",
            "settings",
            "form",
            "model",
            "ids",
            "secret",
        ],
    ),
    (
        "account",
        &[
            "pages",
            "protocol",
            "app",
            "http",
            "store",
            "journey",
            "crypto",
            "templates",
            "settings",
            "form",
            "model",
            "ids",
            "rng",
            "secret",
        ],
    ),
    (
        "portal",
        &[
            "account",
            "pages",
            "protocol",
            "app",
            "http",
            "store",
            "journey",
            "crypto",
            "templates",
            "settings",
            "form",
            "model",
            "ids",
            "rng",
            "secret",
        ],
    ),
    // The demonstration relying party knows of the server only what it needs to draw a page.
    ("demo", &["app", "http", "store", "templates", "clock", "rng", "secret", "model"]),
];

/// Files of the wings that know neither HTTP nor the database.
const PURE_PROTOCOL_FILES: [&str; 27] = [
    "aitu.rs",
    "association.rs",
    "association_request.rs",
    "claims.rs",
    "claims_request.rs",
    "demands.rs",
    "diffie_hellman.rs",
    "dpop.rs",
    "fapi2.rs",
    "fields.rs",
    "hint.rs",
    "message.rs",
    "params.rs",
    "pkce.rs",
    "redirect_uri.rs",
    "reject.rs",
    "request.rs",
    "request_object.rs",
    "response_type.rs",
    "return_to.rs",
    "scope.rs",
    "signature.rs",
    "signed.rs",
    "valued_claim.rs",
    "verified_claims.rs",
    "xml.rs",
    "xrds.rs",
];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

/// The room a file is in: the first part of its path below `src`.
fn room(file: &Path) -> String {
    let first = file.strip_prefix(source()).unwrap().iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// What stands in front of a file's unit tests; tests may look anywhere.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap()
}

/// The rooms that a text names after `crate::`, in a path or in braces.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => {
                found.insert(word(rest));
            }
            Some(list) => found.extend(top_level(list)),
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

/// The first words of a brace list's items.
fn top_level(list: &str) -> Vec<String> {
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(std::mem::take(&mut item)),
            _ => item.push(c),
        }
    }
    items.push(item);
    items.iter().map(|item| word(item.trim())).filter(|word| !word.is_empty()).collect()
}

#[test]
fn imports_are_found_in_paths_and_in_braces() {
    let text = "use crate::{\n    app::App,\n    http::{fault::Fault, log},\n};\nlet x = crate::store::find();\n// crate::pages\n";
    let expected = ["app", "http", "store"].map(str::to_owned);
    assert_eq!(imports(text), BTreeSet::from(expected));
}

#[test]
fn every_room_imports_only_what_it_may() {
    let mut wrong = Vec::new();
    for file in rust_files(&source()) {
        let room = room(&file);
        let Some((_, allowed)) = RULES.iter().find(|(name, _)| *name == room) else { continue };
        let text = fs::read_to_string(&file).unwrap();
        // A file of nothing but tests is named so.
        if file.iter().any(|part| part.to_str().is_some_and(|p| p.ends_with("tests.rs") || p == "tests")) {
            continue;
        }
        for import in imports(without_tests(&text)) {
            let lower = import.chars().next().is_some_and(char::is_lowercase);
            if lower && import != room && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{} imports {import}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn sql_stands_in_the_store_alone() {
    let mut wrong = Vec::new();
    for file in rust_files(&source()).iter().filter(|file| room(file) != "store") {
        let text = fs::read_to_string(file).unwrap();
        if ["sqlx::query", "query!(", "query_as!(", "query_scalar!("].iter().any(|word| text.contains(word)) {
            wrong.push(file.display().to_string());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_files_know_neither_http_nor_the_database() {
    let mut wrong = Vec::new();
    for file in rust_files(&source()) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let pure_protocol = room(&file) == "protocol" && PURE_PROTOCOL_FILES.contains(&name.as_str());
        if !pure_protocol && !["model", "journey", "crypto"].contains(&room(&file).as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for never in ["use axum", "axum::", "use sqlx", "sqlx::", "crate::store", "crate::http", "crate::app"]
        {
            if without_tests(&text).contains(never) {
                wrong.push(format!("{} says {never}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_file_is_too_long_to_read() {
    let mut long = Vec::new();
    for file in rust_files(&source()) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        if lines > 600 {
            long.push(format!("{}: {lines} lines", file.display()));
        }
    }
    assert!(long.is_empty(), "{long:#?}");
}
