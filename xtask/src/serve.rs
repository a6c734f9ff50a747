//! `cargo xtask serve`, and the builds of the page that other chores need.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::run::{Outcome, command, run, target_dir, workspace};
use crate::setup;

/// Sets up, builds and serves until it is stopped; builds again when a source file changes.
pub(crate) fn serve(options: &[&str]) -> Outcome {
    let (mut port, mut release) = (8080_u16, false);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--release" => release = true,
            "--port" => {
                let value = options.next().ok_or("--port wants a number")?;
                port = value.parse().map_err(|_| format!("--port {value} is no port number"))?;
            }
            other => return Err(format!("serve does not know {other}")),
        }
    }
    setup::for_building()?;
    let time = if release { "some minutes" } else { "about a minute the first time, seconds later" };
    println!("Building the page: {time}. It will be at\n\n    http://127.0.0.1:{port}/\n");
    let mut trunk = trunk("serve", &workspace().join("dist"), release)?;
    become_server(trunk.args(["--port", &port.to_string()]))
}

/// Trunk takes this process's place, so that whoever ends the chore ends the server.
#[cfg(unix)]
fn become_server(trunk: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt as _;
    Err(format!("trunk does not start: {}", trunk.exec()))
}

#[cfg(not(unix))]
fn become_server(trunk: &mut Command) -> Outcome {
    run(trunk)
}

/// Builds the page as the browser tests want it, quickly; returns its folder.
pub(crate) fn build_quick() -> Outcome<PathBuf> {
    let dist = target_dir().join("web");
    // As it is published, which the tests of it want.
    run(trunk("build", &dist, false)?.env("STEPYARD_OFFLINE", "1"))?;
    Ok(dist)
}

/// Builds the page as it is published; returns its folder.
pub(crate) fn build_release() -> Outcome<PathBuf> {
    let dist = workspace().join("dist");
    build_release_to(&dist)?;
    Ok(dist)
}

/// Builds the page as it is published into a folder.
pub(crate) fn build_release_to(dist: &Path) -> Outcome {
    run(&mut trunk("build", dist, true)?)
}

fn trunk(chore: &str, dist: &Path, release: bool) -> Outcome<Command> {
    std::fs::create_dir_all(dist).map_err(|error| format!("{}: {error}", dist.display()))?;
    let mut trunk = command("trunk");
    trunk.arg(chore).arg("--dist").arg(dist);
    if release {
        trunk.arg("--release");
    } else {
        trunk.args(["--cargo-profile", "quick"]);
    }
    // Trunk reads this variable of other tools' as a setting of its own, and then wants `true` or `false`.
    trunk.env_remove("NO_COLOR");
    Ok(trunk)
}
