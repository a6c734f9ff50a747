//! `help`: short, and of what is here.

use crate::names::kebab;
use crate::options::{Opt, Takes, globals, of_action};
use crate::table::{Action, Kind, Service, services};

pub(crate) fn version() -> String {
    format!(
        "stepyard/{} (an AWS command line for a simulated account; prints as aws-cli/2)\n",
        env!("CARGO_PKG_VERSION")
    )
}

pub(crate) fn shell() -> String {
    "aws     call the simulated account: aws help\n\
     cat     show a document: cat policy.json\n\
     clear   take away what was printed\n\
     help    this list\n\
     ls      list the documents that file:// can name\n"
        .to_owned()
}

pub(crate) fn all() -> String {
    let mut text = "NAME\n       aws - the command line of this simulated account\n\nSYNOPSIS\n       \
                    aws [options] <command> <subcommand> [parameters]\n\n       Names, options and what is printed are those \
                    of the AWS CLI, version 2.\n       Nothing leaves this page.\n\nOPTIONS\n"
        .to_owned();
    for opt in globals().iter().filter(|opt| !opt.hidden) {
        text.push_str(&format!("       {}\n", synopsis(opt)));
    }
    text.push_str("\nAVAILABLE SERVICES\n");
    services().for_each(|service| text.push_str(&format!("       o {service}\n")));
    text.push_str("\n       aws <command> help lists the subcommands of one.\n");
    text
}

pub(crate) fn service(service: &Service) -> String {
    let mut text = format!("NAME\n       {}\n\nAVAILABLE COMMANDS\n", service.command);
    for action in &service.actions {
        text.push_str(&format!("       o {}\n", kebab(action.name)));
    }
    let others = service.others().count();
    if others > 0 {
        text.push_str(&format!("\n       {others} more commands of the AWS CLI are not simulated here.\n"));
    }
    text.push_str(&format!("\n       aws {} <subcommand> help lists the options of one.\n", service.command));
    text
}

pub(crate) fn action(service: &Service, action: &Action) -> String {
    let name = kebab(action.name);
    let mut text = format!("NAME\n       {name}\n\nSYNOPSIS\n         {name}\n");
    let options = of_action(service, action);
    for opt in options.iter().filter(|opt| !opt.hidden && !opt.flag.starts_with("--no-")) {
        let shown = synopsis(opt);
        let shown = if opt.required { shown } else { format!("[{shown}]") };
        text.push_str(&format!("         {shown}\n"));
    }
    text.push_str(&format!(
        "\n       Calls {}:{}. What it does: the {} API Reference of AWS.\n",
        service.prefix, action.name, service.command
    ));
    text
}

/// An option with a word for what it takes.
fn synopsis(opt: &Opt) -> String {
    use crate::options::Means;
    let kind = match opt.means {
        Means::Flag(..) => return format!("{} | --no-{}", opt.flag, opt.flag.trim_start_matches("--")),
        Means::Param(member) => kind_word(member.kind),
        Means::Outfile => return "<outfile>".to_owned(),
        _ => "<value>".to_owned(),
    };
    match opt.takes {
        Takes::Nothing => opt.flag.clone(),
        Takes::One => format!("{} {kind}", opt.flag),
        Takes::Many => format!("{} {kind} ...", opt.flag),
    }
}

pub(crate) fn kind_word(kind: Kind) -> String {
    match kind {
        Kind::OneOf(values) if values.len() < 60 => format!("<{values}>"),
        Kind::Text { .. } | Kind::OneOf(_) => "<text>".to_owned(),
        Kind::Timestamp => "<time>".to_owned(),
        Kind::Bytes { streaming: true } => "<file>".to_owned(),
        Kind::Bytes { streaming: false } => "<base64>".to_owned(),
        Kind::Whole { .. } => "<whole number>".to_owned(),
        Kind::Number => "<number>".to_owned(),
        Kind::Boolean => "<true|false>".to_owned(),
        Kind::Any => "<JSON>".to_owned(),
        Kind::List { of, .. } => kind_word(Kind::read(of)),
        Kind::Map(_) => "<Key=Value,...>".to_owned(),
        Kind::Structure(_) => "<Key=Value,... or JSON>".to_owned(),
    }
}
