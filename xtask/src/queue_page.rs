//! `cargo xtask budget --queue`: how long the page's main thread is busy at a time with 100,000 messages in a queue.

use crate::budget::record;
use crate::run::{Outcome, cargo, command, output, run, target_dir};
use crate::{serve, setup};

/// What 95 of 100 tasks must stay under, and what none may reach.
const BUDGET_MILLIS: f64 = 8.0;
const WORST_MILLIS: f64 = 50.0;

const BEGIN: &str = "<!-- queue: written by cargo xtask budget --queue --write -->";
const END: &str = "<!-- queue: end -->";

/// Builds the page for release and uses its queue page.
///
/// # Errors
/// If a figure is over its budget, after the table.
pub(crate) fn queue_page(write: bool) -> Outcome {
    setup::for_building()?;
    setup::for_browser_tests()?;
    println!("Building for release: some minutes. Then 100,000 messages are sent.");
    let dist = target_dir().join("web-release");
    serve::build_release_to(&dist)?;
    run(command("node").args(["www/build/bundle.mjs", "e2e"]).arg(target_dir().join("web-release-tests")))?;
    let mut measure = cargo();
    measure.args(["run", "--quiet", "--package", "e2e", "--bin", "measure-queue"]).env("STEPYARD_WEB", &dist);
    let told = output(&mut measure).ok_or("it cannot be measured: `cargo xtask test browser` says more")?;
    let mut table = format!(
        "| with 100,000 messages | median, ms | 95th percentile (budget {BUDGET_MILLIS}) | worst (budget {WORST_MILLIS}) |\n\
         |---|--:|--:|--:|\n"
    );
    let mut over = Vec::new();
    for line in told.lines() {
        let [what, median, most, worst] = line.split('\t').collect::<Vec<_>>()[..] else { continue };
        table.push_str(&format!("| {what} | {median} | **{most}** | {worst} |\n"));
        let above = |figure: &str, budget: f64| figure.parse::<f64>().is_ok_and(|figure| figure >= budget);
        if above(most, BUDGET_MILLIS) || above(worst, WORST_MILLIS) {
            over.push(format!("{what}: {most} ms at the 95th percentile, {worst} ms at worst"));
        }
    }
    println!("\n{table}");
    if write {
        record(BEGIN, END, &table)?;
    }
    if over.is_empty() { Ok(()) } else { Err(format!("over the budget:\n{}", over.join("\n"))) }
}
