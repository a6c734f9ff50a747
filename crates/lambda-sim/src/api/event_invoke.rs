//! `PutFunctionEventInvokeConfig` and its kin: how a function treats its asynchronous invocations.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::params::{invalid, not_found, number, text};
use crate::event::EventInvokeConfig;
use crate::function::Function;
use crate::io::CallFacts;
use crate::machine::Functions;

impl Functions {
    pub(super) fn put_event_invoke_config(
        &mut self,
        now: Timestamp,
        params: &Value,
        facts: &CallFacts,
        updates: bool,
    ) -> Result<Value, AwsError> {
        let given = |member: &str| params.get(member).is_some_and(|value| !value.is_null());
        if !["MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig"].iter().any(|name| given(name)) {
            return Err(invalid("You must specify at least one of error handling or destination setting."));
        }
        let retries = number(params, "MaximumRetryAttempts", 0, 2)?;
        let age = number(params, "MaximumEventAgeInSeconds", 60, 21_600)?;
        let function = self.named_function(params).map_err(|error| match error.http_status {
            404 => not_found("The function doesn't exist."),
            _ => error,
        })?;
        let before = match (updates, &function.event_invoke) {
            (true, None) => return Err(no_config(function)),
            (true, Some(config)) => Some(config.clone()),
            (false, _) => None,
        };
        let (on_success, on_failure) = match params.get("DestinationConfig").filter(|config| !config.is_null()) {
            Some(config) => destinations(config, function, facts)?,
            None => {
                before.as_ref().map_or((None, None), |config| (config.on_success.clone(), config.on_failure.clone()))
            }
        };
        let config = EventInvokeConfig {
            last_modified: now,
            maximum_retry_attempts: retries.or(before.as_ref().and_then(|config| config.maximum_retry_attempts)),
            maximum_event_age_seconds: age.or(before.as_ref().and_then(|config| config.maximum_event_age_seconds)),
            on_success,
            on_failure,
        };
        let name = function.name.clone();
        let Some(function) = self.functions.get_mut(&name) else {
            return Err(not_found("The function doesn't exist."));
        };
        function.event_invoke = Some(config);
        shown(function)
    }

    pub(super) fn get_event_invoke_config(&self, params: &Value) -> Result<Value, AwsError> {
        shown(self.named_function(params)?)
    }

    pub(super) fn list_event_invoke_configs(&self, params: &Value) -> Result<Value, AwsError> {
        let configs = shown(self.named_function(params)?).into_iter().collect();
        Ok(Value::object([("FunctionEventInvokeConfigs", Value::array(configs))]))
    }

    pub(super) fn delete_event_invoke_config(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = self.named_function(params)?.name.clone();
        let Some(function) = self.functions.get_mut(&name) else {
            return Err(not_found("The function doesn't exist."));
        };
        match function.event_invoke.take() {
            Some(_) => Ok(json!({})),
            None => Err(no_config(function)),
        }
    }
}

fn no_config(function: &Function) -> AwsError {
    not_found(format!("The function {}:$LATEST doesn't have an EventInvokeConfig", function.arn))
}

fn shown(function: &Function) -> Result<Value, AwsError> {
    let config = function.event_invoke.as_ref().ok_or_else(|| no_config(function))?;
    let destination = |arn: &Option<Rc<str>>| match arn {
        Some(arn) => json!({"Destination": &**arn}),
        None => json!({}),
    };
    let mut value = json!({
        "LastModified": config.last_modified.epoch_seconds(),
        "FunctionArn": format!("{}:$LATEST", function.arn),
    });
    if let Some(retries) = config.maximum_retry_attempts {
        value = value.with("MaximumRetryAttempts", retries.into());
    }
    if let Some(age) = config.maximum_event_age_seconds {
        value = value.with("MaximumEventAgeInSeconds", age.into());
    }
    let both = [("OnSuccess", destination(&config.on_success)), ("OnFailure", destination(&config.on_failure))];
    Ok(value.with("DestinationConfig", Value::object(both)))
}

type Destinations = (Option<Rc<str>>, Option<Rc<str>>);

/// Queues and topics; Lambda's other kinds of destination are not simulated.
fn destinations(config: &Value, function: &Function, facts: &CallFacts) -> Result<Destinations, AwsError> {
    let arn = |member: &str| -> Result<Option<&str>, AwsError> {
        let Some(destination) = config.get(member).filter(|destination| !destination.is_null()) else {
            return Ok(None);
        };
        Ok(text(destination, "Destination")?.filter(|arn| !arn.is_empty()))
    };
    let (success, failure) = (arn("OnSuccess")?, arn("OnFailure")?);
    let kind = |arn: &str| {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let whole = matches!(parts[..], ["arn", _, _, _, _, rest] if !rest.is_empty());
        whole.then(|| parts.get(2).copied().unwrap_or_default().to_owned())
    };
    for arn in [success, failure].into_iter().flatten() {
        match kind(arn).as_deref() {
            Some("sqs" | "sns") => {}
            Some("lambda") if arn == &*function.arn => {
                return Err(invalid("You can't specify the function as a destination for itself."));
            }
            Some("lambda" | "events" | "s3") => {
                return Err(invalid(format!("Stepyard simulates queues and topics as destinations, not {arn}.")));
            }
            _ => {
                let part = |name: &str, arn: Option<&str>| {
                    arn.map_or("null".to_owned(), |arn| format!("{name}(destination={arn})"))
                };
                return Err(invalid(format!(
                    "The provided destination config DestinationConfig(onSuccess={}, onFailure={}) is invalid.",
                    part("OnSuccess", success),
                    part("OnFailure", failure)
                )));
            }
        }
    }
    if let Some(arn) = &facts.lost_target {
        // Guessed for a target that does not exist.
        return Err(invalid(format!("The destination ARN {arn} is invalid.")));
    }
    if let Some(arn) = &facts.denied_target {
        let action = if arn.contains(":sns:") { "Publish" } else { "SendMessage" };
        return Err(invalid(format!(
            "The function's execution role does not have permissions to call {action} on {arn}"
        )));
    }
    Ok((success.map(Rc::from), failure.map(Rc::from)))
}
