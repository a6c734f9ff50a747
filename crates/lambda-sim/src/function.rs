//! A function and its configuration. Knows nothing of who runs it.

use std::rc::Rc;

use aws_protocol::handler::EnvironmentSpec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use shared_json::{Value, json};
use virtual_time::Timestamp;

use crate::event::EventInvokeConfig;

/// What a person sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// `nodejs22.x` and the like.
    pub runtime: String,
    pub handler: String,
    pub role_arn: Rc<str>,
    pub description: String,
    /// 1 to 900.
    pub timeout_seconds: u32,
    /// 128 to 10,240.
    pub memory_mb: u32,
    pub environment_variables: Vec<(String, String)>,
    /// `DeadLetterConfig`: a queue or a topic for asynchronous invocations that failed.
    pub dead_letter_arn: Option<Rc<str>>,
    /// Stepyard's own: true refuses `require` in ES modules as AWS does; false allows it with a notice.
    pub strict_modules: bool,
    /// The one file's name, for example `index.mjs`.
    pub file_name: String,
    pub source_text: Rc<str>,
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: Rc<str>,
    pub arn: Rc<str>,
    pub configuration: Rc<Configuration>,
    pub last_modified: Timestamp,
    pub revision_id: String,
    /// Counts code and configuration changes; an environment serves one revision only.
    pub revision: u64,
    pub reserved_concurrent_executions: Option<u32>,
    pub event_invoke: Option<EventInvokeConfig>,
}

impl Function {
    /// Base64 of the source text's SHA-256.
    #[must_use]
    pub fn code_sha256(&self) -> String {
        STANDARD.encode(Sha256::digest(self.configuration.source_text.as_bytes()))
    }

    /// `FunctionConfiguration` as the API answers it.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let c = &self.configuration;
        let mut value = json!({
            "FunctionName": &*self.name,
            "FunctionArn": &*self.arn,
            "Runtime": &c.runtime,
            "Role": &*c.role_arn,
            "Handler": &c.handler,
            "CodeSize": c.source_text.len(),
            "Description": &c.description,
            "Timeout": c.timeout_seconds,
            "MemorySize": c.memory_mb,
            "LastModified": self.last_modified.to_rfc3339().replace('Z', "+0000"),
            "CodeSha256": self.code_sha256(),
            "Version": "$LATEST",
            "TracingConfig": {"Mode": "PassThrough"},
            "RevisionId": &self.revision_id,
            "State": "Active",
            "LastUpdateStatus": "Successful",
            "PackageType": "Zip",
            "Architectures": ["x86_64"],
            "EphemeralStorage": {"Size": 512},
            "LoggingConfig": {"LogFormat": "Text", "LogGroup": format!("/aws/lambda/{}", self.name)},
            "StrictModules": c.strict_modules,
        });
        if !c.environment_variables.is_empty() {
            let variables = c.environment_variables.iter().map(|(name, text)| (name, Value::string(text)));
            value = value.with("Environment", Value::object([("Variables", Value::object(variables))]));
        }
        if let Some(arn) = &c.dead_letter_arn {
            value = value.with("DeadLetterConfig", json!({"TargetArn": &**arn}));
        }
        value
    }

    pub(crate) fn environment_spec(&self, region: &str, seed: u64) -> EnvironmentSpec {
        let c = &self.configuration;
        EnvironmentSpec {
            function_name: self.name.to_string(),
            function_arn: self.arn.to_string(),
            region: region.to_owned(),
            runtime: c.runtime.clone(),
            file_name: c.file_name.clone(),
            code: c.source_text.to_string(),
            handler: c.handler.clone(),
            environment_variables: c.environment_variables.clone(),
            memory_mb: c.memory_mb,
            seed,
            strict_modules: c.strict_modules,
        }
    }
}
