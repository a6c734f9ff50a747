//! The no-code mock as its forms show it: rules as drafts of text fields, and what a change makes of the configuration.

use mock_rules::{Answer, Rule, Rules, Subject, When};
use shared_json::{Value, json};
use sim_account::Account;

/// A rule of a function, in its place among all rules.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRow {
    pub index: usize,
    pub name: String,
    /// `succeeds with {"ok":true} after 2 s`
    pub summary: String,
    /// `always`, `the event matches {…}`, `$.n is 7`
    pub when: String,
    /// `every attempt`, `attempt 0`, `attempts 1 to 2`
    pub attempts: String,
    pub draft: RuleDraft,
}

/// When a rule fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenKind {
    #[default]
    Always,
    Pattern,
    Equals,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerKind {
    #[default]
    Succeed,
    Fail,
    TimeOut,
    Crash,
    CallBack,
    CallBackFailure,
    DropCallback,
}

impl WhenKind {
    pub const ALL: [(WhenKind, &'static str, &'static str); 3] = [
        (WhenKind::Always, "always", "Always"),
        (WhenKind::Pattern, "pattern", "The event matches a pattern"),
        (WhenKind::Equals, "equals", "The value at a path equals"),
    ];

    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("always", |(_, id, _)| id)
    }

    #[must_use]
    pub fn of_id(id: &str) -> WhenKind {
        Self::ALL.iter().find(|(_, each, _)| *each == id).map(|(kind, ..)| *kind).unwrap_or_default()
    }
}

impl AnswerKind {
    pub const ALL: [(AnswerKind, &'static str, &'static str); 7] = [
        (AnswerKind::Succeed, "succeed", "Succeed with a result"),
        (AnswerKind::Fail, "fail", "Fail with an error"),
        (AnswerKind::TimeOut, "time-out", "Time out"),
        (AnswerKind::Crash, "crash", "Crash"),
        (AnswerKind::CallBack, "call-back", "Answer the task token: success"),
        (AnswerKind::CallBackFailure, "call-back-failure", "Answer the task token: failure"),
        (AnswerKind::DropCallback, "drop-callback", "Drop the callback"),
    ];

    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("succeed", |(_, id, _)| id)
    }

    #[must_use]
    pub fn of_id(id: &str) -> AnswerKind {
        Self::ALL.iter().find(|(_, each, _)| *each == id).map(|(kind, ..)| *kind).unwrap_or_default()
    }

    /// Whether it answers a task token, or drops it.
    #[must_use]
    pub fn is_callback(self) -> bool {
        matches!(self, AnswerKind::CallBack | AnswerKind::CallBackFailure | AnswerKind::DropCallback)
    }

    #[must_use]
    pub fn has_output(self) -> bool {
        matches!(self, AnswerKind::Succeed | AnswerKind::CallBack)
    }

    #[must_use]
    pub fn has_error(self) -> bool {
        matches!(self, AnswerKind::Fail | AnswerKind::CallBackFailure)
    }
}

/// A rule as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleDraft {
    pub name: String,
    pub when: WhenKind,
    pub pattern: String,
    pub path: String,
    pub equals: String,
    pub attempts: String,
    pub latency: String,
    pub answer: AnswerKind,
    pub output: String,
    pub error: String,
    pub cause: String,
    pub times: String,
    pub heartbeats: String,
    pub every: String,
}

impl Default for RuleDraft {
    fn default() -> RuleDraft {
        RuleDraft {
            name: String::new(),
            when: WhenKind::Always,
            pattern: "{\n  \"kind\": [\"new\"]\n}".to_owned(),
            path: "$.kind".to_owned(),
            equals: "\"new\"".to_owned(),
            attempts: String::new(),
            latency: String::new(),
            answer: AnswerKind::Succeed,
            output: "{\n  \"ok\": true\n}".to_owned(),
            error: "Error".to_owned(),
            cause: "Injected by a mock rule".to_owned(),
            times: "1".to_owned(),
            heartbeats: "0".to_owned(),
            every: "10".to_owned(),
        }
    }
}

/// A field that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Pattern,
    Path,
    Equals,
    Attempts,
    Latency,
    Output,
    Error,
    Times,
    Heartbeats,
    Every,
    /// No single field.
    Rule,
}

impl RuleDraft {
    /// The rule that a form was opened for.
    #[must_use]
    pub fn of(rule: &Rule) -> RuleDraft {
        let source = &rule.source;
        let mut draft = RuleDraft { name: rule.name.clone().unwrap_or_default(), ..RuleDraft::default() };
        match &rule.when {
            None => {}
            Some(When::Pattern(_)) => {
                draft.when = WhenKind::Pattern;
                draft.pattern = source["When"]["Pattern"].to_pretty();
            }
            Some(When::Equals { path, value }) => {
                draft.when = WhenKind::Equals;
                draft.path = path.text().to_owned();
                draft.equals = value.to_string();
            }
        }
        draft.attempts = match &source["Attempts"] {
            Value::Null => String::new(),
            attempts => attempts.as_str().map_or_else(|| attempts.to_string(), str::to_owned),
        };
        draft.latency = source.get("LatencySeconds").map(Value::to_string).unwrap_or_default();
        let mut fail = |error: &str, cause: &str| {
            draft.error = error.to_owned();
            draft.cause = cause.to_owned();
        };
        match &rule.answer {
            Answer::Return(value) => draft.output = value.to_pretty(),
            Answer::Throw(thrown) => {
                fail(&thrown.error, &thrown.cause);
                draft.answer = AnswerKind::Fail;
            }
            Answer::TimeOut => draft.answer = AnswerKind::TimeOut,
            Answer::Crash => draft.answer = AnswerKind::Crash,
            Answer::Callback(callback) => {
                draft.answer = match &callback.outcome {
                    _ if callback.times == 0 => AnswerKind::DropCallback,
                    Ok(output) => {
                        draft.output = output.to_pretty();
                        AnswerKind::CallBack
                    }
                    Err(thrown) => {
                        fail(&thrown.error, &thrown.cause);
                        AnswerKind::CallBackFailure
                    }
                };
                draft.times = callback.times.max(1).to_string();
                draft.heartbeats = callback.heartbeats.to_string();
                draft.every = (callback.every.micros() as f64 / 1e6).to_string();
            }
        }
        draft
    }

    /// The rule as data, or what is wrong and where.
    ///
    /// # Errors
    /// The field and why.
    pub fn to_value(&self, function: &str) -> Result<Value, (Field, String)> {
        let mut rule = json!({});
        if !self.name.trim().is_empty() {
            rule = rule.with("Name", self.name.trim().into());
        }
        rule = rule.with("Function", function.into());
        match self.when {
            WhenKind::Always => {}
            WhenKind::Pattern => {
                rule = rule.with("When", Value::object([("Pattern", parsed(&self.pattern, Field::Pattern)?)]));
            }
            WhenKind::Equals => {
                let equals = parsed(&self.equals, Field::Equals)?;
                rule = rule.with("When", json!({"Path": self.path.trim()}).with("Equals", equals));
            }
        }
        if !self.attempts.trim().is_empty() {
            rule = rule.with("Attempts", self.attempts.trim().into());
        }
        if !self.latency.trim().is_empty() {
            rule = rule.with("LatencySeconds", parsed(&self.latency, Field::Latency)?);
        }
        let (member, answer) = self.answer()?;
        let rule = rule.with(member, answer);
        match Rules::parse(&Value::array(vec![rule.clone()])) {
            Ok(_) => Ok(rule),
            Err(error) => {
                let why = error.to_string();
                let (place, why) = why.split_once(": ").unwrap_or(("", &why));
                Err((field_of(place), why.to_owned()))
            }
        }
    }

    fn answer(&self) -> Result<(&'static str, Value), (Field, String)> {
        let thrown = || json!({"Error": self.error.trim(), "Cause": self.cause.as_str()});
        if self.answer.has_error() && self.error.trim().is_empty() {
            return Err((Field::Error, "An error needs a name, such as OutOfStock.".to_owned()));
        }
        let output = || parsed(&self.output, Field::Output);
        Ok(match self.answer {
            AnswerKind::Succeed => ("Return", output()?),
            AnswerKind::Fail => ("Throw", thrown()),
            AnswerKind::TimeOut => ("TimeOut", true.into()),
            AnswerKind::Crash => ("Crash", true.into()),
            AnswerKind::CallBack => ("Callback", self.callback(&self.times)?.with("Return", output()?)),
            AnswerKind::CallBackFailure => ("Callback", self.callback(&self.times)?.with("Throw", thrown())),
            AnswerKind::DropCallback => ("Callback", self.callback("0")?),
        })
    }

    fn callback(&self, times: &str) -> Result<Value, (Field, String)> {
        let callback = json!({}).with("Times", parsed(times, Field::Times)?);
        let heartbeats = parsed(&self.heartbeats, Field::Heartbeats)?;
        if heartbeats.as_i64() == Some(0) {
            return Ok(callback);
        }
        Ok(callback.with("Heartbeats", heartbeats).with("EverySeconds", parsed(&self.every, Field::Every)?))
    }
}

fn parsed(text: &str, field: Field) -> Result<Value, (Field, String)> {
    Value::parse(text.trim()).map_err(|error| match field {
        Field::Pattern | Field::Output => (field, format!("This is no JSON: {error}")),
        Field::Equals => (field, format!("This is no JSON: {error}. Text needs double quotes.")),
        _ => (field, format!("“{}” is no number.", text.trim())),
    })
}

/// The field that a place in a rule belongs to.
fn field_of(place: &str) -> Field {
    let ends = [
        ("When.Pattern", Field::Pattern),
        ("When.Path", Field::Path),
        ("Attempts", Field::Attempts),
        ("LatencySeconds", Field::Latency),
        ("Times", Field::Times),
        ("Heartbeats", Field::Heartbeats),
        ("EverySeconds", Field::Every),
    ];
    ends.iter().find(|(end, _)| place.ends_with(end)).map_or(Field::Rule, |(_, field)| *field)
}

/// The rules that answer for a function, in their order.
#[must_use]
pub fn of_function(account: &Account, function: &str) -> Vec<RuleRow> {
    let rules = account.mock_rules().iter().enumerate();
    rules
        .filter(|(_, rule)| matches!(&rule.subject, Subject::Function(name) if name == function))
        .map(|(index, rule)| RuleRow {
            index,
            name: rule.name.clone().unwrap_or_default(),
            summary: rule.summary(),
            when: match &rule.when {
                None => "always".to_owned(),
                Some(When::Pattern(_)) => format!("the event matches {}", rule.source["When"]["Pattern"]),
                Some(When::Equals { path, value }) => format!("{} is {value}", path.text()),
            },
            attempts: match rule.attempts {
                None => "every time".to_owned(),
                Some((from, to)) if from == to => format!("attempt {from}"),
                Some((from, u32::MAX)) => format!("attempts from {from}"),
                Some((from, to)) => format!("attempts {from} to {to}"),
            },
            draft: RuleDraft::of(rule),
        })
        .collect()
}

/// A change to the list of rules.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Add(Value),
    Replace(usize, Value),
    Remove(usize),
    /// One rule takes the place of another, which goes the other way.
    Swap(usize, usize),
}

/// The parameters of `stepyard:SetMockConfig` after a change.
#[must_use]
pub fn changed(account: &Account, change: Change) -> Value {
    let mut rules: Vec<Value> = account.mock_rules().iter().map(|rule| rule.source.clone()).collect();
    match change {
        Change::Add(rule) => rules.push(rule),
        Change::Replace(at, rule) => {
            if let Some(place) = rules.get_mut(at) {
                *place = rule;
            }
        }
        Change::Remove(at) if at < rules.len() => {
            rules.remove(at);
        }
        Change::Swap(a, b) if a < rules.len() && b < rules.len() => rules.swap(a, b),
        Change::Remove(_) | Change::Swap(..) => {}
    }
    let document = account.mock_document().with("Rules", Value::array(rules));
    Value::object([("MockConfig", document)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_become_rules_and_rules_become_drafts() {
        let drafts = [
            RuleDraft::default(),
            RuleDraft {
                when: WhenKind::Pattern,
                attempts: "1-2".into(),
                latency: "2.5".into(),
                ..RuleDraft::default()
            },
            RuleDraft { when: WhenKind::Equals, answer: AnswerKind::Fail, name: "no".into(), ..RuleDraft::default() },
            RuleDraft { answer: AnswerKind::TimeOut, ..RuleDraft::default() },
            RuleDraft { answer: AnswerKind::Crash, ..RuleDraft::default() },
            RuleDraft { answer: AnswerKind::CallBack, times: "2".into(), ..RuleDraft::default() },
            RuleDraft { answer: AnswerKind::CallBackFailure, ..RuleDraft::default() },
            RuleDraft { answer: AnswerKind::DropCallback, heartbeats: "3".into(), ..RuleDraft::default() },
        ];
        for draft in drafts {
            let value = draft.to_value("F").unwrap();
            let rules = Rules::parse(&Value::array(vec![value.clone()])).unwrap();
            let back = RuleDraft::of(rules.iter().next().unwrap());
            assert_eq!(back.to_value("F").unwrap(), value);
            assert_eq!((back.when, back.answer), (draft.when, draft.answer));
        }
    }

    #[test]
    fn a_wrong_field_is_named() {
        let base = RuleDraft::default;
        let cases = [
            (RuleDraft { output: "{".into(), ..base() }, Field::Output, "This is no JSON"),
            (RuleDraft { attempts: "x".into(), ..base() }, Field::Attempts, "'x' is no attempt"),
            (RuleDraft { latency: "soon".into(), ..base() }, Field::Latency, "“soon” is no number."),
            (RuleDraft { latency: "-1".into(), ..base() }, Field::Latency, "must be a number of seconds"),
            (
                RuleDraft { when: WhenKind::Pattern, pattern: "{\"a\": 1}".into(), ..base() },
                Field::Pattern,
                "a: the value of a field must be a list or an object",
            ),
            (RuleDraft { when: WhenKind::Equals, equals: "new".into(), ..base() }, Field::Equals, "This is no JSON"),
            (RuleDraft { when: WhenKind::Equals, path: "kind".into(), ..base() }, Field::Path, ""),
            (
                RuleDraft { answer: AnswerKind::Fail, error: " ".into(), ..base() },
                Field::Error,
                "An error needs a name",
            ),
            (
                RuleDraft { answer: AnswerKind::CallBack, times: "1000".into(), ..base() },
                Field::Times,
                "must be a whole",
            ),
        ];
        for (draft, field, why) in cases {
            let (found, told) = draft.to_value("F").unwrap_err();
            assert_eq!(found, field, "{told}");
            assert!(told.starts_with(why), "{told}");
        }
    }
}
