//! TestState's parameters, as far as they can be judged without looking at the state.

use aws_protocol::AwsError;
use shared_json::Value;

use crate::states::api::parse_json;
use crate::states::validation::Check;

const LEVELS: &[&str] = &["INFO", "DEBUG", "TRACE"];
const MODES: &[&str] = &["STRICT", "PRESENT", "NONE"];
/// Bytes of an input, a mocked result, a context object…
const PAYLOAD_BYTES: usize = 262_144;

#[derive(Debug)]
pub(super) struct Request<'a> {
    pub definition: &'a str,
    pub state_name: Option<&'a str>,
    pub role_arn: Option<&'a str>,
    /// JSON.
    pub input: &'a str,
    pub variables: Option<Value>,
    pub context: Option<&'a str>,
    pub mock: Option<&'a Value>,
    pub reveals_secrets: bool,
    /// Whether `inspectionData` is asked for.
    pub inspects: bool,
    /// An object.
    pub configuration: Option<&'a Value>,
}

impl<'a> Request<'a> {
    pub fn read(params: &'a Value) -> Result<Request<'a>, AwsError> {
        constraints(params)?;
        let input = params.get_str("input").unwrap_or("{}");
        parse_json(input).map_err(|why| {
            AwsError::new("InvalidExecutionInput", format!("Invalid State Machine Execution Input: '{why}'"))
        })?;
        let variables = params.get_str("variables").map(variables).transpose()?;
        let object = |key: &str| params.get(key).filter(|value| value.as_object().is_some());
        Ok(Request {
            definition: params.get_str("definition").unwrap_or_default(),
            state_name: params.get_str("stateName"),
            role_arn: params.get_str("roleArn"),
            input,
            variables,
            context: params.get_str("context"),
            mock: object("mock"),
            reveals_secrets: params.get("revealSecrets").and_then(Value::as_bool) == Some(true),
            inspects: matches!(params.get_str("inspectionLevel"), Some("DEBUG" | "TRACE")),
            configuration: object("stateConfiguration"),
        })
    }

    /// A number of `stateConfiguration`.
    pub fn count(&self, key: &str) -> Option<u64> {
        self.configuration?.get(key)?.as_i64().and_then(|count| u64::try_from(count).ok())
    }
}

fn variables(text: &str) -> Result<Value, AwsError> {
    let invalid = |why: &str| AwsError::new("ValidationException", format!("Invalid Variables provided: {why}"));
    let variables = parse_json(text).map_err(|why| invalid(&why))?;
    match variables.as_object() {
        Some(_) => Ok(variables),
        None => Err(invalid("Variables must be a JSON object")),
    }
}

/// What the service's model asks of single parameters. Most of their values are secret, so no message repeats them.
fn constraints(params: &Value) -> Result<(), AwsError> {
    let mut check = Check::new(params);
    check.present("definition");
    let lengths = [
        ("definition", 1, asl::MAX_DEFINITION_BYTES),
        ("roleArn", 1, 256),
        ("input", 0, PAYLOAD_BYTES),
        ("variables", 0, PAYLOAD_BYTES),
        ("stateName", 1, 80),
        ("mock.result", 0, PAYLOAD_BYTES),
        ("mock.errorOutput.error", 0, 256),
        ("mock.errorOutput.cause", 0, 32_768),
        ("context", 0, PAYLOAD_BYTES),
        ("stateConfiguration.errorCausedByState", 1, 80),
        ("stateConfiguration.mapItemReaderData", 0, PAYLOAD_BYTES),
    ];
    for (place, least, most) in lengths {
        let Some(text) = at(params, place).and_then(Value::as_str) else { continue };
        // Payloads are measured in bytes.
        let length = if most >= PAYLOAD_BYTES { text.len() } else { text.chars().count() };
        if length < least {
            check.fail(None, place, &format!("Member must have length greater than or equal to {least}"));
        } else if length > most {
            check.fail(None, place, &format!("Member must have length less than or equal to {most}"));
        }
    }
    for (place, values) in [("inspectionLevel", LEVELS), ("mock.fieldValidationMode", MODES)] {
        if let Some(text) = at(params, place).and_then(Value::as_str) {
            check.member_of(text, place, values);
        }
    }
    for place in ["stateConfiguration.retrierRetryCount", "stateConfiguration.mapIterationFailureCount"] {
        if let Some(count) = at(params, place).and_then(Value::as_f64) {
            check.range_of(count, place, 0, i64::from(i32::MAX));
        }
    }
    check.done()
}

fn at<'a>(params: &'a Value, place: &str) -> Option<&'a Value> {
    place.split('.').try_fold(params, |value, key| value.get(key))
}
