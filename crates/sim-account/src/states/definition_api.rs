//! ValidateStateMachineDefinition, and the check that creating and updating make of a definition.

use std::rc::Rc;

use asl::{CheckedDefinition, Severity};
use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::express::{self, MachineType};
use super::validation::Check;

/// Bytes of a definition: 1 MiB.
pub(super) const DEFINITION_BYTES: usize = 1_048_576;

/// Diagnostics that are told when the caller does not say how many.
const MOST_DIAGNOSTICS: usize = 100;

/// ValidateStateMachineDefinition.
pub(super) fn validate(params: &Value) -> Result<Value, AwsError> {
    let mut check = Check::new(params);
    check.present("definition").length("definition", 1, usize::MAX).bytes("definition", DEFINITION_BYTES);
    check.one_of("type", &["STANDARD", "EXPRESS"]).one_of("severity", &["ERROR", "WARNING"]);
    check.range("maxResults", 0, 100).done()?;
    let definition = params.get_str("definition").unwrap_or_default();
    let parsed = asl::parse(definition);
    let mut rows: Vec<Value> = parsed.aws_errors().map(diagnostic).collect();
    if MachineType::read(params) == MachineType::Express && parsed.errors().next().is_none() {
        let objections = express::objections(definition).into_iter();
        rows.extend(objections.map(|(message, place)| row("ERROR", "SCHEMA_VALIDATION_FAILED", &message, &place)));
    }
    let failed = !rows.is_empty();
    if params.get_str("severity") != Some("ERROR") {
        rows.extend(parsed.diagnostics.iter().filter(|d| d.severity == Severity::Warning).map(diagnostic));
    }
    let asked = params.get("maxResults").and_then(Value::as_i64).and_then(|n| usize::try_from(n).ok());
    let most = asked.filter(|n| *n > 0).unwrap_or(MOST_DIAGNOSTICS);
    let truncated = rows.len() > most;
    rows.truncate(most);
    Ok(Value::object([
        ("result", (if failed { "FAIL" } else { "OK" }).into()),
        ("diagnostics", Value::array(rows)),
        ("truncated", truncated.into()),
    ]))
}

fn diagnostic(d: &asl::Diagnostic) -> Value {
    let severity = if d.severity == Severity::Error { "ERROR" } else { "WARNING" };
    // The JSON reader tells the place within its message.
    let place = d.message.split_once("\n at ").map_or(&*d.path, |(_, place)| place);
    row(severity, d.code.as_str(), &d.message, place)
}

fn row(severity: &str, code: &str, message: &str, place: &str) -> Value {
    let row = json!({"severity": severity, "code": code, "message": message});
    if place.is_empty() { row } else { row.with("location", place.into()) }
}

/// The definition for a state machine of this type, or the refusal that names all errors.
pub(super) fn check_definition(text: &str, machine_type: MachineType) -> Result<Rc<CheckedDefinition>, AwsError> {
    let parsed = asl::parse(text);
    let refused = |message: String| AwsError::new("InvalidDefinition", message);
    let checked = parsed.checked.clone().ok_or_else(|| refused(parsed.create_error().unwrap_or_default()))?;
    if machine_type == MachineType::Express {
        let objections = express::objections(text);
        if !objections.is_empty() {
            let told: Vec<String> = objections
                .iter()
                .map(|(message, place)| format!("SCHEMA_VALIDATION_FAILED: {message} at {place}"))
                .collect();
            return Err(refused(format!("Invalid State Machine Definition: '{}'", told.join(", "))));
        }
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a definition is told: code and location of each diagnostic.
    fn check(definition: &str, expected: &[(&str, Option<&str>)]) {
        let answer = validate(&json!({"definition": definition})).unwrap();
        let rows = answer["diagnostics"].as_array().unwrap().to_vec();
        let told: Vec<_> = rows.iter().map(|row| (row.get_str("code").unwrap(), row.get_str("location"))).collect();
        assert_eq!(told, expected, "{definition}");
    }

    #[test]
    fn diagnostics_stop_at_the_first_syntax_error_and_name_their_place() {
        check(" ", &[("SCHEMA_VALIDATION_FAILED", None)]);
        check(
            "neither nor",
            &[("INVALID_JSON_DESCRIPTION", Some("[Source: (String)\"neither nor\"; line: 1, column: 8]"))],
        );
        check(r#"{"States": {"Only": {"Type": "Succeed"}}}"#, &[("SCHEMA_VALIDATION_FAILED", Some("/"))]);
        check(r#"{"StartAt": "Only", "States": {"Only": {"Type": "Succeed"}}}"#, &[]);
    }
}
