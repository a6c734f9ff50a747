//! Lessons and examples, as a learner, a teacher and an author meet them.

use e2e::{Options, Page};

use crate::share::{follow, share};

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

#[tokio::test]
async fn a_student_sends_work_back_and_the_teacher_sees_what_was_done_and_when() {
    let teacher = Page::open("").await;
    start_tutorial(&teacher).await;
    let lesson = share(&teacher, "This lesson…").await;
    assert!(lesson.len() < 200, "{} characters", lesson.len());

    let student = Page::open(&format!("#{lesson}")).await;
    done(&student, 0).await;
    student.by_role_name("button", "Play").await;
    // The same link again leads to what is there.
    follow(&student, &lesson).await;
    student.wait_for_text("The lesson “Orders over a queue” is open here already.").await;
    for step in 1..=3 {
        student.click(BUTTON, "Do it for me").await;
        done(&student, step).await;
    }
    student.click("button", "Share").await;
    let chosen = student.by_role_name("dialog > radio", "Your work in this lesson…").await;
    assert!(chosen.is_selected().await.expect("a radio button"));
    student.click("dialog > button", "Close").await;
    let work = share(&student, "Your work in this lesson…").await;
    student.assert_no_console_errors().await;
    student.close().await;

    follow(&teacher, &work).await;
    let report = ("region", "What was done");
    teacher.wait_for_text_of(report.0, report.1, "3 of 7 steps were done").await;
    teacher.wait_for_text_of(report.0, report.1, "not done").await;
    teacher.assert_accessible().await;
    teacher.by_role_name("tree «Roles» > treeitem", "inventory-lambda-role…").await;
    let there = teacher.all_by_role_containing("region «What was done» > button", "Go there: ").await;
    assert_eq!(there.len(), 3);
    there[0].click().await.expect("a click");
    teacher.wait_until_gone("tree «Roles» > treeitem", "inventory-lambda-role…").await;
    teacher.wait_for_text_of(report.0, report.1, "3 of 7 steps were done").await;
    there[2].click().await.expect("a click");
    teacher.by_role_name("tree «Roles» > treeitem", "inventory-lambda-role…").await;

    teacher.click("region «Received work» > button", "Back to mine").await;
    done(&teacher, 0).await;
    teacher.assert_no_console_errors().await;
    teacher.close().await;
}

#[tokio::test]
async fn a_link_to_a_lesson_that_is_not_there_says_so() {
    let page = Page::open("").await;
    // A lesson of somebody else's making, by its name alone.
    let link = crate::share::seal(&page, "lesson", "['moon-landing',0]").await;
    follow(&page, &link).await;
    page.wait_for_text("This link is about a lesson “moon-landing”").await;
    page.close().await;
}
