//! A FIFO queue and the function that it triggers: groups side by side, each in its order.

mod support;

use shared_json::{Value, json};
use sim_account::Account;
use support::{Handler, ok, run, workshop};
use virtual_time::Duration;

#[test]
fn groups_run_side_by_side_and_each_keeps_its_order() {
    let mut account = workshop();
    let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
    ok(&mut account, "sqs:CreateQueue", json!({"QueueName": "lines.fifo"}).with("Attributes", attributes));
    let url = "https://sqs.us-east-1.amazonaws.com/123456789012/lines.fifo";
    let arn = "arn:aws:sqs:us-east-1:123456789012:lines.fifo";
    ok(
        &mut account,
        "lambda:CreateEventSourceMapping",
        json!({"FunctionName": "Depot", "EventSourceArn": arn, "BatchSize": 2}),
    );
    let rules = json!([{"Function": "Depot", "LatencySeconds": 2, "Return": null}]);
    ok(&mut account, "stepyard:SetMockConfig", Value::object([("MockConfig", Value::object([("Rules", rules)]))]));
    run(&mut account, Duration::from_secs(10), Handler::Succeeds);
    for (body, group) in [("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a"), ("b2", "b"), ("a4", "a")] {
        ok(&mut account, "sqs:SendMessage", json!({"QueueUrl": url, "MessageBody": body, "MessageGroupId": group}));
    }
    run(&mut account, Duration::from_secs(60), Handler::Succeeds);
    assert_eq!(account.queues().queue("lines.fifo").unwrap().messages().count(), 0);
    let mut seen = vec![Vec::new(), Vec::new()];
    let mut ends = [account.options().start; 2];
    for invocation in account.functions().invocations() {
        let event = Value::parse(&invocation.event).unwrap();
        let records = event["Records"].as_array().unwrap();
        let group = records[0]["attributes"].get_str("MessageGroupId").unwrap();
        let of = usize::from(group == "b");
        assert!(records.iter().all(|r| r["attributes"].get_str("MessageGroupId") == Some(group)), "one group a batch");
        assert!(records.iter().all(|r| r["attributes"].get("SequenceNumber").is_some()));
        assert!(invocation.accepted_at >= ends[of], "one batch of a group at a time");
        ends[of] = invocation.ended_at.unwrap();
        seen[of].extend(records.iter().map(|record| record.get_str("body").unwrap().to_owned()));
    }
    assert_eq!(seen, [vec!["a1", "a2", "a3", "a4"], vec!["b1", "b2"]]);
    let again = Account::replay(account.options().clone(), account.log(), account.position()).unwrap();
    assert_eq!(again.snapshot().to_string(), account.snapshot().to_string());
}
