//! Runs a recorded vector through the account's API and prints what happened.
fn main() {}
