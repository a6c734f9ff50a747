//! Creating, changing, reading and deleting functions.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::params::{bounded, constraint, flag, invalid, not_found, number, required, text};
use crate::function::{Configuration, Function};
use crate::io::CallFacts;
use crate::machine::Functions;

/// All runtimes that may be chosen. `nodejs16.x` is retired on AWS; tutorials still name it.
const RUNTIMES: [&str; 5] = ["nodejs16.x", "nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x"];

const NAME_PATTERN: &str = r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?";

/// Variables that Lambda sets itself.
const RESERVED_KEYS: [&str; 20] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
];

/// Functions in one answer.
const PAGE: u32 = 50;

/// A queue or a topic; an empty ARN takes it away.
fn dead_letter_arn(config: &Value, facts: &CallFacts) -> Result<Option<Rc<str>>, AwsError> {
    let Some(arn) = text(config, "TargetArn")?.filter(|arn| !arn.is_empty()) else { return Ok(None) };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let service = match parts[..] {
        ["arn", _, service @ ("sqs" | "sns"), _, _, name] if !name.is_empty() => service,
        _ => {
            let pattern = r"(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()";
            let rule = format!("Member must satisfy regular expression pattern: {pattern}");
            return Err(constraint(Some(arn), "deadLetterConfig.targetArn", &rule));
        }
    };
    if facts.denied_target.as_deref() == Some(arn) {
        let (action, service) = if service == "sns" { ("Publish", "SNS") } else { ("SendMessage", "SQS") };
        return Err(invalid(format!(
            "The provided execution role does not have permissions to call {action} on {service}"
        )));
    }
    Ok(Some(arn.into()))
}

/// The name in a name, a partial ARN or an ARN, with or without a qualifier.
fn bare_name(text: &str) -> &str {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.iter().position(|part| *part == "function") {
        Some(at) => parts.get(at + 1).copied().unwrap_or_default(),
        None => parts.first().copied().unwrap_or_default(),
    }
}

fn qualifier(text: &str) -> Option<&str> {
    let parts: Vec<&str> = text.split(':').collect();
    let name_at = parts.iter().position(|part| *part == "function").map_or(0, |at| at + 1);
    parts.get(name_at + 1).copied()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

impl Functions {
    /// The ARN that a `FunctionName` stands for: a name, or an ARN with or without a qualifier.
    #[must_use]
    pub fn function_arn(&self, name: &str) -> String {
        let name = bare_name(name);
        format!("arn:aws:lambda:{}:{}:function:{name}", self.options.region, self.options.account_id)
    }

    /// The function that `FunctionName` names.
    pub(super) fn named_function(&self, params: &Value) -> Result<&Function, AwsError> {
        let text_name = required(params, "FunctionName")?;
        let name = bare_name(text_name);
        if !is_name(name) {
            return Err(constraint(
                Some(text_name),
                "functionName",
                &format!("Member must satisfy regular expression pattern: {NAME_PATTERN}"),
            ));
        }
        let qualifier = text(params, "Qualifier")?.or(qualifier(text_name)).filter(|q| *q != "$LATEST");
        let arn = self.function_arn(name);
        match (self.functions.get(name), qualifier) {
            (Some(function), None) => Ok(function),
            (_, Some(qualifier)) => Err(not_found(format!("Function not found: {arn}:{qualifier}"))),
            (None, None) => Err(not_found(format!("Function not found: {arn}"))),
        }
    }

    pub(super) fn create_function(
        &mut self,
        now: Timestamp,
        params: &Value,
        facts: &CallFacts,
    ) -> Result<Value, AwsError> {
        let text_name = required(params, "FunctionName")?;
        let name = bare_name(text_name);
        if !is_name(name) {
            let rule = format!("Member must satisfy regular expression pattern: {NAME_PATTERN}");
            return Err(constraint(Some(text_name), "functionName", &rule));
        }
        if name.len() > 64 {
            let rule = "Member must have length less than or equal to 64";
            return Err(constraint(Some(text_name), "functionName", rule));
        }
        required(params, "Role")?;
        if text(params, "Runtime")?.is_none() {
            return Err(invalid(
                "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
            ));
        }
        let blank = Configuration {
            runtime: String::new(),
            handler: "index.handler".to_owned(),
            role_arn: "".into(),
            description: String::new(),
            timeout_seconds: 3,
            memory_mb: 128,
            environment_variables: Vec::new(),
            dead_letter_arn: None,
            strict_modules: false,
            file_name: "index.mjs".to_owned(),
            source_text: "".into(),
        };
        let configuration = self.with_settings(blank, params, facts)?;
        let configuration = self.with_code(configuration, &params["Code"])?;
        if self.functions.contains_key(name) {
            return Err(
                AwsError::new("ResourceConflictException", format!("Function already exist: {name}")).with_status(409)
            );
        }
        let name: Rc<str> = name.into();
        let function = Function {
            arn: self.function_arn(&name).into(),
            name: name.clone(),
            configuration: Rc::new(configuration),
            last_modified: now,
            revision_id: self.seed.uuid(),
            revision: self.next_id(),
            reserved_concurrent_executions: None,
            event_invoke: None,
        };
        let answer = function.to_value();
        self.functions.insert(name, function);
        Ok(answer)
    }

    /// Applies the settings that `CreateFunction` and `UpdateFunctionConfiguration` share.
    fn with_settings(
        &self,
        mut configuration: Configuration,
        params: &Value,
        facts: &CallFacts,
    ) -> Result<Configuration, AwsError> {
        if let Some(runtime) = text(params, "Runtime")? {
            if !RUNTIMES.contains(&runtime) {
                return Err(invalid(format!(
                    "Value {runtime} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \
                     [{}] or be a valid ARN",
                    RUNTIMES.join(", ")
                )));
            }
            configuration.runtime = runtime.to_owned();
        }
        if let Some(role) = text(params, "Role")? {
            if !role.starts_with("arn:aws:iam::") || !role.contains(":role/") {
                let pattern = r"arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+";
                let rule = format!("Member must satisfy regular expression pattern: {pattern}");
                return Err(constraint(Some(role), "role", &rule));
            }
            if facts.role_trusts_lambda == Some(false) {
                return Err(invalid("The role defined for the function cannot be assumed by Lambda."));
            }
            configuration.role_arn = role.into();
        }
        if let Some(handler) = bounded(params, "Handler", 128)? {
            if handler.is_empty() || handler.contains(char::is_whitespace) {
                let rule = r"Member must satisfy regular expression pattern: [^\s]+";
                return Err(constraint(Some(handler), "handler", rule));
            }
            configuration.handler = handler.to_owned();
        }
        if let Some(description) = bounded(params, "Description", 256)? {
            configuration.description = description.to_owned();
        }
        if let Some(seconds) = number(params, "Timeout", 1, 900)? {
            configuration.timeout_seconds = seconds;
        }
        if let Some(megabytes) = number(params, "MemorySize", 128, 10_240)? {
            configuration.memory_mb = megabytes;
        }
        if let Some(strict) = flag(params, "StrictModules")? {
            configuration.strict_modules = strict;
        }
        if let Some(environment) = params.get("Environment") {
            configuration.environment_variables = self.environment_variables(&environment["Variables"])?;
        }
        if let Some(config) = params.get("DeadLetterConfig").filter(|config| !config.is_null()) {
            configuration.dead_letter_arn = dead_letter_arn(config, facts)?;
        }
        Ok(configuration)
    }

    fn environment_variables(&self, variables: &Value) -> Result<Vec<(String, String)>, AwsError> {
        let mut named = Vec::new();
        for (name, value) in variables.as_object().into_iter().flatten() {
            let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
            if !starts || name.len() < 2 || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(constraint(
                    Some(&variables.to_string()),
                    "environment.variables",
                    "Map keys must satisfy constraint: [Member must satisfy regular expression pattern: \
                     [a-zA-Z]([a-zA-Z0-9_])+]",
                ));
            }
            let text = value.as_str().ok_or_else(|| {
                AwsError::new("SerializationException", format!("{name} has a value of the wrong type"))
            })?;
            named.push((name.to_string(), text.to_owned()));
        }
        let reserved: Vec<&str> =
            named.iter().map(|(name, _)| name.as_str()).filter(|name| RESERVED_KEYS.contains(name)).collect();
        let unable = "Lambda was unable to configure your environment variables because the environment variables you \
                      have provided";
        if !reserved.is_empty() {
            return Err(invalid(format!(
                "{unable} contains reserved keys that are currently not supported for modification. Reserved keys used \
                 in this request: {}",
                reserved.join(", ")
            )));
        }
        if variables.json_len() > self.options.limits.environment_bytes {
            return Err(invalid(format!("{unable} exceeded the 4KB limit. String measured: {variables}")));
        }
        Ok(named)
    }

    fn with_code(&self, mut configuration: Configuration, code: &Value) -> Result<Configuration, AwsError> {
        let source = text(code, "SourceText")?.ok_or_else(|| invalid("Please provide a source for function code."))?;
        let limit = self.options.limits.code_bytes;
        if source.len() > limit {
            return Err(invalid(format!("Unzipped size must be smaller than {limit} bytes")));
        }
        if let Some(file_name) = bounded(code, "FileName", 255)? {
            let known = [".js", ".mjs", ".cjs"]
                .iter()
                .any(|ending| file_name.len() > ending.len() && file_name.ends_with(ending));
            if !known || file_name.contains('/') {
                return Err(invalid("FileName must be one .js, .mjs or .cjs file without a folder."));
            }
            configuration.file_name = file_name.to_owned();
        }
        configuration.source_text = source.into();
        Ok(configuration)
    }

    /// Puts a new configuration in place; environments of the old one serve no new invocation.
    fn replace(&mut self, now: Timestamp, name: &Rc<str>, configuration: Configuration) -> Result<Value, AwsError> {
        let (revision, revision_id) = (self.next_id(), self.seed.uuid());
        let function = self.functions.get_mut(name).ok_or_else(|| not_found("Function not found"))?;
        function.configuration = Rc::new(configuration);
        function.last_modified = now;
        function.revision = revision;
        function.revision_id = revision_id;
        let answer = function.to_value();
        self.drop_idle(name, "function updated");
        Ok(answer)
    }

    fn drop_idle(&mut self, name: &str, reason: &'static str) {
        let idle = self.environments.values().filter(|e| &*e.function == name && e.is_idle());
        for id in idle.map(|environment| environment.id).collect::<Vec<_>>() {
            self.drop_environment(id, reason);
        }
    }

    /// `RevisionId` in a change guards against somebody else's.
    fn changeable(&self, params: &Value) -> Result<(Rc<str>, Configuration), AwsError> {
        let function = self.named_function(params)?;
        if text(params, "RevisionId")?.is_some_and(|id| id != function.revision_id) {
            return Err(AwsError::new(
                "PreconditionFailedException",
                "The Revision Id provided does not match the latest Revision Id. Call the \
                 GetFunction/GetAlias API to retrieve the latest Revision Id",
            )
            .with_status(412));
        }
        Ok((function.name.clone(), (*function.configuration).clone()))
    }

    /// The code stands in `SourceText` and `FileName`, beside `FunctionName` or in `Code`.
    pub(super) fn update_function_code(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let (name, configuration) = self.changeable(params)?;
        let code = params.get("Code").unwrap_or(params);
        let configuration = self.with_code(configuration, code)?;
        if flag(params, "DryRun")? == Some(true) {
            return Ok(self.named_function(params)?.to_value());
        }
        self.replace(now, &name, configuration)
    }

    pub(super) fn update_function_configuration(
        &mut self,
        now: Timestamp,
        params: &Value,
        facts: &CallFacts,
    ) -> Result<Value, AwsError> {
        let (name, configuration) = self.changeable(params)?;
        let configuration = self.with_settings(configuration, params, facts)?;
        self.replace(now, &name, configuration)
    }

    /// `Code` holds the source text, as the page has no repository to point to.
    pub(super) fn get_function(&self, params: &Value) -> Result<Value, AwsError> {
        let function = self.named_function(params)?;
        let c = &function.configuration;
        let mut answer = json!({
            "Configuration": &function.to_value(),
            "Code": {"RepositoryType": "Stepyard", "FileName": &c.file_name, "SourceText": &*c.source_text},
        });
        if let Some(reserved) = function.reserved_concurrent_executions {
            answer = answer.with("Concurrency", json!({"ReservedConcurrentExecutions": reserved}));
        }
        Ok(answer)
    }

    pub(super) fn get_function_configuration(&self, params: &Value) -> Result<Value, AwsError> {
        Ok(self.named_function(params)?.to_value())
    }

    /// Fifty in one answer; `Marker` is the name that the last page ended with.
    pub(super) fn list_functions(&self, params: &Value) -> Result<Value, AwsError> {
        let most = number(params, "MaxItems", 1, 10_000)?.unwrap_or(PAGE).min(PAGE) as usize;
        let marker = text(params, "Marker")?.filter(|marker| !marker.is_empty());
        let after = self.functions.values().filter(|f| marker.is_none_or(|marker| &*f.name > marker));
        let mut found: Vec<&Function> = after.take(most + 1).collect();
        let more = found.len() > most;
        found.truncate(most);
        let last = found.last().filter(|_| more).map(|function| Value::from(function.name.clone()));
        let functions = found.into_iter().map(Function::to_value).collect();
        let answer = Value::object([("Functions", Value::array(functions))]);
        Ok(last.map_or(answer.clone(), |last| answer.with("NextMarker", last)))
    }

    /// Running invocations go on; the function's mappings stay and find nothing to call, as on AWS.
    pub(super) fn delete_function(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = self.named_function(params)?.name.clone();
        self.functions.remove(&name);
        self.drop_idle(&name, "function deleted");
        Ok(json!({}))
    }

    pub(super) fn put_function_concurrency(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = self.named_function(params)?.name.clone();
        let reserved = number(params, "ReservedConcurrentExecutions", 0, u32::MAX)?
            .ok_or_else(|| constraint(None, "reservedConcurrentExecutions", "Member must not be null"))?;
        let others: u32 = self
            .functions
            .values()
            .filter(|function| function.name != name)
            .filter_map(|function| function.reserved_concurrent_executions)
            .sum();
        let limits = &self.options.limits;
        let least = limits.unreserved_concurrency;
        if others.saturating_add(reserved).saturating_add(least) > limits.concurrent_executions {
            return Err(invalid(format!(
                "Specified ReservedConcurrentExecutions for function decreases account's \
                 UnreservedConcurrentExecution below its minimum value of [{least}]."
            )));
        }
        if let Some(function) = self.functions.get_mut(&name) {
            function.reserved_concurrent_executions = Some(reserved);
        }
        Ok(json!({"ReservedConcurrentExecutions": reserved}))
    }

    pub(super) fn get_function_concurrency(&self, params: &Value) -> Result<Value, AwsError> {
        let reserved = self.named_function(params)?.reserved_concurrent_executions;
        Ok(reserved.map_or(json!({}), |reserved| json!({"ReservedConcurrentExecutions": reserved})))
    }

    pub(super) fn delete_function_concurrency(&mut self, params: &Value) -> Result<Value, AwsError> {
        let name = self.named_function(params)?.name.clone();
        if let Some(function) = self.functions.get_mut(&name) {
            function.reserved_concurrent_executions = None;
        }
        Ok(json!({}))
    }
}
