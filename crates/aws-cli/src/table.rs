//! Reads `commands.txt`: what the actions of AWS's APIs take and give.
//!
//! A service begins with `@`, the name of its command and the prefix of its actions. Then come the names of actions that
//! are known but not described, the number of those that are, and one line for each: its name, the lines of its input
//! and output, and, where its answers come in pages, the members for tokens in, tokens out, "there is more", the limit,
//! the results and what is the same on every page, all separated by `;`. The remaining lines are structures, counted
//! from 0: members separated by commas, a `!` after those that must be given, then the kind of value:
//!
//! | | |
//! |---|---|
//! | `:` `:1` | a text, with its least length |
//! | `=A\|B` | one of these texts |
//! | `%` | a timestamp |
//! | `+1` `*` | a whole or any number, with its least value |
//! | `?b` `?` | true or false; any JSON |
//! | `$` `$s` | bytes; bytes that a command reads or writes as a file |
//! | `[K` `[1K` `{K` | a list, a map with values of kind `K` |
//! | `#12` | the structure of line 12 |

use crate::names::kebab;

const COMMANDS: &str = include_str!("commands.txt");

#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// As it stands in a command: `stepfunctions`.
    pub(crate) command: &'static str,
    /// As it stands before an action: `states`.
    pub(crate) prefix: &'static str,
    others: &'static str,
    pub(crate) actions: Vec<Action>,
    structures: Vec<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Action {
    pub(crate) name: &'static str,
    pub(crate) input: Option<usize>,
    pub(crate) output: Option<usize>,
    pub(crate) pages: Option<Pages>,
}

/// How an answer comes in pages.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    pub(crate) token_in: &'static str,
    pub(crate) token_out: &'static str,
    pub(crate) more: Option<&'static str>,
    pub(crate) limit: Option<&'static str>,
    pub(crate) results: Vec<&'static str>,
    pub(crate) same: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Text { least: Option<u64> },
    OneOf(&'static str),
    Timestamp,
    Bytes { streaming: bool },
    Whole { least: Option<i64> },
    Number,
    Boolean,
    Any,
    List { least: Option<u64>, of: &'static str },
    Map(&'static str),
    Structure(usize),
}

/// The commands of all services, in the order of the alphabet.
pub(crate) fn services() -> impl Iterator<Item = &'static str> {
    COMMANDS.split('@').skip(1).filter_map(|part| part.split_whitespace().next())
}

impl Service {
    pub(crate) fn find(command: &str) -> Option<Service> {
        let part = COMMANDS.split('@').find(|part| part.split_whitespace().next() == Some(command))?;
        let mut lines = part.lines();
        let (command, prefix) = lines.next()?.split_once(' ')?;
        let others = lines.next()?;
        let described: usize = lines.next()?.parse().ok()?;
        let actions = lines.by_ref().take(described).filter_map(action).collect();
        Some(Service { command, prefix, others, actions, structures: lines.collect() })
    }

    /// The action behind a command such as `send-message`.
    pub(crate) fn action(&self, command: &str) -> Option<&Action> {
        self.actions.iter().find(|action| kebab(action.name) == command)
    }

    /// Commands of actions that AWS has and that are not described here.
    pub(crate) fn others(&self) -> impl Iterator<Item = String> {
        self.other_names().map(kebab)
    }

    pub(crate) fn other_names(&self) -> impl Iterator<Item = &'static str> {
        self.others.split(' ').filter(|name| !name.is_empty())
    }

    pub(crate) fn members(&self, structure: usize) -> impl Iterator<Item = Member> {
        let line = self.structures.get(structure).copied().unwrap_or_default();
        line.split(',').filter(|member| !member.is_empty()).map(member)
    }

    pub(crate) fn inputs(&self, action: &Action) -> impl Iterator<Item = Member> {
        action.input.into_iter().flat_map(|structure| self.members(structure))
    }
}

fn action(line: &'static str) -> Option<Action> {
    let mut parts = line.split(';');
    let name = parts.next()?;
    let input = parts.next()?.parse().ok();
    let output = parts.next()?.parse().ok();
    let rest: Vec<&'static str> = parts.collect();
    let pages = match rest.as_slice() {
        [token_in, token_out, more, limit, results, same] => {
            let some = |text: &'static str| (!text.is_empty()).then_some(text);
            let results = results.split(',').collect();
            Some(Pages { token_in, token_out, more: some(more), limit: some(limit), results, same: some(same) })
        }
        _ => None,
    };
    Some(Action { name, input, output, pages })
}

fn member(text: &'static str) -> Member {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    match rest.strip_prefix('!') {
        Some(kind) => Member { name, required: true, kind: Kind::read(kind) },
        None => Member { name, required: false, kind: Kind::read(rest) },
    }
}

impl Kind {
    pub(crate) fn read(kind: &'static str) -> Kind {
        let Some(mark) = kind.chars().next() else { return Kind::Any };
        let rest = &kind[mark.len_utf8()..];
        match mark {
            ':' => Kind::Text { least: rest.parse().ok() },
            '=' => Kind::OneOf(rest),
            '%' => Kind::Timestamp,
            '$' => Kind::Bytes { streaming: rest == "s" },
            '+' => Kind::Whole { least: rest.parse().ok() },
            '*' => Kind::Number,
            '[' => {
                let (least, of) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
                Kind::List { least: least.parse().ok(), of }
            }
            '{' => Kind::Map(rest),
            '#' => rest.parse().map_or(Kind::Any, Kind::Structure),
            '?' if rest == "b" => Kind::Boolean,
            _ => Kind::Any,
        }
    }

    /// Whether it is one text on the command line.
    pub(crate) fn is_scalar(self) -> bool {
        !matches!(self, Kind::List { .. } | Kind::Map(_) | Kind::Structure(_) | Kind::Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_can_be_read() {
        fn known(service: &Service, kind: Kind) {
            match kind {
                Kind::List { of, .. } | Kind::Map(of) => known(service, Kind::read(of)),
                Kind::Structure(line) => assert!(line < service.structures.len()),
                Kind::OneOf(values) => assert!(!values.is_empty()),
                _ => {}
            }
        }
        for command in services() {
            let service = Service::find(command).unwrap();
            assert!(!service.actions.is_empty(), "{command}");
            for structure in 0..service.structures.len() {
                for member in service.members(structure) {
                    assert!(!member.name.is_empty(), "{command}: {member:?}");
                    known(&service, member.kind);
                }
            }
            for action in &service.actions {
                let lines = [action.input, action.output].into_iter().flatten();
                assert!(lines.max().unwrap_or(0) < service.structures.len().max(1), "{command}: {action:?}");
                let inputs: Vec<&str> = service.inputs(action).map(|member| member.name).collect();
                if let Some(pages) = &action.pages {
                    assert!(inputs.contains(&pages.token_in), "{command}: {action:?}");
                    assert!(pages.limit.is_none_or(|limit| inputs.contains(&limit)), "{command}: {action:?}");
                }
            }
        }
        assert_eq!(services().count(), 10);
    }

    #[test]
    fn actions_are_found_by_the_names_of_the_command_line() {
        let sqs = Service::find("sqs").unwrap();
        let receive = sqs.action("receive-message").unwrap();
        let member = sqs.inputs(receive).find(|member| member.name == "WaitTimeSeconds").unwrap();
        assert_eq!(member.kind, Kind::Whole { least: None });
        assert!(sqs.action("receivemessage").is_none());
        assert_eq!(Service::find("stepfunctions").unwrap().prefix, "states");
        assert!(Service::find("ec2").is_none());
        let lambda = Service::find("lambda").unwrap();
        assert!(lambda.others().any(|name| name == "publish-layer-version"));
    }
}
