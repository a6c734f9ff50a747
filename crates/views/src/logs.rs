//! Log lines of all functions in one list, each with what kind of line it is.

use std::rc::Rc;

use lambda_sim::LambdaTrace;
use sim_account::{Account, What};
use virtual_time::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// The runtime starts or tells that starting failed.
    Init,
    Start,
    End,
    Report,
    /// What the handler wrote.
    Console,
    /// What the runtime says of a failure: a timeout, an exit.
    Runtime,
}

#[derive(Clone, Debug, PartialEq)]
pub struct LogRow {
    pub at: Timestamp,
    pub function: Rc<str>,
    pub request_id: Option<Rc<str>>,
    pub kind: LogKind,
    /// `INFO`, `ERROR`, …, for what a handler wrote.
    pub level: Option<String>,
    pub text: String,
}

impl LogRow {
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.level.as_deref() == Some("ERROR")
            || self.text.contains("Task timed out")
            || self.text.contains("\tStatus: ")
    }
}

/// The newest `most` lines, oldest first; of one function, or of all.
#[must_use]
pub fn lines(account: &Account, function: Option<&str>, most: usize) -> Vec<LogRow> {
    let newest = account.journal().entries().rev().filter_map(|entry| match &entry.what {
        What::Lambda(LambdaTrace::Log { function: of, request_id, line }) if function.is_none_or(|f| f == &**of) => {
            Some(row(entry.at, of, request_id.as_ref(), line))
        }
        _ => None,
    });
    let mut rows: Vec<LogRow> = newest.take(most).collect();
    rows.reverse();
    rows
}

/// How many lines there are, up to a number that is worth counting to.
#[must_use]
pub fn count(account: &Account) -> usize {
    account.journal().log_lines().min(999)
}

fn row(at: Timestamp, function: &Rc<str>, request_id: Option<&Rc<str>>, line: &str) -> LogRow {
    let (kind, level, text) = read(line);
    LogRow {
        at,
        function: function.clone(),
        request_id: request_id.cloned(),
        kind,
        level: level.map(str::to_owned),
        text: text.to_owned(),
    }
}

/// Takes a line of CloudWatch's format apart: `time ⇥ request ⇥ level ⇥ text`, or one of the platform's own.
fn read(line: &str) -> (LogKind, Option<&str>, &str) {
    let line = line.trim_end_matches('\n');
    let platform = [
        ("INIT_", LogKind::Init),
        ("START RequestId", LogKind::Start),
        ("END RequestId", LogKind::End),
        ("REPORT RequestId", LogKind::Report),
    ];
    if let Some((_, kind)) = platform.iter().find(|(start, _)| line.starts_with(start)) {
        return (*kind, None, line);
    }
    let mut parts = line.splitn(4, '\t');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(_), Some(level), Some(text)) if level.chars().all(|c| c.is_ascii_uppercase()) => {
            (LogKind::Console, Some(level), text)
        }
        _ => (LogKind::Runtime, None, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_by_their_format() {
        let cases = [
            ("START RequestId: 1 Version: $LATEST", LogKind::Start, None, "START RequestId: 1 Version: $LATEST"),
            ("INIT_START Runtime Version: x", LogKind::Init, None, "INIT_START Runtime Version: x"),
            ("2023-04-19T08:00:00.000Z\t1\tINFO\ttwo\twords", LogKind::Console, Some("INFO"), "two\twords"),
            (
                "2023 1 Task timed out after 3.00 seconds",
                LogKind::Runtime,
                None,
                "2023 1 Task timed out after 3.00 seconds",
            ),
        ];
        for (line, kind, level, text) in cases {
            assert_eq!(read(line), (kind, level, text), "{line}");
        }
    }
}
