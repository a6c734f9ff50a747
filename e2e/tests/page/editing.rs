//! What is written stays, wrong or not, and what AWS would refuse is refused in its words.

use e2e::Page;
use e2e::samples::{DEFINITION, MACHINE, QUEUE};

const EDITOR: &str = "State machine definition";
const FORM: &str = "main > textbox";

#[tokio::test]
async fn a_broken_definition_keeps_its_graph_and_loses_nothing() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue(QUEUE).await;
    page.create_state_machine(MACHINE, DEFINITION).await;
    page.by_role_name("button", "Apologise, Fail").await;
    // Cut off in the middle of the last state.
    let broken = DEFINITION.split("\"Cause\"").next().unwrap_or_default();
    page.replace_text(FORM, EDITOR, broken).await;
    page.wait_for_text_of("list", "Problems", "Error").await;
    page.by_role_name("button", "Bake bread, sendMessage · wait for callback").await;
    page.by_role_name("button", "Apologise, Fail").await;
    page.click("main > button", "Save").await;
    page.wait_for_text_of("main", "", "InvalidDefinition").await;
    page.wait_for_text_of("main", "", "Unsaved changes").await;
    page.wait_for_text("· saved").await;

    page.reload().await;
    page.wait_for_text_of("main", "", "Unsaved changes").await;
    page.wait_for_text_of(FORM, EDITOR, "\"Error\": \"NoBread\",").await;
    page.by_role_name("button", "Apologise, Fail").await;
    page.replace_text(FORM, EDITOR, &DEFINITION.replace("Apologise", "Say sorry")).await;
    page.by_role_name("button", "Say sorry, Fail").await;
    page.click("main > button", "Save").await;
    page.wait_for_text(&format!("State machine {MACHINE} was saved.")).await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn what_aws_refuses_is_refused_in_its_words() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.click("navigation > button", "Create queue").await;
    page.type_text(FORM, "Name", "Or ders!").await;
    page.wait_for_text_of("main", "", "Can only include alphanumeric characters, hyphens, or underscores.").await;
    page.replace_text(FORM, "Name", QUEUE).await;
    page.click("main > button", "Create queue").await;
    page.create_state_machine(MACHINE, DEFINITION).await;

    page.start_execution("{ loaf: rye }").await;
    page.wait_for_text_of("region", "Start execution", "InvalidExecutionInput").await;
    page.wait_for_text_of("region", "Start execution", "Invalid State Machine Execution Input").await;
    page.wait_for_text_of("region «Start execution» > textbox", "Execution input as JSON", "{ loaf: rye }").await;
    page.assert_no_console_errors().await;
    page.close().await;
}
