//! The page opens, is accessible and keeps to its Content-Security-Policy.

use e2e::{Options, Page};

const EDITOR: &str = "State machine definition";

#[tokio::test]
async fn the_page_opens() {
    let page = Page::open("").await;
    page.by_role_name("heading", "Stepyard").await;
    page.by_role_name("textbox", EDITOR).await;
    page.wait_for_text("Not affiliated with Amazon Web Services").await;
    page.assert_accessible().await;
    page.screenshot("first-page-light", 1440, 900).await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn the_page_opens_dark_small_and_below_a_path() {
    let options = Options { width: 375, height: 812, dark: true, prefix: "/tools/stepyard/".to_owned() };
    let page = Page::open_with("", &options).await;
    page.by_role_name("textbox", EDITOR).await;
    page.assert_accessible().await;
    page.screenshot("first-page-dark", 375, 812).await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn the_editor_reports_what_is_typed_and_pasted() {
    let page = Page::open("").await;
    page.replace_text("textbox", EDITOR, "{ \"StartAt\": \"Größe\" }").await;
    page.wait_for_text("22 characters").await;
    page.type_text("textbox", EDITOR, "!").await;
    page.wait_for_text("23 characters").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn the_handler_worker_starts_beside_the_page() {
    let page = Page::open_with("", &Options { prefix: "/sub/".to_owned(), ..Options::default() }).await;
    page.by_role_name("heading", "Stepyard").await;
    let first = page
        .execute_async(
            "const worker = new Worker('handler-worker_loader.js');
             return await new Promise((resolve, reject) => {
               worker.onmessage = event => resolve(event.data);
               worker.onerror = () => reject('the worker does not load');
             });",
            vec![],
        )
        .await;
    assert_eq!(first, "ready");
    page.assert_no_console_errors().await;
    page.close().await;
}
