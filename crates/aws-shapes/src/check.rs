//! Judges a value against the output of an action, in AWS's words.

use shared_json::{Number, Value};

use crate::table::{Kind, Limits, Service};
use crate::{Api, Mode};

impl Api {
    /// Judges a whole result. Members that the API does not have are welcome: it may know them tomorrow.
    ///
    /// # Errors
    /// What AWS says of the first member that does not fit.
    pub fn check(&self, value: &Value, mode: Mode) -> Result<(), String> {
        let judge = Judge { service: &self.service, mode, numeric_timestamps: self.numeric_timestamps };
        if value.as_object().is_none() {
            return Err("Mocked result must be an object".to_owned());
        }
        judge.structure(self.output, value, "", self.json)
    }
}

struct Judge<'a> {
    service: &'a Service,
    mode: Mode,
    numeric_timestamps: bool,
}

impl Judge<'_> {
    fn structure(&self, structure: usize, value: &Value, field: &str, free: &[&str]) -> Result<(), String> {
        let object = value.as_object().ok_or_else(|| must_be(field, "an object"))?;
        if self.mode == Mode::Strict {
            let mut required = self.service.members(structure).filter(|member| member.required);
            if let Some(missing) = required.find(|member| !object.keys().any(|key| member.is_called(key))) {
                return Err(format!("Required field '{}' is missing", missing.name));
            }
        }
        for (name, value) in object {
            if let Some(member) = self.service.members(structure).find(|member| member.is_called(name))
                && !free.contains(&member.name)
            {
                self.value(Kind::read(member.kind), value, name)?;
            }
        }
        Ok(())
    }

    /// Elements of lists and maps are told by the name of the member that holds them.
    fn value(&self, kind: Kind, value: &Value, field: &str) -> Result<(), String> {
        match kind {
            Kind::Any => Ok(()),
            Kind::Structure(structure) => self.structure(structure, value, field, &[]),
            Kind::Text(limits) => {
                let text = value.as_str().ok_or_else(|| must_be(field, "a string"))?;
                length(limits, text.chars().count(), field)
            }
            Kind::OneOf(values) => {
                let text = value.as_str().ok_or_else(|| must_be(field, "a string"))?;
                let known = values.split('|').any(|value| value == text);
                if known { Ok(()) } else { Err(format!("Field '{field}' is not an expected value")) }
            }
            Kind::Timestamp if self.numeric_timestamps && value.as_number().is_some() => Ok(()),
            Kind::Timestamp => value.as_str().map(|_| ()).ok_or_else(|| must_be(field, "a string")),
            Kind::Whole(limits) => {
                let number = value.as_number().filter(|number| is_whole(number));
                range(limits, number.and_then(Number::as_f64).ok_or_else(|| must_be(field, "a number"))?, field)
            }
            Kind::Number(limits) => range(limits, value.as_f64().ok_or_else(|| must_be(field, "a number"))?, field),
            Kind::Boolean => value.as_bool().map(|_| ()).ok_or_else(|| must_be(field, "a boolean")),
            Kind::List(limits, of) => {
                let items = value.as_array().ok_or_else(|| must_be(field, "an array"))?;
                length(limits, items.len(), field)?;
                items.iter().try_for_each(|item| self.value(Kind::read(of), item, field))
            }
            Kind::Map(of) => {
                let members = value.as_object().ok_or_else(|| must_be(field, "an object"))?;
                members.values().try_for_each(|member| self.value(Kind::read(of), member, field))
            }
        }
    }
}

fn must_be(field: &str, what: &str) -> String {
    format!("Field '{field}' must be {what}")
}

fn is_whole(number: &Number) -> bool {
    number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn range(limits: Limits, number: f64, field: &str) -> Result<(), String> {
    if limits.least.is_some_and(|least| number < least) {
        return Err(format!("Field '{field}' is less than the minimum value"));
    }
    if limits.most.is_some_and(|most| number > most) {
        return Err(format!("Field '{field}' exceeds the maximum value"));
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
fn length(limits: Limits, length: usize, field: &str) -> Result<(), String> {
    let length = length as f64;
    if limits.least.is_some_and(|least| length < least) {
        return Err(format!("Field '{field}' is smaller than the minimum length"));
    }
    if limits.most.is_some_and(|most| length > most) {
        return Err(format!("Field '{field}' exceeds the maximum length"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[track_caller]
    fn refused(resource: &str, result: &Value, why: &str) {
        let api = Api::of_resource(&format!("arn:aws:states:::{resource}")).unwrap();
        assert_eq!(api.check(result, Mode::Strict), Err(why.to_owned()), "{result}");
        let present = api.check(result, Mode::Present);
        assert_eq!(present.is_ok(), why.contains("missing"), "{result}: {present:?}");
    }

    #[track_caller]
    fn accepted(resource: &str, result: &Value) {
        let api = Api::of_resource(&format!("arn:aws:states:::{resource}")).unwrap();
        assert_eq!(api.check(result, Mode::Strict), Ok(()), "{result}");
    }

    #[test]
    fn kinds_are_judged() {
        refused("aws-sdk:sqs:receiveMessage", &json!({"Messages": "m"}), "Field 'Messages' must be an array");
        refused("aws-sdk:sqs:receiveMessage", &json!({"Messages": ["m"]}), "Field 'Messages' must be an object");
        let body = json!({"Messages": [{"Body": "b"}, {"Body": 3}]});
        refused("aws-sdk:sqs:receiveMessage", &body, "Field 'Body' must be a string");
        let attributes = json!({"Messages": [{"Attributes": {"SenderId": false}}]});
        refused("aws-sdk:sqs:receiveMessage", &attributes, "Field 'Attributes' must be a string");
        refused("lambda:invoke", &json!({"StatusCode": "x"}), "Field 'StatusCode' must be a number");
        refused("lambda:invoke", &json!({"StatusCode": true}), "Field 'StatusCode' must be a number");
        refused("aws-sdk:kms:verify", &json!({"SignatureValid": 1}), "Field 'SignatureValid' must be a boolean");
        refused("dynamodb:getItem", &json!({"Item": []}), "Field 'Item' must be an object");
        refused("dynamodb:getItem", &json!({"Item": {"id": {"S": 5}}}), "Field 'S' must be a string");
        refused(
            "dynamodb:getItem",
            &json!({"Item": {"m": {"M": {"k": {"BOOL": "no"}}}}}),
            "Field 'BOOL' must be a boolean",
        );
        refused("dynamodb:query", &json!({"Count": 1.5}), "Field 'Count' must be a number");
        refused("sns:publish", &json!([1]), "Mocked result must be an object");
    }

    #[test]
    fn limits_and_lists_of_values_are_judged() {
        let low = json!({"SecondsOld": 1, "Configuration": {"Timeout": 0}});
        refused("aws-sdk:lambda:getFunction", &low, "Field 'Timeout' is less than the minimum value");
        let high = json!({"KeyMaterial": "x", "CustomerMasterKeySpec": "?", "KeyId": "k"});
        refused("aws-sdk:kms:getPublicKey", &high, "Field 'CustomerMasterKeySpec' is not an expected value");
        refused("aws-sdk:kms:decrypt", &json!({"KeyId": ""}), "Field 'KeyId' is smaller than the minimum length");
        let long = json!({"KeyId": "k".repeat(2049)});
        refused("aws-sdk:kms:decrypt", &long, "Field 'KeyId' exceeds the maximum length");
    }

    #[test]
    fn what_is_always_there_must_be_there_by_the_name_that_step_functions_uses() {
        let lower = json!({"executionArn": "arn", "startDate": "2025-01-01T00:00:00Z"});
        refused("states:startExecution", &lower, "Required field 'ExecutionArn' is missing");
        refused("states:startExecution", &json!({"ExecutionArn": "arn"}), "Required field 'StartDate' is missing");
        let failed = json!({"Failed": [{"Id": "1"}], "Successful": []});
        refused("aws-sdk:sqs:sendMessageBatch", &failed, "Required field 'SenderFault' is missing");
        accepted("states:startExecution", &json!({"ExecutionArn": "arn", "StartDate": "2025-01-01T00:00:00Z"}));
    }

    #[test]
    fn integrations_give_json_where_the_api_has_text() {
        accepted("lambda:invoke", &json!({"Payload": {"order": [1, 2]}, "StatusCode": 200}));
        refused("aws-sdk:lambda:invoke", &json!({"Payload": {"order": 1}}), "Field 'Payload' must be a string");
        let ended = json!({
            "ExecutionArn": "e", "StateMachineArn": "m", "Status": "SUCCEEDED", "StartDate": 1_700_000_000_000_i64,
            "Output": {"done": true}
        });
        accepted("states:startExecution.sync:2", &ended);
        refused("states:startExecution.sync", &ended, "Field 'Output' must be a string");
    }

    #[test]
    fn unknown_members_and_empty_results_are_welcome() {
        accepted("events:putEvents", &json!({"random": 1}));
        accepted("sqs:sendMessage", &json!({}));
        accepted("sqs:sendMessage", &json!({"MD5OfMessageBody": "x", "Md5OfMessageBody": "x"}));
    }
}
