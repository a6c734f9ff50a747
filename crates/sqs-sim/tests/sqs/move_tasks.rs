//! Message move tasks and permissions: the calls, and what they do as time passes.

use crate::bench::{Bench, ORDERS};
use shared_json::{Value, json};
use virtual_time::Duration;

const DEAD: &str = "arn:aws:sqs:eu-west-1:123456789012:Dead";
const OTHER: &str = "arn:aws:sqs:eu-west-1:123456789012:Other";

/// Orders with `letters` dead letters in Dead, and a queue Other.
fn with_dead_letters(letters: usize) -> Bench {
    let mut bench = Bench::new();
    bench.ok("CreateQueue", json!({"QueueName": "Dead"}));
    bench.ok("CreateQueue", json!({"QueueName": "Other"}));
    let policy = json!({"deadLetterTargetArn": DEAD, "maxReceiveCount": 1}).to_string();
    bench.ok("CreateQueue", json!({"QueueName": "Orders", "Attributes": {"RedrivePolicy": policy}}));
    for letter in 0..letters {
        bench.run(&format!("send m{letter}; receive hide 0 -> m{letter}; receive -> nothing"));
    }
    bench
}

fn count(bench: &Bench, queue: &str) -> usize {
    bench.queues.queue(queue).unwrap().available_count()
}

fn listed(bench: &mut Bench) -> Value {
    bench.ok("ListMessageMoveTasks", json!({"SourceArn": DEAD, "MaxResults": 10}))["Results"].clone()
}

#[test]
fn letters_go_back_to_where_they_came_from() {
    let mut bench = with_dead_letters(3);
    let old: Vec<_> = bench.queues.queue("Dead").unwrap().messages().map(|m| (m.id.clone(), m.sent_at)).collect();
    bench.run("+100s; moved");
    let handle = bench.ok("StartMessageMoveTask", json!({"SourceArn": DEAD}));
    assert!(handle.get_str("TaskHandle").is_some());
    bench.run("+1s; moved -> redriven sent redriven sent redriven sent; receive 10 -> m0 m1 m2");
    assert_eq!(count(&bench, "Dead"), 0);
    let tasks = listed(&mut bench);
    assert_eq!(tasks[0]["Status"], json!("COMPLETED"));
    assert_eq!(tasks[0]["ApproximateNumberOfMessagesMoved"], json!(3));
    assert_eq!((tasks[0].get("TaskHandle"), tasks[0].get("DestinationArn")), (None, None));
    // Each is a new message: received once, sent now.
    for (message, (id, sent_at)) in bench.queues.queue("Orders").unwrap().messages().zip(old) {
        assert!(message.id != id && message.sent_at.since(sent_at) >= Duration::from_secs(100));
        assert_eq!((message.receive_count, &message.dead_letter_source_arn), (1, &None));
    }
}

#[test]
fn a_task_keeps_its_pace_and_can_be_cancelled() {
    let mut bench = with_dead_letters(5);
    let params = json!({"SourceArn": DEAD, "DestinationArn": OTHER, "MaxNumberOfMessagesPerSecond": 2});
    let handle = bench.ok("StartMessageMoveTask", params.clone());
    assert_eq!(count(&bench, "Other"), 1);
    let again = bench.call("StartMessageMoveTask", params).unwrap().unwrap_err();
    assert_eq!(
        again.message,
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time."
    );
    bench.pass(Duration::from_secs(1));
    assert_eq!(count(&bench, "Other"), 3);
    assert_eq!(listed(&mut bench)[0]["TaskHandle"], handle["TaskHandle"]);
    // Permission to cancel is permission on the source.
    assert_eq!(bench.queues.queue_arn_for("CancelMessageMoveTask", &handle).as_deref(), Some(DEAD));
    let cancelled = bench.ok("CancelMessageMoveTask", handle.clone());
    assert_eq!(cancelled, json!({"ApproximateNumberOfMessagesMoved": 3}));
    bench.pass(Duration::from_secs(9));
    assert_eq!((count(&bench, "Other"), count(&bench, "Dead")), (3, 2));
    assert_eq!(listed(&mut bench)[0]["Status"], json!("CANCELLED"));
    assert_eq!(bench.call("CancelMessageMoveTask", handle).unwrap().unwrap_err().code, "InvalidParameterValue");
}

#[test]
fn a_task_fails_when_its_destination_goes() {
    let mut bench = with_dead_letters(3);
    let params = json!({"SourceArn": DEAD, "DestinationArn": OTHER, "MaxNumberOfMessagesPerSecond": 1});
    bench.ok("StartMessageMoveTask", params);
    bench.ok("DeleteQueue", json!({"QueueUrl": ORDERS.replace("Orders", "Other")}));
    bench.pass(Duration::from_secs(1));
    let task = listed(&mut bench)[0].clone();
    assert_eq!(task["Status"], json!("FAILED"));
    assert_eq!(task["FailureReason"], json!("AWS.SimpleQueueService.NonExistentQueue"));
    assert_eq!(count(&bench, "Dead"), 2);
}

#[test]
fn wrong_tasks_are_refused() {
    let check = |action: &str, params: Value, code: &str, message: &str| {
        let error = with_dead_letters(1).call(action, params).unwrap().unwrap_err();
        assert_eq!((error.code.as_str(), error.message.as_str()), (code, message));
    };
    let missing = "arn:aws:sqs:eu-west-1:123456789012:Missing";
    check(
        "StartMessageMoveTask",
        json!({"SourceArn": missing}),
        "ResourceNotFoundException",
        "The resource that you specified for the SourceArn parameter doesn't exist.",
    );
    check(
        "StartMessageMoveTask",
        json!({"SourceArn": DEAD, "DestinationArn": missing}),
        "ResourceNotFoundException",
        "The resource that you specified for the DestinationArn parameter doesn't exist.",
    );
    check(
        "StartMessageMoveTask",
        json!({"SourceArn": OTHER}),
        "InvalidParameterValue",
        "Source queue must be configured as a Dead Letter Queue.",
    );
    check("CancelMessageMoveTask", json!({}), "MissingParameter", "The request must contain the parameter TaskHandle.");
    check(
        "StartMessageMoveTask",
        json!({"SourceArn": DEAD, "MaxNumberOfMessagesPerSecond": 501}),
        "InvalidParameterValue",
        "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: MaxNumberOfMessagesPerSecond must be an integer between 1 and 500.",
    );
}

#[test]
fn a_dead_letter_queue_chooses_its_sources() {
    let orders = "arn:aws:sqs:eu-west-1:123456789012:Orders";
    let policy = |permission: Value| permission.to_string();
    let check = |allow: Value, admitted: bool| {
        let mut bench = Bench::new();
        let attributes = json!({"RedriveAllowPolicy": policy(allow)});
        bench.ok("CreateQueue", json!({"QueueName": "Dead", "Attributes": attributes}));
        let redrive = policy(json!({"deadLetterTargetArn": DEAD, "maxReceiveCount": 1}));
        let made = json!({"QueueName": "Orders", "Attributes": {"RedrivePolicy": redrive}});
        assert_eq!(bench.call("CreateQueue", made).unwrap().is_ok(), admitted);
    };
    check(json!({"redrivePermission": "allowAll"}), true);
    check(json!({"redrivePermission": "denyAll"}), false);
    check(json!({"redrivePermission": "byQueue", "sourceQueueArns": [orders]}), true);
    check(json!({"redrivePermission": "byQueue", "sourceQueueArns": [OTHER]}), false);
}

#[test]
fn permissions_are_statements_with_labels() {
    let mut bench = Bench::new();
    bench.ok("CreateQueue", json!({"QueueName": "Orders"}));
    let add = |label: &str, accounts: Value, actions: Value| json!({"QueueUrl": ORDERS, "Label": label, "AWSAccountIds": accounts, "Actions": actions});
    bench.ok("AddPermission", add("readers", json!(["210987654321"]), json!(["ReceiveMessage", "DeleteMessage"])));
    bench.ok("AddPermission", add("all", json!(["210987654321"]), json!(["*"])));
    let policy = |bench: &Bench| bench.queues.queue("Orders").unwrap().policy().map(|text| Value::parse(text).unwrap());
    let statement = policy(&bench).unwrap()["Statement"][0].clone();
    assert_eq!(statement["Action"], json!(["SQS:ReceiveMessage", "SQS:DeleteMessage"]));
    assert_eq!(statement["Principal"], json!({"AWS": "arn:aws:iam::210987654321:root"}));
    for label in ["readers", "all"] {
        bench.ok("RemovePermission", json!({"QueueUrl": ORDERS, "Label": label}));
    }
    assert_eq!(policy(&bench), None);
    let mut check = |params: Value, message: &str| {
        assert_eq!(bench.call("AddPermission", params).unwrap().unwrap_err().message, message);
    };
    check(
        add("x", json!(["210987654321"]), json!(["DeleteQueue"])),
        "Value SQS:DeleteQueue for parameter ActionName is invalid. Reason: Only the queue owner is allowed to invoke this action.",
    );
    check(
        add("x", json!(["210987654321"]), json!(["Sing"])),
        "Value SQS:Sing for parameter ActionName is invalid. Reason: Please refer to the appropriate WSDL for a list of valid actions.",
    );
    check(
        add("x", json!(["me"]), json!(["SendMessage"])),
        "Value [me] for parameter PrincipalId is invalid. Reason: Unable to verify.",
    );
    check(add("x", json!([]), json!(["SendMessage"])), "The request must contain the parameter AWSAccountIds.");
}
