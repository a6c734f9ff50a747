//! A line as a command: what it calls, or what is printed instead.

use shared_json::Value;

use crate::names::alike;
use crate::options::{Given, Global, Means, globals, of_action, parse};
use crate::output::Format;
use crate::query::Query;
use crate::run::{Call, Paging, Run};
use crate::said::Said;
use crate::table::{Action, Kind, Service, services};
use crate::value::{BinaryFormat, Values, whole};
use crate::words::{Word, WordsError, split};
use crate::{Surroundings, help, skeleton, validate};

/// What a line asks for.
#[derive(Debug)]
pub enum Reading {
    /// Nothing: an empty line, or a comment.
    Nothing,
    /// To take away what was printed.
    Clear,
    /// It is answered without a call.
    Said(Said),
    Call(Box<Run>),
}

/// Whether a line is whole; one that ends in a backslash or within quotes goes on.
#[must_use]
pub fn is_complete(line: &str) -> bool {
    let dangling = line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
    !dangling && !matches!(split(line), Err(WordsError::Unclosed { .. }))
}

/// Reads a line.
#[must_use]
pub fn read(line: &str, place: &dyn Surroundings) -> Reading {
    let words = match split(line) {
        Ok(words) => words,
        Err(WordsError::Unclosed { quote, .. }) => {
            let what = format!("unexpected EOF while looking for matching `{quote}'");
            return Reading::Said(Said::shell(&what, 2));
        }
        Err(WordsError::Shell { what }) => return Reading::Said(Said::shell("not in here", 2).with_hint(what)),
    };
    let words: Vec<String> = words.into_iter().map(|Word { text, .. }| text).collect();
    match words.first().map(String::as_str) {
        None => Reading::Nothing,
        Some("clear") => Reading::Clear,
        Some("help") => Reading::Said(Said::printed(help::shell())),
        Some("ls") => Reading::Said(list_documents(place)),
        Some("cat") => Reading::Said(show_documents(&words[1..], place)),
        Some("aws") => command(&words[1..], place).unwrap_or_else(Reading::Said),
        Some(other) => {
            let said = Said::shell(&format!("{other}: command not found"), 127);
            let hint = match Service::find(other) {
                Some(_) => format!("Commands begin with aws: aws {other} …"),
                None => "What there is: aws, cat, clear, help, ls.".to_owned(),
            };
            Reading::Said(said.with_hint(hint))
        }
    }
}

fn list_documents(place: &dyn Surroundings) -> Said {
    let mut names = place.document_names();
    names.push(String::new());
    let said = Said::printed(names.join("\n"));
    if names.len() > 1 { said } else { Said::default().with_hint("There are no documents yet. Documents adds one.") }
}

fn show_documents(names: &[String], place: &dyn Surroundings) -> Said {
    let mut said = Said::default();
    for name in names {
        match place.document(name.strip_prefix("file://").unwrap_or(name)) {
            Some(text) => {
                said.out.push_str(&text);
                if !text.ends_with('\n') {
                    said.out.push('\n');
                }
            }
            None => {
                said.err.push_str(&format!("cat: {name}: No such file or directory\n"));
                said.code = 1;
            }
        }
    }
    said
}

/// The words after `aws`.
fn command(words: &[String], place: &dyn Surroundings) -> Result<Reading, Said> {
    let (path, rest) = take_path(words);
    let known = || services().collect::<Vec<_>>();
    let Some(service) = path.first() else {
        if rest.iter().any(|word| word == "--version") {
            return Ok(Reading::Said(Said::printed(help::version())));
        }
        parse(&rest, &globals())?;
        return Err(Said::usage("the following arguments are required: command"));
    };
    if service == "help" {
        return Ok(Reading::Said(Said::printed(help::all())));
    }
    let Some(service) = Service::find(service) else {
        let hint = format!("{service} is no service that is simulated here: {}.", known().join(", "));
        return Err(choice("command", service, &known()).with_hint(hint));
    };
    let Some(name) = path.get(1) else {
        return Err(Said::usage("the following arguments are required: operation"));
    };
    if name == "help" {
        return Ok(Reading::Said(Said::printed(help::service(&service))));
    }
    let Some(action) = service.action(name) else { return Err(no_action(&service, name)) };
    let mut rest = rest;
    rest.extend(path.iter().skip(2).cloned());
    if rest.iter().any(|word| word == "help") && rest.len() == 1 {
        return Ok(Reading::Said(Said::printed(help::action(&service, action))));
    }
    Command::new(&service, action, &rest, place)?.reading()
}

/// The service and the action, which stand before, between or after options of all commands, and all that remains.
fn take_path(words: &[String]) -> (Vec<String>, Vec<String>) {
    let globals = globals();
    let (mut path, mut rest) = (Vec::new(), Vec::new());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if path.len() == 2 {
            rest.push(word.clone());
        } else if word.starts_with('-') {
            rest.push(word.clone());
            let takes_value =
                globals.iter().any(|opt| opt.flag == *word && opt.takes != crate::options::Takes::Nothing);
            rest.extend(words.next().filter(|_| takes_value).cloned());
        } else {
            path.push(word.clone());
        }
    }
    (path, rest)
}

fn no_action(service: &Service, name: &str) -> Said {
    let names: Vec<String> = service.actions.iter().map(|action| crate::names::kebab(action.name)).collect();
    if service.others().any(|other| other == name) {
        let what = format!("aws {} {name} is a command of the AWS CLI that is not simulated here.", service.command);
        return Said::unreadable(&what).with_hint(format!("aws {} help lists what is.", service.command));
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    choice("operation", name, &names)
}

/// How the argument parser objects to a name that is not in its list.
fn choice(argument: &str, written: &str, names: &[&str]) -> Said {
    let mut lines = vec!["Invalid choice, valid choices are:\n".to_owned()];
    for pair in names.chunks(2) {
        let padded: Vec<String> = pair.iter().map(|name| format!("{name:<40}")).collect();
        lines.push(padded.join(" | "));
    }
    let meant = alike(written, names.iter().copied(), 0.8);
    if !meant.is_empty() {
        lines.push(format!("\n\nInvalid choice: {}, maybe you meant:\n", crate::python::quoted(written)));
        lines.extend(meant.into_iter().map(|name| format!("  * {name}")));
    }
    Said::usage(&format!("argument {argument}: {}", lines.join("\n")))
}

/// An action's command while it is read.
struct Command<'a> {
    service: &'a Service,
    action: &'a Action,
    given: Vec<Given>,
    place: &'a dyn Surroundings,
}

impl<'a> Command<'a> {
    fn new(
        service: &'a Service,
        action: &'a Action,
        words: &[String],
        place: &'a dyn Surroundings,
    ) -> Result<Self, Said> {
        let mut options = globals();
        options.extend(of_action(service, action));
        // `--generate-cli-skeleton` may stand alone.
        let mut words = words.to_vec();
        if let Some(at) = words.iter().position(|word| word == "--generate-cli-skeleton")
            && words.get(at + 1).is_none_or(|next| next.starts_with('-'))
        {
            words[at] = "--generate-cli-skeleton=input".to_owned();
        }
        let given = parse(&words, &options)?;
        Ok(Command { service, action, given, place })
    }

    fn one(&self, means: Means) -> Option<&str> {
        self.given.iter().find(|given| given.opt.means == means)?.values.first().map(String::as_str)
    }

    fn global(&self, global: Global) -> Option<&str> {
        self.one(Means::Global(global))
    }

    fn reading(&self) -> Result<Reading, Said> {
        let format = self.format()?;
        let query = self.query()?;
        self.region()?;
        if let Some(kind) = self.one(Means::Skeleton) {
            let said = match kind {
                "input" => Said::printed(skeleton::input(self.service, self.action)),
                other => Said::usage(&format!(
                    "argument --generate-cli-skeleton: Invalid choice, valid choices are:\n\ninput\n\n\nInvalid choice: {}",
                    crate::python::quoted(other)
                )),
            };
            return Ok(Reading::Said(said));
        }
        let params = self.params()?;
        if let Some(report) = validate::report(self.service, self.action, &params) {
            return Err(Said::invalid(&report));
        }
        let call = Call {
            action: format!("{}:{}", self.service.prefix, self.action.name),
            params: self.to_simulator(&params),
        };
        let hint = self.idle_hint();
        let outfile = self.one(Means::Outfile).map(str::to_owned);
        let paging = self.paging()?;
        let run = Run::new(self.service.clone(), self.action.clone(), call, paging, format, query);
        Ok(Reading::Call(Box::new(run.with_outfile(outfile).with_hint(hint))))
    }

    fn format(&self) -> Result<Format, Said> {
        let choices = ["json", "text", "table", "yaml", "yaml-stream", "off"];
        match self.global(Global::Output) {
            None => Ok(Format::Json),
            Some(name) => Format::named(name).ok_or_else(|| choice("--output", name, &choices)),
        }
    }

    fn query(&self) -> Result<Option<Query>, Said> {
        let Some(text) = self.global(Global::Query) else { return Ok(None) };
        let query = Query::parse(text);
        query.map(Some).map_err(|error| Said::unreadable(&format!("Bad value for --query {text}: {error}")))
    }

    fn region(&self) -> Result<(), Said> {
        let own = self.place.region();
        match self.global(Global::Region) {
            Some(region) if region != own => {
                let what = format!("There is nothing in {region}: this account is simulated in {own} only.");
                Err(Said::failed(&what).with_hint(format!("Leave --region out, or write --region {own}.")))
            }
            _ => Ok(()),
        }
    }

    fn idle_hint(&self) -> Option<String> {
        let idle = |given: &&Given| given.opt.means == Means::Global(Global::Idle) && !given.opt.flag.contains("pager");
        let flags: Vec<&str> = self.given.iter().filter(idle).map(|given| given.opt.flag.as_str()).collect();
        (!flags.is_empty()).then(|| format!("{} means nothing here: no request leaves this page.", flags.join(", ")))
    }

    fn binary_format(&self) -> Result<BinaryFormat, Said> {
        match self.global(Global::BinaryFormat) {
            None | Some("base64") => Ok(BinaryFormat::Base64),
            Some("raw-in-base64-out") => Ok(BinaryFormat::Raw),
            Some(other) => Err(choice("--cli-binary-format", other, &["base64", "raw-in-base64-out"])),
        }
    }

    /// The parameters by their names in the API.
    fn params(&self) -> Result<Value, Said> {
        let values = Values { service: self.service, place: self.place, format: self.binary_format()? };
        let mut params = match self.one(Means::InputJson) {
            None => Vec::new(),
            Some(word) => {
                let text = values.loaded("--cli-input-json", word)?;
                let json = values.json("--cli-input-json", &text)?;
                let object = json.as_object().ok_or_else(|| {
                    Said::parameter(
                        "--cli-input-json",
                        &format!("Invalid JSON: must be an object\nJSON received: {text}"),
                    )
                })?;
                object.iter().map(|(key, value)| (key.to_string(), value.clone())).collect::<Vec<_>>()
            }
        };
        let mut set = |name: &str, value: Value| {
            params.retain(|(known, _)| known != name);
            params.push((name.to_owned(), value));
        };
        // In the order of the API, whatever the order of the line.
        for opt in of_action(self.service, self.action) {
            let Some(given) = self.given.iter().find(|given| given.opt.flag == opt.flag) else { continue };
            match given.opt.means {
                Means::Param(member) => {
                    let value = values.parameter(&given.opt.flag, member.kind, &given.values)?;
                    set(member.name, self.as_bytes(&values, member.kind, given, value)?);
                }
                Means::Flag(member, on) => set(member.name, Value::Bool(on)),
                _ => {}
            }
        }
        self.add_source(&values, &mut params)?;
        Ok(Value::object(params))
    }

    fn as_bytes(&self, values: &Values<'_>, kind: Kind, given: &Given, value: Value) -> Result<Value, Said> {
        let is_payload = self.service.command == "lambda" && matches!(kind, Kind::Bytes { streaming: false });
        match value.as_str().filter(|_| is_payload && given.opt.flag == "--payload") {
            Some(text) => {
                let raw = given.values.first().is_some_and(|word| word.starts_with("fileb://"));
                Ok(Value::string(values.bytes(text, raw)?))
            }
            None => Ok(value),
        }
    }

    /// A function's source. AWS takes a zip file; here it is one document of JavaScript.
    fn add_source(&self, values: &Values<'_>, params: &mut Vec<(String, Value)>) -> Result<(), Said> {
        let Some(word) = self.zip_file() else { return Ok(()) };
        if !word.starts_with("fileb://") {
            let what = "--zip-file must be a zip file with the fileb:// prefix.\nExample usage:  --zip-file \
                        fileb://path/to/file.zip";
            return Err(
                Said::failed(what).with_hint("Here it is one document of JavaScript: --zip-file fileb://index.mjs")
            );
        }
        if self.action.name == "CreateFunction" {
            let source = Value::string(values.loaded("--zip-file", word)?);
            params.retain(|(name, _)| name != "Code");
            params.push(("Code".to_owned(), Value::object([("ZipFile", source)])));
        }
        Ok(())
    }

    fn zip_file(&self) -> Option<&str> {
        self.given.iter().find(|given| given.opt.flag == "--zip-file")?.values.first().map(String::as_str)
    }

    fn paging(&self) -> Result<Option<Paging>, Said> {
        let Some(pages) = &self.action.pages else { return Ok(None) };
        let token = self.one(Means::StartingToken).map(str::to_owned);
        let number = |means| match self.one(means) {
            Some(word) => match whole(word) {
                Ok(number) => Ok(number.as_i64()),
                Err(_) => {
                    let flag = if means == Means::MaxItems { "--max-items" } else { "--page-size" };
                    Err(Said::usage(&format!("argument {flag}: invalid int value: {}", crate::python::quoted(word))))
                }
            },
            None => Ok(None),
        };
        let (size, most) = (number(Means::PageSize)?, number(Means::MaxItems)?);
        let by_hand = self.given.iter().any(|given| given.opt.hidden && matches!(given.opt.means, Means::Param(_)));
        let off = self.given.iter().any(|given| given.opt.means == Means::Global(Global::NoPaginate));
        if !off && !by_hand {
            return Ok(Some(Paging { token, size, most }));
        }
        let used =
            [("--starting-token", token.is_some()), ("--page-size", size.is_some()), ("--max-items", most.is_some())];
        let used: Vec<&str> = used.iter().filter(|(_, used)| *used).map(|(flag, _)| *flag).collect();
        if used.is_empty() || pages.limit == Some("MaxItems") && used == ["--max-items"] {
            return Ok(None);
        }
        let what = "Error during pagination: Cannot specify --no-paginate along with pagination arguments:";
        Err(Said::failed(&format!("{what} {}", used.join(", "))))
    }

    /// The parameters as the simulator takes them, where it differs from AWS: a function's code is a text with a name.
    fn to_simulator(&self, params: &Value) -> Value {
        let code = params.get("Code").unwrap_or(params);
        let Some(source) = code.get("ZipFile").filter(|_| self.service.command == "lambda") else {
            return params.clone();
        };
        let mut renamed = vec![("SourceText", source.clone())];
        let file = self.zip_file().and_then(|word| word.rsplit('/').next());
        let is_source = |file: &&str| [".mjs", ".js", ".cjs"].iter().any(|ending| file.ends_with(ending));
        renamed.extend(file.filter(is_source).map(|file| ("FileName", Value::string(file))));
        let others = params.as_object().into_iter().flatten().filter(|(name, _)| &***name != "ZipFile");
        let others = Value::object(others.map(|(name, value)| (name.to_string(), value.clone())));
        others.with("Code", Value::object(renamed))
    }
}
