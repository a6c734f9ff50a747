//! What a queue delivers again, and why: a batch that failed in part, a handler slower than the visibility timeout, an
//! execution that is redriven.

use e2e::Page;
use e2e::samples::{FUNCTION, QUEUE, ROLE};

const ENTER: &str = "\u{e007}";
const URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/Ovens";
const QUEUE_TAB: &str = "tablist «Queue» > tab";

/// Names the messages that it could not bake.
const PICKY: &str = r#"export const handler = async (event) => {
  const failed = event.Records.filter((record) => record.body === "stone");
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };
};
"#;

const SLOW: &str = r#"export const handler = async (event) => {
  console.log("kneading", event.Records[0].body);
  await new Promise((done) => setTimeout(done, 2500));
};
"#;

async fn command(page: &Page, line: &str) {
    page.click("region «Dock» > tab", "Command line").await;
    page.click("region «Dock» > combobox", "Command").await;
    page.press(&format!("{line}{ENTER}")).await;
}

/// A queue and a function of this code, not yet tied together.
async fn open(code: &str) -> Page {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue(QUEUE).await;
    page.create_role(ROLE, &["AmazonSQSFullAccess"]).await;
    page.create_function(FUNCTION, "Node.js 22.x", ROLE).await;
    page.deploy(FUNCTION, code).await;
    page
}

#[tokio::test]
async fn of_a_batch_only_the_message_that_failed_comes_back() {
    let page = open(PICKY).await;
    for body in ["rye", "stone", "oat"] {
        command(&page, &format!("aws sqs send-message --queue-url {URL} --message-body {body}")).await;
    }
    page.click("main > tab", "Configuration").await;
    page.click("region «Triggers» > button", "Add trigger").await;
    page.click("main > checkbox", "Report batch item failures…").await;
    page.click("main > button", "Add").await;
    page.wait_for_text_of("region", "Triggers", "Report batch item failures Yes").await;
    page.open_in_explorer("Queues", QUEUE).await;
    page.click(QUEUE_TAB, "Send and receive messages").await;
    // Two of three are deleted; the third waits for its visibility timeout, and comes again.
    page.by_role_name("region «In flight: 1» > button", "stone").await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Monitor").await;
    page.wait_for_text_of("region", "Metrics", "Errors 0").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_handler_slower_than_the_visibility_timeout_gets_a_message_twice() {
    let page = open(SLOW).await;
    page.add_trigger(QUEUE, true).await;
    // A trigger asks for a visibility timeout as long as the function's; a later change is not looked at.
    command(&page, &format!("aws sqs set-queue-attributes --queue-url {URL} --attributes VisibilityTimeout=1")).await;
    command(&page, &format!("aws sqs send-message --queue-url {URL} --message-body rye")).await;
    page.click("region «Dock» > tab", "Logs…").await;
    page.wait_until("the message was handled twice", async || {
        page.text_of("region", "Dock").await.matches("kneading rye").count() >= 2
    })
    .await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_failed_execution_is_redriven_and_goes_on() {
    let page = Page::open("").await;
    page.start_empty().await;
    let definition = format!(
        r#"{{ "StartAt": "Order", "States": {{ "Order": {{
            "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true,
            "Parameters": {{ "QueueUrl": "{URL}", "MessageBody": "rye" }} }} }} }}"#
    );
    page.create_state_machine("OrderBread", &definition).await;
    page.start_execution("{}").await;
    page.by_role_name("button", "Order, sendMessage, Failed").await;
    command(&page, &format!("aws sqs create-queue --queue-name {QUEUE}")).await;
    page.by_role_name("tree «Queues» > treeitem", &format!("{QUEUE}…")).await;
    page.click("main > button", "Redrive").await;
    page.by_role_name("button", "Order, sendMessage, Succeeded").await;
    page.wait_until_gone("main > button", "Redrive").await;
    page.click("main > tab", "Event view…").await;
    page.wait_for_text("ExecutionRedriven").await;
    page.assert_no_console_errors().await;
    page.close().await;
}
