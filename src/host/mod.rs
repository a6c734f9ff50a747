//! The browser's side of the session: time, the handler worker, storage, and what happens after a crash.

pub mod catalogue;
pub mod crash;
pub mod driver;
pub mod files;
pub mod frame;
pub mod keeping;
pub mod opening;
pub mod prefs;
pub mod receive;
pub mod session_context;
pub mod sharing;
pub mod ui;
pub mod worker;
pub mod workspaces;
