//! Dates and written numbers: the library's own functions, asked in a way that leaves nothing to the machine's clock, and
//! nothing that they cannot stand.
//!
//! What a picture does not name before its first part, a date takes from the present: `[H]:[m]` is today. The library
//! means the machine's present, so that these parts are written out for it from the run's clock.

use chrono::{DateTime, Datelike, Timelike, Utc};
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError};
use jsonata_core::value::JValue;

use super::rewrite::call;

/// All that a picture may name.
const COMPONENTS: &str = "YMDdFWwXxHhPmsfZzCE";
/// A part of a date is never written wider than this.
const WIDTH: usize = 100;

/// Roman numerals of larger numbers would only be more letters M; letters of longer texts no number.
const ROMAN: f64 = 1e6;
const LETTERS: usize = 12;
/// The times that JavaScript knows.
const TIMES: f64 = 8.64e15;

/// The library's functions that are asked this way.
pub(crate) const FUNCTIONS: [&str; 4] = ["toMillis", "fromMillis", "formatInteger", "parseInteger"];

type Answer = Result<JValue, EvaluatorError>;

/// Calls one of [`FUNCTIONS`]; `item` is the context item, which may stand for the first argument.
pub(crate) fn ask(name: &str, item: &JValue, arguments: &[JValue], now_millis: i64) -> Answer {
    let text = |index: usize| match arguments.get(index) {
        Some(JValue::String(text)) => Some(&**text),
        _ => None,
    };
    let number = arguments.iter().chain([item]).find_map(|argument| match argument {
        JValue::Number(n) => Some(*n),
        _ => None,
    });
    match name {
        "toMillis" => {
            if let (Some(written), Some(picture)) = (text(0), text(1)) {
                let (written, picture) = with_the_present(written, picture, now_millis)?;
                return library(name, item, &[JValue::from(written), JValue::from(picture)]);
            }
        }
        "fromMillis" => {
            for picture in [text(0), text(1)].into_iter().flatten() {
                components(picture)?;
            }
            let zone = arguments.iter().skip(1).last();
            let too_long = matches!(zone, Some(JValue::String(zone)) if arguments.len() > 2 && zone.len() > 6);
            if too_long || number.is_some_and(|n| n.abs() > TIMES) {
                return Err(error("Invalid time value"));
            }
        }
        _ => {
            let picture = text(1).or(text(0)).unwrap_or_default();
            let kind = picture.split(';').next().unwrap_or_default();
            let long = |value: &JValue| matches!(value, JValue::String(text) if text.len() > LETTERS);
            let too_large = match kind {
                "I" | "i" => name == "formatInteger" && number.is_some_and(|n| n >= ROMAN),
                "A" | "a" => name == "parseInteger" && (arguments.first().is_some_and(long) || long(item)),
                _ => false,
            };
            if too_large {
                return Err(error(super::functions::MEMORY_LIMIT));
            }
        }
    }
    library(name, item, arguments)
}

/// Asks the library's own function of that name.
fn library(name: &str, item: &JValue, arguments: &[JValue]) -> Answer {
    let mut context = Context::new();
    let mut names = Vec::with_capacity(arguments.len());
    for (index, argument) in arguments.iter().enumerate() {
        let name = format!("a{index}");
        context.bind(name.clone(), argument.clone());
        names.push(AstNode::Variable(name));
    }
    Evaluator::with_context(context).evaluate(&call(name, names), item)
}

fn error(text: &str) -> EvaluatorError {
    EvaluatorError::EvaluationError(text.to_owned())
}

/// A text and its picture, with all that they take from the present written out.
fn with_the_present(text: &str, picture: &str, now_millis: i64) -> Result<(String, String), EvaluatorError> {
    let (mut whole, mut whole_picture) = (text.to_owned(), picture.to_owned());
    let present = missing(&components(picture)?);
    if let Some(now) = DateTime::from_timestamp_millis(now_millis) {
        for component in present.chars() {
            let (value, part) = fragment(now, component);
            whole.push_str(&format!("\u{1}{value}"));
            whole_picture.push_str(&format!("\u{1}[{part}]"));
        }
    }
    Ok((whole, whole_picture))
}

/// The letters that a picture names, in its order. Of a picture without an end nothing: its error is the library's.
fn components(picture: &str) -> Result<String, EvaluatorError> {
    let mut found = String::new();
    let mut rest = picture;
    while let Some((_, after)) = rest.split_once('[') {
        if let Some(after) = after.strip_prefix('[') {
            rest = after;
            continue;
        }
        let Some((marker, after)) = after.split_once(']') else { return Ok(String::new()) };
        let marker: String = marker.split_whitespace().collect();
        let Some(component) = marker.chars().next() else { return Ok(String::new()) };
        if !COMPONENTS.contains(component) {
            return Err(error(&format!("D3132: Unknown component specifier {component} in date/time picture string")));
        }
        let widths = marker.rsplit_once(',').map_or("", |(_, widths)| widths);
        if widths.split('-').any(|width| width.parse().is_ok_and(|width: usize| width > WIDTH)) {
            return Err(error(super::functions::MEMORY_LIMIT));
        }
        found.push(component);
        rest = after;
    }
    Ok(found)
}

/// The parts that the present has to give: those that come before the first that the picture names.
fn missing(named: &str) -> String {
    let has = |component: char| named.contains(component);
    let only = |kind: &str| {
        let dates: Vec<char> = "YXMxWwdD".chars().filter(|component| has(*component)).collect();
        !dates.is_empty() && dates.iter().all(|component| kind.contains(*component))
    };
    // Dates by weeks cannot be read at all.
    if named.is_empty() || only("Xxw") || only("XW") {
        return String::new();
    }
    let date = if only("Yd") { "Y" } else { "YMD" };
    let time = if !has('H') && (has('h') || has('P')) { "Phmsf" } else { "Hmsf" };
    let by_day_of_year = |component: char| component == 'Y' && date == "Y" && has('d');
    date.chars()
        .chain(time.chars())
        .take_while(|component| !has(*component) && (date != "Y" || by_day_of_year(*component)))
        .collect()
}

/// A part of the present, and how a picture asks for it.
fn fragment(now: DateTime<Utc>, component: char) -> (String, &'static str) {
    match component {
        'Y' => (format!("{:04}", now.year()), "Y0001"),
        'M' => (format!("{:02}", now.month()), "M01"),
        'D' => (format!("{:02}", now.day()), "D01"),
        'P' => ((if now.hour() < 12 { "am" } else { "pm" }).to_owned(), "Pn"),
        'H' => (format!("{:02}", now.hour()), "H01"),
        'h' => (format!("{:02}", (now.hour() + 11) % 12 + 1), "h01"),
        'm' => (format!("{:02}", now.minute()), "m01"),
        's' => (format!("{:02}", now.second()), "s01"),
        _ => (format!("{:03}", now.timestamp_subsec_millis()), "f001"),
    }
}
