//! What all batch actions share: the envelope's rules and the two lists of the answer.

use std::collections::BTreeSet;

use aws_protocol::AwsError;
use shared_json::{Object, Value, json};

use crate::errors::{missing_parameter, simple};
use crate::limits::SqsLimits;

/// The entries with their ids, once the batch as a whole is in order.
pub(crate) fn entries<'a>(
    params: &'a Value,
    entry_type: &str,
    limits: &SqsLimits,
) -> Result<Vec<(&'a str, &'a Value)>, AwsError> {
    let entries = params.get("Entries").and_then(Value::as_array).unwrap_or_default();
    if entries.is_empty() {
        let message = format!("There should be at least one {entry_type} in the request.");
        return Err(simple("EmptyBatchRequest", message));
    }
    if entries.len() > limits.batch_entries {
        return Err(simple(
            "TooManyEntriesInBatchRequest",
            format!(
                "Maximum number of entries per request are {}. You have sent {}.",
                limits.batch_entries,
                entries.len()
            ),
        ));
    }
    let mut seen = BTreeSet::new();
    let mut named = Vec::with_capacity(entries.len());
    for entry in entries {
        let id = entry.get_str("Id").ok_or_else(|| missing_parameter("Id"))?;
        let legal = id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if id.is_empty() || id.len() > 80 || !legal {
            return Err(simple(
                "InvalidBatchEntryId",
                "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
            ));
        }
        if !seen.insert(id) {
            return Err(simple("BatchEntryIdsNotDistinct", format!("Id {id} repeated.")));
        }
        named.push((id, entry));
    }
    Ok(named)
}

/// The two lists, each only when it has something.
pub(crate) fn answer(results: impl Iterator<Item = (String, Result<Value, AwsError>)>) -> Value {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (id, result) in results {
        match result {
            Ok(value) => successful.push(value.with("Id", json!(id))),
            Err(error) => failed.push(json!({
                "Id": id, "SenderFault": error.http_status < 500, "Code": error.code, "Message": error.message,
            })),
        }
    }
    let mut answer = Object::with_capacity(2);
    if !failed.is_empty() {
        answer.insert("Failed".into(), Value::array(failed));
    }
    if !successful.is_empty() {
        answer.insert("Successful".into(), Value::array(successful));
    }
    answer.into()
}
