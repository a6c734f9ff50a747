//! The calls that AWS has no action for: mocks and faults. They go the way of every other call, so the log holds them.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::Account;

impl Account {
    pub(crate) fn call_stepyard(&mut self, operation: &str, params: &Value) -> Result<Value, AwsError> {
        match operation {
            "SetMockConfig" => {
                let answer = self.mocks.set(params)?;
                self.functions.set_mock_rules(self.mocks.rules().clone());
                Ok(answer)
            }
            "GetMockConfig" => Ok(Value::object([("MockConfig", self.mocks.document())])),
            "ExportMockConfig" => {
                let case = params.get_str("TestCase").filter(|name| !name.is_empty()).unwrap_or("Rules");
                let exported = self.mocks.rules().to_config_file(case);
                let left_out = exported.left_out.iter().map(Value::string).collect();
                Ok(Value::object([("MockConfig", exported.file), ("LeftOut", Value::array(left_out))]))
            }
            "AdoptTestCase" => self.adopt_test_case(params),
            "InjectFault" => self.inject_fault(params),
            _ => {
                let known = "SetMockConfig, GetMockConfig, ExportMockConfig, AdoptTestCase and InjectFault";
                let message = format!("stepyard:{operation} is unknown; known are {known}.");
                Err(AwsError::new("UnknownOperationException", message))
            }
        }
    }

    /// Makes the responses of a test case hold for every execution: its states get rules, behind those that there are.
    fn adopt_test_case(&mut self, params: &Value) -> Result<Value, AwsError> {
        let text = |name: &str| {
            params.get_str(name).ok_or_else(|| crate::faults::invalid(format!("{name} must be given as a string.")))
        };
        let (machine, case) = (text("StateMachine")?, text("TestCase")?);
        self.mocks.case_of(&format!("{machine}#{case}"))?;
        let document = self.mocks.document();
        let added = mock_rules::from_config_file(&document, machine, case);
        let rules = self.mocks.rules().iter().map(|rule| rule.source.clone());
        let rules = rules.chain(added.as_array().unwrap_or_default().iter().cloned()).collect();
        let document = document.with("Rules", Value::array(rules));
        self.mocks.set(&Value::object([("MockConfig", document)]))?;
        self.functions.set_mock_rules(self.mocks.rules().clone());
        Ok(json!({}))
    }

    /// Who waits for this call is told the outcome, if anybody is: used where a rule acts as a worker would.
    pub(crate) fn call_as_mock(&mut self, state_name: &std::rc::Rc<str>, action: &str, params: Value) {
        let caller = crate::Caller::Mock { state_name: state_name.clone() };
        self.dispatch(caller, action, params, None);
    }

    /// Parameters of an answer to a task token.
    pub(crate) fn token_answer(token: &str, outcome: &Result<Value, mock_rules::Thrown>) -> (&'static str, Value) {
        match outcome {
            Ok(output) => ("states:SendTaskSuccess", json!({"taskToken": token, "output": output.to_string()})),
            Err(thrown) => {
                ("states:SendTaskFailure", json!({"taskToken": token, "error": &thrown.error, "cause": &thrown.cause}))
            }
        }
    }
}
