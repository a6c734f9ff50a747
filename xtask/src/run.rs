//! Runs other programs in the workspace, with the pinned tools on their path.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a chore says when it cannot go on.
pub(crate) type Outcome<T = ()> = Result<T, String>;

/// The workspace's folder.
pub(crate) fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Where cargo builds.
pub(crate) fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), |dir| workspace().join(dir))
}

/// The folder of the pinned tools.
pub(crate) fn tools() -> PathBuf {
    workspace().join(".tools")
}

/// A command in the workspace's folder that finds the pinned tools first.
pub(crate) fn command(program: &str) -> Command {
    let mut path = vec![tools().join("bin"), workspace().join("www/node_modules/.bin")];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let path = env::join_paths(path).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new(program);
    command.current_dir(workspace()).env("PATH", path);
    command
}

/// Cargo, the one that runs this chore.
pub(crate) fn cargo() -> Command {
    let mut cargo = command(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()));
    // What cargo sets for this chore is not meant for what the chore builds.
    for (name, _) in
        env::vars().filter(|(name, _)| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST"))
    {
        cargo.env_remove(name);
    }
    cargo
}

/// Shows the command and runs it.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let shown = show(command);
    println!("$ {shown}");
    let status = command.status().map_err(|error| format!("{shown}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown} failed ({status})")) }
}

/// What a command prints, or `None` if it fails or is not there.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn show(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    [program].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}
