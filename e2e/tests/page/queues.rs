//! Queues as a person uses them: a FIFO group that is blocked and released, a message that always fails, a form that
//! refuses as AWS does, and metrics that show what happened.

use e2e::Page;

const QUEUE_TAB: &str = "tablist «Queue» > tab";

/// Opens the form, and sends a body with what is in it already.
async fn send(page: &Page, body: &str) {
    page.replace_text("form «Send message» > textbox", "Message body", body).await;
    page.click("form «Send message» > button", "Send message").await;
}

#[tokio::test]
async fn a_fifo_group_is_blocked_by_its_oldest_message_and_released() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.click("navigation > button", "Create queue").await;
    page.click("main > radio", "FIFO…").await;
    page.type_text("main > textbox", "Name", "Loaves").await;
    page.wait_for_text("The name of a FIFO queue must end with .fifo.").await;
    page.click("main > button", "Append .fifo").await;
    page.click("main > checkbox", "Content-based deduplication…").await;
    page.assert_accessible().await;
    page.click("main > button", "Create queue").await;
    page.by_role_name("main > heading", "Loaves.fifo").await;

    page.click(QUEUE_TAB, "Send and receive messages").await;
    send(&page, "rye").await;
    page.by_role_name("region", "Message group customer-1: Next to be received").await;
    send(&page, "wheat").await;
    // The same body within five minutes is the same message.
    send(&page, "wheat").await;
    page.wait_for_text("SQS accepted the message and did not put it into the queue").await;
    page.by_role_name("region", "Deduplication windows: 2").await;
    page.wait_for_text("2 available · 0 in flight").await;

    page.replace_text("region «Receive messages» > spinbutton", "Maximum messages", "1").await;
    page.click("region «Receive messages» > button", "Poll for messages").await;
    let blocked = "Message group customer-1: Blocked";
    page.wait_for_text_of("region", blocked, "its oldest message is in flight until").await;
    page.wait_for_text_of("region", blocked, "held by you").await;
    // Nothing behind it can be received.
    page.click("region «Receive messages» > button", "Poll for messages").await;
    page.wait_for_text("No messages were available.").await;
    page.click("region «Receive messages» > button", "Release").await;
    page.by_role_name("region", "Message group customer-1: Next to be received").await;
    page.wait_for_text("Visible again: others may receive it.").await;
    page.assert_accessible().await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn what_was_unfolded_stays_unfolded_when_older_polls_leave_the_list() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue("Crumbs").await;
    page.click(QUEUE_TAB, "Send and receive messages").await;
    page.click("form «Generate messages» > button", "Generate").await;
    page.by_role_name("region", "Available: 100").await;
    // Two polls of ten are listed; the third one drives the first out.
    for received in [10, 20] {
        page.click("region «Receive messages» > button", "Poll for messages").await;
        page.by_role_name("region", &format!("In flight: {received}")).await;
    }
    let listed = async || page.execute("return document.querySelectorAll('.received-message').length;", vec![]).await;
    page.wait_until("all messages are listed", async || listed().await == 20).await;
    let unfold = "window.row = document.querySelectorAll('.received-message')[1];
        window.row.querySelector('summary').click();";
    page.execute(unfold, vec![]).await;
    let unfolded = async || page.execute("return window.row.isConnected && window.row.innerText;", vec![]).await;
    let says_more =
        async || unfolded().await.as_str().is_some_and(|text| text.contains("Hidden from others until its visibility"));
    page.wait_until("the message is unfolded", says_more).await;

    page.click("region «Receive messages» > button", "Poll for messages").await;
    page.by_role_name("region", "In flight: 30").await;
    page.wait_for_text("Only the newest polls are listed").await;
    page.wait_until("all messages are listed", async || listed().await == 20).await;
    assert!(says_more().await, "the unfolded message: {}", unfolded().await);
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_message_that_always_fails_goes_to_the_dead_letter_queue_and_back() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue("Stale").await;
    page.click("navigation > button", "Create queue").await;
    page.type_text("main > textbox", "Name", "Bread").await;
    page.choose("main > combobox", "Dead-letter queue", "Stale").await;
    page.replace_text("main > spinbutton", "Maximum receives", "1").await;
    page.click("main > button", "Create queue").await;
    page.by_role_name("main > heading", "Bread").await;
    page.click(QUEUE_TAB, "Send and receive messages").await;
    send(&page, "stone").await;
    page.by_role_name("region", "Available: 1").await;
    page.click("region «Receive messages» > button", "Poll for messages").await;
    page.by_role_name("region", "In flight: 1").await;
    page.click("region «Receive messages» > button", "Release").await;
    // It was received once. It moves at the next receive, not before.
    page.by_role_name("region", "Available: 1").await;
    page.click("region «Receive messages» > button", "Poll for messages").await;
    page.by_role_name("region", "Dead-letter: 1").await;

    page.click(QUEUE_TAB, "Monitoring").await;
    page.by_role_name("img", "NumberOfMessagesSent: highest 1, …").await;
    page.by_role_name("img", "NumberOfMessagesReceived: highest 1, …").await;
    page.by_role_name("img", "NumberOfEmptyReceives: highest 1, …").await;
    page.click("main > button", "Show as a table").await;
    page.by_role_name("main > columnheader", "ApproximateAgeOfOldestMessage").await;

    page.open_in_explorer("Queues", "Stale").await;
    page.click(QUEUE_TAB, "Dead-letter queue").await;
    page.wait_for_text_of("region", "Source queues", "Bread, after 1 receives").await;
    page.click("main > button", "DLQ redrive").await;
    page.wait_for_text_of("region", "DLQ redrive", "COMPLETED").await;
    page.wait_for_text_of("region", "DLQ redrive", "1 of 1").await;
    page.open_in_explorer("Queues", "Bread").await;
    page.by_role_name("region", "Available: 1").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn the_form_of_a_new_queue_refuses_as_aws_does_before_and_after() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.click("navigation > button", "Create queue").await;
    page.type_text("main > textbox", "Name", "no blanks").await;
    page.wait_for_text("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length").await;
    page.replace_text("main > textbox", "Name", "Bread").await;
    page.replace_text("main > spinbutton", "Visibility timeout", "43201").await;
    page.wait_for_text("Invalid value for the parameter VisibilityTimeout.").await;
    page.click("main > button", "Create queue").await;
    page.wait_for_text_of("main", "", "InvalidAttributeValue").await;
    page.replace_text("main > spinbutton", "Visibility timeout", "43200").await;
    page.click("main > button", "Create queue").await;
    page.by_role_name("main > heading", "Bread").await;
    page.click(QUEUE_TAB, "Access policy").await;
    page.replace_text("main > textbox", "Access policy as JSON…", "[1]").await;
    page.wait_for_text("Invalid value for the parameter Policy.").await;
    page.type_text("form «Add a permission» > textbox", "Label", "partner").await;
    page.type_text("form «Add a permission» > textbox", "AWS account IDs", "111122223333").await;
    page.click("main > button", "Add permission").await;
    page.by_role_name("main > button", "Remove partner").await;
    page.click("main > button", "Remove partner").await;
    page.wait_for_text("There is no access policy").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_thousand_messages_are_made_counted_and_purged() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue("Bread").await;
    page.click(QUEUE_TAB, "Send and receive messages").await;
    page.replace_text("main > spinbutton", "How many", "1000").await;
    page.click("main > button", "Generate").await;
    page.wait_for_text("1000 messages were sent.").await;
    page.wait_for_text_of("region", "Available: 1000", "The first 30 are shown; 970 more wait behind them.").await;
    page.click("main > button", "Purge").await;
    page.type_text("dialog > textbox", "To confirm, type purge", "purge").await;
    page.click("dialog > button", "Purge").await;
    page.by_role_name("region", "Available: 0").await;
    page.assert_no_console_errors().await;
    page.close().await;
}
