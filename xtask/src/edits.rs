//! `cargo xtask budget --edits`: how long an edit of the tutorial's definition takes until graph and problems show it.

use crate::budget::record;
use crate::run::{Outcome, cargo, command, output, run, target_dir};
use crate::{serve, setup};

/// One frame at 60 Hz.
const BUDGET_MILLIS: f64 = 16.0;

const BEGIN: &str = "<!-- edits: written by cargo xtask budget --edits --write -->";
const END: &str = "<!-- edits: end -->";

/// Builds the page for release and edits in it.
///
/// # Errors
/// If the median is over the budget, after the table.
pub(crate) fn edits(write: bool) -> Outcome {
    setup::for_building()?;
    setup::for_browser_tests()?;
    println!("Building for release: some minutes.");
    let dist = target_dir().join("web-release");
    serve::build_release_to(&dist)?;
    run(command("node").args(["www/build/bundle.mjs", "e2e"]).arg(target_dir().join("web-release-tests")))?;
    let mut measure = cargo();
    measure.args(["run", "--quiet", "--package", "e2e", "--bin", "measure-edits"]).env("STEPYARD_WEB", &dist);
    let times = output(&mut measure).ok_or("the edits cannot be measured: `cargo xtask test browser` says more")?;
    let times: Vec<f64> = times.split_whitespace().filter_map(|time| time.parse().ok()).collect();
    let [median, most, worst] = times[..] else { return Err("the measurement has no result".to_owned()) };
    let table = format!(
        "| edit to graph and problems | ms |\n|---|--:|\n| **median of 50** (budget {BUDGET_MILLIS}) | **{median}** |\n\
         | 95th percentile | {most} |\n| worst | {worst} |\n"
    );
    println!("\n{table}");
    if write {
        record(BEGIN, END, &table)?;
    }
    if median >= BUDGET_MILLIS {
        return Err(format!("an edit takes {median} ms, the budget is {BUDGET_MILLIS} ms"));
    }
    println!("Within the budget: {median} of {BUDGET_MILLIS} ms.");
    Ok(())
}
