//! Who may do what: trust policies, queue policies, other accounts, passing of roles, boundaries.

mod support;

use shared_json::{Value, json};
use sim_account::{Account, AccountOptions, CallRecord};
use support::{Handler, QUEUE_ARN, QUEUE_URL, history, ok, refused, run, start, status, workshop};
use virtual_time::Duration;

const OWN: &str = "123456789012";
const OTHER: &str = "000000000002";
const ROLE: &str = "arn:aws:iam::123456789012:role/R";

fn account() -> Account {
    Account::new(AccountOptions::default())
}

fn policy(statement: Value) -> String {
    json!({"Version": "2012-10-17"}).with("Statement", statement).to_string()
}

fn trust(principal: Value) -> Value {
    json!({"Effect": "Allow", "Action": "sts:AssumeRole"}).with("Principal", principal)
}

fn by_states() -> Value {
    trust(json!({"Service": "states.amazonaws.com"}))
}

fn may(action: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": "*"})
}

/// A role of the account that `prefix` names.
fn make_role(account: &mut Account, prefix: &str, name: &str, trust: Value, permissions: Value) {
    let role = json!({"RoleName": name, "AssumeRolePolicyDocument": policy(trust)});
    ok(account, &format!("{prefix}iam:CreateRole"), role);
    let inline = json!({"RoleName": name, "PolicyName": "Inline", "PolicyDocument": policy(permissions)});
    ok(account, &format!("{prefix}iam:PutRolePolicy"), inline);
}

fn machine(name: &str, role_arn: &str, state: Value) -> Value {
    let definition = json!({"StartAt": "Only"}).with("States", Value::object([("Only", state)])).to_string();
    json!({"name": name, "roleArn": role_arn, "definition": definition})
}

fn task(resource: &str, parameters: Value) -> Value {
    json!({"Type": "Task", "Resource": format!("arn:aws:states:::{resource}"), "End": true})
        .with("Parameters", parameters)
}

fn send(url: &str) -> Value {
    task("sqs:sendMessage", json!({"QueueUrl": url, "MessageBody": "hi"}))
}

/// Makes a machine of one state, runs it and tells how it ended.
fn ended(account: &mut Account, name: &str, state: Value) -> Value {
    let made = ok(account, "states:CreateStateMachine", machine(name, ROLE, state));
    let started = ok(account, "states:StartExecution", json!({"stateMachineArn": made["stateMachineArn"].as_str()}));
    account.advance_to(account.now() + Duration::from_secs(60), 10_000);
    let told = ok(account, "states:DescribeExecution", json!({"executionArn": started["executionArn"].as_str()}));
    let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string(), "a replay equals the run");
    told
}

fn last<'a>(account: &'a Account, action: &str) -> &'a CallRecord {
    account.journal().calls().rev().map(|(_, call)| call).find(|call| call.action == action).unwrap()
}

fn set_policy(account: &mut Account, url: &str, statement: Value) {
    let attributes = json!({"Policy": policy(statement)});
    ok(account, "sqs:SetQueueAttributes", json!({"QueueUrl": url}).with("Attributes", attributes));
}

const NEITHER: &str = "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.";

#[test]
fn a_machine_takes_only_a_role_that_trusts_step_functions() {
    let condition = |key: &str, value: &str| {
        by_states().with("Condition", json!({"ArnLike": Value::object([(key, json!(value))])}))
    };
    let here = "arn:aws:states:us-east-1:123456789012:stateMachine:M";
    let cases = [
        (by_states(), true),
        (trust(json!({"Service": "states.us-east-1.amazonaws.com"})), true),
        (trust(json!({"Service": "states.eu-west-1.amazonaws.com"})), false),
        (trust(json!({"Service": "lambda.amazonaws.com"})), false),
        (trust(json!({"AWS": OWN})), false),
        (condition("aws:SourceArn", here), true),
        (condition("aws:SourceArn", "arn:aws:states:*:*:stateMachine:*"), true),
        (condition("aws:SourceArn", "arn:aws:states:*:*:stateMachine:Other"), false),
        (by_states().with("Condition", json!({"StringEquals": {"aws:SourceAccount": OWN}})), true),
        (by_states().with("Condition", json!({"StringEquals": {"aws:SourceAccount": OTHER}})), false),
        (by_states().with("Condition", json!({"StringEquals": {"sts:ExternalId": "secret"}})), false),
    ];
    for (statement, fits) in cases {
        let mut account = account();
        make_role(&mut account, "", "R", statement.clone(), may("*"));
        let params = machine("M", ROLE, json!({"Type": "Succeed"}));
        let result = account.call("states:CreateStateMachine", params).result.unwrap();
        let told = result.err().map(|error| (error.code, error.message));
        let expected = (!fits).then(|| ("AccessDeniedException".to_owned(), NEITHER.to_owned()));
        assert_eq!(told, expected, "{statement}");
    }
}

#[test]
fn a_function_takes_only_a_role_that_trusts_lambda() {
    let mut account = account();
    make_role(&mut account, "", "R", by_states(), may("*"));
    let function = json!({"FunctionName": "F", "Runtime": "nodejs20.x", "Handler": "index.handler", "Role": ROLE,
        "Code": {"FileName": "index.mjs", "SourceText": "export const handler = () => {}"}});
    let error = refused(&mut account, "lambda:CreateFunction", function.clone());
    assert_eq!(error.message, "The role defined for the function cannot be assumed by Lambda.");
    let regional = policy(trust(json!({"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]})));
    ok(&mut account, "iam:UpdateAssumeRolePolicy", json!({"RoleName": "R", "PolicyDocument": regional}));
    ok(&mut account, "lambda:CreateFunction", function);
}

#[test]
fn a_role_that_no_longer_trusts_fails_the_tasks() {
    let mut account = workshop();
    let role = account.iam().roles().find(|role| role.name().starts_with("StepFunctions-Dispatch")).unwrap();
    let name = role.name().to_owned();
    let nobody = policy(trust(json!({"Service": "lambda.amazonaws.com"})));
    ok(&mut account, "iam:UpdateAssumeRolePolicy", json!({"RoleName": name, "PolicyDocument": nobody}));
    let arn = start(&mut account, "first");
    run(&mut account, Duration::from_secs(5), Handler::Succeeds);
    let failed = history(&account, &arn).into_iter().find(|event| event["type"].as_str() == Some("TaskFailed"));
    assert_eq!(failed.unwrap()["taskFailedEventDetails"].get_str("cause"), Some(NEITHER));
    assert_eq!(status(&account, &arn), "SUCCEEDED", "the catch took it");
}

#[test]
fn waiting_for_nested_executions_takes_a_rule_and_logging_a_delivery() {
    let mut account = account();
    make_role(&mut account, "", "R", by_states(), may("states:*"));
    let nested =
        task("states:startExecution.sync:2", json!({"StateMachineArn": "arn:aws:states:us-east-1:1:stateMachine:C"}));
    let error = refused(&mut account, "states:CreateStateMachine", machine("M", ROLE, nested.clone()));
    assert_eq!(
        error.to_string(),
        "AccessDeniedException: 'arn:aws:iam::123456789012:role/R' is not authorized to create managed-rule."
    );
    let group =
        json!([{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:g:*"}}]);
    let logging = json!({"level": "ALL"}).with("destinations", group);
    let logged = machine("L", ROLE, json!({"Type": "Succeed"})).with("loggingConfiguration", logging.clone());
    let error = refused(&mut account, "states:CreateStateMachine", logged.clone());
    let no_log = "AccessDeniedException: The state machine IAM Role is not authorized to access the Log Destination";
    assert_eq!(error.to_string(), no_log);
    let plain = ok(&mut account, "states:CreateStateMachine", machine("L", ROLE, json!({"Type": "Succeed"})));
    let update = json!({"stateMachineArn": plain["stateMachineArn"].as_str()}).with("loggingConfiguration", logging);
    assert_eq!(refused(&mut account, "states:UpdateStateMachine", update.clone()).to_string(), no_log);

    let wider = json!([may("states:*"), may("events:*"), may("logs:*")]);
    let params = json!({"RoleName": "R", "PolicyName": "Inline", "PolicyDocument": policy(wider)});
    ok(&mut account, "iam:PutRolePolicy", params);
    ok(&mut account, "states:CreateStateMachine", machine("M", ROLE, nested));
    ok(&mut account, "states:UpdateStateMachine", update);
}

#[test]
fn a_queue_policy_speaks_beside_the_roles_own() {
    let session = json!({"AWS": ROLE});
    let grants = |effect: &str, principal: &Value| {
        json!({"Effect": effect, "Action": "sqs:SendMessage", "Resource": QUEUE_ARN})
            .with("Principal", principal.clone())
    };
    let both_ways = "with an explicit deny in a resource-based policy";
    let cases = [
        (may("s3:*"), None, Some("because no identity-based policy allows the sqs:sendmessage action")),
        (may("s3:*"), Some(grants("Allow", &session)), None),
        (may("s3:*"), Some(grants("Allow", &json!({"AWS": OWN}))), Some("because no identity-based policy")),
        (may("sqs:*"), Some(grants("Deny", &session)), Some(both_ways)),
        (may("sqs:*"), Some(grants("Deny", &json!("*"))), Some(both_ways)),
        (may("sqs:*"), Some(grants("Deny", &json!({"AWS": OTHER}))), None),
        (
            may("sqs:*"),
            Some(grants("Deny", &json!("*")).with("Condition", json!({"Bool": {"aws:SecureTransport": "false"}}))),
            None,
        ),
        (
            may("sqs:*"),
            Some(
                grants("Deny", &json!("*"))
                    .with("Condition", json!({"StringNotEquals": {"aws:ResourceTag/env": "dev"}})),
            ),
            None,
        ),
        (
            may("sqs:*"),
            Some(
                grants("Deny", &json!("*"))
                    .with("Condition", json!({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}})),
            ),
            Some(both_ways),
        ),
    ];
    for (identity, queue_policy, denial) in cases {
        let mut account = account();
        make_role(&mut account, "", "R", by_states(), identity);
        ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "parcels", "tags": {"env": "dev"}}));
        let told = format!("{queue_policy:?}");
        if let Some(statement) = queue_policy {
            set_policy(&mut account, QUEUE_URL, statement);
        }
        let ended = ended(&mut account, "M", send(QUEUE_URL));
        match denial {
            None => assert_eq!(ended.get_str("status"), Some("SUCCEEDED"), "{told}"),
            Some(denial) => {
                assert_eq!(ended.get_str("error"), Some("SQS.AmazonSQSException"), "{told}");
                assert!(ended.get_str("cause").unwrap().contains(denial), "{ended} {told}");
            }
        }
    }
}

#[test]
fn a_locked_queue_binds_the_root_too_but_lets_it_take_the_policy_away() {
    let mut account = account();
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "parcels"}));
    let locked = json!({"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"});
    set_policy(&mut account, QUEUE_URL, locked);
    let error = refused(&mut account, "sqs:SendMessage", json!({"QueueUrl": QUEUE_URL, "MessageBody": "hi"}));
    assert_eq!(
        error.to_string(),
        format!(
            "AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to perform: sqs:sendmessage on resource: {QUEUE_ARN} with an explicit deny in a resource-based policy"
        )
    );
    assert_eq!(last(&account, "sqs:SendMessage").decision.as_ref().unwrap().statements.len(), 1);
    assert_eq!(refused(&mut account, "sqs:DeleteQueue", json!({"QueueUrl": QUEUE_URL})).code, "AccessDenied");
    let read = json!({"QueueUrl": QUEUE_URL, "AttributeNames": ["Policy"]});
    assert!(ok(&mut account, "sqs:GetQueueAttributes", read)["Attributes"].get_str("Policy").is_some());
    ok(&mut account, "sqs:SetQueueAttributes", json!({"QueueUrl": QUEUE_URL, "Attributes": {"Policy": ""}}));
    ok(&mut account, "sqs:SendMessage", json!({"QueueUrl": QUEUE_URL, "MessageBody": "hi"}));
}

#[test]
fn a_queue_takes_no_policy_that_is_none() {
    let mut account = account();
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "parcels"}));
    let whole = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"});
    let many = Value::array(vec![whole.clone(); 21]);
    let eight = whole.with("Action", Value::array(vec![json!("sqs:SendMessage"); 8]));
    let cases = [
        (policy(whole.clone()), true),
        (policy(may("sqs:*")), false),
        (policy(whole.with("Effect", json!("Maybe"))), false),
        (policy(many), false),
        (policy(eight), false),
        ("{}".to_owned(), false),
    ];
    for (text, taken) in cases {
        let params = json!({"QueueUrl": QUEUE_URL, "Attributes": {"Policy": text}});
        let result = account.call("sqs:SetQueueAttributes", params).result.unwrap();
        let told = result.err().map(|error| error.to_string());
        let expected = (!taken).then_some("InvalidAttributeValue: Invalid value for the parameter Policy.");
        assert_eq!(told.as_deref(), expected, "{text}");
        assert_eq!(sim_account::resource_policy::check(&text).is_ok(), taken, "{text}");
    }
}

#[test]
fn a_topic_delivers_only_where_the_queue_lets_it() {
    let mut account = account();
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "parcels"}));
    let topic = ok(&mut account, "sns:CreateTopic", json!({"Name": "news"}));
    let topic_arn = topic.get_str("TopicArn").unwrap();
    let subscribe = json!({"TopicArn": topic_arn, "Protocol": "sqs", "Endpoint": QUEUE_ARN});
    ok(&mut account, "sns:Subscribe", subscribe);
    let publish = json!({"TopicArn": topic_arn, "Message": "hi"});
    let waiting = |account: &Account| account.queues().queues().next().unwrap().messages().count();
    ok(&mut account, "sns:Publish", publish.clone());
    assert_eq!(waiting(&account), 0, "no policy lets SNS in, and nobody hears of it but the log");
    let call = last(&account, "sqs:SendMessage");
    let error = call.outcome.as_ref().unwrap().as_ref().unwrap_err();
    assert_eq!(error.to_string(), format!("AccessDenied: Access to the resource {QUEUE_URL} is denied."));

    let sns = json!({"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": QUEUE_ARN});
    let from = |arn: &str| sns.with("Condition", json!({"ArnLike": {"aws:SourceArn": arn}}));
    set_policy(&mut account, QUEUE_URL, from("arn:aws:sns:*:*:other"));
    ok(&mut account, "sns:Publish", publish.clone());
    assert_eq!(waiting(&account), 0);
    set_policy(&mut account, QUEUE_URL, from(topic_arn));
    ok(&mut account, "sns:Publish", publish);
    assert_eq!(waiting(&account), 1);
}

#[test]
fn a_queue_of_another_account_needs_both_sides() {
    let url = QUEUE_URL.replace(OWN, OTHER);
    let arn = QUEUE_ARN.replace(OWN, OTHER);
    let open = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": arn}).with("Principal", json!({"AWS": ROLE}));
    let cases = [
        (may("sqs:*"), Some(open.clone()), None),
        (may("sqs:*"), None, Some("because no resource-based policy allows the sqs:sendmessage action")),
        (may("s3:*"), Some(open.clone()), Some("because no identity-based policy allows the sqs:sendmessage action")),
        (
            may("sqs:*"),
            Some(open.with("Effect", json!("Deny"))),
            Some("with an explicit deny in a resource-based policy"),
        ),
    ];
    for (identity, queue_policy, denial) in cases {
        let mut account = account();
        make_role(&mut account, "", "R", by_states(), identity);
        let attributes = queue_policy.map_or(json!({}), |statement| json!({"Policy": policy(statement)}));
        let create = json!({"QueueName": "parcels"}).with("Attributes", attributes);
        ok(&mut account, &format!("{OTHER}/sqs:CreateQueue"), create);
        let ended = ended(&mut account, "M", send(&url));
        let received = ok(&mut account, &format!("{OTHER}/sqs:ReceiveMessage"), json!({"QueueUrl": url}));
        match denial {
            None => {
                assert_eq!(ended.get_str("status"), Some("SUCCEEDED"), "{ended}");
                assert_eq!(received["Messages"][0].get_str("Body"), Some("hi"));
            }
            Some(denial) => {
                assert!(ended.get_str("cause").unwrap().contains(denial), "{ended}");
                assert!(received.get("Messages").is_none());
            }
        }
    }
    // What is not there, and what no policy opens.
    let mut account = account();
    ok(&mut account, &format!("{OTHER}/sqs:ListQueues"), json!({}));
    let error = refused(&mut account, "sqs:SendMessage", json!({"QueueUrl": url, "MessageBody": "hi"}));
    assert_eq!(error.code, "AWS.SimpleQueueService.NonExistentQueue");
    let all = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"});
    let create = json!({"QueueName": "parcels", "Attributes": {"Policy": policy(all)}});
    ok(&mut account, &format!("{OTHER}/sqs:CreateQueue"), create);
    ok(&mut account, "sqs:SendMessage", json!({"QueueUrl": url, "MessageBody": "hi"}));
    for action in ["sqs:DeleteQueue", "sqs:SetQueueAttributes"] {
        let error = refused(&mut account, action, json!({"QueueUrl": url, "Attributes": {}}));
        assert!(
            error.message.ends_with(&format!("no resource-based policy allows the {} action", action.to_lowercase()))
        );
    }
}

#[test]
fn credentials_are_given_by_trust() {
    let target = format!("arn:aws:iam::{OTHER}:role/T");
    let machine_arn = "arn:aws:states:us-east-1:123456789012:stateMachine:M";
    let external = |id: &str| json!({"StringEquals": {"sts:ExternalId": id}});
    let assume = || json!({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"});
    let cases = [
        (trust(json!({"AWS": ROLE})), assume(), true),
        (trust(json!({"AWS": OWN})), assume(), true),
        (trust(json!({"AWS": ROLE})), may("sqs:*"), false),
        (by_states(), assume(), false),
        (trust(json!({"AWS": ROLE})).with("Condition", external(machine_arn)), assume(), true),
        (trust(json!({"AWS": ROLE})).with("Condition", external("other")), assume(), false),
    ];
    for (trusted, identity, fits) in cases {
        let mut account = account();
        make_role(&mut account, "", "R", by_states(), identity.clone());
        make_role(&mut account, &format!("{OTHER}/"), "T", trusted.clone(), may("sqs:*"));
        ok(&mut account, &format!("{OTHER}/sqs:CreateQueue"), json!({"QueueName": "parcels"}));
        let state = send(&QUEUE_URL.replace(OWN, OTHER)).with("Credentials", json!({"RoleArn": target}));
        let ended = ended(&mut account, "M", state);
        let told = format!("{trusted} {identity} {ended}");
        assert_eq!(ended.get_str("status"), Some(if fits { "SUCCEEDED" } else { "FAILED" }), "{told}");
        let call = last(&account, "sts:AssumeRole");
        assert_eq!(call.decision.as_ref().unwrap().allowed, fits);
        if !fits {
            assert_eq!(ended.get_str("error"), Some("States.TaskFailed"));
            let cause = format!("The role {ROLE} is not authorized to assume the task state's role, {target}.");
            assert_eq!(ended.get_str("cause"), Some(&*cause));
            let refusal = call.outcome.as_ref().unwrap().as_ref().unwrap_err();
            assert_eq!(refusal.code, "AccessDenied");
            assert!(refusal.message.contains("is not authorized to perform: sts:AssumeRole"), "{refusal}");
        }
    }
}

#[test]
fn who_gives_a_role_to_a_service_must_be_allowed_to_pass_it() {
    let create = |account: &mut Account, name: &str| {
        let parameters = machine(name, "arn:aws:iam::123456789012:role/Child", json!({"Type": "Succeed"}));
        let parameters = json!({
            "Name": name, "RoleArn": parameters.get_str("roleArn"), "Definition": parameters.get_str("definition"),
        });
        ended(account, &format!("By{name}"), task("aws-sdk:sfn:createStateMachine", parameters))
    };
    let mut account = account();
    make_role(&mut account, "", "R", by_states(), may("states:*"));
    make_role(&mut account, "", "Child", by_states(), may("sqs:*"));
    let denied = create(&mut account, "A");
    let expected = "is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/Child because no identity-based policy allows the iam:PassRole action";
    assert!(denied.get_str("cause").unwrap().contains(expected), "{denied}");
    for (service, fits) in [("lambda.amazonaws.com", false), ("states.amazonaws.com", true)] {
        let pass = may("iam:PassRole").with("Condition", json!({"StringEquals": {"iam:PassedToService": service}}));
        let document = policy(json!([may("states:*"), pass]));
        let params = json!({"RoleName": "R", "PolicyName": "Inline", "PolicyDocument": document});
        ok(&mut account, "iam:PutRolePolicy", params);
        let ended = create(&mut account, if fits { "B" } else { "C" });
        assert_eq!(ended.get_str("status") == Some("SUCCEEDED"), fits, "{service} {ended}");
    }
}

#[test]
fn a_boundary_holds_whatever_the_policies_say() {
    let mut account = account();
    make_role(&mut account, "", "R", by_states(), may("*"));
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "parcels"}));
    let boundary = "arn:aws:iam::aws:policy/AmazonSNSFullAccess";
    let params = json!({"RoleName": "R", "PermissionsBoundary": boundary});
    ok(&mut account, "iam:PutRolePermissionsBoundary", params);
    let denied = ended(&mut account, "A", send(QUEUE_URL));
    let expected = "because no permissions boundary allows the sqs:sendmessage action";
    assert!(denied.get_str("cause").unwrap().contains(expected), "{denied}");
    ok(&mut account, "iam:DeleteRolePermissionsBoundary", json!({"RoleName": "R"}));
    assert_eq!(ended(&mut account, "B", send(QUEUE_URL)).get_str("status"), Some("SUCCEEDED"));
}

#[test]
fn asking_beforehand_gives_what_the_call_would() {
    let mut account = workshop();
    make_role(&mut account, "", "R", by_states(), may("sqs:Receive*"));
    let denied = account.simulate(ROLE, "sqs:SendMessage", QUEUE_ARN, &[]);
    assert_eq!(
        denied.denial.as_deref(),
        Some(
            "User: arn:aws:sts::123456789012:assumed-role/R/simulated is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:123456789012:parcels because no identity-based policy allows the sqs:sendmessage action"
        )
    );
    assert!(account.simulate(ROLE, "sqs:ReceiveMessage", QUEUE_ARN, &[]).decision.allowed);
    set_policy(
        &mut account,
        QUEUE_URL,
        json!({"Effect": "Allow", "Principal": {"AWS": ROLE}, "Action": "sqs:SendMessage", "Resource": QUEUE_ARN,
            "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}}),
    );
    assert!(!account.simulate(ROLE, "sqs:SendMessage", QUEUE_ARN, &[]).decision.allowed);
    let keys = [("aws:SourceVpc".to_owned(), "vpc-1".to_owned())];
    let allowed = account.simulate(ROLE, "sqs:SendMessage", QUEUE_ARN, &keys);
    assert!(allowed.decision.allowed && allowed.denial.is_none());
}
