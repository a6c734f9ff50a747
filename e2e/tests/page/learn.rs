//! Lessons and examples, as a learner, a teacher and an author meet them.

use e2e::{Options, Page};

/// The pane in which lessons stand.
const BUTTON: &str = "complementary «Details» > button";

async fn start_tutorial(page: &Page) {
    page.click("main > button", "Start the tutorial: Orders over a queue").await;
    page.wait_for_text_of("complementary", "Details", "0 of 7 steps done").await;
}

async fn done(page: &Page, steps: usize) {
    page.wait_for_text_of("complementary", "Details", &format!("{steps} of 7 steps done")).await;
}

#[tokio::test]
async fn the_tutorial_can_be_done_for_the_person() {
    let page = Page::open("").await;
    start_tutorial(&page).await;
    for step in 1..=7 {
        page.click(BUTTON, "Do it for me").await;
        done(&page, step).await;
    }
    page.wait_for_text_of("complementary", "Details", "All steps are done").await;
    page.click(BUTTON, "Next lesson: A callback that never comes").await;
    page.by_role_name("complementary «Details» > heading", "A callback that never comes").await;
    page.click(BUTTON, "All lessons").await;
    page.wait_for_text_of("complementary", "Details", "From JSONPath to JSONata").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn steps_tick_when_they_are_done_by_hand_and_can_begin_anew() {
    let page = Page::open("").await;
    start_tutorial(&page).await;
    page.click(BUTTON, "Show me").await;
    page.wait_until("the field is pointed at", async || {
        let focused = page.execute("return document.activeElement.hasAttribute('data-pointed');", vec![]).await;
        focused == true
    })
    .await;
    page.create_queue("Orders").await;
    done(&page, 1).await;
    page.create_queue("Wrong").await;
    page.click(BUTTON, "Reset this step").await;
    page.wait_until_gone("tree «Queues» > treeitem", "Wrong…").await;
    page.by_role_name("tree «Queues» > treeitem", "Orders…").await;
    done(&page, 1).await;
    page.click("main > button", "Bring it back").await;
    page.by_role_name("tree «Queues» > treeitem", "Wrong…").await;

    // What it points at does not exist yet: that is said, and nothing breaks.
    page.click(BUTTON, "Do it for me").await;
    done(&page, 2).await;
    page.create_role("inventory-lambda-role", &["AmazonSQSFullAccess", "AWSStepFunctionsFullAccess"]).await;
    done(&page, 3).await;
    page.wait_for_text("saved").await;
    page.reload().await;
    done(&page, 3).await;
    page.click(BUTTON, "Do it for me").await;
    done(&page, 4).await;
    page.click(BUTTON, "Show me").await;
    page.by_role_name("region «Triggers» > button", "Add trigger").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn an_example_is_found_opened_and_run() {
    let page = Page::open("").await;
    page.click("banner > button", "Examples").await;
    page.by_role_name("main > heading", "Examples").await;
    page.type_text("main > searchbox", "Search examples", "cheapest").await;
    page.wait_for_text("1 example").await;
    page.click("main > button", "Open Scatter and gather").await;
    page.by_role_name("main > heading", "BestOffer").await;
    page.click(BUTTON, "Run the example").await;
    page.wait_for_text_of("complementary", "Details", "It ended as it should").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn an_author_is_told_what_is_wrong_and_sees_the_lesson() {
    let page = Page::open("").await;
    page.click("complementary «Details» > tab", "Learn").await;
    page.click(BUTTON, "Open a lesson file…").await;
    let bad = "# Mine\n\n## First\n\n```done\ncupboard Letters\n```\n<img src=x onerror=alert(1)>";
    page.replace_text("dialog > textbox", "Lesson as Markdown", bad).await;
    page.wait_for_text("Line 6: “cupboard Letters” is no thing").await;
    let good = bad.replace("cupboard", "queue");
    page.replace_text("dialog > textbox", "Lesson as Markdown", &good).await;
    page.wait_for_text("“Mine” can be opened: 1 step.").await;
    page.click("dialog > button", "Open the lesson").await;
    page.by_role_name("complementary «Details» > heading", "Mine").await;
    // Markup is text.
    page.wait_for_text_of("complementary", "Details", "<img src=x onerror=alert(1)>").await;
    page.create_queue("Letters").await;
    page.wait_for_text_of("complementary", "Details", "1 of 1 steps done").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn lessons_and_examples_are_accessible() {
    let light = Options::default();
    for options in
        [light.clone(), Options { dark: true, ..light.clone() }, Options { width: 375, height: 812, ..light }]
    {
        let page = Page::open_with("", &options).await;
        if options.width < 700 {
            page.click("navigation «Panes» > button", "Details").await;
        }
        page.click("complementary «Details» > tab", "Learn").await;
        page.by_role_name("complementary «Details» > heading", "Lessons").await;
        page.assert_pane_accessible().await;
        page.click(BUTTON, "Least privilege").await;
        page.by_role_name("complementary «Details» > heading", "Least privilege").await;
        page.click(BUTTON, "Do it for me").await;
        page.wait_for_text_of("complementary", "Details", "1 of 4 steps done").await;
        page.assert_pane_accessible().await;
        page.assert_no_sideways_scrolling().await;
        page.click("banner > button", "Examples").await;
        page.by_role_name("main > button", "Open Hello").await;
        page.assert_accessible().await;
        page.assert_no_sideways_scrolling().await;
        page.close().await;
    }
}
