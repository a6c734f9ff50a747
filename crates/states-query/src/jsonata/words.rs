//! AWS's words for what goes wrong in an expression: those of the reference implementation.

use std::collections::BTreeSet;

use jsonata_core::evaluator::error_code_prefix;
use jsonata_core::parser::ParserError;
use shared_json::Value;

const STACK: &str =
    "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";

/// How AWS goes on after naming the expression and its field.
pub(crate) fn sentence(message: &str) -> String {
    let coded = error_code_prefix(message).is_some();
    format!("threw an error during evaluation{} {message}", if coded { "." } else { ":" })
}

/// The messages that hold no values.
const FIXED: [(&str, &str); 34] = [
    ("D1004", "Regular expression matches zero length string"),
    ("D3001", "Attempting to invoke string function on Infinity or NaN"),
    ("D3010", "Second argument of replace function cannot be an empty string"),
    ("D3011", "Fourth argument of replace function must evaluate to a positive number"),
    ("D3012", "Attempted to replace a matched string with a non-string value"),
    ("D3020", "Third argument of split function must evaluate to a positive number"),
    ("D3040", "Third argument of match function must evaluate to a positive number"),
    ("D3050", "The second argument of reduce function must be a function with at least two arguments"),
    ("D3080", "The picture string must only contain a maximum of two sub-pictures"),
    ("D3081", "The sub-picture must not contain more than one instance of the 'decimal-separator' character"),
    ("D3082", "The sub-picture must not contain more than one instance of the 'percent' character"),
    ("D3083", "The sub-picture must not contain more than one instance of the 'per-mille' character"),
    ("D3084", "The sub-picture must not contain both a 'percent' and a 'per-mille' character"),
    (
        "D3085",
        "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit \
         character' or a member of the 'decimal digit family'",
    ),
    (
        "D3086",
        "The sub-picture must not contain a passive character that is preceded by an active character and that is \
         followed by another active character",
    ),
    (
        "D3087",
        "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a \
         'decimal-separator' character",
    ),
    ("D3088", "The sub-picture must not contain a 'grouping-separator' at the end of the integer part"),
    ("D3089", "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character"),
    (
        "D3090",
        "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is followed by \
         an instance of the 'optional digit character'",
    ),
    (
        "D3091",
        "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' that is \
         followed by a member of the 'decimal digit family'",
    ),
    (
        "D3092",
        "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as an \
         'exponent-separator'",
    ),
    (
        "D3093",
        "The exponent part of the sub-picture must comprise only of one or more characters that are members of the \
         'decimal digit family'",
    ),
    ("D3131", "In a decimal digit pattern, all digits must be from the same decimal group"),
    ("D3134", "The timezone integer format specifier cannot have more than four digits"),
    ("D3135", "No matching closing bracket ']' in date/time picture string"),
    ("D3136", "The date/time picture string is missing specifiers required to parse the timestamp"),
    ("D3138", "The $single() function expected exactly 1 matching result.  Instead it matched more."),
    ("D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0."),
    ("T1006", "Attempted to invoke a non-function"),
    ("T1008", "Attempted to partially apply a non-function"),
    ("T2003", "The left side of the range operator (..) must evaluate to an integer"),
    ("T2004", "The right side of the range operator (..) must evaluate to an integer"),
    ("T2006", "The right side of the function application operator ~> must be a function"),
    ("T2008", "The expressions within an order-by clause must evaluate to numeric or string values"),
];

/// The library's message in the words of the reference implementation. `functions` are those that the expression calls:
/// the library does not always name the one that failed.
pub(crate) fn thrown(message: &str, functions: &BTreeSet<String>) -> String {
    let message = message.strip_prefix("Signature validation failed: ").unwrap_or(message);
    let Some(code) = error_code_prefix(message) else { return message.to_owned() };
    if let Some((_, text)) = FIXED.iter().find(|(fixed, _)| *fixed == code) {
        return format!("{code}: {text}");
    }
    let text = message.get(code.len() + 1..).unwrap_or_default().trim_start();
    let only = || functions.iter().next().filter(|_| functions.len() == 1).map(String::as_str);
    let better = match code {
        "D1011" | "U1001" => return STACK.to_owned(),
        "D2014" | "D2015" => return super::functions::MEMORY_LIMIT.to_owned(),
        "T2001" | "T2002" => between(text, " side of the ", " operator").map(|operator| {
            let side = if code == "T2001" { "left" } else { "right" };
            format!("The {side} side of the {} operator must evaluate to a number", quoted(operator))
        }),
        "T0410" => {
            let index = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty());
            let index = match between(text, "expected ", ", got ").and_then(|n| n.parse::<usize>().ok()) {
                Some(expected) if text.starts_with("Argument count") => {
                    let actual = text.rsplit(' ').next().and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
                    // Of too few the first missing one is named, of too many the last.
                    Some(if actual > expected { actual } else { actual + 1 })
                }
                _ => index.and_then(|digits| digits.parse().ok()),
            };
            let function = named(text).or_else(only);
            index.zip(function).map(|(index, function)| {
                format!("Argument {index} of function {} does not match function signature", quoted(function))
            })
        }
        "T0411" => {
            let index = text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty()).unwrap_or("1");
            named(text).or_else(only).map(|function| {
                format!("Context value is not a compatible type with argument {index} of function {}", quoted(function))
            })
        }
        "T0412" => only().map(|function| {
            let kind = match text.rsplit(' ').next() {
                Some("String") => "strings",
                Some("Object") => "objects",
                Some("Boolean") => "booleans",
                _ => "numbers",
            };
            format!("Argument 1 of function {} must be an array of {}", quoted(function), quoted(kind))
        }),
        "D3030" => between(text, "Cannot convert '", "' to number")
            .map(|value| format!("Unable to cast value to a number: {}", quoted(value)))
            .or_else(|| Some("Unable to cast value to a number".to_owned())),
        "D1002" => Some("Cannot negate a non-numeric value".to_owned()),
        "D1009" => text.rsplit_once(": ").map(|(start, key)| format!("{start}: {}", quoted(key.trim_matches('"')))),
        "D3100" => text.rsplit_once(" got ").map(|(_, radix)| {
            format!("The radix of the formatBase function must be between 2 and 36.  It was given {radix}")
        }),
        "T2007" => between(text, "order-by clause: ", " and ")
            .zip(text.rsplit(" and ").next())
            .map(|(a, b)| format!("Type mismatch when comparing values {a} and {b} in order-by clause")),
        _ => None,
    };
    format!("{code}: {}", better.as_deref().unwrap_or(text))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let rest = text.split_once(start)?.1;
    Some(rest.split_once(end)?.0)
}

/// The function that a message names.
fn named(text: &str) -> Option<&str> {
    let name = text.split_once("of function ")?.1.split(' ').next()?.trim_start_matches('$').trim_matches('"');
    (!matches!(name, "" | "does" | "undefined")).then_some(name)
}

fn quoted(text: &str) -> String {
    Value::string(text).to_string()
}

/// The message of an expression that is no JSONata, without its code.
pub(crate) fn refused(error: &ParserError, source: &str) -> String {
    match error {
        ParserError::Expected { expected, found } if found == "Eof" => {
            format!("Expected {} before end of expression", symbol(expected))
        }
        ParserError::Expected { expected, found } => format!("Expected {}, got {}", symbol(expected), symbol(found)),
        ParserError::UnexpectedToken(token) if token == "Eof" => "Unexpected end of expression".to_owned(),
        ParserError::UnexpectedToken(token) if token.len() > 1 => {
            format!("The symbol {} cannot be used as a unary operator", symbol(token))
        }
        ParserError::UnexpectedToken(token) => format!("Unknown operator: {}", quoted(token)),
        ParserError::UnclosedString if !ends_in_string(source) => "No terminating / in regular expression".to_owned(),
        ParserError::UnclosedComment => "Comment has no closing tag".to_owned(),
        other => {
            let text = other.to_string();
            let text = text.strip_prefix("Invalid syntax: ").unwrap_or(&text);
            let text = match error_code_prefix(text) {
                Some(code) => text.get(code.len() + 1..).unwrap_or_default().trim_start().to_owned(),
                None => text.to_owned(),
            };
            match text.strip_prefix("Syntax error: ") {
                Some(token) => format!("Syntax error: {}", symbol(token)),
                None => text,
            }
        }
    }
}

/// Whether a text in quotes is still open at the end.
fn ends_in_string(source: &str) -> bool {
    let (mut open, mut escaped) = (None, false);
    for c in source.chars() {
        match open {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(quote) if c == quote => open = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => open = Some(c),
            None => {}
        }
    }
    open.is_some()
}

/// The library's name of a token, as it is written.
fn symbol(token: &str) -> String {
    let text = match token {
        "LeftParen" => "(",
        "RightParen" => ")",
        "LeftBracket" => "[",
        "RightBracket" => "]",
        "LeftBrace" => "{",
        "RightBrace" => "}",
        "Comma" => ",",
        "Colon" => ":",
        "Semicolon" => ";",
        "Dot" => ".",
        "DotDot" => "..",
        "Plus" => "+",
        "Minus" => "-",
        "Star" => "*",
        "StarStar" => "**",
        "Slash" => "/",
        "Percent" => "%",
        "Equal" => "=",
        "NotEqual" => "!=",
        "LessThan" => "<",
        "LessThanOrEqual" => "<=",
        "GreaterThan" => ">",
        "GreaterThanOrEqual" => ">=",
        "Ampersand" => "&",
        "Question" => "?",
        "QuestionQuestion" => "??",
        "QuestionColon" => "?:",
        "ColonEqual" => ":=",
        "TildeArrow" => "~>",
        "Caret" => "^",
        "At" => "@",
        "Hash" => "#",
        "Pipe" => "|",
        "And" => "and",
        "Or" => "or",
        "In" => "in",
        "Function" => "function",
        "(end)" | "Eof" => "(end)",
        other => match other.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')) {
            Some(value) => value.strip_suffix(".0").unwrap_or(value).trim_matches('"'),
            None => other.trim_matches('"'),
        },
    };
    if text.parse::<f64>().is_ok() { text.to_owned() } else { quoted(text) }
}

/// What JSONata 2.0.6 says where it meets an operator that came later.
pub(crate) fn newer_operator(text: &str, operator: &str) -> String {
    if operator == "?:" {
        return "The symbol \":\" cannot be used as a unary operator".to_owned();
    }
    let rest = text.split_once(operator).map_or("", |(_, rest)| rest).trim_start();
    let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '$' | '_')).unwrap_or(rest.len()).max(1);
    let token = rest.get(..end).unwrap_or_default().trim_start_matches('$');
    if token.parse::<f64>().is_ok() {
        format!("Syntax error: {token}")
    } else {
        format!("Syntax error: {}", quoted(token))
    }
}
