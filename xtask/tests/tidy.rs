//! Tidiness is a test: file lengths, versions that must agree, and what no committed file may hold.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One idea, one file: a longer one holds two.
const MAX_LINES: usize = 800;

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The files that git knows, with their text; binary ones left out.
fn committed() -> Vec<(PathBuf, String)> {
    let list = Command::new("git").args(["ls-files", "-z"]).current_dir(workspace()).output().expect("git runs");
    let list = String::from_utf8(list.stdout).expect("names are UTF-8");
    let files = list.split('\0').filter(|name| !name.is_empty());
    files.filter_map(|name| Some((PathBuf::from(name), fs::read_to_string(workspace().join(name)).ok()?))).collect()
}

#[test]
fn no_source_file_is_long() {
    let long: Vec<String> = committed()
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|(path, _)| ["crates", "src", "xtask", "e2e"].iter().any(|folder| path.starts_with(folder)))
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "longer than {MAX_LINES} lines:\n{}", long.join("\n"));
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<String> = committed()
        .into_iter()
        // A module's tests are of the module.
        .filter(|(path, _)| !path.ends_with("tests.rs"))
        .filter(|(path, text)| path.extension().is_some_and(|extension| extension == "rs") && !text.starts_with("//!"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no `//!` at the start of:\n{}", silent.join("\n"));
}

#[test]
fn nothing_names_a_machine_or_a_private_host() {
    // In pieces, so that this file does not find itself.
    let places = [concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/ro", "ot/"), concat!("/wo", "rk/")];
    let mut found = Vec::new();
    for (path, text) in committed() {
        for (number, line) in text.lines().enumerate() {
            if places.iter().any(|place| line.contains(place)) {
                found.push(format!("{}:{}: a path of a machine", path.display(), number + 1));
            }
        }
        if path.ends_with("package-lock.json") && text.contains("\"resolved\"") {
            found.push(format!("{}: names the registry that it was made with", path.display()));
        }
        if path.file_name().is_some_and(|name| name == "Cargo.lock") {
            let crates_io = "registry+https://github.com/rust-lang/crates.io-index";
            let foreign = text.lines().filter_map(|line| line.strip_prefix("source = "));
            for source in foreign.filter(|source| source.trim_matches('"') != crates_io) {
                found.push(format!("{}: a dependency from {source}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_pinned_tools_agree() {
    let read = |name: &str| fs::read_to_string(workspace().join(name)).expect("it is there");
    let (cargo, trunk, setup) = (read("Cargo.toml"), read("Trunk.toml"), read("xtask/src/setup.rs"));
    let version = cargo
        .lines()
        .find_map(|line| line.strip_prefix("wasm-bindgen = \"=")?.strip_suffix('"'))
        .expect("Cargo.toml pins wasm-bindgen");
    assert!(trunk.contains(&format!("wasm_bindgen = \"{version}\"")), "Trunk.toml: not {version}");
    assert!(setup.contains(&format!("WASM_BINDGEN: &str = \"{version}\"")), "xtask: not {version}");
    let packages = read("www/package.json");
    let binaryen = packages
        .lines()
        .find_map(|line| line.trim().strip_prefix("\"binaryen\": \"")?.split('.').next())
        .expect("package.json pins binaryen");
    assert!(trunk.contains(&format!("wasm_opt = \"version_{binaryen}\"")), "Trunk.toml: not {binaryen}");
}
