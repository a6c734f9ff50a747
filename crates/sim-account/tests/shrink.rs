//! "Shrink to what was used": the least policy still lets the same run pass, and nothing else.

mod support;

use shared_json::{Value, json};
use sim_account::Account;
use sim_account::shrink::{Shrunk, Span, shrink};
use support::{Handler, MACHINE_ARN, QUEUE_ARN, add_trigger, ok, refused, run, start, status, workshop};
use virtual_time::Duration;

fn machine_role(account: &Account) -> String {
    let role = account.iam().roles().find(|role| role.name().starts_with("StepFunctions-Dispatch")).unwrap();
    role.name().to_owned()
}

/// Puts the least policy in the place of all that the role has.
fn apply(account: &mut Account, role: &str, shrunk: &Shrunk) {
    let listed = ok(account, "iam:ListAttachedRolePolicies", json!({"RoleName": role}));
    for policy in listed["AttachedPolicies"].as_array().unwrap() {
        let arn = policy.get_str("PolicyArn");
        ok(account, "iam:DetachRolePolicy", json!({"RoleName": role, "PolicyArn": arn}));
    }
    let listed = ok(account, "iam:ListRolePolicies", json!({"RoleName": role}));
    for policy in listed["PolicyNames"].as_array().unwrap() {
        ok(account, "iam:DeleteRolePolicy", json!({"RoleName": role, "PolicyName": policy.as_str()}));
    }
    let document = shrunk.document.as_ref().unwrap().to_string();
    ok(account, "iam:PutRolePolicy", json!({"RoleName": role, "PolicyName": "Used", "PolicyDocument": document}));
}

fn actions(shrunk: &Shrunk) -> Vec<&str> {
    shrunk.uses.iter().map(|used| &*used.action).collect()
}

#[test]
fn the_same_run_passes_with_the_least_policies() {
    let mut account = workshop();
    add_trigger(&mut account);
    let first = start(&mut account, "first");
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);
    assert_eq!(status(&account, &first), "SUCCEEDED");

    let machine = machine_role(&account);
    let of_machine = shrink(&account, &machine, &Span::Kept).unwrap();
    assert_eq!(actions(&of_machine), ["sqs:SendMessage"]);
    let of_function = shrink(&account, "depot-role", &Span::Kept).unwrap();
    assert_eq!(
        actions(&of_function),
        ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage", "states:SendTaskSuccess"]
    );
    assert_eq!(
        of_function.document.as_ref().unwrap()["Statement"],
        json!([
            {"Effect": "Allow", "Action": ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"], "Resource": [QUEUE_ARN]},
            {"Effect": "Allow", "Action": ["states:SendTaskSuccess"], "Resource": [MACHINE_ARN]},
        ])
    );
    apply(&mut account, &machine, &of_machine);
    apply(&mut account, "depot-role", &of_function);
    let second = start(&mut account, "second");
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);
    assert_eq!(status(&account, &second), "SUCCEEDED");
    let denied = account.journal().calls().filter(|(_, call)| call.decision.as_ref().is_some_and(|d| !d.allowed));
    assert_eq!(denied.count(), 0);
    assert!(shrink(&account, &machine, &Span::Kept).unwrap().unused.is_empty(), "nothing is left to take away");

    // What the first run did not need is denied now.
    let third = start(&mut account, "third");
    run(&mut account, Duration::from_secs(30), Handler::ReportsFailure);
    assert_eq!(status(&account, &third), "RUNNING");
    let last = account.journal().calls().rev().find(|(_, call)| call.action == "states:SendTaskFailure").unwrap();
    assert!(!last.1.decision.as_ref().unwrap().allowed);
}

#[test]
fn what_was_never_used_is_told() {
    let mut account = workshop();
    add_trigger(&mut account);
    start(&mut account, "first");
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);
    let s3 = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Files", "Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:*", "Resource": "*"},
    ]});
    let params = json!({"RoleName": "depot-role", "PolicyName": "Files", "PolicyDocument": s3.to_string()});
    ok(&mut account, "iam:PutRolePolicy", params);
    let shrunk = shrink(&account, "depot-role", &Span::Kept).unwrap();
    let told: Vec<_> = shrunk.unused.iter().map(|u| (&*u.policy, u.sid.as_deref(), u.entirely)).collect();
    assert_eq!(told, [("Files", Some("Files"), true)]);
    let statements = shrunk.document.unwrap()["Statement"].clone();
    assert_eq!(statements.as_array().unwrap().last().unwrap(), &s3["Statement"][1], "a deny stays");
}

#[test]
fn the_span_says_which_calls_count() {
    let mut account = workshop();
    add_trigger(&mut account);
    let first = start(&mut account, "first");
    run(&mut account, Duration::from_secs(30), Handler::Succeeds);
    let later = account.now();
    run(&mut account, Duration::from_secs(1), Handler::Succeeds);
    let role = machine_role(&account);
    let of = |span: Span| shrink(&account, &role, &span).unwrap();
    assert_eq!(of(Span::Execution(first.as_str().into())).calls, 1);
    assert_eq!(
        of(Span::Execution("another".into())),
        Shrunk { document: None, uses: vec![], calls: 0, ..of(Span::Since(later)) }
    );
    assert!(shrink(&account, "nobody", &Span::Kept).is_none());
}

#[test]
fn the_runs_of_nested_executions_and_logs_keep_what_services_need() {
    let mut account = Account::new(sim_account::AccountOptions::default());
    let trust = sim_account::execution_role::trust_policy("states.amazonaws.com").to_string();
    ok(&mut account, "iam:CreateRole", json!({"RoleName": "R", "AssumeRolePolicyDocument": trust}));
    let all = "arn:aws:iam::aws:policy/AdministratorAccess";
    ok(&mut account, "iam:AttachRolePolicy", json!({"RoleName": "R", "PolicyArn": all}));
    let role_arn = "arn:aws:iam::123456789012:role/R";
    let make = |account: &mut Account, name: &str, state: Value, logging: Value| {
        let definition = json!({"StartAt": "A"}).with("States", Value::object([("A", state)])).to_string();
        let params = json!({"name": name, "definition": definition, "roleArn": role_arn});
        ok(account, "states:CreateStateMachine", params.with("loggingConfiguration", logging))
    };
    let child = make(&mut account, "Child", json!({"Type": "Succeed"}), json!({"level": "OFF"}));
    let child = child.get_str("stateMachineArn").unwrap();
    let group =
        json!([{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:g:*"}}]);
    let nested = json!({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": true,
        "Parameters": {"StateMachineArn": child}});
    let parent =
        make(&mut account, "Parent", nested.clone(), json!({"level": "ALL"}).with("destinations", group.clone()));
    let run = |account: &mut Account| {
        let params = json!({"stateMachineArn": parent.get_str("stateMachineArn")});
        let started = ok(account, "states:StartExecution", params);
        account.advance_to(account.now() + Duration::from_secs(60), 1_000);
        status(account, started.get_str("executionArn").unwrap())
    };
    assert_eq!(run(&mut account), "SUCCEEDED");
    let shrunk = shrink(&account, "R", &Span::Kept).unwrap();
    apply(&mut account, "R", &shrunk);
    assert_eq!(run(&mut account), "SUCCEEDED");
    // The machine could be made again with this role, and a call beyond it is denied.
    let logging = json!({"level": "ALL"}).with("destinations", group);
    make(&mut account, "Again", nested, logging);
    let unused = account.simulate(role_arn, "sqs:SendMessage", QUEUE_ARN, &[]);
    assert!(!unused.decision.allowed);
    refused(&mut account, "iam:GetRole", json!({"RoleName": "None"}));
}
