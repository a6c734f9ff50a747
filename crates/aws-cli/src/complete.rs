//! What may come next in a line.

use crate::names::kebab;
use crate::options::{Global, Means, Opt, Takes, globals, of_action};
use crate::table::{Action, Kind, Service, services};
use crate::words::{Word, WordsError, split};
use crate::{Resource, Surroundings, help};

/// What may stand in a part of the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The part, in bytes: from the beginning of the word to the cursor.
    pub start: usize,
    pub end: usize,
    pub candidates: Vec<Candidate>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// What stands in the line then.
    pub text: String,
    /// A word on it.
    pub about: String,
}

/// Completes the word before the cursor, which stands at so many bytes of the line.
#[must_use]
pub fn complete(line: &str, cursor: usize, place: &dyn Surroundings) -> Completion {
    let mut end = cursor.min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let before = &line[..end];
    let Some((words, current)) = words_before(before) else { return Completion::default() };
    let mut candidates = candidates(&words, &current.text, place);
    candidates.retain(|candidate| candidate.text.starts_with(&current.text) && candidate.text != current.text);
    for candidate in &mut candidates {
        candidate.text = quoted(&candidate.text);
    }
    Completion { start: current.start, end, candidates }
}

/// The whole words and the one that is being written.
fn words_before(before: &str) -> Option<(Vec<String>, Word)> {
    let nothing = Word { text: String::new(), start: before.len() };
    match split(before) {
        Ok(mut words) => {
            let ends = before.ends_with(char::is_whitespace) && !before.ends_with("\\ ");
            let current = if ends { nothing } else { words.pop().unwrap_or(nothing) };
            Some((words.into_iter().map(|word| word.text).collect(), current))
        }
        Err(WordsError::Unclosed { word, .. }) => {
            let words = split(&before[..word.start]).ok()?;
            Some((words.into_iter().map(|word| word.text).collect(), word))
        }
        Err(WordsError::Shell { .. }) => None,
    }
}

fn candidates(words: &[String], current: &str, place: &dyn Surroundings) -> Vec<Candidate> {
    let Some(first) = words.first() else {
        return [
            ("aws", "call the simulated account"),
            ("cat", "show a document"),
            ("clear", "take away what was printed"),
            ("help", "what there is"),
            ("ls", "list the documents"),
        ]
        .map(|(text, about)| candidate(text, about))
        .into();
    };
    match first.as_str() {
        "aws" => {}
        "cat" => return place.document_names().iter().map(|name| candidate(name, "document")).collect(),
        _ => return Vec::new(),
    }
    let (service, rest) = after_path(&words[1..]);
    let Some((service, at)) = service else {
        return match value_of_global(words, place) {
            Some(values) => values,
            None if current.starts_with('-') => options(&globals(), words),
            None => services().map(|name| candidate(name, "service")).chain([candidate("help", "")]).collect(),
        };
    };
    match at {
        None if current.starts_with('-') => options(&globals(), words),
        None => {
            let actions = service.actions.iter().map(|action| candidate(&kebab(action.name), action.name));
            actions.chain([candidate("help", "")]).collect()
        }
        Some(action) => of_command(&service, &action, &rest, current, place),
    }
}

type Path = (Service, Option<Action>);

/// The service and the action that were written, and the words after them.
fn after_path(words: &[String]) -> (Option<Path>, Vec<String>) {
    let globals = globals();
    let mut words = words.iter();
    let mut path: Option<Path> = None;
    while let Some(word) = words.next() {
        if word.starts_with('-') {
            if globals.iter().any(|opt| opt.flag == *word && opt.takes != Takes::Nothing) {
                words.next();
            }
        } else if let Some((service, _)) = path {
            let action = service.action(word).cloned();
            return (Some((service, action)), words.cloned().collect());
        } else {
            path = Service::find(word).map(|service| (service, None));
        }
    }
    (path, Vec::new())
}

fn value_of_global(words: &[String], place: &dyn Surroundings) -> Option<Vec<Candidate>> {
    let last = words.last()?;
    let opt = globals().into_iter().find(|opt| opt.flag == *last && opt.takes != Takes::Nothing)?;
    Some(global_values(opt.means, place))
}

fn global_values(means: Means, place: &dyn Surroundings) -> Vec<Candidate> {
    let plain = |values: &[&str]| values.iter().map(|value| candidate(value, "")).collect();
    match means {
        Means::Global(Global::Output) => plain(&["json", "text", "table", "yaml", "yaml-stream"]),
        Means::Global(Global::Region) => plain(&[&place.region()]),
        Means::Global(Global::BinaryFormat) => plain(&["base64", "raw-in-base64-out"]),
        Means::Global(Global::Color) => plain(&["on", "off", "auto"]),
        _ => Vec::new(),
    }
}

fn of_command(
    service: &Service,
    action: &Action,
    rest: &[String],
    current: &str,
    place: &dyn Surroundings,
) -> Vec<Candidate> {
    let mut all = of_action(service, action);
    all.extend(globals());
    let option = rest.iter().rposition(|word| word.starts_with("--"));
    let opt = option.and_then(|at| all.iter().find(|opt| opt.flag == rest[at]));
    let given = option.map_or(0, |at| rest.len() - at - 1);
    match opt {
        Some(opt) if opt.takes == Takes::One && given == 0 => values(service, opt, current, place),
        Some(opt) if opt.takes == Takes::Many && !current.starts_with('-') => {
            let mut found = values(service, opt, current, place);
            if given > 0 {
                found.extend(options(&all, rest));
            }
            found
        }
        _ => options(&all, rest),
    }
}

/// Options that were not given yet, those that must be first.
fn options(all: &[Opt], written: &[String]) -> Vec<Candidate> {
    let open = all.iter().filter(|opt| !opt.hidden && opt.flag.starts_with("--") && !written.contains(&opt.flag));
    let (required, others): (Vec<&Opt>, Vec<&Opt>) = open.partition(|opt| opt.required);
    let about = |opt: &Opt| {
        let kind = match opt.means {
            Means::Param(member) => help::kind_word(member.kind),
            _ => String::new(),
        };
        if opt.required { format!("required {kind}").trim_end().to_owned() } else { kind }
    };
    required.into_iter().chain(others).map(|opt| candidate(&opt.flag, &about(opt))).collect()
}

fn values(service: &Service, opt: &Opt, current: &str, place: &dyn Surroundings) -> Vec<Candidate> {
    let documents = |prefix: &str| -> Vec<Candidate> {
        place.document_names().iter().map(|name| candidate(&format!("{prefix}{name}"), "document")).collect()
    };
    let member = match opt.means {
        Means::Param(member) => member,
        Means::ZipFile => return documents("fileb://"),
        Means::InputJson => return documents("file://"),
        Means::Skeleton => return vec![candidate("input", "")],
        means => return global_values(means, place),
    };
    let kind = match member.kind {
        Kind::List { of, .. } => Kind::read(of),
        kind => kind,
    };
    let mut found = match kind {
        Kind::OneOf(values) => values.split('|').map(|value| candidate(value, "")).collect(),
        Kind::Bytes { streaming: true } => documents(""),
        Kind::Bytes { streaming: false } => documents("fileb://"),
        _ => resource(service, member.name)
            .map(|kind| place.resources(kind))
            .unwrap_or_default()
            .iter()
            .map(|name| candidate(name, ""))
            .collect::<Vec<_>>(),
    };
    let wants_document = !matches!(kind, Kind::OneOf(_) | Kind::Whole { .. } | Kind::Number | Kind::Bytes { .. });
    if wants_document && (found.is_empty() || current.starts_with("file")) {
        found.extend(documents("file://"));
    }
    found
}

/// What a parameter names.
fn resource(service: &Service, member: &str) -> Option<Resource> {
    Some(match (service.command, member) {
        ("sqs", "QueueUrl") => Resource::QueueUrl,
        ("sqs", "QueueName" | "QueueNamePrefix") => Resource::QueueName,
        ("sqs", "SourceArn" | "DestinationArn") | ("lambda", "EventSourceArn") => Resource::QueueArn,
        ("lambda", "FunctionName") => Resource::FunctionName,
        ("lambda", "UUID") => Resource::EventSourceMapping,
        ("lambda", "Role") | ("stepfunctions", "roleArn") => Resource::RoleArn,
        ("iam", "RoleName") => Resource::RoleName,
        ("iam", "PolicyArn") => Resource::PolicyArn,
        ("stepfunctions", "stateMachineArn") => Resource::StateMachineArn,
        ("stepfunctions", "executionArn") => Resource::ExecutionArn,
        ("stepfunctions", "activityArn") => Resource::ActivityArn,
        ("stepfunctions", "mapRunArn") => Resource::MapRunArn,
        ("stepfunctions", "taskToken") => Resource::TaskToken,
        ("sns", "TopicArn" | "TargetArn") => Resource::TopicArn,
        ("dynamodb", "TableName") => Resource::TableName,
        ("s3api", "Bucket") => Resource::BucketName,
        ("secretsmanager", "SecretId") => Resource::SecretId,
        _ => return None,
    })
}

fn candidate(text: &str, about: &str) -> Candidate {
    Candidate { text: text.to_owned(), about: about.to_owned() }
}

/// A value as it must be written in a line.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,~".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
