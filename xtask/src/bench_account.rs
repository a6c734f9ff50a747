//! `cargo xtask bench-account`: messages and callbacks that an account handles in a second, natively and in Node.js.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::Stdio;

use crate::bench::{build_wasm, estimates, install_peer, machine, node};
use crate::budget::record;
use crate::run::{Outcome, cargo, command, run, workspace};
use crate::setup;

const BEGIN: &str = "<!-- account: written by cargo xtask bench-account --write -->";
const END: &str = "<!-- account: end -->";

/// How many a second are wanted, natively and as wasm.
const TARGETS: [(&str, Option<f64>, Option<f64>); 3] = [
    ("messages", None, None),
    ("messages in batches", Some(100_000.0), Some(30_000.0)),
    ("callbacks", Some(20_000.0), None),
];

/// Measures; `--write` puts the table into docs/benchmarks.md.
///
/// # Errors
/// If fewer are handled than wanted, after the table.
pub(crate) fn bench_account(options: &[&str]) -> Outcome {
    let write = match options {
        [] => false,
        ["--write"] => true,
        other => return Err(format!("bench-account does not know {}", other.join(" "))),
    };
    setup::for_building()?;
    let wasm = build_wasm("account-bench")?;
    run(cargo().args(["bench", "--quiet", "--package", "account-bench", "--bench", "account"]))?;
    let natively = estimates("account")?;
    let node = node(&install_peer()?)?;
    let mut measure = command(&node);
    measure.current_dir(workspace().join("crates/account-bench/node")).arg("measure.mjs").arg(&wasm);
    let figures = measure.stderr(Stdio::inherit()).output().map_err(|error| format!("node: {error}"))?;
    if !figures.status.success() {
        return Err("measure.mjs failed".to_owned());
    }
    let figures = String::from_utf8_lossy(&figures.stdout).into_owned();
    let figures = figures.lines().filter_map(|line| line.split_once(' '));
    let wasm: BTreeMap<&str, f64> = figures.filter_map(|(count, name)| Some((name, count.parse().ok()?))).collect();

    let mut table = String::from("| in a second | natively | wanted | wasm | wanted |\n|---|--:|--:|--:|--:|\n");
    let mut missed = Vec::new();
    for (name, native_target, wasm_target) in TARGETS {
        let native = natively.iter().find(|(measured, _)| measured == name).map(|(_, nanos)| 1e9 / nanos);
        let wasm = wasm.get(name).copied();
        for (figure, target) in [(native, native_target), (wasm, wasm_target)] {
            if target.is_some_and(|target| figure.is_none_or(|figure| figure < target)) {
                missed.push(name);
            }
        }
        let [native, native_target, wasm, wasm_target] = [native, native_target, wasm, wasm_target].map(thousands);
        let _ = writeln!(table, "| {name} | **{native}** | {native_target} | **{wasm}** | {wasm_target} |");
    }
    if let Some(machine) = machine(&node) {
        let _ = writeln!(table, "\nMeasured on {machine}.");
    }
    println!("\n{table}");
    if write {
        record(BEGIN, END, &table)?;
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("fewer than wanted: {}", missed.join(", "))) }
}

fn thousands(count: Option<f64>) -> String {
    count.map_or_else(String::new, |count| {
        let count = count.round() as u64;
        if count < 1_000 { count.to_string() } else { format!("{},{:03}", count / 1_000, count % 1_000) }
    })
}
