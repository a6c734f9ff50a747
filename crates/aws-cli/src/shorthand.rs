//! The shorthand syntax: `Key=Value,List=a,b,Deep={x=[1,2]}`.
//!
//! Rules and errors as the AWS CLI's user guide tells them ("Using shorthand syntax with the AWS CLI").

use shared_json::Value;

/// A text that is not shorthand, with the AWS CLI's words and a mark below the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotShorthand(pub(crate) String);

type Parsed<T> = Result<T, NotShorthand>;

const DEEPEST: usize = 50;

pub(crate) fn parse(text: &str) -> Parsed<Value> {
    let mut reader = Reader { letters: text.chars().collect(), at: 0, depth: 0 };
    reader.parameter()
}

struct Reader {
    letters: Vec<char>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn parameter(&mut self) -> Parsed<Value> {
        let mut members: Vec<(String, Value)> = vec![self.key_and_value()?];
        let mut last = self.at;
        while self.at < self.letters.len() {
            self.expect(',', true)?;
            let (key, value) = self.key_and_value()?;
            if members.iter().any(|(known, _)| *known == key) {
                let place = self.place(last + 1);
                return Err(NotShorthand(format!(
                    "Second instance of key \"{key}\" encountered for input:\n{place}\nThis is often because there is a \
                     preceding \",\" instead of a space."
                )));
            }
            members.push((key, value));
            last = self.at;
        }
        Ok(Value::object(members))
    }

    fn key_and_value(&mut self) -> Parsed<(String, Value)> {
        let key = self.key();
        self.expect('=', true)?;
        let value = match self.peek() {
            None => Value::string(""),
            Some('[' | '{') => self.explicit()?,
            Some(_) => self.comma_separated()?,
        };
        Ok((key, value))
    }

    fn key(&mut self) -> String {
        self.take_while(|c| c.is_ascii_alphanumeric() || "-_.#/:".contains(c))
    }

    /// `a=b,c,d`: values up to a comma that another key follows.
    fn comma_separated(&mut self) -> Parsed<Value> {
        let first = Value::string(self.first_value()?);
        self.space();
        if self.peek() != Some(',') {
            return Ok(first);
        }
        self.expect(',', true)?;
        let mut values = vec![first];
        loop {
            let more = self.second_value().and_then(|value| {
                self.space();
                if self.at < self.letters.len() {
                    self.expect(',', true)?;
                    return Ok((value, false));
                }
                Ok((value, true))
            });
            match more {
                Ok((value, last)) => {
                    values.push(Value::string(value));
                    if last {
                        break;
                    }
                }
                Err(error) if self.at >= self.letters.len() => return Err(error),
                Err(_) => {
                    while self.at > 0 && self.peek() != Some(',') {
                        self.at -= 1;
                    }
                    break;
                }
            }
        }
        Ok(if values.len() == 1 { values.swap_remove(0) } else { Value::array(values) })
    }

    /// `[…]`, `{…}` or a value.
    fn explicit(&mut self) -> Parsed<Value> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.expected("<value>", "more than 50 brackets"));
        }
        let value = match self.peek() {
            Some('[') => self.list(),
            Some('{') => self.hash(),
            _ => self.first_value().map(Value::string),
        };
        self.depth -= 1;
        value
    }

    fn list(&mut self) -> Parsed<Value> {
        self.expect('[', true)?;
        let mut values = Vec::new();
        while self.peek() != Some(']') {
            values.push(self.explicit()?);
            self.separator(']')?;
        }
        self.expect(']', false)?;
        Ok(Value::array(values))
    }

    fn hash(&mut self) -> Parsed<Value> {
        self.expect('{', true)?;
        let mut members: Vec<(String, Value)> = Vec::new();
        while self.peek() != Some('}') {
            let key = self.key();
            self.expect('=', true)?;
            let value = self.explicit()?;
            self.separator('}')?;
            members.push((key, value));
        }
        self.expect('}', false)?;
        Ok(Value::object(members))
    }

    fn separator(&mut self, end: char) -> Parsed<()> {
        self.space();
        if self.peek() != Some(end) {
            self.expect(',', false)?;
            self.space();
        }
        Ok(())
    }

    fn first_value(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => Ok(self.word(first_follows).unwrap_or_default()),
        }
    }

    fn second_value(&mut self) -> Parsed<String> {
        match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote),
            _ => self.word(second_follows).ok_or_else(|| self.expected("<second>", "<none>")),
        }
    }

    /// A value without quotes; `\,` is a comma in it.
    fn word(&mut self, follows: fn(char) -> bool) -> Option<String> {
        let mut word = String::new();
        let mut allowed: fn(char) -> bool = begins;
        while let Some(letter) = self.peek() {
            if letter == '\\' && self.letters.get(self.at + 1) == Some(&',') {
                word.push(',');
                self.at += 2;
            } else if allowed(letter) {
                word.push(letter);
                self.at += 1;
            } else {
                break;
            }
            allowed = follows;
        }
        (!word.is_empty()).then(|| word.trim_end().to_owned())
    }

    fn quoted(&mut self, quote: char) -> Parsed<String> {
        let start = self.at;
        let mut text = String::new();
        self.at += 1;
        loop {
            match self.peek() {
                None => {
                    self.at = start;
                    let kind = if quote == '"' { "<double quoted>" } else { "<singled quoted>" };
                    return Err(self.expected(kind, "<none>"));
                }
                Some('\\') if self.letters.get(self.at + 1).is_some_and(|c| *c == quote || *c == '\\') => {
                    self.at += 1;
                    text.extend(self.peek());
                }
                Some(letter) if letter == quote => break,
                Some(letter) => text.push(letter),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(text)
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.at).copied()
    }

    fn take_while(&mut self, test: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&test) {
            self.at += 1;
        }
        self.letters[start..self.at].iter().collect()
    }

    fn space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    fn expect(&mut self, letter: char, with_space: bool) -> Parsed<()> {
        if with_space {
            self.space();
        }
        match self.peek() {
            Some(found) if found == letter => self.at += 1,
            Some(found) => return Err(self.expected(&letter.to_string(), &found.to_string())),
            None => return Err(self.expected(&letter.to_string(), "EOF")),
        }
        if with_space {
            self.space();
        }
        Ok(())
    }

    fn expected(&self, expected: &str, received: &str) -> NotShorthand {
        let place = self.place(self.at);
        NotShorthand(format!("Expected: '{expected}', received: '{received}' for input:\n{place}"))
    }

    /// The text with a mark below a place.
    fn place(&self, at: usize) -> String {
        let at = at.min(self.letters.len());
        let line_end = self.letters[at..].iter().position(|c| *c == '\n').map_or(self.letters.len(), |end| at + end);
        let spaces = self.letters[..at].iter().rev().take_while(|c| **c != '\n').count();
        let (before, after): (String, String) =
            (self.letters[..line_end].iter().collect(), self.letters[line_end..].iter().collect());
        format!("{before}\n{}^{after}", " ".repeat(spaces))
    }
}

fn begins(c: char) -> bool {
    !c.is_whitespace() && !"\"',=[{".contains(c) && !c.is_control()
}

fn first_follows(c: char) -> bool {
    !"\"',]}".contains(c)
}

fn second_follows(c: char) -> bool {
    !"\"',=".contains(c)
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn shorthand_is_read_as_the_user_guide_tells() {
        for (text, value) in [
            ("a=b", json!({"a": "b"})),
            ("a=b,c=d", json!({"a": "b", "c": "d"})),
            ("a=b,c,d=e", json!({"a": ["b", "c"], "d": "e"})),
            ("a=b,c", json!({"a": ["b", "c"]})),
            ("a=[b, c],d={e=f,g=[h]}", json!({"a": ["b", "c"], "d": {"e": "f", "g": ["h"]}})),
            ("a='x, y',b=\"z=\\\"1\\\"\"", json!({"a": "x, y", "b": "z=\"1\""})),
            ("a=x\\,y", json!({"a": "x,y"})),
            ("a=,b=", json!({"a": "", "b": ""})),
            ("Id=1,MessageBody=hello world", json!({"Id": "1", "MessageBody": "hello world"})),
            ("Url=https://x/y?z=1", json!({"Url": "https://x/y?z=1"})),
        ] {
            assert_eq!(parse(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_not_shorthand_is_marked() {
        for (text, said) in [
            ("foo", "Expected: '=', received: 'EOF' for input:\nfoo\n   ^"),
            ("", "Expected: '=', received: 'EOF' for input:\n\n^"),
            ("a=[b", "Expected: ',', received: 'EOF' for input:\na=[b\n    ^"),
            ("a='b", "Expected: '<singled quoted>', received: '<none>' for input:\na='b\n  ^"),
            (
                "a=b,a=c",
                "Second instance of key \"a\" encountered for input:\na=b,a=c\n    ^\nThis is often because there is a \
                 preceding \",\" instead of a space.",
            ),
        ] {
            assert_eq!(parse(text), Err(NotShorthand(said.to_owned())), "{text}");
        }
        assert!(parse(&format!("a={}", "[".repeat(5000))).is_err());
    }
}
