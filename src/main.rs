//! The page. For now it only proves that the workspace builds.
fn main() {}
