//! The account in which a vector plays: set up through its API, with its clock let run while functions and outside
//! workers do their part.

use std::collections::BTreeMap;

use aws_protocol::AwsError;
use aws_protocol::handler::Command;
use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, HostRequest, Latencies, LimitProfile, Progress};
use virtual_time::{Duration, Timestamp};

use crate::behaviour::Environment;
use crate::select::text;
use crate::worker::Worker;

pub const ACCOUNT_ID: &str = "111111111111";
const FUNCTION_ROLE: &str = "conformance-functions";
const MACHINE_ROLE: &str = "conformance-machines";

/// Moments at which something happens, in one run; more than any vector needs, and over in less than a second.
const MOST_MOMENTS: u32 = 20_000;

/// Virtual time that one wait may take.
const MOST_TIME: Duration = Duration::from_secs(400 * 24 * 3600);

pub type Answer = Result<Value, AwsError>;

pub struct World {
    account: Account,
    behaviours: BTreeMap<String, Value>,
    environments: BTreeMap<u64, Environment>,
    workers: Vec<Worker>,
    moments: u32,
}

impl World {
    /// An account with everything that the vector wants to be there and that can be made here.
    pub fn new(vector: &Value) -> Self {
        let account = Account::new(AccountOptions {
            account_id: ACCOUNT_ID.into(),
            region: "us-east-1".into(),
            latencies: Latencies::NONE,
            // Most was recorded lately.
            limits: LimitProfile::Aws2026,
            ..AccountOptions::default()
        });
        let mut world = World {
            account,
            behaviours: BTreeMap::new(),
            environments: BTreeMap::new(),
            workers: items(vector, "script").iter().map(Worker::new).collect(),
            moments: 0,
        };
        world.make_role("/", FUNCTION_ROLE, "lambda.amazonaws.com");
        let mut role_arns = Vec::new();
        collect_role_arns(vector, &mut role_arns);
        for (path, name) in role_arns.iter().filter_map(|arn| path_and_name(arn)) {
            world.make_role(path, name, "states.amazonaws.com");
        }
        world.make_named_roles(vector);
        for function in items(vector, "functions") {
            world.make_function(function);
        }
        for queue in items(vector, "queues") {
            let params = json!({"QueueName": text(&queue["name"])});
            let attributes = queue.get("attributes").cloned().unwrap_or_else(|| json!({}));
            // What cannot be made is missing later, and then the account says so.
            let _ = world.call("sqs:CreateQueue", params.with("Attributes", attributes));
        }
        world.make_small_services(vector);
        for activity in items(vector, "activities") {
            let _ = world.call("states:CreateActivity", json!({"name": text(&activity["name"])}));
            if activity.get("deleted").and_then(Value::as_bool) == Some(true) {
                let _ = world.call("states:DeleteActivity", json!({"activityArn": text(&activity["arn"])}));
            }
        }
        world
    }

    /// Topics, tables, buckets with their objects, and HTTP endpoints.
    fn make_small_services(&mut self, vector: &Value) {
        for topic in items(vector, "topics") {
            let attributes = topic.get("attributes").cloned().unwrap_or_else(|| json!({}));
            let params = json!({"Name": text(&topic["name"])}).with("Attributes", attributes);
            let _ = self.call("sns:CreateTopic", params);
            for subscription in items(topic, "subscriptions") {
                let params = json!({
                    "TopicArn": text(&topic["arn"]), "Protocol": text(&subscription["protocol"]),
                    "Endpoint": text(&subscription["endpoint"]),
                });
                let _ = self.call("sns:Subscribe", params);
                self.let_topic_send(text(&topic["arn"]), text(&subscription["endpoint"]));
            }
        }
        for table in items(vector, "tables") {
            let params = json!({"TableName": text(&table["name"]), "BillingMode": "PAY_PER_REQUEST"})
                .with("KeySchema", table["keySchema"].clone())
                .with("AttributeDefinitions", table["attributeDefinitions"].clone());
            let _ = self.call("dynamodb:CreateTable", params);
        }
        for bucket in items(vector, "buckets") {
            let _ = self.call("s3:CreateBucket", json!({"Bucket": text(&bucket["name"])}));
        }
        for object in items(vector, "objects") {
            let params = json!({
                "Bucket": text(&object["bucket"]), "Key": text(&object["key"]), "Body": text(&object["body"]),
            });
            let _ = self.call("s3:PutObject", params);
        }
        for api in items(vector, "apis") {
            let _ = self.call("apigateway:RegisterEndpoint", api.clone());
        }
    }

    /// Whoever subscribed a queue gave it a policy by which SNS may send.
    fn let_topic_send(&mut self, topic_arn: String, queue_arn: String) {
        let statement = json!({
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage",
            "Resource": queue_arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic_arn}},
        });
        let policy = json!({"Version": "2012-10-17"}).with("Statement", statement).to_string();
        let name = queue_arn.rsplit(':').next().unwrap_or_default();
        let url = format!("https://sqs.us-east-1.amazonaws.com/{ACCOUNT_ID}/{name}");
        let _ = self.call("sqs:SetQueueAttributes", json!({"QueueUrl": url, "Attributes": {"Policy": policy}}));
    }

    fn make_role(&mut self, path: &str, name: &str, service: &str) {
        self.make_role_in(ACCOUNT_ID, path, name, service);
    }

    /// The ARN of a role for state machines of another account.
    pub fn role_in(&mut self, account: &str) -> String {
        self.make_role_in(account, "/", MACHINE_ROLE, "states.amazonaws.com");
        format!("arn:aws:iam::{account}:role/{MACHINE_ROLE}")
    }

    fn make_role_in(&mut self, account: &str, path: &str, name: &str, service: &str) {
        // Roles that `Credentials` name are assumed by the first account's machines.
        let principal = json!({"Service": service, "AWS": ACCOUNT_ID});
        let trusted = json!({"Effect": "Allow", "Action": "sts:AssumeRole"}).with("Principal", principal);
        let trust = json!({"Version": "2012-10-17"}).with("Statement", trusted).to_string();
        let role = json!({"RoleName": name, "Path": path, "AssumeRolePolicyDocument": trust});
        let everything =
            json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
        let policy = json!({"RoleName": name, "PolicyName": "Everything", "PolicyDocument": everything.to_string()});
        // A role named twice is refused the second time, and there already.
        let _ = self.call(&action_in(account, "iam:CreateRole"), role);
        let _ = self.call(&action_in(account, "iam:PutRolePolicy"), policy);
    }

    /// Roles that the inputs name, for `Credentials`; those of another account live there.
    fn make_named_roles(&mut self, vector: &Value) {
        for input in items(vector, "executions").iter().filter_map(|execution| execution.get_str("input")) {
            for rest in input.split("arn:aws:iam::").skip(1) {
                let arn = format!("arn:aws:iam::{}", rest.split(['"', '\\']).next().unwrap_or_default());
                let account = arn.split(':').nth(4).unwrap_or_default().to_owned();
                let here = arn.replacen(&account, ACCOUNT_ID, 1);
                if let Some((path, name)) = path_and_name(&here) {
                    self.make_role_in(&account, path, name, "states.amazonaws.com");
                }
            }
        }
    }

    fn make_function(&mut self, function: &Value) {
        let account = function.get_str("account").unwrap_or(ACCOUNT_ID);
        if account != ACCOUNT_ID {
            self.make_role_in(account, "/", FUNCTION_ROLE, "lambda.amazonaws.com");
        }
        let name = text(&function["name"]);
        let params = json!({
            "FunctionName": name, "Runtime": "nodejs20.x", "Handler": "index.handler", "Timeout": 900,
            "Role": format!("arn:aws:iam::{account}:role/{FUNCTION_ROLE}"),
            "Code": {"FileName": "index.mjs", "SourceText": "export const handler = async (event) => event;"},
        });
        let _ = self.call(&action_in(account, "lambda:CreateFunction"), params);
        self.behaviours.insert(name, function["behaviour"].clone());
    }

    /// What an execution has left in the log.
    pub fn execution_log(&self, arn: &str) -> Vec<Value> {
        self.account.states().execution_log(arn)
    }

    /// Whether an execution of any type has ended.
    pub fn has_ended(&self, arn: &str) -> bool {
        self.account.states().execution(arn).is_none_or(|record| record.execution.status().name() != "RUNNING")
    }

    /// Calls an action and waits for its answer.
    pub fn call(&mut self, action: &str, params: Value) -> Answer {
        let called = self.account.call(action, params);
        if let Some(result) = called.result {
            return result;
        }
        let mut answer = None;
        self.wait(|world| {
            answer = world.account.take_answer(called.id);
            answer.is_some()
        });
        answer.unwrap_or_else(|| Err(AwsError::new("RequestTimeout", "The call was not answered.")))
    }

    /// Lets time pass until the condition holds, or until nothing more will happen.
    pub fn wait(&mut self, mut done: impl FnMut(&mut World) -> bool) {
        let end = self.account.now() + MOST_TIME;
        while !done(self) && self.moments < MOST_MOMENTS && self.account.now() < end {
            self.moments += 1;
            let next =
                self.account.next_event_at().into_iter().chain(self.workers.iter().filter_map(Worker::due)).min();
            let Some(next) = next else { return };
            self.go_to(next);
        }
    }

    /// Lets so much time pass.
    pub fn sleep(&mut self, span: Duration) {
        let until = self.account.now() + span;
        while self.account.now() < until && self.moments < MOST_MOMENTS {
            self.moments += 1;
            let due = self.workers.iter().filter_map(Worker::due).min();
            self.go_to(due.map_or(until, |due| due.min(until)));
        }
    }

    fn go_to(&mut self, at: Timestamp) {
        let at = at.max(self.account.now());
        while self.moments < MOST_MOMENTS {
            self.moments += 1;
            match self.account.advance_to(at, 1_000) {
                Progress::AwaitsHost => self.play_functions(),
                Progress::OutOfSteps => {}
                Progress::Went | Progress::Idle => break,
            }
        }
        let mut workers = std::mem::take(&mut self.workers);
        for worker in &mut workers {
            worker.act(&mut self.account);
        }
        self.workers = workers;
    }

    fn play_functions(&mut self) {
        let requests: Vec<HostRequest> = self.account.host_requests().cloned().collect();
        for HostRequest { environment, sequence, command } in requests {
            if let Command::Init { environment: spec, .. } = &command {
                let behaviour = self.behaviours.get(&spec.function_name).cloned().unwrap_or_default();
                self.environments.insert(environment, Environment::new(behaviour));
            }
            let turn = self.environments.entry(environment).or_default().run(&command);
            self.account.answer_host(environment, sequence, turn);
        }
    }
}

/// The action as the account's own, or as another account's.
pub fn action_in(account: &str, action: &str) -> String {
    if account == ACCOUNT_ID { action.to_owned() } else { format!("{account}/{action}") }
}

/// The elements of a vector's list; none when it is left out.
pub fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).unwrap_or_default()
}

fn collect_role_arns(value: &Value, found: &mut Vec<String>) {
    for (key, member) in value.as_object().into_iter().flatten() {
        match member.as_str() {
            Some(arn) if &**key == "roleArn" => found.push(arn.to_owned()),
            _ => collect_role_arns(member, found),
        }
    }
    for item in value.as_array().unwrap_or_default() {
        collect_role_arns(item, found);
    }
}

/// Path and name of a role of this account: `/service-role/` and `Mine`.
fn path_and_name(arn: &str) -> Option<(&str, &str)> {
    let rest = arn.strip_prefix("arn:aws:iam::")?.strip_prefix(ACCOUNT_ID)?.strip_prefix(":role")?;
    let (path, name) = rest.split_at(rest.rfind('/')? + 1);
    Some((path, name))
}
