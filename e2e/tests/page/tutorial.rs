//! The whole tutorial with its own definition and handler, which lie beside the repository: from nothing to a run
//! that succeeds, and back to nothing.

use std::fs;

use e2e::Page;

#[tokio::test]
#[expect(clippy::print_stdout, reason = "says why it tests nothing")]
async fn the_tutorial_works_with_its_files_as_they_are() {
    let folder = e2e::workspace().join("../shared/seed");
    let read = |name: &str| fs::read_to_string(folder.join(name));
    let (Ok(definition), Ok(handler)) = (read("state-machine.asl.json"), read("index.mjs")) else {
        println!("skipped: the tutorial's files are not in {}", folder.display());
        return;
    };
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue("Orders").await;

    page.click("navigation > button", "Create state machine").await;
    page.replace_text("main > textbox", "State machine definition", &definition).await;
    page.by_role_name("button", "Check Inventory…").await;
    page.click("main > button", "Use queue Orders").await;
    page.wait_until_gone("main > button", "Use queue Orders").await;
    page.finish_state_machine("InventoryStateMachine").await;

    page.create_role("inventory-lambda-role", &["AmazonSQSFullAccess", "AWSStepFunctionsFullAccess"]).await;
    page.create_function("Inventory", "Node.js 16.x – retired on AWS", "inventory-lambda-role").await;
    page.deploy("Inventory", &handler).await;
    page.add_trigger("Orders", true).await;

    page.open_in_explorer("State machines", "InventoryStateMachine").await;
    page.start_execution(r#"{ "Comment": "Insert your JSON here" }"#).await;
    page.by_role_name("button", "Check Inventory, sendMessage · wait for callback, Succeeded").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.click("main > tab", "Input and output").await;
    page.wait_for_text_of("group", "Execution input", "Insert your JSON here").await;
    page.wait_for_text_of("group", "Execution output", "Callback Task started by Step Functions succeeded").await;
    page.click("main > tab", "Event view 10").await;
    let history = [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskStarted",
        "TaskSubmitted",
        "TaskSucceeded",
        "TaskStateExited",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ];
    for event in history {
        page.by_role_name("main > rowheader", event).await;
    }
    page.click("region «Dock» > tab", "Logs…").await;
    page.wait_for_text_of("region", "Dock", "Calling Step Functions to complete callback task with params").await;
    page.screenshot("tutorial", 1440, 900).await;

    page.open_in_explorer("State machines", "InventoryStateMachine").await;
    page.click("main > button", "Delete").await;
    page.confirm_delete("delete").await;
    page.open_in_explorer("Functions", "Inventory").await;
    page.wait_for_text("On AWS this would differ").await;
    page.click("main > button", "Delete").await;
    page.confirm_delete("delete").await;
    page.open_in_explorer("Queues", "Orders").await;
    page.click("main > button", "Delete").await;
    page.confirm_delete("delete").await;
    for role in ["inventory-lambda-role", "StepFunctions-InventoryStateMachine…"] {
        page.click("tree «Roles» > treeitem", role).await;
        page.click("main > button", "Delete").await;
        let name = page.by_role_name("main > heading", role).await.text().await.expect("a heading's text");
        page.confirm_delete(&name).await;
    }
    page.by_role_name("heading", "Start with an empty account").await;
    page.assert_no_console_errors().await;
    page.close().await;
}
