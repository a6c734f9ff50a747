//! EventBridge: PutEvents checks its entries and gives them ids. No rules are simulated, so events go nowhere.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::params::{missing, not_simulated};
use crate::services::Context;

/// Entries of one call.
const MOST_ENTRIES: usize = 10;

/// Bytes of all entries together.
const MOST_BYTES: usize = 262_144;

pub(crate) fn call(context: &mut Context<'_>, operation: &str, params: &Value) -> Result<Value, AwsError> {
    match operation {
        "PutEvents" => put_events(context, params),
        _ => Err(not_simulated(&format!("events:{operation}"))),
    }
}

fn put_events(context: &mut Context<'_>, params: &Value) -> Result<Value, AwsError> {
    let entries = params.get("Entries").and_then(Value::as_array).ok_or_else(|| missing("Entries"))?;
    if entries.is_empty() || entries.len() > MOST_ENTRIES {
        let bound = if entries.is_empty() { "greater than or equal to 1" } else { "less than or equal to 10" };
        let message = format!(
            "1 validation error detected: Value '{}' at 'entries' failed to satisfy constraint: Member must have length {bound}",
            params["Entries"]
        );
        return Err(AwsError::new("ValidationException", message));
    }
    if entries.iter().map(size).sum::<usize>() >= MOST_BYTES {
        return Err(AwsError::new(
            "ValidationException",
            "Total size of the entries in the request is over the limit.",
        ));
    }
    let answers: Vec<Value> = entries
        .iter()
        .map(|entry| match refusal(entry) {
            Some((code, message)) => json!({"ErrorCode": code, "ErrorMessage": message}),
            None => json!({"EventId": context.ids.uuid()}),
        })
        .collect();
    let failed = answers.iter().filter(|answer| answer.get("ErrorCode").is_some()).count();
    Ok(Value::object([("Entries", Value::array(answers)), ("FailedEntryCount", json!(failed))]))
}

/// Why an entry is not accepted: code and message.
fn refusal(entry: &Value) -> Option<(&'static str, String)> {
    for key in ["Source", "DetailType", "Detail"] {
        if entry.get_str(key).is_none_or(str::is_empty) {
            return Some((
                "InvalidArgument",
                format!("Parameter {key} is not valid. Reason: {key} is a required argument."),
            ));
        }
    }
    if entry.get_str("Source").is_some_and(|source| source.starts_with("aws.")) {
        return Some(("NotAuthorizedForSourceException", "Not authorized for the source.".into()));
    }
    let detail = entry.get_str("Detail").and_then(|detail| Value::parse(detail).ok());
    if detail.is_none_or(|detail| detail.as_object().is_none()) {
        return Some(("MalformedDetail", "Detail is malformed.".into()));
    }
    None
}

/// EventBridge counts the texts of an entry, and 14 bytes for its time.
fn size(entry: &Value) -> usize {
    let texts: usize =
        ["Source", "DetailType", "Detail"].into_iter().filter_map(|key| entry.get_str(key)).map(str::len).sum();
    let resources = entry.get("Resources").and_then(Value::as_array).unwrap_or_default();
    let time = if entry.get("Time").is_some_and(|time| !time.is_null()) { 14 } else { 0 };
    texts + time + resources.iter().filter_map(Value::as_str).map(str::len).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use shared_json::{Value, json};
    use virtual_time::Timestamp;

    use crate::services::tests::services;

    fn put(entries: Value) -> Value {
        let params = Value::object([("Entries", entries)]);
        services().call(Timestamp::from_millis(0), "events:PutEvents", &params).unwrap()
    }

    #[test]
    fn every_entry_is_judged_alone() {
        let good = json!({"Source": "shop", "DetailType": "paid", "Detail": "{\"order\": 1}"});
        let cases = [
            (good.clone(), None),
            (good.with("Detail", "7".into()), Some("MalformedDetail")),
            (good.with("Detail", "{".into()), Some("MalformedDetail")),
            (good.with("Source", Value::Null), Some("InvalidArgument")),
            (good.with("Source", "aws.s3".into()), Some("NotAuthorizedForSourceException")),
        ];
        for (entry, code) in cases {
            let answer = put(Value::array(vec![good.clone(), entry.clone()]));
            assert_eq!(answer["Entries"][1].get_str("ErrorCode"), code, "{entry}");
            assert_eq!(answer["FailedEntryCount"].as_i64(), Some(i64::from(code.is_some())));
            assert!(answer["Entries"][0].get_str("EventId").is_some());
        }
    }

    #[test]
    fn a_call_has_one_to_ten_entries() {
        let entry = json!({"Source": "shop", "DetailType": "paid", "Detail": "{}"});
        for count in [0, 11] {
            let params = Value::object([("Entries", Value::array(vec![entry.clone(); count]))]);
            let error = services().call(Timestamp::from_millis(0), "events:PutEvents", &params).unwrap_err();
            assert_eq!(error.code, "ValidationException");
        }
    }
}
