//! `cargo xtask budget`: how much the first paint loads, compressed as static hosts compress it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, command, output, workspace};
use crate::{serve, setup};

/// 950 KB, of 1000 bytes.
const BUDGET_BYTES: u64 = 950_000;
/// Fetched when it is used, or after the page stands: the editor and the handler worker, and what keeps the page offline.
const LATER: [&str; 6] = ["later/", "lessons.txt", "embed/", "service-worker.js", "offline.js", "manifest.webmanifest"];

const BEGIN: &str = "<!-- budget: written by cargo xtask budget --write -->";
const END: &str = "<!-- budget: end -->";

/// Builds the page for release and weighs it.
///
/// # Errors
/// If it is over the budget, after the table.
pub(crate) fn budget(write: bool) -> Outcome {
    setup::for_building()?;
    println!("Building for release: some minutes.");
    let dist = serve::build_release()?;
    let mut files = Vec::new();
    collect(&dist, &mut files).map_err(|error| error.to_string())?;
    let sizes =
        output(command("node").arg("www/build/sizes.mjs").args(&files)).ok_or("the files cannot be measured")?;
    let mut sizes: Vec<(u64, u64, String)> = sizes.lines().filter_map(|line| parse(line, &dist)).collect();
    sizes.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.2.cmp(&other.2)));
    let (later, first): (Vec<_>, Vec<_>) =
        sizes.into_iter().partition(|(_, _, name)| LATER.iter().any(|later| name.starts_with(later)));

    let mut table = String::from("| first paint | bytes | brotli |\n|---|--:|--:|\n");
    rows(&first, &mut table);
    let total = first.iter().map(|(_, packed, _)| packed).sum::<u64>();
    let _ = writeln!(table, "| **total** (budget {BUDGET_BYTES}) | | **{total}** |");
    let _ = writeln!(
        table,
        "\n| later: the editor when one is first shown, the worker with the first function, lessons when they are looked for | bytes | brotli |\n|---|--:|--:|"
    );
    rows(&later, &mut table);
    println!("\n{table}");

    if write {
        record(BEGIN, END, &table)?;
    }
    if total > BUDGET_BYTES {
        return Err(format!("the first paint loads {total} bytes, the budget is {BUDGET_BYTES}"));
    }
    println!("Within the budget: {total} of {BUDGET_BYTES} bytes.");
    Ok(())
}

fn rows(sizes: &[(u64, u64, String)], table: &mut String) {
    for (bytes, packed, name) in sizes {
        let _ = writeln!(table, "| `{name}` | {bytes} | {packed} |");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}

/// A line of `sizes.mjs`. The hash in a file's name is left out, so that the table only changes with the sizes.
fn parse(line: &str, dist: &Path) -> Option<(u64, u64, String)> {
    let mut words = line.splitn(3, ' ');
    let (bytes, packed) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
    let path = Path::new(words.next()?).strip_prefix(dist).ok()?;
    let is_hash = |part: &str| part.len() >= 14 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let name = path.to_str()?.split('/').map(|part| {
        let words = part.split('-').filter_map(|word| {
            let end = word.find(['_', '.']).unwrap_or(word.len());
            let (start, rest) = word.split_at(end);
            if is_hash(start) { (!rest.is_empty()).then(|| format!("#{rest}")) } else { Some(word.to_owned()) }
        });
        words.collect::<Vec<_>>().join("-").replace("-#", "")
    });
    Some((bytes, packed, name.collect::<Vec<_>>().join("/")))
}

/// Puts a table between two lines of docs/benchmarks.md.
pub(crate) fn record(begin: &str, end: &str, table: &str) -> Outcome {
    let file = workspace().join("docs/benchmarks.md");
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let (before, rest) = text.split_once(begin).ok_or_else(|| format!("docs/benchmarks.md lacks {begin}"))?;
    let (_, after) = rest.split_once(end).ok_or_else(|| format!("docs/benchmarks.md lacks {end}"))?;
    let text = format!("{before}{begin}\n\n{table}\n{end}{after}");
    fs::write(&file, text).map_err(|error| error.to_string())
}
