//! Work is kept: several workspaces, several tabs, browsers that keep nothing, and what an earlier version left.

use e2e::Page;
use serde_json::{Value, json};

/// Reads and writes the browser's database past the page.
const DATABASE: &str = r#"
  const answer = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
"#;

async fn workspaces(page: &Page) {
    page.click("button", "Workspace").await;
    page.click("menuitem", "All workspaces…").await;
    page.by_role_name("main > heading", "Workspaces").await;
}

async fn act(page: &Page, name: &str, deed: &str) {
    page.click("main > button", &format!("Actions for {name}")).await;
    page.click("main > menuitem", deed).await;
}

async fn saved(page: &Page) {
    page.wait_for_text_of("banner", "", "· saved").await;
}

#[tokio::test]
async fn workspaces_stand_beside_each_other() {
    let page = Page::open("").await;
    page.create_queue("Mine").await;
    page.start_empty().await;
    page.create_queue("Other").await;
    workspaces(&page).await;
    page.wait_for_text_of("main", "", "My workspace").await;
    page.wait_for_text_of("main", "", "Queue-based microservices").await;
    page.assert_accessible().await;

    act(&page, "My workspace", "Rename").await;
    page.replace_text("main > textbox", "New name", "Letters").await;
    page.click("main > button", "Save").await;
    page.by_role_name("main > button", "Actions for Letters").await;
    page.wait_for_text_of("banner", "", "Letters").await;

    act(&page, "Queue-based microservices", "Duplicate").await;
    page.by_role_name("main > button", "Actions for Queue-based microservices copy").await;
    act(&page, "Queue-based microservices", "Delete").await;
    page.wait_for_text("Deleted the workspace “Queue-based microservices”.").await;
    page.wait_until_gone("main > button", "Actions for Queue-based microservices").await;
    page.click("main > button", "Undo").await;
    page.by_role_name("main > button", "Actions for Queue-based microservices").await;

    page.click("main > button", "Open Queue-based microservices").await;
    page.by_role_name("tree «Queues» > treeitem", "Mine").await;
    assert!(page.all_by_role_containing("tree «Queues» > treeitem", "Other").await.is_empty());
    page.click("main > button", "Back to the former workspace").await;
    page.by_role_name("tree «Queues» > treeitem", "Other").await;
    saved(&page).await;
    page.reload().await;
    page.by_role_name("tree «Queues» > treeitem", "Other").await;
    page.wait_for_text_of("banner", "", "Letters").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_workspace_is_reset_and_the_reset_undone() {
    let page = Page::open("").await;
    page.create_queue("Mine").await;
    workspaces(&page).await;
    page.click("main > button", "Reset the open workspace").await;
    page.wait_for_text("The workspace is as it began.").await;
    page.wait_until_gone("tree «Queues» > treeitem", "Mine").await;
    page.by_role_name("tree «Queues» > treeitem", "Orders").await;
    page.click("main > button", "Bring it back").await;
    page.by_role_name("tree «Queues» > treeitem", "Mine").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn a_damaged_workspace_stays_as_it_is_and_another_one_opens() {
    let page = Page::open("").await;
    page.create_queue("Mine").await;
    saved(&page).await;
    let damage = format!(
        "{DATABASE}
         const database = await answer(indexedDB.open('stepyard'));
         const pieces = database.transaction('pieces', 'readwrite').objectStore('pieces');
         for (const key of await answer(pieces.getAllKeys())) await answer(pieces.put('[{{\"torn', key));
         database.close();"
    );
    page.execute_async(&damage, vec![]).await;
    page.reload().await;
    page.wait_for_text("could not be opened, and is kept as it is.").await;
    page.by_role_name("tree «Queues» > treeitem", "Orders").await;
    page.create_queue("New").await;
    saved(&page).await;
    workspaces(&page).await;
    page.wait_for_text_of("main", "", "Cannot be opened.").await;
    let look = format!(
        "{DATABASE}
         const database = await answer(indexedDB.open('stepyard'));
         const pieces = database.transaction('pieces').objectStore('pieces');
         const torn = (await answer(pieces.getAll())).filter((text) => text === '[{{\"torn').length;
         database.close();
         return torn;"
    );
    assert!(page.execute_async(&look, vec![]).await.as_u64() > Some(0), "nothing was written over it");
    page.assert_accessible().await;
    page.close().await;
}

#[tokio::test]
async fn what_an_earlier_version_kept_is_not_lost() {
    let page = Page::open("").await;
    page.create_queue("LongAgo").await;
    page.click("button", "Pause").await;
    saved(&page).await;
    // The same work as a version kept it that knew one project, as one text.
    let put = format!(
        "{DATABASE}
         const now = await answer(indexedDB.open('stepyard'));
         const [[head], names, texts] = await Promise.all([
           answer(now.transaction('heads').objectStore('heads').getAll()),
           answer(now.transaction('pieces').objectStore('pieces').getAllKeys()),
           answer(now.transaction('pieces').objectStore('pieces').getAll()),
         ]);
         now.close();
         const {{ project: version, options, position, drafts, pieces }} = JSON.parse(head);
         const piece = ({{ name }}) => JSON.parse(texts[names.findIndex((key) => key.endsWith('/' + name))]);
         const log = pieces.flatMap(piece);
         const old = {{ format: 'stepyard-project', version, name: 'From before', options, position, drafts, log }};
         await answer(indexedDB.deleteDatabase('stepyard'));
         const opening = indexedDB.open('stepyard', 1);
         opening.onupgradeneeded = () => opening.result.createObjectStore('projects');
         const before = await answer(opening);
         const store = before.transaction('projects', 'readwrite').objectStore('projects');
         await answer(store.put(JSON.stringify(old), 'current'));
         before.close();
         localStorage.clear();
         sessionStorage.clear();"
    );
    page.execute_async(&put, vec![]).await;
    page.reload().await;
    page.wait_for_text_of("banner", "", "From before").await;
    page.by_role_name("tree «Queues» > treeitem", "LongAgo").await;
    page.create_queue("After").await;
    saved(&page).await;
    page.reload().await;
    page.by_role_name("tree «Queues» > treeitem", "After").await;
    page.wait_for_text_of("banner", "", "From before").await;
    page.close().await;
}

#[tokio::test]
async fn two_tabs_do_not_lose_each_others_work() {
    let page = Page::open("").await;
    page.create_queue("First").await;
    saved(&page).await;
    let first = page.tab().await;
    page.new_tab("").await;
    page.by_role_name("heading", "“Queue-based microservices” is open in another tab").await;
    page.assert_accessible().await;
    page.click("button", "Open a copy here").await;
    page.by_role_name("tree «Queues» > treeitem", "First").await;
    page.create_queue("InTheCopy").await;

    page.new_tab("").await;
    page.by_role_name("heading", "“Queue-based microservices copy” is open in another tab").await;
    page.click("button", "Take it over").await;
    page.by_role_name("tree «Queues» > treeitem", "InTheCopy").await;

    // The first tab still has its own.
    page.switch_to(&first).await;
    page.create_queue("StillMine").await;
    saved(&page).await;
    assert!(page.all_by_role_containing("tree «Queues» > treeitem", "InTheCopy").await.is_empty());
    page.close().await;
}

#[tokio::test]
async fn a_tab_whose_workspace_was_taken_over_says_so_and_keeps_a_copy() {
    let page = Page::open("").await;
    saved(&page).await;
    let first = page.tab().await;
    page.new_tab("").await;
    page.click("button", "Take it over").await;
    page.create_queue("Second").await;
    page.switch_to(&first).await;
    page.create_queue("First").await;
    page.wait_for_text("This workspace is open in another tab, which keeps it from now on.").await;
    page.click("main > button", "Keep it as a copy").await;
    page.wait_for_text("This tab has a workspace of its own now.").await;
    saved(&page).await;
    workspaces(&page).await;
    page.by_role_name("main > button", "Actions for Queue-based microservices (copy)").await;
    page.wait_for_text_of("main", "", "Open in another tab").await;
    page.close().await;
}

#[tokio::test]
async fn where_there_is_no_room_work_goes_on_and_is_saved_when_there_is() {
    let page = Page::open("").await;
    saved(&page).await;
    let full = "window.put = IDBObjectStore.prototype.put;
                IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };";
    page.execute(full, vec![]).await;
    page.create_queue("Homeless").await;
    page.wait_for_text("This browser has no room left for your work.").await;
    page.by_role_name("main > button", "Download it").await;
    page.wait_for_text_of("banner", "", "not saved").await;
    page.execute("IDBObjectStore.prototype.put = window.put;", vec![]).await;
    page.create_queue("Housed").await;
    saved(&page).await;
    page.reload().await;
    page.by_role_name("tree «Queues» > treeitem", "Homeless").await;
    page.by_role_name("tree «Queues» > treeitem", "Housed").await;
    page.close().await;
}

#[tokio::test]
async fn where_the_browser_keeps_nothing_workspaces_last_as_long_as_the_page() {
    let page = Page::open("").await;
    if !page.before_load("Object.defineProperty(window, 'indexedDB', { value: undefined });").await {
        return page.close().await;
    }
    page.reload().await;
    page.wait_for_text("This browser keeps nothing for this page.").await;
    page.create_queue("Mine").await;
    page.start_empty().await;
    page.create_queue("Other").await;
    page.wait_for_text_of("banner", "", "not saved").await;
    workspaces(&page).await;
    page.wait_for_text_of("main", "", "Not saved: it lasts as long as this page").await;
    page.click("main > button", "Open Queue-based microservices").await;
    page.by_role_name("tree «Queues» > treeitem", "Mine").await;
    page.close().await;
}

#[tokio::test]
async fn everything_goes_into_one_file_and_comes_back() {
    let page = Page::open("").await;
    page.create_queue("Mine").await;
    page.start_empty().await;
    workspaces(&page).await;
    page.execute("URL.createObjectURL = (blob) => { window.offered = blob; return 'blob:none'; };", vec![]).await;
    page.click("main > button", "Download all").await;
    page.wait_until("a file is offered", async || page.execute("return Boolean(window.offered)", vec![]).await == true)
        .await;
    let text = page.execute_async("return window.offered.text();", vec![]).await;
    let file: Value = serde_json::from_str(text.as_str().expect("a text")).expect("JSON");
    assert_eq!(file["format"], "stepyard-workspaces");
    assert_eq!(file["workspaces"].as_array().map(Vec::len), Some(2));

    choose_file(&page, text.as_str().expect("a text")).await;
    page.wait_for_text("Took in 2 workspaces.").await;
    page.by_role_name("main > button", "Actions for My workspace 2").await;
    page.click("main > button", "Open Queue-based microservices 2").await;
    page.by_role_name("tree «Queues» > treeitem", "Mine").await;

    workspaces(&page).await;
    choose_file(&page, "{\"format\": \"else\"}").await;
    page.wait_for_text("is not a Stepyard project").await;
    page.close().await;
}

/// Chooses a file of this text, as a person does in the system's own dialog, which a test cannot open.
async fn choose_file(page: &Page, text: &str) {
    let script = "const [text] = arguments;
      HTMLInputElement.prototype.click = function () {
        const chosen = new DataTransfer();
        chosen.items.add(new File([text], 'all.json'));
        this.files = chosen.files;
        this.dispatchEvent(new Event('change'));
      };";
    page.execute(script, vec![json!(text)]).await;
    page.click("main > button", "Open a file…").await;
}
