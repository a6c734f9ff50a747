//! Encryption configurations: kept and shown, for there is nothing here to encrypt.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::validation::Check;

/// A customer's key, or none for AWS's own.
pub(super) fn read(params: &Value) -> Result<Option<Value>, AwsError> {
    let Some(given) = params.get("encryptionConfiguration").filter(|given| !given.is_null()) else { return Ok(None) };
    let at = |key: &str| format!("encryptionConfiguration.{key}");
    let mut check = Check::new(given);
    match given.get_str("type") {
        Some(name) => check.member_of(name, &at("type"), &["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"]),
        None => check.fail(None, &at("type"), "Member must not be null"),
    };
    if let Some(key) = given.get_str("kmsKeyId") {
        check.length_of(key, &at("kmsKeyId"), 1, 2_048);
    }
    if let Some(seconds) = given.get("kmsDataKeyReusePeriodSeconds").and_then(Value::as_f64) {
        check.range_of(seconds, &at("kmsDataKeyReusePeriodSeconds"), 60, 900);
    }
    check.done()?;
    let owned = given.get_str("type") == Some("AWS_OWNED_KEY");
    match given.get_str("kmsKeyId") {
        None if owned => Ok(None),
        Some(_) if owned => Err(configuration("kmsKeyId must not be specified for the type AWS_OWNED_KEY")),
        None => Err(configuration("kmsKeyId must be specified for the type CUSTOMER_MANAGED_KMS_KEY")),
        Some(_) if given.get("kmsDataKeyReusePeriodSeconds").is_none() => {
            Ok(Some(given.with("kmsDataKeyReusePeriodSeconds", 300.into())))
        }
        Some(_) => Ok(Some(given.clone())),
    }
}

pub(super) fn shown(encryption: Option<&Value>) -> Value {
    encryption.cloned().unwrap_or_else(|| json!({"type": "AWS_OWNED_KEY"}))
}

fn configuration(why: &str) -> AwsError {
    AwsError::new("InvalidEncryptionConfiguration", format!("Invalid Encryption Configuration: {why}"))
}
