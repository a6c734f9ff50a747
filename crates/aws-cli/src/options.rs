//! The options of a command, and a line's words matched with them as Python's `argparse` does it.

use crate::names::{alike, kebab};
use crate::said::Said;
use crate::table::{Action, Kind, Member, Pages, Service};

/// An option that a command has.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opt {
    /// With its dashes; a positional argument has none.
    pub(crate) flag: String,
    pub(crate) takes: Takes,
    pub(crate) means: Means,
    pub(crate) required: bool,
    /// Left out of help and completion.
    pub(crate) hidden: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Nothing,
    One,
    Many,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Means {
    /// An option that every command has.
    Global(Global),
    Param(Member),
    /// A boolean parameter, given as `--x` or `--no-x`.
    Flag(Member, bool),
    StartingToken,
    PageSize,
    MaxItems,
    InputJson,
    Skeleton,
    /// The source of a function.
    ZipFile,
    /// Where a command writes what it reads.
    Outfile,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Global {
    Output,
    Query,
    Region,
    BinaryFormat,
    NoPaginate,
    Color,
    /// Has a meaning only for real requests.
    Idle,
}

const GLOBALS: [(&str, Takes, Global); 18] = [
    ("--output", Takes::One, Global::Output),
    ("--query", Takes::One, Global::Query),
    ("--region", Takes::One, Global::Region),
    ("--no-paginate", Takes::Nothing, Global::NoPaginate),
    ("--cli-binary-format", Takes::One, Global::BinaryFormat),
    ("--color", Takes::One, Global::Color),
    ("--no-cli-pager", Takes::Nothing, Global::Idle),
    ("--profile", Takes::One, Global::Idle),
    ("--endpoint-url", Takes::One, Global::Idle),
    ("--debug", Takes::Nothing, Global::Idle),
    ("--no-verify-ssl", Takes::Nothing, Global::Idle),
    ("--no-sign-request", Takes::Nothing, Global::Idle),
    ("--ca-bundle", Takes::One, Global::Idle),
    ("--cli-read-timeout", Takes::One, Global::Idle),
    ("--cli-connect-timeout", Takes::One, Global::Idle),
    ("--cli-auto-prompt", Takes::Nothing, Global::Idle),
    ("--no-cli-auto-prompt", Takes::Nothing, Global::Idle),
    ("--no-cli-spinner", Takes::Nothing, Global::Idle),
];

/// An option that was given, with its values.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) opt: Opt,
    pub(crate) values: Vec<String>,
}

pub(crate) fn globals() -> Vec<Opt> {
    let opt = |(flag, takes, means): &(&str, Takes, Global)| Opt {
        flag: (*flag).to_owned(),
        takes: *takes,
        means: Means::Global(*means),
        required: false,
        hidden: *means == Global::Idle,
    };
    GLOBALS.iter().map(opt).collect()
}

/// Options that the AWS CLI calls otherwise than its rule would.
fn renamed(service: &Service, action: &Action, member: &str) -> String {
    match (service.command, action.name, member) {
        ("sns", "Subscribe", "Endpoint") => "notification-endpoint".to_owned(),
        ("stepfunctions", "SendTaskSuccess", "output") => "task-output".to_owned(),
        ("lambda", "PublishVersion", "CodeSha256") => "code-sha-256".to_owned(),
        _ => kebab(member),
    }
}

/// All options of an action's command, in the order of its API.
pub(crate) fn of_action(service: &Service, action: &Action) -> Vec<Opt> {
    let pages = action.pages.as_ref();
    let mut options = Vec::new();
    for member in service.inputs(action) {
        let name = renamed(service, action, member.name);
        let hidden = pages.is_some_and(|pages| pages.token_in == member.name || pages.limit == Some(member.name));
        // `--max-items` counts what is shown, and takes the place of the API's own limit of that name.
        if hidden && name == "max-items" {
            continue;
        }
        // A function's code comes as `--zip-file`, or in a bucket as `--code`.
        let required = member.required && (action.name, member.name) != ("CreateFunction", "Code");
        let opt = |flag, takes, means| Opt { flag, takes, means, required, hidden };
        match member.kind {
            Kind::Boolean => {
                options.push(opt(format!("--{name}"), Takes::Nothing, Means::Flag(member, true)));
                let no = opt(format!("--no-{name}"), Takes::Nothing, Means::Flag(member, false));
                options.push(Opt { required: false, ..no });
            }
            Kind::List { .. } => options.push(opt(format!("--{name}"), Takes::Many, Means::Param(member))),
            _ => options.push(opt(format!("--{name}"), Takes::One, Means::Param(member))),
        }
    }
    options.extend(extras(service, action, pages));
    options
}

fn extras(service: &Service, action: &Action, pages: Option<&Pages>) -> Vec<Opt> {
    let opt = |flag: &str, takes, means| Opt { flag: flag.to_owned(), takes, means, required: false, hidden: false };
    let mut extras = Vec::new();
    if (service.command, action.name) == ("lambda", "CreateFunction") {
        extras.push(opt("--zip-file", Takes::One, Means::ZipFile));
    }
    if let Some(pages) = pages {
        extras.push(opt("--starting-token", Takes::One, Means::StartingToken));
        if pages.limit.is_some() {
            extras.push(opt("--page-size", Takes::One, Means::PageSize));
        }
        extras.push(opt("--max-items", Takes::One, Means::MaxItems));
    }
    if action.input.is_some() {
        extras.push(opt("--cli-input-json", Takes::One, Means::InputJson));
    }
    extras.push(opt("--generate-cli-skeleton", Takes::One, Means::Skeleton));
    if writes_file(service, action) {
        extras.push(Opt { required: true, ..opt("outfile", Takes::One, Means::Outfile) });
    }
    extras
}

/// Whether an action's answer has a body that goes to a file.
fn writes_file(service: &Service, action: &Action) -> bool {
    matches!((service.command, action.name), ("lambda", "Invoke") | ("s3api", "GetObject"))
}

/// Matches the words after a command with its options.
pub(crate) fn parse(words: &[String], options: &[Opt]) -> Result<Vec<Given>, Said> {
    let mut given: Vec<Given> = Vec::new();
    let mut left = Vec::new();
    let mut place = 0;
    while let Some(word) = words.get(place) {
        place += 1;
        if !looks_like_option(word) {
            left.push(word.clone());
            continue;
        }
        let (flag, value) = match word.split_once('=') {
            Some((flag, value)) => (flag, Some(value.to_owned())),
            None => (word.as_str(), None),
        };
        let Some(opt) = find(flag, options)? else {
            left.push(word.clone());
            continue;
        };
        let following = words[place..].iter().take_while(|word| !looks_like_option(word));
        let values: Vec<String> = match (opt.takes, value) {
            (Takes::Nothing, None) => Vec::new(),
            (Takes::Nothing, Some(value)) => {
                let flag = &opt.flag;
                return Err(Said::usage(&format!("argument {flag}: ignored explicit argument '{value}'")));
            }
            (_, Some(value)) => vec![value],
            (Takes::One, None) => following.take(1).cloned().collect(),
            (Takes::Many, None) => following.cloned().collect(),
        };
        if opt.takes == Takes::One && values.is_empty() {
            return Err(Said::usage(&format!("argument {}: expected one argument", opt.flag)));
        }
        if !word.contains('=') {
            place += values.len();
        }
        given.retain(|known| known.opt.flag != opt.flag);
        given.push(Given { opt: opt.clone(), values });
    }
    positional(&mut given, &mut left, options);
    require(&given, options)?;
    if left.is_empty() { Ok(given) } else { Err(unknown(&left, options)) }
}

/// Words without an option go to a positional argument, if the command has one.
fn positional(given: &mut Vec<Given>, left: &mut Vec<String>, options: &[Opt]) {
    let Some(opt) = options.iter().find(|opt| opt.means == Means::Outfile) else { return };
    if let Some(place) = left.iter().position(|word| !looks_like_option(word)) {
        given.push(Given { opt: opt.clone(), values: vec![left.remove(place)] });
    }
}

fn require(given: &[Given], options: &[Opt]) -> Result<(), Said> {
    let has = |means: &Means| given.iter().any(|known| known.opt.means == *means);
    if has(&Means::InputJson) || has(&Means::Skeleton) {
        return Ok(());
    }
    let is_given = |opt: &Opt| match opt.means {
        Means::Flag(member, _) => has(&Means::Flag(member, true)) || has(&Means::Flag(member, false)),
        means => has(&means),
    };
    let missing: Vec<&str> =
        options.iter().filter(|opt| opt.required && !is_given(opt)).map(|opt| opt.flag.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Said::usage(&format!("the following arguments are required: {}", missing.join(", "))))
}

fn unknown(left: &[String], options: &[Opt]) -> Said {
    let said = Said::unknown_options(left);
    let flags = || options.iter().filter(|opt| !opt.hidden).map(|opt| opt.flag.as_str());
    let written = left.iter().find(|word| looks_like_option(word));
    match written.and_then(|word| alike(word, flags(), 0.6).into_iter().next()) {
        Some(flag) => said.with_hint(format!("Did you mean {flag}?")),
        None => said,
    }
}

/// A dash and then something: no negative number, and no text with blanks in it.
pub(crate) fn looks_like_option(word: &str) -> bool {
    let Some(rest) = word.strip_prefix('-') else { return false };
    !rest.is_empty()
        && rest.parse::<f64>().is_err()
        && (!word.contains(' ') || word.starts_with("--") && word.contains('='))
}

/// The option of a name, or the only one that begins so.
fn find<'a>(flag: &str, options: &'a [Opt]) -> Result<Option<&'a Opt>, Said> {
    if let Some(opt) = options.iter().find(|opt| opt.flag == flag) {
        return Ok(Some(opt));
    }
    if !flag.starts_with("--") || flag == "--" {
        return Ok(None);
    }
    let beginning: Vec<&Opt> = options.iter().filter(|opt| opt.flag.starts_with(flag)).collect();
    let global: Vec<&Opt> = beginning.iter().copied().filter(|opt| matches!(opt.means, Means::Global(_))).collect();
    match (global.as_slice(), beginning.as_slice()) {
        ([one], _) | ([], [one]) => Ok(Some(one)),
        ([], []) => Ok(None),
        ([], many) | (many, _) => {
            let flags: Vec<&str> = many.iter().map(|opt| opt.flag.as_str()).collect();
            Err(Said::usage(&format!("ambiguous option: {flag} could match {}", flags.join(", "))))
        }
    }
}
