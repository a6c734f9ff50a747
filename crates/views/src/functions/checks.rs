//! What Lambda would say of a change, without making it: a scratch registry with the one function is asked.

use aws_protocol::AwsError;
use lambda_sim::{CallFacts, Functions, FunctionsOptions, LambdaLatencies, LambdaLimits};
use shared_json::{Value, json};
use sim_account::Account;

/// A refusal, and the form's field that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    pub field: Option<Field>,
    pub error: AwsError,
    /// How to mend it, when we know.
    pub hint: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Timeout,
    Memory,
    Handler,
    Variables,
    DeadLetters,
    BatchSize,
    Window,
    Concurrency,
    LeastPollers,
    MostPollers,
    Filters,
    Retries,
    EventAge,
}

fn scratch(account: &Account) -> Functions {
    let options = account.options();
    Functions::new(FunctionsOptions {
        account_id: options.account_id.clone(),
        region: options.region.clone(),
        seed: 0,
        limits: LambdaLimits::default(),
        latencies: LambdaLatencies::default(),
    })
}

fn ask(
    account: &Account,
    functions: &mut Functions,
    action: &str,
    params: Value,
    facts: CallFacts,
) -> Option<AwsError> {
    let input = lambda_sim::Input::Call { call: 0, action: action.to_owned(), params, facts };
    functions.handle(account.now(), input);
    let mut refused = None;
    while let Some(effect) = functions.poll_effect() {
        if let lambda_sim::Effect::Answer { result, .. } = effect {
            refused = result.err();
        }
    }
    refused
}

/// What Lambda would say of a new function. The role is left out.
#[must_use]
pub fn refusal_of_new(account: &Account, name: &str) -> Option<AwsError> {
    let params = json!({"FunctionName": name, "Runtime": super::DEFAULT_RUNTIME, "Handler": "index.handler",
        "Role": format!("arn:aws:iam::{}:role/any", account.options().account_id),
        "Code": {"FileName": "index.mjs", "SourceText": ""}});
    ask(account, &mut scratch(account), "CreateFunction", params, CallFacts::default())
}

/// What Lambda would say of an action on the function `params` name.
#[must_use]
pub fn refusal_of_change(account: &Account, action: &str, params: &Value) -> Option<Refusal> {
    let mut functions = scratch(account);
    let name = params.get_str("FunctionName")?;
    let function = account.functions().function(name)?;
    let c = &function.configuration;
    let made = json!({"FunctionName": name, "Runtime": c.runtime, "Handler": c.handler, "Role": &*c.role_arn,
        "Timeout": c.timeout_seconds, "Code": {"FileName": c.file_name, "SourceText": ""}});
    ask(account, &mut functions, "CreateFunction", made, CallFacts::default());
    let facts = account.lambda_facts(action, params);
    let error = ask(account, &mut functions, action, params.clone(), facts)?;
    Some(Refusal { field: field_of(&error.message), hint: hint_of(&error.message), error })
}

fn field_of(message: &str) -> Option<Field> {
    // The first that fits: nested names stand before those that they hold.
    let words = [
        ("filter", Field::Filters),
        ("Filter", Field::Filters),
        ("provisionedPollerConfig.minimumPollers", Field::LeastPollers),
        ("MinimumPollers", Field::LeastPollers),
        ("provisionedPollerConfig.maximumPollers", Field::MostPollers),
        ("Maximum concurrency cannot be set", Field::Concurrency),
        ("scalingConfig", Field::Concurrency),
        ("'reservedConcurrentExecutions'", Field::Concurrency),
        ("ReservedConcurrentExecutions for function", Field::Concurrency),
        ("'maximumBatchingWindowInSeconds'", Field::Window),
        ("Batching window", Field::Window),
        ("Maximum batch window", Field::Window),
        ("MaximumBatchingWindowInSeconds", Field::Window),
        ("atch size", Field::BatchSize),
        ("'batchSize'", Field::BatchSize),
        ("BatchSize", Field::BatchSize),
        ("MaximumConcurrency", Field::Concurrency),
        ("'timeout'", Field::Timeout),
        ("Timeout has", Field::Timeout),
        ("'memorySize'", Field::Memory),
        ("MemorySize has", Field::Memory),
        ("'handler'", Field::Handler),
        ("'environment.variables'", Field::Variables),
        ("environment variables", Field::Variables),
        ("'deadLetterConfig.targetArn'", Field::DeadLetters),
        ("aximumRetryAttempts", Field::Retries),
        ("aximumEventAgeInSeconds", Field::EventAge),
    ];
    words.iter().find(|(word, _)| message.contains(word)).map(|(_, field)| *field)
}

fn hint_of(message: &str) -> Option<&'static str> {
    if message.contains("visibility timeout") {
        Some("Raise the queue's visibility timeout or lower the function's timeout.")
    } else if message.contains("permissions to call SendMessage") || message.contains("permissions to call Publish") {
        Some(
            "Attach AmazonSQSFullAccess, or a policy that allows sqs:SendMessage on the queue, to the function's role.",
        )
    } else if message.contains("execution role does not have permissions") {
        Some("Attach AWSLambdaSQSQueueExecutionRole to the function's role.")
    } else {
        None
    }
}

/// Where a filter's pattern is wrong, which Lambda does not say.
#[must_use]
pub fn pattern_problem(text: &str) -> Option<String> {
    lambda_sim::read_pattern(text).err().map(|error| format!("Invalid filter pattern definition. {error}."))
}
