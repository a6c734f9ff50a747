//! Reads `shapes.txt`.
//!
//! A service begins with `@` and its name (the service id of its SDK, in small letters). The next line names its actions
//! with the line of their output: `getFunction 80;invoke 86`. Then comes one line for each structure, counted from 0:
//! its members by the names that Step Functions gives them, separated by commas, a `!` after those that are always
//! there, then the kind of value:
//!
//! | | |
//! |---|---|
//! | `:` `:1~256` | a text, with its shortest and longest length |
//! | `=A\|B` | one of these texts |
//! | `%` | a timestamp |
//! | `+` `*` `+128~10240` | a whole or any number, with its least and greatest value |
//! | `?b` `?` | true or false; any JSON |
//! | `[K` `[1~10K` `{K` | a list, an object with values of kind `K` |
//! | `#12` | the structure of line 12 |

const SHAPES: &str = include_str!("shapes.txt");

/// One service's part of the table.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    actions: &'static str,
    structures: Vec<&'static str>,
}

/// A member of a structure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: &'static str,
}

/// What a value must be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Text(Limits),
    OneOf(&'static str),
    Timestamp,
    Whole(Limits),
    Number(Limits),
    Boolean,
    Any,
    List(Limits, &'static str),
    Map(&'static str),
    Structure(usize),
}

/// The least and the most, of a number or of a length.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    pub(crate) least: Option<f64>,
    pub(crate) most: Option<f64>,
}

impl Service {
    pub(crate) fn find(name: &str) -> Option<Service> {
        let of_service = |part: &&'static str| part.lines().next() == Some(name);
        let mut lines = SHAPES.split('@').find(of_service)?.lines().skip(1);
        Some(Service { actions: lines.next()?, structures: lines.collect() })
    }

    /// The structure that an action answers with.
    pub(crate) fn output(&self, action: &str) -> Option<usize> {
        let mut actions = self.actions.split(';').filter_map(|entry| entry.split_once(' '));
        actions.find(|(name, _)| *name == action)?.1.parse().ok()
    }

    pub(crate) fn members(&self, structure: usize) -> impl Iterator<Item = Member> {
        let line = self.structures.get(structure).copied().unwrap_or_default();
        line.split(',').filter(|member| !member.is_empty()).map(member)
    }
}

impl Member {
    /// Whether a key means this member. SDK integrations write `Bool` and `Md5OfMessageBody` where optimized ones write
    /// `BOOL` and `MD5OfMessageBody`; both begin with a capital letter.
    pub(crate) fn is_called(&self, key: &str) -> bool {
        self.name.as_bytes().first() == key.as_bytes().first() && self.name.eq_ignore_ascii_case(key)
    }
}

fn member(text: &'static str) -> Member {
    let (name, rest) = text.split_at(text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len()));
    match rest.strip_prefix('!') {
        Some(kind) => Member { name, required: true, kind },
        None => Member { name, required: false, kind: rest },
    }
}

impl Kind {
    pub(crate) fn read(kind: &'static str) -> Kind {
        let Some(mark) = kind.chars().next() else { return Kind::Any };
        let rest = &kind[mark.len_utf8()..];
        match mark {
            ':' => Kind::Text(limits(rest).0),
            '=' => Kind::OneOf(rest),
            '%' => Kind::Timestamp,
            '+' => Kind::Whole(limits(rest).0),
            '*' => Kind::Number(limits(rest).0),
            '[' => {
                let (limits, of) = limits(rest);
                Kind::List(limits, of)
            }
            '{' => Kind::Map(rest),
            '#' => rest.parse().map_or(Kind::Any, Kind::Structure),
            '?' if rest == "b" => Kind::Boolean,
            _ => Kind::Any,
        }
    }
}

/// Limits at the start of a text, and what follows them.
fn limits(text: &'static str) -> (Limits, &'static str) {
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '-' | '.' | '~')).unwrap_or(text.len());
    let (limits, rest) = text.split_at(end);
    let (least, most) = limits.split_once('~').unwrap_or_default();
    (Limits { least: least.parse().ok(), most: most.parse().ok() }, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn services() -> impl Iterator<Item = &'static str> {
        SHAPES.split('@').skip(1).filter_map(|part| part.lines().next())
    }

    #[test]
    fn every_line_of_the_table_can_be_read() {
        fn known(service: &Service, kind: &'static str) {
            match Kind::read(kind) {
                Kind::Any => assert_eq!(kind, "?"),
                Kind::List(_, of) | Kind::Map(of) => known(service, of),
                Kind::Structure(line) => assert!(line < service.structures.len(), "{kind}"),
                Kind::OneOf(values) => assert!(!values.is_empty()),
                Kind::Text(_) | Kind::Timestamp | Kind::Whole(_) | Kind::Number(_) | Kind::Boolean => (),
            }
        }
        for name in services() {
            let service = Service::find(name).unwrap();
            for structure in 0..service.structures.len() {
                for member in service.members(structure) {
                    assert!(member.name.starts_with(|c: char| c.is_ascii_uppercase()), "{name}: {member:?}");
                    known(&service, member.kind);
                }
            }
            for action in service.actions.split(';') {
                let (action, line) = action.split_once(' ').unwrap();
                assert_eq!(service.output(action), line.parse().ok(), "{name}:{action}");
                assert!(line.parse::<usize>().unwrap() < service.structures.len(), "{name}:{action}");
            }
        }
        assert!(services().count() > 30);
    }

    #[test]
    fn limits_are_read_with_either_end_left_out() {
        let read = |text| {
            let (Limits { least, most }, rest) = limits(text);
            (least, most, rest)
        };
        assert_eq!(read("1~256"), (Some(1.0), Some(256.0), ""));
        assert_eq!(read("~5"), (None, Some(5.0), ""));
        assert_eq!(read("-1~#12"), (Some(-1.0), None, "#12"));
        assert_eq!(read(":1~2"), (None, None, ":1~2"));
    }
}
