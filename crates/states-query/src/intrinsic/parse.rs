//! From the text of a call to its function and arguments.

use std::rc::Rc;

use shared_json::Value;

use super::{Argument, Call, Function};
use crate::error::PathError;
use crate::path::Path;

/// How many calls may nest in one field. Source: Step Functions developer guide, "Intrinsic functions".
const MAX_NESTED_CALLS: usize = 10;

pub(super) fn parse(text: &str) -> Result<Call, PathError> {
    let mut reader = Reader { text: text.trim(), at: 0 };
    let call = reader.call(0)?;
    reader.skip_blanks();
    if reader.rest().is_empty() { Ok(call) } else { Err(reader.error("Nothing may follow the call")) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, message: impl Into<String>) -> PathError {
        PathError::new(message, self.at)
    }

    fn skip_blanks(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn call(&mut self, depth: usize) -> Result<Call, PathError> {
        if depth >= MAX_NESTED_CALLS {
            return Err(self.error("Up to 10 intrinsic functions may be nested"));
        }
        self.skip_blanks();
        let open = self.rest().find('(').ok_or_else(|| self.error("An intrinsic function needs parentheses"))?;
        let name = self.rest().get(..open).unwrap_or_default().trim_end();
        let function = Function::from_name(name)
            .ok_or_else(|| self.error(format!("The intrinsic function '{name}' does not exist")))?;
        self.at += open + 1;
        let mut arguments = Vec::new();
        if !self.take(")") {
            loop {
                let is_template = function == Function::Format && arguments.is_empty();
                arguments.push(self.argument(is_template, depth)?);
                if self.take(")") {
                    break;
                }
                if !self.take(",") {
                    return Err(self.error("Expected ',' or ')'"));
                }
            }
        }
        let (least, most) = function.argument_count();
        if arguments.len() < least || arguments.len() > most {
            return Err(self.error(format!("Wrong number of arguments for {name}: {}", arguments.len())));
        }
        if let Some(Argument::Template(parts)) = arguments.first()
            && parts.len() != arguments.len()
        {
            return Err(self.error(format!(
                "The template has {} occurrences of {{}} for {} arguments",
                parts.len() - 1,
                arguments.len() - 1
            )));
        }
        Ok(Call { function, arguments })
    }

    fn argument(&mut self, is_template: bool, depth: usize) -> Result<Argument, PathError> {
        self.skip_blanks();
        let rest = self.rest();
        if rest.starts_with('\'') {
            let raw = self.literal()?;
            return Ok(if is_template {
                Argument::Template(template(raw))
            } else {
                Argument::Literal(Value::from(unescape(raw)))
            });
        }
        if rest.starts_with("States.") {
            return Ok(Argument::Call(self.call(depth + 1)?));
        }
        if rest.starts_with('$') {
            let length = path_length(rest);
            let path = Path::parse(rest.get(..length).unwrap_or_default().trim_end())
                .map_err(|error| PathError::new(error.message, self.at + error.offset))?;
            self.at += length;
            return Ok(Argument::Path(path));
        }
        let length = rest.find([',', ')']).unwrap_or(rest.len());
        match Value::parse(rest.get(..length).unwrap_or_default().trim()) {
            Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => {
                self.at += length;
                Ok(Argument::Literal(value))
            }
            _ => Err(self.error("An argument is a 'text', a number, true, false, null, a path or a call")),
        }
    }

    /// A text in single quotes, still with its backslashes.
    fn literal(&mut self) -> Result<&'a str, PathError> {
        let rest = self.rest();
        let mut escaped = false;
        for (offset, c) in rest.char_indices().skip(1) {
            match c {
                '\'' | '{' | '}' | '\\' if escaped => escaped = false,
                _ if escaped => return Err(self.error("Only ', {, } and \\ may follow a backslash")),
                '\\' => escaped = true,
                '\'' => {
                    self.at += offset + 1;
                    return Ok(rest.get(1..offset).unwrap_or_default());
                }
                _ => {}
            }
        }
        Err(self.error("The text is not closed"))
    }
}

/// Up to the `,` or `)` that ends the argument, past those inside of brackets, quotes and parentheses.
fn path_length(text: &str) -> usize {
    let (mut brackets, mut parentheses, mut quote) = (0_usize, 0_usize, None);
    for (offset, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if brackets > 0 => quote = Some(c),
            (None, '[') => brackets += 1,
            (None, ']') => brackets = brackets.saturating_sub(1),
            (None, '(') => parentheses += 1,
            (None, ')') if parentheses > 0 => parentheses -= 1,
            (None, ',' | ')') if brackets == 0 => return offset,
            (None, _) => {}
        }
    }
    text.len()
}

/// `\'`, `\{`, `\}` and `\\` stand for the character after the backslash; no other may follow one.
fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(c) = characters.next() {
        let escape = c == '\\' && matches!(characters.peek(), Some('\'' | '{' | '}' | '\\'));
        text.push(if escape { characters.next().unwrap_or(c) } else { c });
    }
    text
}

/// The parts between the `{}` of a format, unescaped.
fn template(raw: &str) -> Vec<Rc<str>> {
    let (mut parts, mut start, mut escaped) = (Vec::new(), 0, false);
    for (offset, c) in raw.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' if raw.get(offset..).is_some_and(|rest| rest.starts_with("{}")) => {
                parts.push(Rc::from(unescape(raw.get(start..offset).unwrap_or_default())));
                start = offset + 2;
            }
            _ => {}
        }
    }
    parts.push(Rc::from(unescape(raw.get(start..).unwrap_or_default())));
    parts
}
