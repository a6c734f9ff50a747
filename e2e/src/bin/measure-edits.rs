//! How long it takes from an edit of the tutorial's definition until graph and problems show it, in the built page.
//! `cargo xtask budget --edits` builds for release and runs it. Prints milliseconds: median, 95th percentile, worst.

#![expect(clippy::print_stdout, reason = "its answer goes to whoever runs it")]

use e2e::Page;
use serde_json::Value;

/// Half of them write, half of them take away again.
const EDITS: usize = 50;

/// Puts the cursor behind the name of the first `Next` and edits there: every edit renames the target, which draws
/// another missing state and tells another problem. The time ends when both are in the document.
const MEASURE: &str = r#"
  const [edits] = arguments;
  const target = "Notify Success";
  const content = document.querySelector("[role=textbox][contenteditable=true]");
  const line = [...content.querySelectorAll(".cm-line")].find((line) => line.textContent.includes(`"Next": "${target}"`));
  content.focus();
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (!node.data.includes(target)) node = walker.nextNode();
  getSelection().collapse(node, node.data.indexOf(target) + target.length);
  const pause = (millis) => new Promise((done) => setTimeout(done, millis));
  await pause(600);
  const times = [];
  let written = "";
  for (let edit = 0; edit < edits; edit++) {
    const writes = edit < edits / 2;
    const before = target + written;
    written = writes ? written + "x" : written.slice(0, -1);
    const after = target + written;
    const graph = () => [...document.querySelectorAll("[aria-roledescription=graph] [role=button]")]
      .some((state) => state.getAttribute("aria-label").startsWith(after + ","));
    // A name that is written on has the one before in it; one that is shortened must be rid of it.
    const problems = () => {
      const text = document.querySelector("[aria-label=Problems]")?.textContent ?? "";
      return (written === "" || text.includes(after)) && (writes || !text.includes(before));
    };
    times.push(await new Promise((done, fail) => {
      let start = 0;
      const observer = new MutationObserver(() => {
        const now = performance.now();
        if (graph() && problems()) { observer.disconnect(); clearTimeout(limit); done(now - start); }
      });
      const limit = setTimeout(() => fail(`edit ${edit}: graph ${graph()}, problems ${problems()}`), 5000);
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      start = performance.now();
      document.execCommand(writes ? "insertText" : "delete", false, "x");
    }));
    // As a person who types quickly: a key each 100 ms.
    await pause(100);
  }
  return times;
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let page = Page::open("").await;
    page.open_in_explorer("State machines", "InventoryStateMachine").await;
    page.by_role_name("main > textbox", "State machine definition").await;
    page.click("button", "Pause").await;
    let times = page.execute_async(MEASURE, vec![EDITS.into()]).await;
    let mut times: Vec<f64> = times.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    page.close().await;
    assert_eq!(times.len(), EDITS, "each edit was measured");
    times.sort_by(f64::total_cmp);
    println!("{:.1} {:.1} {:.1}", times[EDITS / 2], times[EDITS * 95 / 100], times[EDITS - 1]);
}
