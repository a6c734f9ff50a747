//! A Map of a Parallel in JSONata with a variable: pasted, run, and looked into.

use e2e::Page;
use e2e::samples::{HARBOUR, HARBOUR_INPUT};

const DETAILS: &str = "Step details";

#[tokio::test]
async fn each_iteration_can_be_looked_into() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_state_machine("Harbour", HARBOUR).await;
    page.start_execution(HARBOUR_INPUT).await;
    page.by_role_name("button", "Weigh, Pass, Succeeded, 3 times").await;
    page.by_role_name("button", "Paint, Wait, Succeeded, 3 times").await;
    page.by_role_name("button", "Report, Pass, Succeeded").await;

    page.click("button", "Weigh, Pass, Succeeded, 3 times").await;
    page.choose("region «Step details» > combobox", "Visit", "#1 · Succeeded").await;
    page.wait_for_text_of("region", DETAILS, "In branch 0 of \"Handle\", in iteration #1 of \"Unload\"").await;
    page.wait_for_text_of("region", DETAILS, r#""grams": 20000"#).await;
    page.click("region «Step details» > button", "Visit after").await;
    page.wait_for_text_of("region", DETAILS, r#""grams": 30000"#).await;

    // What is inside a Map lies over its middle, where a click would go; the table leads to it as well.
    page.click("main > tab", "Table view").await;
    page.by_role_name("main > button", "Close #2").await;
    page.click("main > button", "Unload").await;
    page.click("main > tab", "Graph view").await;
    page.wait_for_text_of("region", "Assigned variables", "$handled").await;
    page.wait_for_text_of("group", "Variable handled", "3").await;
    page.assert_accessible().await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_failure_inside_is_explained() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_state_machine("Harbour", HARBOUR).await;
    page.start_execution(r#"{ "crates": [{ "kg": 10 }, { "kg": "heavy" }] }"#).await;
    page.by_role_name("button", "Weigh, Pass, Failed, 2 times").await;
    let why = "Output/grams of Weigh could not be evaluated";
    page.wait_for_text_of("complementary", "Details", why).await;
    page.click("main > tab", "Event view…").await;
    page.wait_for_text("EvaluationFailed").await;
    page.assert_no_console_errors().await;
    page.close().await;
}
