//! A function's page: named test events, every option of a trigger, rules instead of code, injected failures.

use e2e::Page;
use e2e::samples::{FUNCTION, MACHINE, QUEUE};

const WAITING: &str = "Bake bread, sendMessage · wait for callback, Waiting for callback";

#[tokio::test]
async fn test_events_are_kept_by_name() {
    let page = Page::open("").await;
    page.build_bakery(true).await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Test").await;
    page.choose("main > combobox", "Template", "Task token in a message").await;
    page.type_text("main > textbox", "Event name", "a loaf").await;
    page.wait_for_text("A name has 1 to 25 characters").await;
    page.replace_text("main > textbox", "Event name", "a-loaf").await;
    page.click("main > button", "Save event").await;
    page.wait_for_text("The test event “a-loaf” was saved.").await;
    page.replace_text("main > textbox", "Test event", "{ broken").await;
    page.wait_for_text("The event must be JSON").await;
    page.click("main > button", "Invoke").await;
    page.wait_for_text("InvalidRequestContentException").await;
    page.reload().await;
    page.by_role_name("main > heading", FUNCTION).await;
    page.click("main > tab", "Test").await;
    page.choose("main > combobox", "Saved event", "a-loaf").await;
    page.wait_until_gone("main > heading", "The event must be JSON").await;
    page.click("main > button", "Invoke").await;
    page.wait_for_text("Executing function: failed").await;
    page.wait_for_text_of("group", "Error", "ValidationException").await;
    page.click("main > tab", "Monitor").await;
    page.wait_for_text_of("region", "Metrics", "Errors 1").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_trigger_is_changed_and_its_filters_are_checked() {
    let page = Page::open("").await;
    page.build_bakery(true).await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Configuration").await;
    page.click("region «Triggers» > button", "Edit").await;
    page.replace_text("region «Triggers» > spinbutton", "Batch size", "20").await;
    page.wait_for_text("Maximum batch window in seconds must be greater than 0").await;
    page.replace_text("region «Triggers» > spinbutton", "Batch size", "5").await;
    page.replace_text("region «Triggers» > spinbutton", "Maximum concurrency…", "1").await;
    page.wait_for_text("Member must have value greater than or equal to 2").await;
    page.replace_text("region «Triggers» > spinbutton", "Maximum concurrency…", "3").await;
    page.click("region «Triggers» > button", "Add filter").await;
    page.replace_text("region «Triggers» > textbox", "Filter 1", r#"{ "body": { "loaf": "rye" } }"#).await;
    page.wait_for_text("Invalid filter pattern definition. body.loaf: the value of a field must be a list").await;
    page.replace_text("region «Triggers» > textbox", "Filter 1", r#"{ "body": { "loaf": ["rye"] } }"#).await;
    page.click("region «Triggers» > button", "Save trigger").await;
    page.wait_for_text_of("region", "Triggers", r#"Filter 1 { "body": { "loaf": ["rye"] } }"#).await;
    page.wait_for_text_of("region", "Triggers", "Enabled").await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;
    page.by_role_name("button", "Deliver, Succeed, Succeeded").await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "oat" }"#).await;
    page.by_role_name("button", WAITING).await;
    page.click("region «Dock» > tab", "Activity").await;
    page.wait_for_text_of("region", "Dock", "A trigger's filters dropped 1 message").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_rule_answers_instead_of_the_code() {
    let page = Page::open("").await;
    page.build_bakery(true).await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Mock").await;
    page.click("main > button", "Add rule").await;
    page.choose("main > combobox", "When", "The event matches a pattern").await;
    page.replace_text("main > textbox", "Event pattern", r#"{ "Records": { "body": { "loaf": ["rye"] } } }"#).await;
    page.choose("main > combobox", "Then", "Answer the task token: failure").await;
    page.replace_text("main > textbox", "Error", "OvenCold").await;
    page.click("main > button", "Save rule").await;
    page.wait_for_text("The mock rule was saved.").await;
    page.wait_for_text_of("region", "Mock rules", "calls SendTaskFailure with OvenCold").await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;
    page.by_role_name("button", "Apologise, Fail, Failed").await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "oat" }"#).await;
    page.by_role_name("button", "Deliver, Succeed, Succeeded").await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.wait_for_text("1 mock rule").await;
    page.click("main > tab", "Mock").await;
    page.click("main > button", "Inject a failure").await;
    page.click("menuitem", "Crash the next invocation").await;
    page.wait_for_text("Waiting: 1 crashes, 0 throttles.").await;
    page.click("main > button", "Delete rule 1").await;
    page.wait_for_text("No rules yet").await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "oat" }"#).await;
    page.by_role_name("button", WAITING).await;
    page.open_in_explorer("Functions", FUNCTION).await;
    page.click("main > tab", "Monitor").await;
    page.wait_for_text_of("region", "Metrics", "Errors 1").await;
    page.open_in_explorer("Queues", QUEUE).await;
    page.assert_no_console_errors().await;
    page.close().await;
}
