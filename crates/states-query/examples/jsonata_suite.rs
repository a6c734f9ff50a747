//! Runs the official JSONata test suite: `cargo run -p states-query --example jsonata_suite -- CHECKOUT/test/test-suite`.
//!
//! The folder holds `groups/*/case*.json` and `datasets/*.json`. Prints the cases that fail, then the counts. Cases read
//! their data from the context item, which AWS does not offer, so they go past the check for that.

// A tool for the command line: it is told a folder and reads files.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use shared_json::Value;
use states_query::suite::{Outcome, evaluate};

fn main() -> ExitCode {
    let Some(root) = std::env::args().nth(1).map(PathBuf::from) else {
        println!("usage: jsonata_suite FOLDER");
        return ExitCode::FAILURE;
    };
    let (mut passed, mut failed) = (0, 0);
    for group in sorted(&root.join("groups")) {
        for file in sorted(&group).iter().filter(|file| file.extension().is_some_and(|ending| ending == "json")) {
            let Some(cases) = read(file) else { continue };
            for (index, case) in cases.as_array().unwrap_or(std::slice::from_ref(&cases)).iter().enumerate() {
                match check(&root, &group, case) {
                    Ok(()) => passed += 1,
                    Err(difference) => {
                        failed += 1;
                        let name = file.strip_prefix(&root).unwrap_or(file).display();
                        println!("{name}[{index}] {difference}");
                    }
                }
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    ExitCode::SUCCESS
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}

fn read(file: &Path) -> Option<Value> {
    Value::parse(&std::fs::read_to_string(file).ok()?).ok()
}

fn check(root: &Path, group: &Path, case: &Value) -> Result<(), String> {
    let expression = match (case.get_str("expr"), case.get_str("expr-file")) {
        (Some(expression), _) => expression.to_owned(),
        (None, Some(file)) => std::fs::read_to_string(group.join(file)).map_err(|error| error.to_string())?,
        (None, None) => return Err("no expression".to_owned()),
    };
    let data = match (case.get("data"), case.get_str("dataset")) {
        (Some(data), _) => Some(data.clone()),
        (None, Some(name)) => read(&root.join("datasets").join(format!("{name}.json"))),
        (None, None) => None,
    };
    let expected_code = case.get_str("code").or_else(|| case.get("error").and_then(|error| error.get_str("code")));
    let outcome = evaluate(&expression, data.as_ref(), &case["bindings"]);
    match (&outcome, case.get("result"), expected_code) {
        (Outcome::Value(value), Some(expected), _) if value == expected => Ok(()),
        (Outcome::Undefined, None, None) => Ok(()),
        (Outcome::Failed(message), _, Some(code)) if message.starts_with(code) => Ok(()),
        (Outcome::Refused(_), _, Some(code)) if code.starts_with('S') => Ok(()),
        _ => Err(format!("{expression:?}: {outcome:?}, expected {:?} {expected_code:?}", case.get("result"))),
    }
}
