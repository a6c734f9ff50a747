//! Every page in both themes, by keyboard, on a small screen; and what this browser remembers.

use e2e::samples::QUEUE;
use e2e::{Options, Page};

/// Keys, as WebDriver writes them.
const ENTER: &str = "\u{e007}";
const ARROW_RIGHT: &str = "\u{e014}";
const ARROW_DOWN: &str = "\u{e015}";

#[tokio::test]
async fn every_page_is_accessible_in_the_light() {
    scan(false).await;
}

#[tokio::test]
async fn every_page_is_accessible_in_the_dark() {
    scan(true).await;
}

/// Goes through all pages and lets axe look at each.
async fn scan(dark: bool) {
    let page = Page::open_with("", &Options { dark, ..Options::default() }).await;
    let is_dark = page.execute("return matchMedia('(prefers-color-scheme: dark)').matches;", vec![]).await;
    assert_eq!(is_dark, dark, "the browser has the theme that was asked for");
    let mut problems: Vec<String> = Vec::new();
    let mut look = async |name: &str| {
        for problem in page.accessibility_problems().await {
            problems.push(format!("{name}: {problem}"));
        }
    };
    page.by_role_name("main > button", "Start execution").await;
    look("welcome").await;
    for (button, heading) in [
        ("Create queue", "Create queue"),
        ("Create state machine", "Write your workflow in code"),
        ("Create function", "Create function"),
        ("Create role", "Create role"),
    ] {
        page.click("navigation > button", button).await;
        page.by_role_name("main > heading", heading).await;
        look(heading).await;
    }
    page.click("link", "SIM").await;
    page.by_role_name("main > heading", "What differs from AWS").await;
    look("differences").await;

    page.open_in_explorer("State machines", "InventoryStateMachine").await;
    page.start_execution(r#"{ "order": 7 }"#).await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    look("execution: graph").await;
    for view in ["Table view", "Event view…", "Input and output", "Definition"] {
        page.click("tablist «Execution» > tab", view).await;
        look(&format!("execution: {view}")).await;
    }
    for tab in ["Timeline", "Activity", "Queues…", "Logs…", "Pending callbacks…", "Problems", "Command line"] {
        page.click("region «Dock» > tab", tab).await;
        look(&format!("dock: {tab}")).await;
    }
    page.click("region «Dock» > button", "Collapse the dock").await;
    page.open_in_explorer("State machines", "InventoryStateMachine").await;
    for tab in ["Definition", "Executions…", "Permissions"] {
        page.click("tablist «State machine» > tab", tab).await;
        look(&format!("state machine: {tab}")).await;
    }
    page.open_in_explorer("Queues", "Orders").await;
    for tab in page.names("tablist «Queue» > tab").await {
        page.click("tablist «Queue» > tab", &tab).await;
        look(&format!("queue: {tab}")).await;
    }
    page.open_in_explorer("Functions", "Inventory").await;
    for tab in ["Code", "Test", "Monitor", "Configuration"] {
        page.click("tablist «Function» > tab", tab).await;
        look(&format!("function: {tab}")).await;
    }
    page.open_in_explorer("Roles", "inventory-lambda-role").await;
    look("role").await;
    page.click("main > button", "Delete").await;
    page.by_role_name("dialog > button", "Delete").await;
    look("a dialog").await;
    assert!(problems.is_empty(), "axe found:\n{}", problems.join("\n"));
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn the_theme_and_the_place_are_remembered() {
    let page = Page::open("").await;
    page.open_in_explorer("Functions", "Inventory").await;
    page.click("main > tab", "Monitor").await;
    page.click("region «Dock» > tab", "Logs…").await;
    page.click("button", "Theme: as the system. Switch to light").await;
    page.click("button", "Theme: light. Switch to dark").await;
    let background = "return getComputedStyle(document.body).backgroundColor;";
    let dark = page.execute(background, vec![]).await;
    page.wait_for_text("· saved").await;
    page.reload().await;
    page.by_role_name("button", "Theme: dark. Switch to the system's").await;
    page.by_role_name("main > heading", "Inventory").await;
    for tab in ["main > tab", "region «Dock» > tab"] {
        let name = if tab.starts_with("main") { "Monitor" } else { "Logs…" };
        let selected = page.by_role_name(tab, name).await.attr("aria-selected").await.expect("an attribute");
        assert_eq!(selected.as_deref(), Some("true"), "{name}");
    }
    assert_eq!(page.execute(background, vec![]).await, dark);
    page.click("button", "Theme: dark. Switch to the system's").await;
    assert_ne!(page.execute(background, vec![]).await, dark);
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_queue_is_made_used_and_deleted_with_the_keyboard_alone() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.tab_to("button", "Create queue").await;
    page.press(ENTER).await;
    page.by_role_name("main > heading", "Create queue").await;
    page.tab_to("textbox", "Name").await;
    page.press(QUEUE).await;
    page.press(ENTER).await;
    page.wait_for_text(&format!("Queue “{QUEUE}” created successfully.")).await;
    page.tab_to("tab", "Messages…").await;
    page.press(ARROW_RIGHT).await;
    page.tab_to("textbox", "Message body").await;
    page.press("a loaf").await;
    page.tab_to("button", "Send message").await;
    page.press(ENTER).await;
    page.wait_until("the message is in the queue", async || {
        !page.all_by_role_containing("main > button", "a loaf").await.is_empty()
    })
    .await;
    page.tab_back_to("button", "Delete").await;
    page.press(ENTER).await;
    page.by_role_name("dialog > textbox", "To confirm, type delete").await;
    // The field has the focus.
    page.press("delete").await;
    page.press(ENTER).await;
    page.wait_for_text(&format!("Deleted {QUEUE}.")).await;
    page.tab_back_to("button", "Later").await;
    page.press(ENTER).await;
    page.press(ARROW_DOWN).await;
    page.press(ENTER).await;
    page.wait_for_text_of("group", "Virtual time", "01:0").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn on_a_small_screen_one_pane_at_a_time_does_it_all() {
    let page = Page::open_with("", &Options { width: 375, height: 812, ..Options::default() }).await;
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.assert_accessible().await;
    page.assert_no_sideways_scrolling().await;
    for (pane, inside) in
        [("Activity", "Timeline"), ("Details", "Nothing went wrong"), ("Explorer", "inventory-lambda-role")]
    {
        page.click("navigation «Panes» > button", pane).await;
        page.wait_for_text(inside).await;
        page.assert_pane_accessible().await;
        page.assert_no_sideways_scrolling().await;
    }
    page.click("tree «Queues» > treeitem", "Orders…").await;
    page.by_role_name("main > heading", "Orders").await;
    page.assert_no_sideways_scrolling().await;
    page.screenshot("small-queue", 375, 812).await;
    page.assert_no_console_errors().await;
    page.close().await;
}

/// 1280 × 1024 at 400 %.
#[tokio::test]
async fn at_four_hundred_percent_everything_fits_the_width_and_is_reached() {
    let page = Page::open_with("", &Options { width: 320, height: 256, ..Options::default() }).await;
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.assert_no_sideways_scrolling().await;
    page.click("button", "Notify Success, Pass, Succeeded").await;
    page.wait_for_text_of("region", "Step details", "The order is in stock.").await;
    page.click("button", "Share").await;
    page.by_role_name("dialog > textbox", "Link").await;
    page.assert_no_sideways_scrolling().await;
    page.click("dialog > button", "Close").await;
    page.click("navigation «Panes» > button", "Explorer").await;
    page.click("tree «Queues» > treeitem", "Orders…").await;
    page.click("tablist «Queue» > tab", "Send and receive messages").await;
    page.click("main > button", "Send message").await;
    page.assert_no_sideways_scrolling().await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn in_a_contrast_theme_the_graph_can_be_read() {
    let page = Page::open("").await;
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    if page.force_colors().await {
        let colors = "const node = document.querySelector('.graph-node.is-succeeded:not(.graph-terminal)');
            const fill = (part) => getComputedStyle(node.querySelector(part)).fill;
            const button = getComputedStyle(document.querySelector('.button-primary:enabled'));
            return [fill('.shape'), fill('.label'), button.backgroundColor, button.color];";
        page.wait_until("shapes and words have colours of their own", async || {
            let colors = page.execute(colors, vec![]).await;
            colors[0] != colors[1] && colors[2] != colors[3]
        })
        .await;
        page.screenshot("contrast-theme", 1440, 900).await;
    }
    page.close().await;
}
