//! Starts a browser's WebDriver server and ends it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::browser::Browser;

/// A running server on a port of its own choice.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Child,
    port: u16,
    /// What it printed since somebody last asked.
    lines: Arc<Mutex<Vec<String>>>,
}

impl Driver {
    pub(crate) fn start(browser: Browser) -> Driver {
        let (program, arguments) = browser.driver();
        let mut process = Command::new(&program)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Its browsers belong to this group, and end with it.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start ({error}): run `cargo xtask setup`"));
        let mut printed = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        let port = printed
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| browser.port_in(&line))
            .expect("the driver says on which port it listens");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        // Read on, so that it never waits for us to take its output.
        std::thread::spawn(move || {
            for line in printed.map_while(Result::ok) {
                if let Ok(mut lines) = kept.lock() {
                    lines.push(line);
                }
            }
        });
        Driver { process, port, lines }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn take_lines(&self) -> Vec<String> {
        self.lines.lock().map(|mut lines| std::mem::take(&mut *lines)).unwrap_or_default()
    }
}

impl Drop for Driver {
    /// Ends it with its browsers: a test that failed has not closed its own.
    fn drop(&mut self) {
        let _ = Command::new("kill").args(["-TERM", "--", &format!("-{}", self.process.id())]).status();
        let _ = self.process.wait();
    }
}
