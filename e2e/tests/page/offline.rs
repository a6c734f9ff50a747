//! Without a network: the installed page, its updates, and the one file that holds everything.

use std::fs;
use std::path::Path;

use e2e::{Options, Page};

const INSTALLED: &str = "const { active } = await navigator.serviceWorker.ready;
                         return active.state === 'activated' && Boolean(navigator.serviceWorker.controller);";

async fn installed(page: &Page) {
    page.wait_until("the page is kept for offline use", async || page.execute_async(INSTALLED, vec![]).await == true)
        .await;
}

async fn a_run_succeeds(page: &Page) {
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
}

#[tokio::test]
async fn the_page_opens_when_its_server_is_gone() {
    let options = Options { prefix: "/tools/stepyard/".to_owned(), ..Options::default() };
    let page = Page::open_with("", &options).await;
    installed(&page).await;
    page.stop_server();
    page.reload().await;
    // The handler's worker and the editor were never used while there was a server.
    a_run_succeeds(&page).await;
    page.open_in_explorer("Functions", "Inventory").await;
    page.by_role_name("main > textbox", "Code of Inventory").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn nothing_is_ever_asked_of_another_host() {
    let page = Page::open("").await;
    a_run_succeeds(&page).await;
    page.open_in_explorer("Functions", "Inventory").await;
    page.by_role_name("main > textbox", "Code of Inventory").await;
    installed(&page).await;
    let asked = page
        .execute(
            "return performance.getEntries().map(({ name }) => name)
               .filter((name) => /^(https?|wss?):/.test(name) && !name.startsWith(location.origin + '/'));",
            vec![],
        )
        .await;
    assert_eq!(asked, serde_json::json!([]));
    let policy = page.execute("return document.querySelector('meta[http-equiv]').content;", vec![]).await;
    let policy = policy.as_str().expect("a policy").to_owned();
    assert!(!policy.contains("http") && !policy.contains('*'), "{policy}");
    page.assert_no_console_errors().await;
    page.close().await;
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the built page").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn change(file: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(file).expect("a text");
    assert!(text.contains(from), "{from} in {}", file.display());
    fs::write(file, text.replace(from, to)).expect("it can be written");
}

#[tokio::test]
async fn a_new_version_is_offered_and_never_forced() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&e2e::web_dir(), folder.path());
    let options = Options { folder: Some(folder.path().to_owned()), ..Options::default() };
    let page = Page::open_with("", &options).await;
    installed(&page).await;
    page.create_queue("Mine").await;
    change(&folder.path().join("index.html"), "<title>Stepyard</title>", "<title>Stepyard, later</title>");
    change(&folder.path().join("service-worker.js"), "const VERSION = \"", "const VERSION = \"later-");
    page.execute_async("await (await navigator.serviceWorker.ready).update();", vec![]).await;
    page.wait_for_text("A new version of Stepyard is ready.").await;
    page.assert_accessible().await;
    assert_eq!(page.client().title().await.expect("a title"), "Stepyard");
    page.create_queue("Another").await;
    page.click("main > button", "Reload now").await;
    page.wait_until("the new version is there", async || {
        page.client().title().await.is_ok_and(|title| title == "Stepyard, later")
    })
    .await;
    page.by_role_name("tree «Queues» > treeitem", "Another").await;
    page.close().await;
}

#[tokio::test]
async fn one_file_runs_the_tutorials_machine_from_a_disk() {
    let file = e2e::tests_dir().join("stepyard.html");
    assert!(file.is_file(), "no {}: run `cargo xtask test browser` once", file.display());
    let page = Page::open("").await;
    page.stop_server();
    let url = url::Url::from_file_path(&file).expect("a path");
    page.client().goto(url.as_str()).await.expect("the file opens");
    // What the page before said when its host went away is none of this one's.
    page.console_errors().await;
    a_run_succeeds(&page).await;
    page.open_in_explorer("Functions", "Inventory").await;
    page.by_role_name("main > textbox", "Code of Inventory").await;
    page.create_queue("Mine").await;
    page.wait_for_text_of("banner", "", "· saved").await;
    page.reload().await;
    page.by_role_name("tree «Queues» > treeitem", "Mine").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_browser_that_lacks_something_is_told_what() {
    let page = Page::open("").await;
    if !page.before_load("delete globalThis.WebAssembly;").await {
        return page.close().await;
    }
    page.reload().await;
    page.by_role_name("heading", "This browser cannot run Stepyard").await;
    page.wait_for_text("It lacks WebAssembly.").await;
    page.assert_accessible().await;
    page.close().await;
}
