//! `cargo xtask fuzz`: the fuzz tests for longer than a test run has time for.

use crate::run::{Outcome, cargo, run};

/// Packages with a test named `fuzz`, and how many targets it has. They share the time, one after the other.
const TARGETS: [(&str, u64); 2] = [("sfn-engine", 6), ("share-link", 3)];

/// Goes on for the minutes given, or an hour.
pub(crate) fn fuzz(options: &[&str]) -> Outcome {
    let minutes = match options {
        [] => 60,
        ["--minutes", minutes] => minutes.parse::<u64>().map_err(|_| format!("{minutes} is no number of minutes"))?,
        other => return Err(format!("fuzz does not know {}", other.join(" "))),
    };
    let each = (minutes * 60 / TARGETS.iter().map(|(_, targets)| targets).sum::<u64>()).max(1);
    println!("Fuzzing: {minutes} minutes, after a build.");
    for (package, _) in TARGETS {
        run(cargo()
            .args(["test", "--package", package, "--profile", "bench", "--test", "fuzz", "--", "--test-threads=1"])
            .env("STEPYARD_FUZZ_SECONDS", each.to_string()))?;
    }
    Ok(())
}
