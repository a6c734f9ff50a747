//! A line into words, as a POSIX shell splits it. There is no shell behind it: what would start another program, read a
//! variable or redirect output is refused by name.

/// One word of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    /// Where it begins in the line, in bytes.
    pub(crate) start: usize,
}

/// Why a line is not split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WordsError {
    /// A quotation mark without its other half.
    Unclosed { quote: char, word: Word },
    /// Something of a shell that is not here.
    Shell { what: String },
}

pub(crate) fn split(line: &str) -> Result<Vec<Word>, WordsError> {
    let mut reader = Reader { letters: line.char_indices().collect(), place: 0, words: Vec::new(), word: None };
    reader.run()?;
    Ok(reader.words)
}

struct Reader {
    letters: Vec<(usize, char)>,
    place: usize,
    words: Vec<Word>,
    word: Option<Word>,
}

impl Reader {
    fn run(&mut self) -> Result<(), WordsError> {
        while let Some(letter) = self.peek() {
            match letter {
                '\\' => self.escape(),
                '\'' | '"' => self.quoted(letter)?,
                '#' if self.word.is_none() => self.skip_comment(),
                '|' | '>' | '<' | '&' | ';' | '`' | '(' | ')' => return Err(self.refuse(letter)),
                '$' if self.expands() => return Err(self.refuse(letter)),
                letter if letter.is_whitespace() => {
                    self.words.extend(self.word.take());
                    self.place += 1;
                }
                letter => {
                    self.push(letter);
                    self.place += 1;
                }
            }
        }
        self.words.extend(self.word.take());
        Ok(())
    }

    fn peek(&self) -> Option<char> {
        self.letters.get(self.place).map(|(_, letter)| *letter)
    }

    fn next_is(&self, test: impl Fn(char) -> bool) -> bool {
        self.letters.get(self.place + 1).is_some_and(|(_, letter)| test(*letter))
    }

    /// `$` before a name, a brace or a bracket; alone it is a letter.
    fn expands(&self) -> bool {
        self.next_is(|c| c.is_ascii_alphanumeric() || "_{(?#@*'\"".contains(c))
    }

    fn open(&mut self) -> &mut Word {
        let start = self.letters.get(self.place).map_or(0, |(start, _)| *start);
        self.word.get_or_insert_with(|| Word { text: String::new(), start })
    }

    fn push(&mut self, letter: char) {
        self.open().text.push(letter);
    }

    /// A backslash: the next letter stands for itself; at a line's end both are gone.
    fn escape(&mut self) {
        if self.next_is(|c| c == '\n') {
            self.place += 2;
            return;
        }
        self.open();
        self.place += 1;
        let letter = self.peek().unwrap_or('\\');
        self.push(letter);
        self.place += 1;
    }

    fn quoted(&mut self, quote: char) -> Result<(), WordsError> {
        self.open();
        self.place += 1;
        loop {
            let Some(letter) = self.peek() else {
                let word = self.word.take().unwrap_or(Word { text: String::new(), start: 0 });
                return Err(WordsError::Unclosed { quote, word });
            };
            match letter {
                letter if letter == quote => break,
                '\\' if quote == '"' && self.next_is(|c| "\"\\$`\n".contains(c)) => {
                    self.place += 1;
                    if let Some(letter) = self.peek().filter(|c| *c != '\n') {
                        self.push(letter);
                    }
                }
                '`' if quote == '"' => return Err(self.refuse('`')),
                '$' if quote == '"' && self.next_is(|c| c.is_ascii_alphanumeric() || "_{(".contains(c)) => {
                    return Err(self.refuse('$'));
                }
                letter => self.push(letter),
            }
            self.place += 1;
        }
        self.place += 1;
        Ok(())
    }

    fn skip_comment(&mut self) {
        while self.peek().is_some_and(|letter| letter != '\n') {
            self.place += 1;
        }
    }

    fn refuse(&self, letter: char) -> WordsError {
        let what = match letter {
            '|' => "Pipes (|) are not there: nothing but aws runs here. Use --query to pick a part of an answer.",
            '>' | '<' => {
                "Redirecting (> and <) is not there. Use file:// to read a document; answers stay on the screen."
            }
            '&' | ';' => "One command at a time: && and ; and & are not there. Give the next command on its own line.",
            '$' if self.next_is(|c| c == '(') => {
                "Command substitution $(…) is not there. Run the inner command first and paste its answer."
            }
            '$' => {
                "Variables ($NAME) are not there. Write the value itself; the Tab key completes URLs, ARNs and names."
            }
            '`' => {
                "Command substitution (`…`) is not there. Run the inner command first and paste its answer. A JMESPath \
                 literal needs single quotes around the whole expression: --query 'x[?y==`1`]'."
            }
            _ => "Brackets mean a sub-shell, which is not there. Put single quotes around the value: '…(…)…'.",
        };
        WordsError::Shell { what: what.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<String> {
        split(line).unwrap().into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn lines_split_as_in_a_shell() {
        for (line, words) in [
            ("", &[] as &[&str]),
            ("  aws   sqs\tlist-queues ", &["aws", "sqs", "list-queues"]),
            (r#"--body 'it is "so"' "a \"b\" \n""#, &["--body", r#"it is "so""#, r#"a "b" \n"#]),
            ("a\\ b c\\\nd", &["a b", "cd"]),
            ("aws sqs \\\n  list-queues # all of them", &["aws", "sqs", "list-queues"]),
            ("a#b '#c'", &["a#b", "#c"]),
            ("'' \"\"", &["", ""]),
            ("--a='x y'z", &["--a=x yz"]),
            ("'$(x) | `y`' \\$HOME $ 5$", &["$(x) | `y`", "$HOME", "$", "5$"]),
            ("ä 'ö ü'", &["ä", "ö ü"]),
        ] {
            assert_eq!(texts(line), words, "{line}");
        }
        assert_eq!(split("ä  x").unwrap()[1].start, 4);
    }

    #[test]
    fn a_shell_is_refused_by_name() {
        for (line, what) in [
            ("aws sqs list-queues | jq", "Pipes"),
            ("aws sqs list-queues > out", "Redirecting"),
            ("a && b", "One command"),
            ("x $(aws)", "Command substitution $("),
            ("x \"$(aws)\"", "Command substitution $("),
            ("x `aws`", "Command substitution (`"),
            ("x $HOME", "Variables"),
            ("x (y)", "Brackets"),
        ] {
            match split(line) {
                Err(WordsError::Shell { what: said }) => assert!(said.starts_with(what), "{line}: {said}"),
                other => panic!("{line}: {other:?}"),
            }
        }
        assert!(matches!(split("a 'b"), Err(WordsError::Unclosed { quote: '\'', .. })));
    }
}
