//! What a stranger meets: something alive, in any size, theme and folder.

use e2e::{Options, Page};

#[tokio::test]
async fn one_click_from_the_first_visit_a_run_succeeds() {
    let page = Page::open("").await;
    page.wait_for_text("Not affiliated with Amazon Web Services").await;
    page.screenshot("first-visit", 1440, 900).await;
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.click("main > tab", "Input and output").await;
    page.wait_for_text_of("group", "Execution output", "The order is in stock.").await;
    page.screenshot("first-run", 1440, 900).await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn the_page_works_below_a_path_and_the_worker_is_found_there() {
    let options = Options { prefix: "/tools/stepyard/".to_owned(), ..Options::default() };
    let page = Page::open_with("", &options).await;
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.assert_no_console_errors().await;
    page.close().await;
}
