//! Installs what the other chores need: the wasm32 standard library, Trunk, wasm-bindgen, the npm packages and, for the
//! browser tests, Chromium, Firefox and their drivers. All but the first and the browsers stay inside the workspace.

use std::fs;
use std::time::Instant;

use crate::run::{Outcome, cargo, command, output, run, tools, workspace};

const TRUNK: &str = "0.21.14";
/// Must equal the `wasm-bindgen` crate's version in Cargo.toml, and Trunk.toml's; a test sees to it.
const WASM_BINDGEN: &str = "0.2.130";

const GECKODRIVER: &str = "0.37.1";

/// All of it.
pub(crate) fn everything() -> Outcome {
    for_building()?;
    for_browser_tests()?;
    for_firefox_tests()
}

/// What building the page needs.
pub(crate) fn for_building() -> Outcome {
    wasm_target()?;
    npm_packages()?;
    tool("wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN, &["--no-default-features"], "about 1 minute")?;
    tool("trunk", "trunk", TRUNK, &["--locked"], "about 2 minutes")?;
    // What compiling the tools left behind.
    let _ = fs::remove_dir_all(tools().join("target"));
    Ok(())
}

/// What the browser tests need beyond that.
pub(crate) fn for_browser_tests() -> Outcome {
    packages(&[("chromium", "chromium"), ("chromedriver", "chromium-driver")])
}

/// What they need to run in Firefox.
pub(crate) fn for_firefox_tests() -> Outcome {
    packages(&[("firefox", "firefox-esr")])?;
    // No Debian package has it.
    tool("geckodriver", "geckodriver", GECKODRIVER, &["--locked"], "about 2 minutes")?;
    let _ = fs::remove_dir_all(tools().join("target"));
    Ok(())
}

/// Debian packages, each by the program that it brings.
fn packages(wanted: &[(&str, &str)]) -> Outcome {
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(program, _)| output(command(program).arg("--version")).is_none())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    installing(&format!("{} (Debian packages)", missing.join(" and ")), "about 1 minute", || {
        let root = output(command("id").arg("-u")).as_deref() == Some("0");
        let apt = || {
            let mut apt = command(if root { "apt-get" } else { "sudo" });
            if !root {
                apt.arg("apt-get");
            }
            apt.env("DEBIAN_FRONTEND", "noninteractive");
            apt
        };
        // Old lists are often good enough; new ones are fetched if they are not.
        if run(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(&missing)).is_ok() {
            return Ok(());
        }
        run(apt().args(["update", "--quiet"]))?;
        run(apt().args(["install", "--yes", "--quiet", "--no-install-recommends"]).args(&missing))
            .map_err(|error| format!("{error}\nPlease install {}, so that all are on the PATH.", missing.join(" and ")))
    })
}

fn wasm_target() -> Outcome {
    let target = "wasm32-unknown-unknown";
    let std_is_there = || {
        output(command("rustc").args(["--print", "target-libdir", "--target", target]))
            .and_then(|folder| fs::read_dir(folder).ok())
            .is_some_and(|mut files| files.next().is_some())
    };
    if std_is_there() {
        return Ok(());
    }
    installing("Rust's standard library for wasm32", "a few seconds", || {
        run(command("rustup").args(["target", "add", target])).map_err(|error| {
            format!("{error}\nRust comes without rustup here: please install its standard library for {target}.")
        })
    })
}

fn npm_packages() -> Outcome {
    let www = workspace().join("www");
    let wanted = fs::read_to_string(www.join("package-lock.json")).map_err(|error| error.to_string())?;
    let stamp = www.join("node_modules/.stepyard-installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if output(command("npm").arg("--version")).is_none() {
        return Err("npm is missing: please install Node.js 18 or later with npm (Debian: nodejs npm)".to_owned());
    }
    installing("the npm packages of www/", "about 15 seconds", || {
        run(command("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&www))?;
        fs::write(&stamp, wanted).map_err(|error| error.to_string())
    })
}

fn tool(package: &str, program: &str, version: &str, options: &[&str], time: &str) -> Outcome {
    let installed = output(command(program).arg("--version"));
    if installed.is_some_and(|said| said.split_whitespace().nth(1) == Some(version)) {
        return Ok(());
    }
    installing(&format!("{package} {version} into .tools"), time, || {
        let mut cargo = cargo();
        cargo.args(["install", package, "--version", version, "--root"]).arg(tools()).args(options);
        // Compiled for a quick installation; they are fast enough so.
        cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
        cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
        cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        // One folder for both, so that what they share is compiled once.
        cargo.env("CARGO_TARGET_DIR", tools().join("target"));
        run(&mut cargo)
    })
}

fn installing(what: &str, time: &str, install: impl FnOnce() -> Outcome) -> Outcome {
    println!("Installing {what}: {time} on two cores.");
    let start = Instant::now();
    install()?;
    println!("Installed {what} in {} s.", start.elapsed().as_secs());
    Ok(())
}
