//! `stepyard:InjectFault`: failures that a person asks for. The call stands in the log, so a run with faults replays.
//!
//! On a message: `{"Fault": "Drop" | "Duplicate" | "Delay" | "Poison", "QueueUrl": …, "MessageId": …}`, for `Delay` with
//! `Seconds`. On an invocation under way: `{"Fault": "Crash", "RequestId": …}`. On a function's next invocations:
//! `{"Fault": "Crash" | "Throttle", "FunctionName": …, "Times": …}`.

use aws_protocol::AwsError;
use lambda_sim::InvocationFault;
use shared_json::{Value, json};
use sqs_sim::MessageFault;
use virtual_time::Duration;

use crate::Account;

/// Faults of one call that wait for a function's next invocations.
const MOST_TIMES: i64 = 1_000;
/// What a message may be delayed by: the longest that SQS hides one.
const LONGEST_DELAY: i64 = 43_200;

impl Account {
    pub(crate) fn inject_fault(&mut self, params: &Value) -> Result<Value, AwsError> {
        let fault = text(params, "Fault")?;
        match fault {
            "Drop" => self.inject_into_message(params, MessageFault::Drop),
            "Duplicate" => self.inject_into_message(params, MessageFault::Duplicate),
            "Poison" => self.inject_into_message(params, MessageFault::Poison),
            "Delay" => {
                let seconds = number(params, "Seconds", 1, LONGEST_DELAY)?;
                self.inject_into_message(params, MessageFault::Delay(Duration::from_secs(seconds.unsigned_abs())))
            }
            "Crash" if params.get_str("RequestId").is_some() => {
                let request_id = text(params, "RequestId")?.into();
                self.functions.inject(self.now, InvocationFault::Crash { request_id })?;
                Ok(json!({}))
            }
            "Crash" | "Throttle" => {
                let arn = self.functions.function_arn(text(params, "FunctionName")?);
                let function = arn.rsplit(':').next().unwrap_or_default().into();
                let times = u32::try_from(number(params, "Times", 0, MOST_TIMES)?).unwrap_or(1);
                let next = match fault {
                    "Crash" => InvocationFault::CrashNext { function, times },
                    _ => InvocationFault::ThrottleNext { function, times },
                };
                self.functions.inject(self.now, next)?;
                Ok(json!({}))
            }
            _ => {
                let known = "Drop, Duplicate, Delay, Poison, Crash and Throttle";
                Err(invalid(format!("Fault: '{fault}' is unknown; known are {known}.")))
            }
        }
    }

    fn inject_into_message(&mut self, params: &Value, fault: MessageFault) -> Result<Value, AwsError> {
        let (url, message_id) = (text(params, "QueueUrl")?, text(params, "MessageId")?);
        self.queues.inject(self.now, url, message_id, fault)?;
        Ok(json!({}))
    }
}

pub(crate) fn invalid(why: String) -> AwsError {
    AwsError::new("ValidationException", why)
}

fn text<'a>(params: &'a Value, name: &str) -> Result<&'a str, AwsError> {
    params.get_str(name).ok_or_else(|| invalid(format!("{name} must be given as a string.")))
}

fn number(params: &Value, name: &str, least: i64, most: i64) -> Result<i64, AwsError> {
    let number = params.get(name).map_or(Some(1), Value::as_i64);
    let number = number.filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| invalid(format!("{name} must be a whole number from {least} to {most}.")))
}
