//! The AWS command line of the session: what was typed, what is printed, and the call that is waited for.
//!
//! Its calls are the person's own, like every button's: they go through [`Session::call`]'s door into the log and the
//! journal. What it prints is of the moment; documents and history are kept with the project.

use std::rc::Rc;

use aws_cli::{Reading, Resource, Run, Said, Step, Surroundings};
use shared_json::Value;

use super::Session;

/// Before the name of a document, among the texts that a project keeps.
const DOCUMENT: &str = "document:";
const HISTORY: &str = "command-line:history";
const MOST_LINES: usize = 100;
const MOST_ENTRIES: usize = 200;

/// The return code of a program that Ctrl C ended.
const INTERRUPTED: u8 = 130;

/// A line and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub number: u64,
    pub line: String,
    /// Nothing while it waits for an answer.
    pub said: Option<Said>,
}

#[derive(Debug, Default)]
pub(super) struct CommandLine {
    entries: Vec<Rc<Entry>>,
    next: u64,
    waiting: Option<Waiting>,
}

/// A call whose answer comes later: a long poll, a function's run.
#[derive(Debug)]
struct Waiting {
    run: Box<Run>,
    call: u64,
    entry: u64,
}

impl Session {
    /// Runs a line, unless one is still waited for.
    pub fn run_line(&mut self, line: &str) {
        if self.command_line.waiting.is_some() || line.trim().is_empty() {
            return;
        }
        self.remember_line(line);
        let reading = aws_cli::read(line, &Desk(self));
        let number = self.command_line.next;
        self.command_line.next += 1;
        self.command_line.entries.push(Rc::new(Entry { number, line: line.to_owned(), said: None }));
        match reading {
            Reading::Nothing => self.printed(number, Said::default()),
            Reading::Clear => self.command_line.entries.clear(),
            Reading::Said(said) => self.printed(number, said),
            Reading::Call(run) => self.go_on(run, number),
        }
        let too_many = self.command_line.entries.len().saturating_sub(MOST_ENTRIES);
        self.command_line.entries.drain(..too_many);
        self.changed();
    }

    /// Calls until there is nothing more to call, or an answer must be waited for.
    fn go_on(&mut self, mut run: Box<Run>, entry: u64) {
        loop {
            let call = run.call().clone();
            let called = self.call_once(&call.action, call.params);
            let Some(result) = called.result else {
                self.command_line.waiting = Some(Waiting { run, call: called.id, entry });
                return;
            };
            if let Step::Done(said) = run.answered(result) {
                return self.printed(entry, said);
            }
        }
    }

    /// Takes the answer that was waited for, if it has come.
    pub(super) fn hear_answer(&mut self) {
        let Some(waiting) = &self.command_line.waiting else { return };
        let Some(result) = self.account.take_answer(waiting.call) else { return };
        let Some(Waiting { mut run, entry, .. }) = self.command_line.waiting.take() else { return };
        match run.answered(result) {
            Step::Done(said) => self.printed(entry, said),
            Step::Again => self.go_on(run, entry),
        }
        self.changed();
    }

    fn printed(&mut self, number: u64, said: Said) {
        for (name, text) in &said.wrote {
            self.drafts.insert(format!("{DOCUMENT}{name}"), text.clone());
        }
        if let Some(entry) = self.command_line.entries.iter_mut().find(|entry| entry.number == number) {
            *entry = Rc::new(Entry { said: Some(said), ..(**entry).clone() });
        }
    }

    /// No longer waits for an answer. The call itself goes on, as it does in the cloud.
    pub fn stop_waiting(&mut self, why: &str) {
        let Some(waiting) = self.command_line.waiting.take() else { return };
        let said = Said { err: "^C\n".to_owned(), hint: Some(why.to_owned()), code: INTERRUPTED, ..Said::default() };
        self.printed(waiting.entry, said);
        self.changed();
    }

    #[must_use]
    pub fn command_entries(&self) -> &[Rc<Entry>] {
        &self.command_line.entries
    }

    #[must_use]
    pub fn waits_for_command(&self) -> bool {
        self.command_line.waiting.is_some()
    }

    pub fn clear_commands(&mut self) {
        self.command_line.entries.retain(|entry| entry.said.is_none());
        self.changed();
    }

    /// Lines of before, oldest first.
    #[must_use]
    pub fn command_history(&self) -> Vec<String> {
        let kept = self.drafts.get(HISTORY).and_then(|text| Value::parse(text).ok());
        let lines = kept.as_ref().and_then(Value::as_array).unwrap_or_default();
        lines.iter().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }

    fn remember_line(&mut self, line: &str) {
        let mut lines = self.command_history();
        if lines.last().is_none_or(|last| last != line) {
            lines.push(line.to_owned());
        }
        let from = lines.len().saturating_sub(MOST_LINES);
        let kept = Value::array(lines[from..].iter().map(Value::string).collect());
        self.drafts.insert(HISTORY.to_owned(), kept.to_string());
    }

    /// What may come next in a line.
    #[must_use]
    pub fn complete_line(&self, line: &str, cursor: usize) -> aws_cli::Completion {
        aws_cli::complete(line, cursor, &Desk(self))
    }

    /// Documents that were pasted here, and those that the account itself has.
    #[must_use]
    pub fn documents(&self) -> Vec<(String, bool)> {
        let pasted = |name: &String| self.drafts.contains_key(&format!("{DOCUMENT}{name}"));
        Desk(self).document_names().into_iter().map(|name| (name.clone(), pasted(&name))).collect()
    }

    #[must_use]
    pub fn document(&self, name: &str) -> Option<String> {
        Desk(self).document(name)
    }

    /// Keeps a document; without a text it is forgotten.
    pub fn keep_document(&mut self, name: &str, text: Option<String>) {
        self.write(format!("{DOCUMENT}{name}"), text);
    }
}

/// What the command line sees of the session.
struct Desk<'a>(&'a Session);

impl Desk<'_> {
    /// Texts of the account that may be named as files.
    fn of_account(&self) -> Vec<(String, String)> {
        let account = &self.0.account;
        let machines = account.states().machines().map(|m| (format!("{}.asl.json", m.name), m.definition.to_string()));
        let functions = account.functions().functions().map(|function| {
            let configuration = &function.configuration;
            (format!("{}/{}", function.name, configuration.file_name), configuration.source_text.to_string())
        });
        let roles = account.iam().roles().flat_map(|role| {
            let trust = (format!("{}/trust-policy.json", role.name()), role.trust_document().to_pretty());
            let inline = role.inline_policies();
            let inline = inline.map(|(name, document)| (format!("{}/{name}.json", role.name()), document.to_pretty()));
            std::iter::once(trust).chain(inline.collect::<Vec<_>>())
        });
        machines.chain(functions).chain(roles).collect()
    }
}

impl Surroundings for Desk<'_> {
    fn region(&self) -> String {
        self.0.account.options().region.clone()
    }

    fn document(&self, name: &str) -> Option<String> {
        let pasted = self.0.drafts.get(&format!("{DOCUMENT}{name}")).cloned();
        pasted.or_else(|| self.of_account().into_iter().find(|(known, _)| known == name).map(|(_, text)| text))
    }

    fn document_names(&self) -> Vec<String> {
        let pasted = self.0.drafts.keys().filter_map(|key| key.strip_prefix(DOCUMENT)).map(str::to_owned);
        let mut names: Vec<String> = pasted.chain(self.of_account().into_iter().map(|(name, _)| name)).collect();
        names.sort();
        names.dedup();
        names
    }

    fn resources(&self, kind: Resource) -> Vec<String> {
        let account = &self.0.account;
        let states = account.states();
        let text = ToString::to_string;
        match kind {
            Resource::QueueUrl => account.queues().queues().map(|queue| queue.url().to_owned()).collect(),
            Resource::QueueName => account.queues().queues().map(|queue| queue.name().to_owned()).collect(),
            Resource::QueueArn => account.queues().queues().map(|queue| queue.arn().to_owned()).collect(),
            Resource::FunctionName => account.functions().functions().map(|function| text(&function.name)).collect(),
            Resource::EventSourceMapping => account.functions().mappings().map(|m| text(&m.uuid)).collect(),
            Resource::StateMachineArn => states.machines().map(|machine| text(&machine.arn)).collect(),
            Resource::ExecutionArn => states.executions().iter().rev().take(20).map(|e| text(&e.arn)).collect(),
            Resource::ActivityArn => states.activities().map(|activity| text(&activity.arn)).collect(),
            Resource::MapRunArn => states.map_runs().map(|run| text(&run.arn)).collect(),
            Resource::TaskToken => states.pending_callbacks().map(|callback| text(&callback.token)).collect(),
            Resource::RoleName => account.iam().roles().map(|role| role.name().to_owned()).collect(),
            Resource::RoleArn => account.iam().roles().map(|role| role.arn().to_owned()).collect(),
            Resource::PolicyArn
            | Resource::TopicArn
            | Resource::TableName
            | Resource::BucketName
            | Resource::SecretId => Vec::new(),
        }
    }
}
