//! A deletion is undone from the message that tells of it.

use e2e::Page;
use e2e::samples::QUEUE;

const ENTER: &str = "\u{e007}";

#[tokio::test]
async fn a_deleted_queue_comes_back_with_its_messages() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue(QUEUE).await;
    page.click("region «Dock» > tab", "Command line").await;
    page.click("region «Dock» > combobox", "Command").await;
    let url = format!("https://sqs.us-east-1.amazonaws.com/123456789012/{QUEUE}");
    page.press(&format!("aws sqs send-message --queue-url {url} --message-body kept --query MessageId{ENTER}")).await;
    page.wait_for_text_of("log", "Output of commands", "--query MessageId \"").await;
    page.press(&format!("aws sqs delete-queue --queue-url {url}{ENTER}")).await;
    page.wait_for_text(&format!("Deleted {QUEUE}.")).await;
    page.wait_until_gone("tree «Queues» > treeitem", &format!("{QUEUE}…")).await;
    page.assert_accessible().await;
    page.tab_back_to("button", "Undo").await;
    page.press(ENTER).await;
    page.wait_for_text(&format!("{QUEUE} is back.")).await;
    page.open_in_explorer("Queues", QUEUE).await;
    page.wait_for_text_of("main", "", "kept").await;
    page.click("link", "SIM").await;
    page.wait_for_text_of("main", "", "This workspace has the limits of aws-2026").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_workspace_can_have_the_limits_of_2023() {
    let page = Page::open("").await;
    page.click("button", "Workspace").await;
    page.click("menuitem", "Start empty, with the limits of 2023").await;
    page.click("link", "SIM").await;
    page.wait_for_text_of("main", "", "This workspace has the limits of aws-2023").await;
    page.by_role_name("main > rowheader", "SQS: a message, and a queue's MaximumMessageSize").await;
    page.assert_accessible().await;
    page.close().await;
}
