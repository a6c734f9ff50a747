//! The project's chores. `cargo xtask` alone lists them.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks to its user")]

mod bench;
mod bench_account;
mod budget;
mod edits;
mod fuzz;
mod queue_page;
mod run;
mod serve;
mod setup;
mod single_file;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
The chores of Stepyard. Each installs what it needs first and says so.

  cargo xtask serve [--port N] [--release]   build the page and serve it (port 8080)
  cargo xtask test [PART...]                 all tests; PART: native, wasm, browser, firefox
  cargo xtask check                          format and lints
  cargo xtask ci                             both of them: what must pass before a change is taken
  cargo xtask single-file [FILE]             the whole page as one HTML file (target/stepyard.html)
  cargo xtask setup                          only install what the others need
  cargo xtask budget [--write]               what the first paint loads; --write puts it into docs/benchmarks.md
  cargo xtask budget --edits [--write]       how long an edit takes until graph and problems show it
  cargo xtask budget --queue [--write]       how long the queue page keeps the main thread with 100,000 messages
  cargo xtask bench [W1...] [--write]        how long a state transition takes, natively and beside a peer in Node.js
  cargo xtask bench-account [--write]        messages and callbacks that an account handles in a second
  cargo xtask fuzz [--minutes N]             damaged definitions and inputs with ever new seeds (60 minutes)
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["serve", options @ ..] => serve::serve(options),
        ["test", parts @ ..] => test::test(parts),
        ["check"] => test::check(),
        ["ci"] => test::ci(),
        ["single-file", options @ ..] => single_file::single_file(options),
        ["setup"] => setup::everything(),
        ["budget"] => budget::budget(false),
        ["budget", "--write"] => budget::budget(true),
        ["budget", "--edits"] => edits::edits(false),
        ["budget", "--edits", "--write"] => edits::edits(true),
        ["budget", "--queue"] => queue_page::queue_page(false),
        ["budget", "--queue", "--write"] => queue_page::queue_page(true),
        ["bench", options @ ..] => bench::bench(options),
        ["bench-account", options @ ..] => bench_account::bench_account(options),
        ["fuzz", options @ ..] => fuzz::fuzz(options),
        [] | ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        other => Err(format!("cargo xtask {} is no chore\n\n{USAGE}", other.join(" "))),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            ExitCode::FAILURE
        }
    }
}
