//! The page as a frame in another page: without an origin, without storage, moved by messages.

use e2e::{Options, Page};
use fantoccini::elements::{Element, ElementRef};
use serde_json::json;

/// A recorded run as the demo page has it; what another page embeds is what the demo page embeds.
const DEMO: &str = "embed/demo.html";

async fn frame_of(page: &Page, id: &str) -> Element {
    let find = "return document.getElementById(arguments[0]).shadowRoot.querySelector('iframe');";
    let found = page.execute(find, vec![json!(id)]).await;
    let id = found.as_object().and_then(|element| element.values().next()).and_then(|id| id.as_str());
    Element::from_element_id(page.client().clone(), ElementRef::from(id.expect("a frame").to_owned()))
}

async fn enter(page: &Page, id: &str) {
    frame_of(page, id).await.enter_frame().await.expect("to enter the frame");
    // Whatever looks for things in the page must be brought into the frame, too.
    page.by_role_name("main", "").await;
}

async fn leave(page: &Page) {
    page.client().enter_parent_frame().await.expect("to leave the frame");
}

async fn moment_says(page: &Page, text: &str) {
    page.wait_until(text, async || {
        let said = page.execute("return document.getElementById('moment').textContent;", vec![]).await;
        said.as_str().is_some_and(|said| said.contains(text))
    })
    .await;
}

#[tokio::test]
async fn a_run_stands_in_another_page_without_an_origin_and_is_moved_by_it() {
    let page = Page::open(DEMO).await;
    enter(&page, "run").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    let alone =
        "let storage = true; try { localStorage.length } catch { storage = false } return [window.origin, storage];";
    assert_eq!(page.execute(alone, vec![]).await, json!(["null", false]));
    page.assert_accessible().await;
    leave(&page).await;

    page.click("button", "Back to the start").await;
    // What was set up before is there: the graph, and nothing of the run.
    enter(&page, "run").await;
    page.by_role_name("button", "Notify Success, Pass").await;
    leave(&page).await;
    page.click("button", "Step").await;
    moment_says(&page, "You started an execution.").await;
    page.execute("document.getElementById('run').goTo(4);", vec![]).await;
    moment_says(&page, "Event 4 of").await;
    enter(&page, "run").await;
    page.wait_for_text_of("main", "", "Event 4 of").await;

    // The handler runs in a worker that a frame without an origin can start.
    page.click("button", "Run again").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    leave(&page).await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn what_is_asked_for_is_what_is_shown() {
    let page = Page::open(DEMO).await;
    enter(&page, "activity").await;
    page.wait_for_text_of("main", "", "Event 3 of").await;
    assert_eq!(page.execute("return document.documentElement.dataset.theme;", vec![]).await, "dark");
    assert!(page.all_by_role_name("button", "Run again").await.is_empty(), "it can only be read");
    assert!(page.all_by_role_name("group", "Virtual time").await.is_empty());
    assert!(page.all_by_role_containing("button", "Inject").await.is_empty());
    page.assert_accessible().await;
    page.close().await;
}

#[tokio::test]
async fn the_wheel_is_the_pages_and_escape_leaves_the_frame() {
    let page = Page::open(DEMO).await;
    enter(&page, "run").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    let wheel = "const stage = document.querySelector('.graph-stage');
        return [false, true].map((ctrlKey) => {
          const event = new WheelEvent('wheel', { deltaY: -10, ctrlKey, bubbles: true, cancelable: true });
          stage.dispatchEvent(event);
          return event.defaultPrevented;
        });";
    assert_eq!(page.execute(wheel, vec![]).await, json!([false, true]), "only Ctrl and the wheel zoom");
    page.click("button", "Zoom in").await;
    page.press("\u{e00c}").await;
    leave(&page).await;
    page.wait_until("the element has the focus", async || {
        page.execute("return document.activeElement.id;", vec![]).await == "run"
    })
    .await;
    page.close().await;
}

#[tokio::test]
async fn a_frame_says_what_is_wrong_with_its_link_and_keeps_nothing() {
    let page = Page::open("?embed&pane=definition#y1.run.1003.7Zttb6JAEMe_").await;
    page.wait_for_text("The link is cut off.").await;
    page.by_role_name("textbox", "Definition").await;
    assert_eq!(page.execute("return localStorage.length + sessionStorage.length;", vec![]).await, 0);
    let databases = page.execute_async("return (await indexedDB.databases()).length;", vec![]).await;
    assert_eq!(databases, 0);
    let whole = page.by_role_name("link", "Open in Stepyard").await.prop("href").await.expect("a property");
    assert!(whole.is_some_and(|href| href.contains("/#y1.run.") && !href.contains("embed")));
    page.assert_accessible().await;
    page.resize(375, 420).await;
    page.assert_accessible().await;
    page.assert_no_sideways_scrolling().await;
    page.close().await;
}

#[tokio::test]
async fn the_share_dialog_gives_a_frame_that_shows_the_run() {
    let page = Page::open_with("", &Options::default()).await;
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.execute("navigator.clipboard.writeText = async (text) => { window.copied = text; };", vec![]).await;
    page.click("button", "Share").await;
    page.click("dialog > button", "Copy as a frame").await;
    page.wait_for_text_of("dialog", "Share", "Copied.").await;
    let html = page.execute("return window.copied;", vec![]).await;
    page.click("dialog > button", "Close").await;
    // The page's own policy forbids frames; what is framed stands beside it.
    let src = html.as_str().and_then(|html| html.split('"').find(|part| part.contains("?embed#")));
    page.client().goto(src.expect("an address")).await.expect("the frame's page");
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.click("button", "Zoom in").await;
    page.close().await;
}
