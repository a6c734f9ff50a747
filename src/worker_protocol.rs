//! What the page and its handler worker say to each other. Messages are text both ways.
//!
//! Compiled into both binaries. The worker takes in nothing else of the page: its loader is a classic script, which
//! cannot import the modules that the page's bindings bring along.

/// The worker's first message: its wasm runs, and from now on no message is lost.
pub const READY: &str = "ready";
