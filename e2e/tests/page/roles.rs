//! A role as a person mends it: why a call was denied, what IAM would say, the policy that allows it, and the least
//! that the role needs.

use e2e::Page;
use e2e::samples::{DEFINITION, FUNCTION, HANDLER, MACHINE, QUEUE, ROLE};

const ROLE_TAB: &str = "tablist «Role» > tab";

/// Asks what IAM would say to the call that the handler makes.
async fn simulate(page: &Page, says: &str) {
    page.click(ROLE_TAB, "Simulate").await;
    page.replace_text("form «Simulate a call» > textbox", "Action", "states:SendTaskSuccess").await;
    page.click("form «Simulate a call» > button", "Simulate").await;
    page.wait_for_text_of("region", "Result", says).await;
}

#[tokio::test]
async fn a_denied_call_is_explained_and_a_policy_mends_it() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue(QUEUE).await;
    page.create_state_machine(MACHINE, DEFINITION).await;
    page.create_role(ROLE, &["AmazonSQSFullAccess"]).await;
    page.create_function(FUNCTION, "Node.js 22.x", ROLE).await;
    page.deploy(FUNCTION, HANDLER).await;
    page.add_trigger(QUEUE, true).await;
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "rye" }"#).await;

    page.open_in_explorer("Roles", ROLE).await;
    page.click(ROLE_TAB, "Denied calls…").await;
    page.wait_for_text_of("region", "Denied calls", "is not authorized to perform: states:SendTaskSuccess").await;
    // Statement by statement.
    page.wait_for_text_of("region", "Denied calls", "AmazonSQSFullAccess, ").await;
    page.assert_accessible().await;
    simulate(&page, "Denied").await;
    page.assert_accessible().await;

    page.click(ROLE_TAB, "Permissions…").await;
    page.click("main > button", "Attach policies").await;
    page.replace_text("dialog > searchbox", "Search policies", "AWSStepFunctionsFullAccess").await;
    page.click("dialog > checkbox", "AWSStepFunctionsFullAccess…").await;
    page.click("dialog > button", "Attach policies").await;
    page.by_role_name("main > button", "Detach AWSStepFunctionsFullAccess").await;
    simulate(&page, "Allowed").await;

    // The same run, now with the policy.
    page.open_in_explorer("State machines", MACHINE).await;
    page.start_execution(r#"{ "loaf": "wheat" }"#).await;
    page.wait_for_text_of("main", "", "Succeeded").await;

    page.open_in_explorer("Roles", ROLE).await;
    page.click(ROLE_TAB, "Shrink").await;
    page.wait_for_text_of("region", "Shrink to what was used", "states:SendTaskSuccess").await;
    page.assert_accessible().await;
    page.click("main > button", "Apply").await;
    page.by_role_name("main > button", "Put back").await;
    page.by_role_name(ROLE_TAB, "Permissions 1").await;
    page.click("main > button", "Put back").await;
    page.by_role_name(ROLE_TAB, "Permissions 2").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn policies_are_refused_while_they_are_written() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_role(ROLE, &[]).await;
    page.open_in_explorer("Roles", ROLE).await;
    page.click("main > button", "Create inline policy").await;
    let form = "form «Create inline policy» > textbox";
    page.type_text(form, "Policy name", "Send").await;
    page.replace_text(form, "Policy as JSON", r#"{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}"#).await;
    page.click("main > button", "Save policy").await;
    page.wait_for_text_of("form", "Create inline policy", "MalformedPolicyDocument").await;
    page.assert_accessible().await;
    let allow =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"*"}]}"#;
    page.replace_text(form, "Policy as JSON", allow).await;
    page.click("main > button", "Save policy").await;
    page.by_role_name("main > button", "Edit Send").await;

    page.click(ROLE_TAB, "Trust relationships").await;
    let form = "form «Edit the trust policy» > textbox";
    page.replace_text(form, "Trust policy as JSON", "{").await;
    page.click("main > button", "Save trust policy").await;
    page.wait_for_text_of("form", "Edit the trust policy", "MalformedPolicyDocument").await;
    page.assert_accessible().await;
    page.assert_no_console_errors().await;
    page.close().await;
}
