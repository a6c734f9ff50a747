//! Holds the map of ARCHITECTURE.md: which crate of the workspace may import which.
//!
//! A new line here is a design decision. Development dependencies are free.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Nouns only: anyone may import them.
const NOUNS: [&str; 3] = ["shared-json", "virtual-time", "aws-protocol"];

/// Each crate with what it may import beyond the nouns; what those import is allowed with them.
const MAP: &[(&str, &[&str])] = &[
    ("shared-json", &[]),
    ("virtual-time", &[]),
    ("aws-protocol", &[]),
    ("spanned-json", &[]),
    // Stands in for the crate of this name; the folder is regex-lookalike.
    ("regex", &[]),
    ("states-query", &["regex"]),
    ("sfn-history", &[]),
    ("aws-shapes", &[]),
    // Only names and types: it calls nothing itself.
    ("aws-cli", &[]),
    ("asl", &["spanned-json", "states-query"]),
    ("iam-eval", &["spanned-json"]),
    ("asl-lint", &["asl", "iam-eval"]),
    ("sfn-engine", &["asl", "states-query", "sfn-history"]),
    ("sqs-sim", &[]),
    ("event-pattern", &[]),
    ("mock-rules", &["event-pattern", "states-query"]),
    ("lambda-sim", &["event-pattern", "mock-rules"]),
    ("services-sim", &[]),
    // It knows only "call this AWS action", by name, with JSON.
    ("js-runtime", &[]),
    ("sim-account", &["sfn-engine", "sqs-sim", "lambda-sim", "services-sim", "iam-eval", "asl-lint", "aws-shapes"]),
    ("workspace", &["sim-account"]),
    // Changes the account by its API only, when a person asks a lesson to.
    ("lessons", &["sim-account"]),
    ("share-link", &["workspace"]),
    // Reads the account, never changes it.
    ("views", &["asl-lint", "sim-account"]),
    ("conformance", &["sim-account", "js-runtime"]),
    ("engine-bench", &["sfn-engine"]),
    ("account-bench", &["sim-account"]),
    ("stepyard-app", &["views", "workspace", "lessons", "share-link", "js-runtime", "aws-cli"]),
    ("e2e", &[]),
];

#[test]
fn no_crate_imports_what_it_must_not_know() {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--no-deps"])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let ours: BTreeSet<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let map: BTreeMap<&str, &[&str]> = MAP.iter().copied().collect();

    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        if name == "xtask" {
            continue;
        }
        if !map.contains_key(name) {
            wrong.push(format!("{name} has no place on the map"));
            continue;
        }
        let allowed = reach(name, &map);
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let imported = dependency["name"].as_str().expect("a name");
            if dependency["kind"] != "dev" && ours.contains(imported) && !allowed.contains(imported) {
                wrong.push(format!("{name} must not import {imported}"));
            }
        }
    }
    assert!(wrong.is_empty(), "ARCHITECTURE.md does not allow it:\n{}", wrong.join("\n"));
}

/// What a crate may import: what its line says and, in turn, what those may import.
fn reach<'a>(name: &'a str, map: &BTreeMap<&'a str, &'a [&'a str]>) -> BTreeSet<&'a str> {
    let mut allowed: BTreeSet<&str> = NOUNS.into_iter().filter(|noun| *noun != name).collect();
    let mut open = vec![name];
    while let Some(next) = open.pop() {
        for import in map.get(next).copied().unwrap_or_default() {
            if allowed.insert(import) {
                open.push(import);
            }
        }
    }
    allowed
}
