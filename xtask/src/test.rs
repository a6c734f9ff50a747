//! `cargo xtask test`, `cargo xtask check` and both in one, `cargo xtask ci`.

use std::fs;
use std::time::{Duration, Instant};

use crate::run::{Outcome, cargo, command, output, run, target_dir, tools, workspace};
use crate::{serve, setup, single_file};

/// A named part of a chore.
type Part = (&'static str, fn() -> Outcome);

/// The parts of the test run, in order. Without a wish the first three are run.
const PARTS: [Part; 4] = [("native", native), ("wasm", wasm), ("browser", browser), ("firefox", firefox)];

/// All tests, or the parts named. Goes on after a part that fails, and ends with a summary.
pub(crate) fn test(parts: &[&str]) -> Outcome {
    if let Some(unknown) = parts.iter().find(|part| PARTS.iter().all(|(name, _)| name != *part)) {
        return Err(format!("there is no part {unknown}; there are: native, wasm, browser, firefox"));
    }
    let wanted = PARTS
        .into_iter()
        .filter(|(name, _)| parts.contains(name) || (parts.is_empty() && *name != "firefox"))
        .collect();
    println!("Testing: about 5 minutes the first time on two cores, after the installations.");
    let start = Instant::now();
    setup::for_building()?;
    setup::for_browser_tests()?;
    in_turn(vec![("set-up", start.elapsed())], wanted)
}

/// Format and lints.
pub(crate) fn check() -> Outcome {
    in_turn(Vec::new(), vec![("format", format), ("lints", lints)])
}

/// Format and lints, then all tests.
pub(crate) fn ci() -> Outcome {
    check()?;
    test(&[])
}

fn in_turn(before: Vec<(&'static str, Duration)>, parts: Vec<Part>) -> Outcome {
    let mut lines: Vec<String> =
        before.into_iter().map(|(name, time)| format!("  ok      {name:8} {:4} s", time.as_secs())).collect();
    let mut failed = Vec::new();
    for (name, part) in parts {
        println!("\n── {name}");
        let start = Instant::now();
        let outcome = part();
        let word = if outcome.is_ok() { "ok    " } else { "FAILED" };
        lines.push(format!("  {word}  {name:8} {:4} s", start.elapsed().as_secs()));
        if let Err(error) = outcome {
            println!("{error}");
            lines.push(format!("          {error}"));
            failed.push(name);
        }
    }
    println!("\n── summary\n{}", lines.join("\n"));
    if failed.is_empty() {
        println!("\nAll passed.");
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}

fn format() -> Outcome {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn lints() -> Outcome {
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
}

fn native() -> Outcome {
    run(cargo().args(["test", "--workspace", "--exclude", "e2e", "--quiet"]))?;
    run(command("node").args(["--test", "www/build/"]))
}

/// Every package with a `tests/wasm.rs` has that run as wasm: in Node.js, or in Chromium if the test asks for it.
fn wasm() -> Outcome {
    let mut cargo = cargo();
    cargo.args(["test", "--target", "wasm32-unknown-unknown", "--test", "wasm"]);
    let mut packages = vec!["stepyard-app".to_owned()];
    let crates = fs::read_dir(workspace().join("crates")).map_err(|error| error.to_string())?;
    packages.extend(crates.flatten().filter(|folder| folder.path().join("tests/wasm.rs").is_file()).filter_map(
        |folder| {
            let manifest = fs::read_to_string(folder.path().join("Cargo.toml")).ok()?;
            let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))?;
            Some(name.to_owned())
        },
    ));
    packages.sort();
    for package in &packages {
        cargo.args(["--package", package]);
    }
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", tools().join("bin/wasm-bindgen-test-runner"));
    if let Some(driver) = output(command("which").arg("chromedriver")) {
        cargo.env("CHROMEDRIVER", driver);
    }
    run(&mut cargo)
}

fn browser() -> Outcome {
    end_to_end("chromium")
}

fn firefox() -> Outcome {
    setup::for_firefox_tests()?;
    end_to_end("firefox")
}

fn end_to_end(browser: &str) -> Outcome {
    let web = serve::build_quick()?;
    let helpers = target_dir().join("web-tests");
    run(command("node").args(["www/build/bundle.mjs", "e2e"]).arg(&helpers))?;
    single_file::make(&web, &helpers.join("stepyard.html"))?;
    // More browsers at a time than this would wait for each other and for the page's clock.
    let mut tests = cargo();
    tests.args(["test", "--package", "e2e", "--", "--test-threads=2"]);
    run(tests.env("STEPYARD_WEB", web).env("STEPYARD_BROWSER", browser))
}
