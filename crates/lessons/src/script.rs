//! What a lesson does to the account: calls and moves of the clock, one a line.
//!
//! ```text
//! sqs:CreateQueue {"QueueName": "Orders"}
//! machine InventoryStateMachine from definition
//! start InventoryStateMachine {"input": "{}"}
//! wait until done
//! ```

use shared_json::{Value, json};
use virtual_time::Duration;

use crate::lesson::Mistake;
use crate::words::{quoted_or_word, span};

pub type Script = Vec<Line>;

/// One line of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number in the file.
    pub number: usize,
    pub deed: Deed,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    /// An AWS action. A refusal stops the script unless the line begins with `try`.
    Call {
        action: String,
        params: Value,
        may_fail: bool,
    },
    /// Makes a state machine with the role that the console would generate, or gives an existing one a new definition.
    Machine {
        name: String,
        text: String,
        express: bool,
        role: Option<String>,
    },
    Role {
        name: String,
        service: String,
        policies: Vec<String>,
    },
    /// Makes a function, or gives an existing one new code.
    Function {
        name: String,
        text: String,
        role: Option<String>,
        with: Value,
    },
    Trigger {
        queue: String,
        function: String,
        with: Value,
    },
    Start {
        machine: String,
        with: Value,
    },
    Wait(Duration),
    WaitUntilDone {
        at_most: Duration,
    },
}

/// More lines are a mistake, or an attack.
const MOST_LINES: usize = 200;
/// `wait until done` gives up after it.
const PATIENCE: Duration = Duration::from_secs(24 * 3_600);

/// Reads lines, the first of which has the number `first`. Indented lines go on with the line before.
pub(crate) fn read(first: usize, lines: &[&str]) -> Result<Script, Mistake> {
    let mut gathered: Vec<(usize, String)> = Vec::new();
    for (text, number) in lines.iter().zip(first..) {
        let goes_on = text.starts_with([' ', '\t', '}', ']']);
        match gathered.last_mut() {
            _ if text.trim().is_empty() || text.starts_with('#') => {}
            Some((_, last)) if goes_on => {
                last.push('\n');
                last.push_str(text);
            }
            _ => gathered.push((number, (*text).to_owned())),
        }
    }
    if gathered.len() > MOST_LINES {
        return Err(Mistake::new(first, format!("A script has at most {MOST_LINES} lines.")));
    }
    gathered.iter().map(|(number, text)| Ok(Line { number: *number, deed: deed(*number, text)? })).collect()
}

fn deed(line: usize, text: &str) -> Result<Deed, Mistake> {
    let (may_fail, text) = text.strip_prefix("try ").map_or((false, text), |rest| (true, rest));
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if first.contains(':') {
        let params = params(line, first, rest)?;
        return Ok(Deed::Call { action: first.to_owned(), params, may_fail });
    }
    if may_fail {
        return Err(Mistake::new(line, "Only a call can be tried: try sqs:SendMessage {…}."));
    }
    let mut words = Words { line, verb: first, rest };
    let deed = match first {
        "machine" => {
            let name = words.name()?;
            words.expect("from")?;
            let text = words.name()?;
            let express = words.take("express");
            let role = if words.take("role") { Some(words.name()?) } else { None };
            Deed::Machine { name, text, express, role }
        }
        "role" => {
            let name = words.name()?;
            words.expect("for")?;
            let service = format!("{}.amazonaws.com", words.name()?);
            let mut policies = Vec::new();
            if words.take("with") {
                while !words.rest.trim().is_empty() {
                    policies.push(words.name()?);
                }
            }
            Deed::Role { name, service, policies }
        }
        "function" => {
            let name = words.name()?;
            words.expect("from")?;
            let text = words.name()?;
            let role = if words.take("role") { Some(words.name()?) } else { None };
            Deed::Function { name, text, role, with: words.json()? }
        }
        "trigger" => {
            let queue = words.name()?;
            words.expect("->")?;
            Deed::Trigger { queue, function: words.name()?, with: words.json()? }
        }
        "start" => Deed::Start { machine: words.name()?, with: words.json()? },
        "wait" if words.take("until done") => {
            let at_most = if words.take("at most") { words.span()? } else { PATIENCE };
            Deed::WaitUntilDone { at_most }
        }
        "wait" => Deed::Wait(words.span()?),
        _ => {
            let known = "SERVICE:Action {…}, machine, role, function, trigger, start and wait";
            return Err(Mistake::new(
                line,
                format!("“{first}” is nothing that can be done. Lines begin with {known}."),
            ));
        }
    };
    words.end()?;
    Ok(deed)
}

fn params(line: usize, action: &str, text: &str) -> Result<Value, Mistake> {
    if text.trim().is_empty() {
        return Ok(json!({}));
    }
    let params = Value::parse(text).map_err(|error| {
        let line = line + error.line().saturating_sub(1);
        Mistake::new(line, format!("The parameters of {action} are not JSON: {error}."))
    })?;
    match params.as_object() {
        Some(_) => Ok(params),
        None => Err(Mistake::new(line, format!("The parameters of {action} must be a JSON object: {{…}}."))),
    }
}

struct Words<'a> {
    line: usize,
    verb: &'a str,
    rest: &'a str,
}

impl Words<'_> {
    fn name(&mut self) -> Result<String, Mistake> {
        let (name, rest) = quoted_or_word(self.rest)
            .ok_or_else(|| Mistake::new(self.line, format!("The line “{} …” lacks a name at its end.", self.verb)))?;
        self.rest = rest;
        Ok(name)
    }

    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(word).filter(|after| after.is_empty() || after.starts_with(char::is_whitespace)) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, word: &str) -> Result<(), Mistake> {
        if self.take(word) {
            return Ok(());
        }
        Err(Mistake::new(
            self.line,
            format!("The line “{} …” lacks “{word}” before “{}”.", self.verb, self.rest.trim()),
        ))
    }

    fn json(&mut self) -> Result<Value, Mistake> {
        let text = std::mem::take(&mut self.rest);
        params(self.line, self.verb, text)
    }

    fn span(&mut self) -> Result<Duration, Mistake> {
        let text = std::mem::take(&mut self.rest);
        span(text).ok_or_else(|| {
            let told = text.trim();
            Mistake::new(self.line, format!("“{told}” is no span of time: 500 ms, 30 s, 5 min, 2 h or 4 d."))
        })
    }

    fn end(&self) -> Result<(), Mistake> {
        let left = self.rest.trim();
        if left.is_empty() {
            return Ok(());
        }
        Err(Mistake::new(self.line, format!("“{left}” is too much at the end of the line “{} …”.", self.verb)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let lines = [
            "sqs:CreateQueue {",
            "  \"QueueName\": \"Orders\"",
            "}",
            "# a remark",
            "machine M from definition express",
            "role r for lambda with AmazonSQSFullAccess",
            "function F from handler role r {\"Timeout\": 10}",
            "trigger Orders -> F",
            "wait until done at most 4 d",
            "wait 30 s",
            "try sqs:DeleteQueue {}",
        ];
        let script = read(5, &lines).unwrap();
        assert_eq!(script.iter().map(|line| line.number).collect::<Vec<_>>(), [5, 9, 10, 11, 12, 13, 14, 15]);
        assert_eq!(script[5].deed, Deed::WaitUntilDone { at_most: Duration::from_secs(4 * 86_400) });
        assert!(matches!(&script[3].deed, Deed::Function { role: Some(role), .. } if role == "r"));
        assert!(matches!(&script[7].deed, Deed::Call { may_fail: true, .. }));
    }

    #[test]
    fn mistakes_say_line_and_remedy() {
        let cases: [(&[&str], &str); 8] = [
            (&["jump"], "Line 5: “jump” is nothing that can be done"),
            (&["sqs:CreateQueue {", "  \"QueueName\": }"], "Line 6: The parameters of sqs:CreateQueue are not JSON"),
            (&["sqs:CreateQueue []"], "must be a JSON object"),
            (&["machine M definition"], "lacks “from” before “definition”"),
            (&["wait soon"], "“soon” is no span of time"),
            (&["trigger A -> "], "lacks a name"),
            (&["machine M from d fast"], "“fast” is too much"),
            (&["try wait 3 s"], "Only a call can be tried"),
        ];
        for (lines, part) in cases {
            let told = read(5, lines).unwrap_err().to_string();
            assert!(told.contains(part), "{lines:?}: {told}");
        }
    }
}
