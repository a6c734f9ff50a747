//! How runs go: well, badly, never, and on after a reload. With a workflow and a handler of our own.

use e2e::Page;
use e2e::samples::{DEFINITION, ENDLESS_HANDLER, FUNCTION, HANDLER, MACHINE, QUEUE, ROLE};

/// The state in the graph while nobody has answered its token.
const WAITING: &str = "Bake bread, sendMessage · wait for callback, Waiting for callback";
const DOCK_TAB: &str = "region «Dock» > tab";

#[tokio::test]
async fn a_callback_answered_by_the_handler_ends_the_run_well() {
    let page = Page::open("").await;
    page.build_bakery(true).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;
    page.by_role_name("button", "Deliver, Succeed, Succeeded").await;
    page.click("button", "Bake bread, sendMessage · wait for callback, Succeeded").await;
    page.wait_for_text_of("region", "Step details", r#""loaf": "rye""#).await;
    page.wait_for_text_of("region", "Step details", r#""baked": "rye""#).await;
    page.click("main > tab", "Input and output").await;
    page.wait_for_text_of("group", "Execution output", r#"{ "baked": "rye" }"#).await;
    page.click(DOCK_TAB, "Logs…").await;
    page.wait_for_text_of("region", "Dock", "asked for rye").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn several_executions_started_at_once_all_end() {
    let page = Page::open("").await;
    page.open_in_explorer("State machines", "InventoryStateMachine").await;
    page.click("main > button", "Start execution").await;
    page.replace_text("region «Start execution» > spinbutton", "How many", "3").await;
    page.click("region «Start execution» > button", "Start 3 executions").await;
    page.wait_for_text("3 executions were started.").await;
    page.wait_until("three runs succeeded", async || page.text_of("main", "").await.matches("Succeeded").count() == 3)
        .await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn an_error_from_the_handler_is_caught_and_leads_to_the_failure_state() {
    let page = Page::open("").await;
    page.build_bakery(true).await;
    page.start_execution(r#"{ "loaf": "stone" }"#).await;
    page.by_role_name("button", "Bake bread, sendMessage · wait for callback, Caught error").await;
    page.by_role_name("button", "Apologise, Fail, Failed").await;
    page.wait_for_text_of("main", "", "The execution failed").await;
    page.wait_for_text_of("main", "", "NoBread").await;
    page.wait_for_text_of("main", "", "The oven stayed cold.").await;
    page.click("main > tab", "Event view…").await;
    page.wait_for_text("TaskFailed").await;
    page.wait_for_text("ExecutionFailed").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_callback_is_lost_when_nobody_takes_the_message_for_four_days() {
    let page = Page::open("").await;
    page.build_bakery(false).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;
    page.by_role_name("button", WAITING).await;
    page.click(DOCK_TAB, "Pending callbacks…").await;
    page.wait_for_text_of("region", "Dock", "Bake bread").await;
    page.click("button", "Later").await;
    page.click("menuitem", "4 days later").await;
    page.wait_for_text_of("group", "Virtual time", "4 d").await;
    page.by_role_name("button", WAITING).await;
    page.open_in_explorer("Queues", QUEUE).await;
    page.wait_for_text_of("region", "Recently gone", "Expired").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn an_endless_handler_times_out_and_a_corrected_one_goes_on() {
    let page = Page::open("").await;
    page.build_bakery(true).await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Code").await;
    page.deploy(FUNCTION, ENDLESS_HANDLER).await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;
    page.click(DOCK_TAB, "Logs…").await;
    page.wait_for_text_of("region", "Dock", "Task timed out after 3.00 seconds").await;
    // The page is alive, and so is the run: its message comes back after the visibility timeout.
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Code").await;
    page.deploy(FUNCTION, HANDLER).await;
    page.click("button", "Later").await;
    page.click("menuitem", "1 minute later").await;
    page.wait_for_text_of("region", "Dock", "asked for rye").await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.click("main > tab", "Executions…").await;
    page.wait_for_text_of("main", "", "Succeeded").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_reload_in_mid_run_brings_everything_back_and_the_run_goes_on() {
    let page = Page::open("").await;
    page.build_bakery(false).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;
    page.by_role_name("button", WAITING).await;
    page.wait_for_text("· saved").await;
    page.reload().await;
    page.by_role_name("button", WAITING).await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Configuration").await;
    page.click("region «Triggers» > button", "Enable").await;
    page.click(DOCK_TAB, "Logs…").await;
    page.wait_for_text_of("region", "Dock", "asked for rye").await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.click("main > tab", "Executions…").await;
    page.wait_for_text_of("main", "", "Succeeded").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_denied_call_is_explained_where_it_failed_and_at_the_role() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue(QUEUE).await;
    page.create_state_machine(MACHINE, DEFINITION).await;
    // The handler may read the queue, but not answer tokens.
    page.create_role(ROLE, &["AmazonSQSFullAccess"]).await;
    page.create_function(FUNCTION, "Node.js 22.x", ROLE).await;
    page.deploy(FUNCTION, HANDLER).await;
    page.add_trigger(QUEUE, true).await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;
    page.click(DOCK_TAB, "Logs…").await;
    let denied = "is not authorized to perform: states:SendTaskSuccess";
    page.wait_for_text_of("region", "Dock", denied).await;
    page.open_in_explorer("Roles", ROLE).await;
    page.click("main > tab", "Denied calls…").await;
    page.wait_for_text_of("region", "Denied calls", denied).await;
    page.wait_for_text_of("complementary", "Details", "states:SendTaskSuccess").await;
    page.assert_no_console_errors().await;
    page.close().await;
}
