//! Runs one recorded vector through the account's API and prints what happened, as one JSON document.
//!
//! `conformance VECTOR.json`. It sets the scene that the vector describes, lets the virtual clock run, and reads the
//! answers back; it compares nothing and knows no expectation. What the account cannot do is answered by the account:
//! with the error of its API.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks to its user")]

mod behaviour;
mod execution;
mod scenario;
mod select;
mod worker;
mod world;

use std::process::ExitCode;

use shared_json::Value;

fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("usage: conformance VECTOR.json");
        return ExitCode::FAILURE;
    };
    let read = std::fs::read_to_string(&path).map_err(|error| error.to_string());
    match read.and_then(|text| Value::parse(&text).map_err(|error| error.to_string())) {
        Ok(vector) => {
            let answer = match vector.get_str("kind") {
                Some("scenario") => scenario::run(&vector),
                _ => execution::run(&vector),
            };
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{path}: {error}");
            ExitCode::FAILURE
        }
    }
}
