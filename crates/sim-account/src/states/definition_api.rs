//! ValidateStateMachineDefinition, and the check that creating and updating make of a definition.

use std::rc::Rc;

use asl::{CheckedDefinition, Severity};
use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::express::MachineType;
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
    let parsed = asl::parse_as(definition, MachineType::read(params).of_definition());
    let mut rows: Vec<Value> = parsed.aws_errors().map(diagnostic).collect();
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
    let row = json!({
        "severity": if d.severity == Severity::Error { "ERROR" } else { "WARNING" },
        "code": d.code.as_str(),
        "message": d.message,
    });
    // The JSON reader tells the place within its message.
    let place = d.message.split_once("\n at ").map_or(&*d.path, |(_, place)| place);
    if place.is_empty() { row } else { row.with("location", place.into()) }
}

/// The definition for a state machine of this type, or the refusal that names all errors.
pub(super) fn check_definition(text: &str, machine_type: MachineType) -> Result<Rc<CheckedDefinition>, AwsError> {
    let parsed = asl::parse_as(text, machine_type.of_definition());
    parsed.checked.clone().ok_or_else(|| AwsError::new("InvalidDefinition", parsed.create_error().unwrap_or_default()))
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
