//! What a role's page tells: simulated calls with their reasons, and policies that are being written.

use shared_json::{Value, json};
use sim_account::shrink::Span;
use sim_account::{Account, AccountOptions};
use views::{roles, shrink};
use virtual_time::Duration;

#[test]
fn a_simulated_call_tells_why() {
    let mut account = Account::new(AccountOptions::default());
    let trust = roles::trust_policy("lambda.amazonaws.com").to_string();
    account.call("iam:CreateRole", json!({"RoleName": "R", "AssumeRolePolicyDocument": trust}));
    let send = |account: &Account| {
        let resource = "arn:aws:sqs:us-east-1:123456789012:q";
        roles::simulate(account, "R", "sqs:SendMessage", resource).unwrap()
    };
    let denied = send(&account);
    assert!(!denied.allowed && denied.sentence.contains("no identity-based policy allows the sqs:sendmessage action"));
    assert_eq!(denied.statements, ["The role has no policies, so nothing allows the call."]);
    let arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";
    account.call("iam:AttachRolePolicy", json!({"RoleName": "R", "PolicyArn": arn}));
    let allowed = send(&account);
    assert!(allowed.allowed);
    assert_eq!(allowed.statements, ["AmazonSQSFullAccess, statement 1: it allows the call."]);
    let boundary = "arn:aws:iam::aws:policy/AmazonSNSFullAccess";
    account.call("iam:PutRolePermissionsBoundary", json!({"RoleName": "R", "PermissionsBoundary": boundary}));
    assert_eq!(
        send(&account).statements,
        [
            "AmazonSQSFullAccess, statement 1: it allows the call, but the permissions boundary does not.",
            "AmazonSNSFullAccess, statement 1: It is not about the action sqs:SendMessage.",
        ]
    );
    assert_eq!(roles::simulate(&account, "None", "sqs:SendMessage", "*"), None);
}

#[test]
fn a_policy_is_checked_while_it_is_written() {
    let cases = [
        (r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"*"}}"#, false, None),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"sqs:*","Resource":"*"}}"#,
            false,
            Some("The policy failed legacy parsing. Effect is Allow or Deny, with a capital letter, and not allow."),
        ),
        (
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}"#,
            true,
            Some("Missing required field Principal"),
        ),
    ];
    for (text, trust, problem) in cases {
        assert_eq!(roles::problem_of_policy(text, trust).as_deref(), problem, "{text}");
    }
    assert!(
        roles::problem_of_policy("{", false)
            .is_some_and(|text| text.starts_with("Syntax errors in policy. It is not JSON"))
    );
}

#[test]
fn a_role_shrinks_and_grows_back() {
    let mut account = Account::new(AccountOptions::default());
    let ok = |account: &mut Account, action: &str, params: Value| account.call(action, params).result.unwrap().unwrap();
    let trust = roles::trust_policy("states.amazonaws.com").to_string();
    ok(&mut account, "iam:CreateRole", json!({"RoleName": "R", "AssumeRolePolicyDocument": trust}));
    let arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";
    ok(&mut account, "iam:AttachRolePolicy", json!({"RoleName": "R", "PolicyArn": arn}));
    let s3 = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}});
    let inline = json!({"RoleName": "R", "PolicyName": "Files", "PolicyDocument": s3.to_string()});
    ok(&mut account, "iam:PutRolePolicy", inline);
    assert_eq!(shrink::calls(&account, "R", &Span::Kept), None, "nothing was used yet");

    let url = ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "q"}))["QueueUrl"].clone();
    let parameters = json!({"MessageBody": "hi"}).with("QueueUrl", url);
    let send = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true});
    let states = Value::object([("Send", send.with("Parameters", parameters))]);
    let definition = json!({"StartAt": "Send"}).with("States", states).to_string();
    let machine = json!({"name": "M", "roleArn": "arn:aws:iam::123456789012:role/R", "definition": definition});
    let machine = ok(&mut account, "states:CreateStateMachine", machine);
    ok(&mut account, "states:StartExecution", json!({"stateMachineArn": machine["stateMachineArn"].as_str()}));
    account.advance_to(account.now() + Duration::from_secs(10), 1_000);

    let view = shrink::view(&account, "R", &Span::Kept).unwrap();
    assert_eq!(view.calls, 1);
    assert_eq!(view.unused, ["Files, statement 1: nothing of it was used."]);
    assert!(view.after.as_ref().is_some_and(|text| text.contains("sqs:SendMessage") && !text.contains("s3:")));
    let (there, back) = shrink::calls(&account, "R", &Span::Kept).unwrap();
    let before = roles::view(&account, "R").unwrap();
    for (action, params) in there {
        ok(&mut account, action, params);
    }
    let role = roles::view(&account, "R").unwrap();
    assert!(role.attached.is_empty());
    assert_eq!(role.inline.iter().map(|policy| &*policy.name).collect::<Vec<_>>(), [shrink::POLICY_NAME]);
    assert_eq!(shrink::calls(&account, "R", &Span::Kept), None, "it has no more than that");
    for (action, params) in back {
        ok(&mut account, action, params);
    }
    assert_eq!(roles::view(&account, "R").unwrap(), before);
}
