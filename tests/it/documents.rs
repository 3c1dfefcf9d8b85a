//! Documents that name tests name tests that exist.

use std::{collections::BTreeSet, fs, path::Path};

/// Names of all test functions under a folder.
fn tests_under(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_under(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                let function = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "));
                if let (Some(rest), true) = (function, is_test) {
                    found.insert(rest.split(['(', '<']).next().unwrap().to_owned());
                }
                is_test = line.starts_with("#[test]")
                    || line.starts_with("#[tokio::test")
                    || (is_test && (line.starts_with("#[") || line.starts_with("//")));
            }
        }
    }
}

/// Everything in a table's last column that stands between backquotes.
fn named(document: &str) -> Vec<&str> {
    let rows = document.lines().filter(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.trim_end().trim_end_matches('|').rsplit(" | ").next());
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

fn assert_all_exist(document: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeSet::new();
    for folder in ["src", "tests/it"] {
        tests_under(&root.join(folder), &mut tests);
    }
    let text = fs::read_to_string(root.join(document)).unwrap();
    let named = named(&text);
    assert!(named.len() >= least, "{document} names {} tests", named.len());
    let missing: Vec<_> = named.into_iter().filter(|name| !tests.contains(*name)).collect();
    assert!(missing.is_empty(), "{document} names tests that are not there: {missing:#?}");
}

#[test]
fn every_row_about_rfc_9700_has_its_test() {
    assert_all_exist("docs/security-bcp.md", 50);
}

#[test]
fn every_conformance_plan_has_its_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/conformance.md")).unwrap();
    let listed: BTreeSet<_> =
        named(&text).into_iter().filter_map(|name| name.strip_prefix("tests/it/conformance/")).collect();
    let there = fs::read_dir(root.join("tests/it/conformance")).unwrap();
    let with_tests: BTreeSet<String> = there
        .map(|entry| entry.unwrap().path())
        .filter(|path| fs::read_to_string(path).unwrap().contains("#[tokio::test]"))
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(listed, with_tests.iter().map(String::as_str).collect());
}
