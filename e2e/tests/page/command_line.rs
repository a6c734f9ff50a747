//! The AWS command line in the dock, by keyboard alone.

use e2e::Page;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const ARROW_UP: &str = "\u{e013}";
const ARROW_DOWN: &str = "\u{e015}";
const FIELD: &str = "region «Dock» > combobox";
const URL: &str = "https://sqs.us-east-1.amazonaws.com/123456789012/Orders";

async fn open() -> Page {
    let page = Page::open("").await;
    page.start_empty().await;
    page.click("region «Dock» > tab", "Command line").await;
    page.click(FIELD, "Command").await;
    page
}

async fn printed(page: &Page, text: &str) {
    page.wait_for_text_of("log", "Output of commands", text).await;
}

async fn command(page: &Page) -> String {
    page.execute("return document.activeElement.value ?? '';", vec![]).await.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_queue_is_made_filled_and_read_by_commands() {
    let page = open().await;
    page.press(&format!("aws sqs create-queue --queue-name Orders{ENTER}")).await;
    printed(&page, &format!("\"QueueUrl\": \"{URL}\"")).await;
    page.by_role_name("tree «Queues» > treeitem", "Orders…").await;

    page.press(&format!(
        "aws sqs send-message --queue-url {URL} --message-body 'hello there' --query MessageId{ENTER}"
    ))
    .await;
    page.press(&format!("aws sqs receive-message --queue-url {URL} --output table --query 'Messages[].[Body]'{ENTER}"))
        .await;
    printed(&page, "| hello there |").await;

    page.press(&format!("aws sqs get-queue-url --queue-name Nope{ENTER}")).await;
    printed(
        &page,
        "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation:",
    )
    .await;
    printed(&page, "Exit code 254").await;
    page.press(&format!("aws sqs send-mesage{ENTER}")).await;
    printed(&page, "maybe you meant:").await;
    page.assert_accessible().await;

    page.press(ARROW_UP).await;
    assert_eq!(command(&page).await, "aws sqs send-mesage");
    page.press(ARROW_UP).await;
    assert_eq!(command(&page).await, "aws sqs get-queue-url --queue-name Nope");
    page.press(ARROW_DOWN).await;
    page.press(ARROW_DOWN).await;
    assert_eq!(command(&page).await, "");
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn commands_complete_and_the_field_can_be_left() {
    let page = open().await;
    page.press(&format!("aws sqs create-queue --queue-name Orders{ENTER}")).await;
    printed(&page, URL).await;
    // A person waits for what they are shown.
    for (typed, shown) in [("aw", "aws "), ("sqs pur", "aws sqs purge-queue ")] {
        page.press(&format!("{typed}{TAB}")).await;
        page.wait_until(shown, async || command(&page).await == shown).await;
    }
    page.press(&format!("--q{TAB}")).await;
    page.by_role_name("listbox > option", "--queue-url…").await;
    let shown = format!("aws sqs purge-queue --queue-url {URL} ");
    for (key, shown) in [(ENTER, "aws sqs purge-queue --queue-url "), (TAB, &*shown)] {
        page.press(key).await;
        page.wait_until(shown, async || command(&page).await == shown).await;
    }
    page.press(&format!("--out{TAB}")).await;
    page.wait_until("it is completed", async || command(&page).await.ends_with("--output ")).await;
    page.press(TAB).await;
    page.by_role_name("listbox > option", "json").await;
    page.assert_accessible().await;
    page.press(&format!("{ESCAPE}{TAB}")).await;
    let focused = page.execute("return document.activeElement.textContent;", vec![]).await;
    assert_eq!(focused, "Run", "Escape, then Tab, leaves the field");
    page.close().await;
}

#[tokio::test]
async fn a_long_poll_waits_while_time_is_paused_and_documents_are_files() {
    let page = open().await;
    page.click("button", "Documents").await;
    page.type_text("dialog > textbox", "Document name", "queue.json").await;
    page.type_text("dialog > textbox", "Document text", r#"{"QueueName": "Orders"}"#).await;
    page.click("dialog > button", "Keep document").await;
    page.click("dialog > button", "Close").await;
    page.click("button", "Pause").await;
    page.click(FIELD, "Command").await;
    page.press(&format!("aws sqs create-queue --cli-input-json file://queue.json{ENTER}")).await;
    printed(&page, URL).await;
    page.press(&format!("aws sqs receive-message --queue-url {URL} --wait-time-seconds 1 --output text{ENTER}")).await;
    printed(&page, "Time is paused").await;
    page.click("log > button", "Let time run").await;
    page.wait_until_gone("log > button", "Stop waiting").await;
    page.click("button", "Pause").await;
    page.click(FIELD, "Command").await;
    page.press(&format!("aws sqs receive-message --queue-url {URL} --wait-time-seconds 5{ENTER}")).await;
    page.click("log > button", "Stop waiting").await;
    printed(&page, "Exit code 130").await;
    page.close().await;
}
