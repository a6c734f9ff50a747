//! How long the page's main thread is busy at a time while a queue's page is shown with 100,000 messages in the queue.
//! `cargo xtask budget --queue` builds for release and runs it. Prints for each thing that is done: its name, and
//! milliseconds: median, 95th percentile, worst.

#![expect(clippy::print_stdout, reason = "its answer goes to whoever runs it")]

use e2e::Page;
use serde_json::{Value, json};

/// Messages that one click makes.
const A_CLICK: usize = 1_000;
const MESSAGES: usize = 100_000;
/// How long each thing is watched.
const MILLIS: u64 = 6_000;

/// Watches the tasks of the page: each frame's, each timer's and each click's, from its start until the thread is free
/// again, with what was drawn for it. `click` is the text of a button to click now and then, or nothing.
const WATCH: &str = r#"
  const [millis, click] = arguments;
  const times = [];
  const channel = new MessageChannel();
  channel.port1.onmessage = (event) => times.push(performance.now() - event.data);
  const timed = (work) => (...given) => {
    channel.port2.postMessage(performance.now());
    return work(...given);
  };
  const [frame, timer] = [window.requestAnimationFrame, window.setTimeout];
  window.requestAnimationFrame = (work) => frame.call(window, timed(work));
  window.setTimeout = (work, ...rest) => timer.call(window, timed(work), ...rest);
  const pause = (wait) => new Promise((done) => timer.call(window, done, wait));
  const end = performance.now() + millis;
  while (performance.now() < end) {
    const button = click && [...document.querySelectorAll("main button")].find((each) => each.textContent.trim() === click);
    if (button) timed(() => button.click())();
    await pause(250);
  }
  [window.requestAnimationFrame, window.setTimeout] = [frame, timer];
  return times;
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let page = Page::open("").await;
    page.start_empty().await;
    page.create_queue("Big").await;
    page.click("tablist «Queue» > tab", "Send and receive messages").await;
    page.replace_text("main > spinbutton", "How many", &A_CLICK.to_string()).await;
    for made in 1..=MESSAGES / A_CLICK {
        page.click("form «Generate messages» > button", "Generate").await;
        let lane = format!("Available: {}", made * A_CLICK);
        page.by_role_name("region", &lane).await;
    }
    // The sending is over before anything is measured.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let things = [
        ("Messages, time goes on", "Messages…", ""),
        ("sending", "Send and receive messages", "Send message"),
        ("polling", "Send and receive messages", "Poll for messages"),
        ("Monitoring, time goes on", "Monitoring", ""),
    ];
    for (what, tab, click) in things {
        page.click("tablist «Queue» > tab", tab).await;
        let times = page.execute_async(WATCH, vec![json!(MILLIS), json!(click)]).await;
        let mut times: Vec<f64> = times.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        assert!(times.len() > 50, "{what}: only {} tasks were seen", times.len());
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        println!("{what}\t{:.1}\t{:.1}\t{:.1}", at(50), at(95), at(100));
    }
    page.close().await;
}
