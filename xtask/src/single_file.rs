//! `cargo xtask single-file`: the whole page as one HTML file, which works from a disk.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run::{Outcome, command, run, target_dir};
use crate::{serve, setup};

/// Builds the page for release and makes one file of it.
pub(crate) fn single_file(options: &[&str]) -> Outcome {
    let file = match options {
        [] => target_dir().join("stepyard.html"),
        [file] => std::env::current_dir().map_err(|error| error.to_string())?.join(file),
        _ => return Err("single-file wants at most the name of the file to write".to_owned()),
    };
    setup::for_building()?;
    println!("Building for release: some minutes.");
    let dist = serve::build_release()?;
    make(&dist, &file)?;
    let bytes = fs::metadata(&file).map_err(|error| error.to_string())?.len();
    println!("{}: {} KB. Open it in a browser; it needs nothing else.", file.display(), bytes / 1_000);
    Ok(())
}

/// One file of a built page.
pub(crate) fn make(dist: &Path, file: &PathBuf) -> Outcome {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    run(command("node").arg("www/build/single.mjs").arg(dist).arg(file))
}
