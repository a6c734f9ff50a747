//! Lambda's API: one function for each action, by its real name. Callers are authorized already.

mod event_invoke;
mod functions;
mod invoke;
mod mapping_settings;
mod mappings;
mod params;

use aws_protocol::AwsError;
use shared_json::Value;
use virtual_time::Timestamp;

use crate::io::CallFacts;
use crate::machine::Functions;

impl Functions {
    pub(crate) fn call(&mut self, now: Timestamp, call: u64, action: &str, params: &Value, facts: &CallFacts) {
        let result = match action {
            "CreateFunction" => self.create_function(now, params, facts),
            "UpdateFunctionCode" => self.update_function_code(now, params),
            "UpdateFunctionConfiguration" => self.update_function_configuration(now, params, facts),
            "GetFunction" => self.get_function(params),
            "GetFunctionConfiguration" => self.get_function_configuration(params),
            "ListFunctions" => self.list_functions(params),
            "DeleteFunction" => self.delete_function(params),
            "PutFunctionConcurrency" => self.put_function_concurrency(params),
            "GetFunctionConcurrency" => self.get_function_concurrency(params),
            "DeleteFunctionConcurrency" => self.delete_function_concurrency(params),
            "PutFunctionEventInvokeConfig" => self.put_event_invoke_config(now, params, facts, false),
            "UpdateFunctionEventInvokeConfig" => self.put_event_invoke_config(now, params, facts, true),
            "GetFunctionEventInvokeConfig" => self.get_event_invoke_config(params),
            "ListFunctionEventInvokeConfigs" => self.list_event_invoke_configs(params),
            "DeleteFunctionEventInvokeConfig" => self.delete_event_invoke_config(params),
            "CreateEventSourceMapping" => self.create_event_source_mapping(now, params, facts),
            "UpdateEventSourceMapping" => self.update_event_source_mapping(now, params, facts),
            "GetEventSourceMapping" => self.get_event_source_mapping(params),
            "ListEventSourceMappings" => self.list_event_source_mappings(params),
            "DeleteEventSourceMapping" => self.delete_event_source_mapping(now, params),
            "Invoke" => match self.invoke(now, call, params) {
                Ok(None) => return,
                Ok(Some(answer)) => Ok(answer),
                Err(error) => Err(error),
            },
            _ => Err(AwsError::new("UnknownOperationException", format!("lambda:{action} is not simulated."))
                .with_status(404)),
        };
        self.answer(call, result);
    }
}
