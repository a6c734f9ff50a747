//! Definitions from outside, judged as AWS judged them. They live beside the repository; without them these tests
//! say so and pass.

#![expect(clippy::disallowed_methods, reason = "this test reads recordings, where they are there")]

use std::fs;
use std::path::{Path, PathBuf};

use asl::MachineType;
use shared_json::Value;

/// Every file under a folder beside the repository whose name ends so.
fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    // The repository may be checked out a few folders deeper.
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(3);
    let root = above.map(|above| above.join("shared").join(folder)).find(|root| root.is_dir()).unwrap_or_default();
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

/// What we refuse although AWS takes it.
fn refusals(text: &str, machine_type: MachineType) -> Vec<String> {
    let parsed = asl::parse_as(text, machine_type);
    parsed.errors().map(|error| format!("{} ({:?})", error.aws_text(), error.help)).collect()
}

fn machine_type(of: &Value) -> MachineType {
    if of.get_str("type") == Some("EXPRESS") { MachineType::Express } else { MachineType::Standard }
}

#[test]
fn published_workflows_are_right() {
    let mut wrong = Vec::new();
    for (path, text) in files("corpus", "json") {
        wrong.extend(
            refusals(&text, MachineType::Standard).into_iter().map(|said| format!("{}: {said}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn recorded_machines_are_judged_as_on_aws() {
    let mut wrong = Vec::new();
    for (path, text) in files("conformance/public", "json") {
        let vector = Value::parse(&text).unwrap();
        for machine in vector["machines"].as_array().unwrap_or_default() {
            let Some(definition) = machine.get_str("definition") else { continue };
            match vector["createError"].get_str("message") {
                Some(expected) if expected.contains("Invalid State Machine Definition") => {
                    let ours = asl::parse_as(definition, machine_type(machine)).create_error().unwrap_or_default();
                    if ours != expected {
                        wrong.push(format!("{}:\n  AWS  {expected}\n  ours {ours}", path.display()));
                    }
                }
                Some(_) => {}
                None => {
                    let refusals = refusals(definition, machine_type(machine));
                    wrong.extend(refusals.into_iter().map(|said| format!("{}: {said}", path.display())));
                }
            }
        }
        for step in vector["steps"].as_array().unwrap_or_default() {
            wrong.extend(judged(step).map(|said| format!("{}: {said}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{} differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Compares with what a recorded step says about a definition.
fn judged(step: &Value) -> Option<String> {
    let params = &step["params"];
    let definition = params.get_str("definition")?;
    match step.get_str("action")? {
        "ValidateStateMachineDefinition" => validation(definition, params, &step["expect"]),
        "CreateStateMachine" | "UpdateStateMachine" => {
            let said = asl::parse_as(definition, machine_type(params)).create_error();
            let error = &step["expectError"];
            let expected = error.get_str("message").filter(|_| error.get_str("code") == Some("InvalidDefinition"));
            let differs = said.as_deref() != expected && (expected.is_some() || *error == Value::Null);
            differs.then(|| format!("\n  AWS  {expected:?}\n  ours {said:?}"))
        }
        _ => None,
    }
}

fn validation(definition: &str, params: &Value, expect: &Value) -> Option<String> {
    let parsed = asl::parse_as(definition, machine_type(params));
    let ours = parsed.aws_errors();
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
    (ours != theirs).then(|| format!("\n  AWS  {theirs:?}\n  ours {ours:?}"))
}
