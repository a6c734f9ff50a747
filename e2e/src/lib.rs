//! Browser tests: the built page in headless Chromium or Firefox, used as a person uses it.
//!
//! Elements are found by what assistive technology says of them, role and name, never by CSS path. Each [`Page`] is a
//! browser of its own with an empty profile; nothing is shared between tests.
//!
//! `cargo xtask test` builds the page and the helpers first and says where they are in `STEPYARD_WEB`; without it
//! they are looked for in `target/web` and `target/web-tests` of the workspace.

mod browser;
mod driver;
mod journeys;
mod page;
pub mod samples;
mod site;

pub use browser::Browser;
pub use page::{Options, Page};
pub use site::Site;

use std::path::PathBuf;

/// The workspace's folder.
#[must_use]
pub fn workspace() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// The built page.
#[must_use]
pub fn web_dir() -> PathBuf {
    std::env::var_os("STEPYARD_WEB").map_or_else(|| workspace().join("target/web"), PathBuf::from)
}

/// Where the bundled helpers are and the screenshots go.
#[must_use]
pub fn tests_dir() -> PathBuf {
    let web = web_dir();
    web.with_file_name(format!("{}-tests", web.file_name().and_then(|name| name.to_str()).unwrap_or("web")))
}
