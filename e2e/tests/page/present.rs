//! Present mode: a class is shown a run by keys alone, back and forth, with a failure at one key.

use e2e::{Options, Page};

const CAPTION: &str = "What happened";
const ARRIVES: &str = "A message arrives in the queue Orders.";
const SPACE: &str = " ";
const LEFT: &str = "\u{e012}";
const RIGHT: &str = "\u{e014}";
const ESCAPE: &str = "\u{e00c}";

/// Steps until the caption says this.
async fn step_until(page: &Page, text: &str) {
    for _ in 0..40 {
        if page.text_of("region", CAPTION).await.contains(text) {
            return;
        }
        page.press(SPACE).await;
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("«{text}» never comes; now it is: {}", page.text_of("region", CAPTION).await);
}

#[tokio::test]
async fn a_class_sees_a_run_by_keys_alone() {
    let page = Page::open("").await;
    // The first visit's workspace: the tutorial, complete and waiting.
    page.by_role_name("button", "Pause").await;
    page.click("button", "Pause").await;
    page.click("button", "Present").await;
    page.wait_for_text("Nothing runs yet.").await;
    page.press("n").await;
    step_until(&page, "“Check Inventory” begins.").await;
    step_until(&page, ARRIVES).await;
    page.assert_accessible().await;
    page.press(LEFT).await;
    page.wait_until("time went back", async || !page.text_of("region", CAPTION).await.contains(ARRIVES)).await;
    page.press(RIGHT).await;
    page.wait_for_text_of("region", CAPTION, ARRIVES).await;

    // A failure at one key: the token is lost with the message.
    page.press("1").await;
    page.wait_for_text_of("region", CAPTION, "This failure was injected").await;
    page.press("q").await;
    page.by_role_name("main > img", "QR code of a link to this moment").await;
    page.assert_accessible().await;
    page.press(ESCAPE).await;
    page.by_role_name("navigation", "Explorer").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn on_a_small_screen_in_the_dark_it_is_accessible_and_fits() {
    let page = Page::open_with("", &Options { width: 375, height: 812, dark: true, ..Options::default() }).await;
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.click("button", "Present").await;
    page.by_role_name("region", CAPTION).await;
    page.assert_accessible().await;
    page.assert_no_sideways_scrolling().await;
    page.press("q").await;
    page.by_role_name("img", "QR code…").await;
    page.assert_accessible().await;
    page.screenshot("present-small", 375, 812).await;
    page.close().await;
}
