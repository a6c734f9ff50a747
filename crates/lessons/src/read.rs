//! Reads a lesson's file: Markdown with a few fenced blocks that have a meaning.

use std::collections::BTreeMap;

use crate::condition::Condition;
use crate::lesson::{Lesson, Mistake, Step};
use crate::markdown::{Block, blocks};
use crate::pointer::Pointer;
use crate::script::{self, Script};

/// A longer file is no lesson.
const MOST_BYTES: usize = 256 * 1024;
const MOST_STEPS: usize = 60;

/// Reads a lesson.
///
/// # Errors
/// All mistakes in the file, in the order of its lines.
pub fn read(source: &str) -> Result<Lesson, Vec<Mistake>> {
    if source.len() > MOST_BYTES {
        return Err(vec![Mistake::new(1, format!("The file is longer than {} KiB.", MOST_BYTES / 1024))]);
    }
    let source = source.replace("\r\n", "\n");
    let lines: Vec<&str> = source.split('\n').collect();
    let mut reader = Reader::default();
    reader.file(&lines);
    reader.finish(lines.len())
}

#[derive(Default)]
struct Reader {
    mistakes: Vec<Mistake>,
    front: BTreeMap<&'static str, String>,
    title: Option<String>,
    about: Vec<Block>,
    texts: BTreeMap<String, String>,
    start: Script,
    steps: Vec<Open>,
}

/// A step that is being read.
struct Open {
    line: usize,
    title: String,
    text: Vec<Block>,
    show: Option<Pointer>,
    done: Option<Condition>,
    deed: Script,
}

const FRONT: [&str; 4] = ["sentence", "minutes", "category", "workspace"];

impl Reader {
    fn file(&mut self, lines: &[&str]) {
        let mut at = self.front(lines);
        let mut prose: Vec<&str> = Vec::new();
        while let Some(line) = lines.get(at) {
            if let Some(info) = line.trim_start().strip_prefix("```") {
                self.prose(&mut prose);
                let length = lines[at + 1..].iter().position(|line| line.trim() == "```");
                let Some(length) = length else {
                    self.wrong(at + 1, "This block is never closed: a line ``` is missing.");
                    return;
                };
                self.block(at, info.trim(), &lines[at + 1..at + 1 + length]);
                at += length + 2;
                continue;
            }
            if let Some(title) = line.strip_prefix("## ") {
                self.prose(&mut prose);
                self.open(at + 1, title.trim());
            } else if let Some(title) = line.strip_prefix("# ") {
                match self.title {
                    None if self.steps.is_empty() => self.title = Some(title.trim().to_owned()),
                    _ => self.wrong(at + 1, "A lesson has one title. Steps begin with ##."),
                }
            } else {
                prose.push(line);
            }
            at += 1;
        }
        self.prose(&mut prose);
    }

    fn wrong(&mut self, line: usize, message: impl Into<String>) {
        self.mistakes.push(Mistake::new(line, message));
    }

    /// Settings between `---` at the top; gives the line after.
    fn front(&mut self, lines: &[&str]) -> usize {
        if lines.first().map(|line| line.trim()) != Some("---") {
            return 0;
        }
        for (at, line) in lines.iter().enumerate().skip(1) {
            if line.trim() == "---" {
                return at + 1;
            }
            if line.trim().is_empty() {
                continue;
            }
            let setting = line
                .split_once(':')
                .and_then(|(key, value)| Some((*FRONT.iter().find(|known| **known == key.trim())?, value.trim())));
            match setting {
                Some((key, value)) => drop(self.front.insert(key, value.to_owned())),
                None => {
                    self.wrong(at + 1, format!("“{}” is no setting. Settings are {}.", line.trim(), FRONT.join(", ")))
                }
            }
        }
        self.wrong(1, "The settings at the top are never closed: a line --- is missing.");
        lines.len()
    }

    fn open(&mut self, line: usize, title: &str) {
        if title.is_empty() {
            self.wrong(line, "A step needs a title.");
        }
        let step = Open { line, title: title.to_owned(), text: Vec::new(), show: None, done: None, deed: Vec::new() };
        self.steps.push(step);
    }

    fn prose(&mut self, lines: &mut Vec<&str>) {
        let found = blocks(lines);
        lines.clear();
        self.text().extend(found);
    }

    fn text(&mut self) -> &mut Vec<Block> {
        match self.steps.last_mut() {
            Some(step) => &mut step.text,
            None => &mut self.about,
        }
    }

    /// A fenced block whose first line is `lines[at]` of the file.
    fn block(&mut self, at: usize, info: &str, body: &[&str]) {
        let (number, first) = (at + 1, at + 2);
        match (info, self.steps.last_mut()) {
            ("start", None) => match script::read(first, body) {
                Ok(script) => self.start.extend(script),
                Err(mistake) => self.mistakes.push(mistake),
            },
            ("start", Some(_)) => self.wrong(number, "What is there at the start stands before the first step."),
            ("show" | "done" | "do", None) => {
                self.wrong(number, format!("A block “{info}” belongs to a step, and no step has begun (## …)."));
            }
            ("show", Some(step)) => match Pointer::read(first, body.join(" ").trim()) {
                Ok(pointer) => step.show = Some(pointer),
                Err(mistake) => self.mistakes.push(mistake),
            },
            ("done", Some(step)) => match Condition::read(first, body) {
                Ok(_) if step.done.is_some() => self.wrong(number, "A step has one block “done”."),
                Ok(condition) => step.done = Some(condition),
                Err(mistake) => self.mistakes.push(mistake),
            },
            ("do", Some(step)) => match script::read(first, body) {
                Ok(script) => step.deed.extend(script),
                Err(mistake) => self.mistakes.push(mistake),
            },
            _ => self.code(number, info, body),
        }
    }

    /// ```` ```json NAME ````: a text with a name; `hidden` behind it keeps it out of sight.
    fn code(&mut self, line: usize, info: &str, body: &[&str]) {
        let mut words = info.split_whitespace().skip(1);
        let (name, hidden) = (words.next().map(str::to_owned), words.next());
        let text = body.join("\n");
        if let Some(word) = hidden.filter(|word| *word != "hidden") {
            self.wrong(
                line,
                format!("“{word}” is unknown here. A block begins with ```LANGUAGE NAME or ```LANGUAGE NAME hidden."),
            );
        }
        if let Some(name) = &name
            && self.texts.insert(name.clone(), text.clone()).is_some()
        {
            self.wrong(line, format!("There are two texts called {name}."));
        }
        if hidden.is_none() {
            self.text().push(Block::Code { name, text });
        }
    }

    fn finish(mut self, end: usize) -> Result<Lesson, Vec<Mistake>> {
        if self.title.is_none() {
            self.wrong(1, "The lesson has no title: a line that begins with “# ”.");
        }
        if self.steps.is_empty() {
            self.wrong(end, "The lesson has no step: a line that begins with “## ”, and a block “done” below it.");
        }
        if self.steps.len() > MOST_STEPS {
            self.wrong(end, format!("A lesson has at most {MOST_STEPS} steps."));
        }
        let minutes = self.front.get("minutes").map(|text| text.parse::<u32>());
        if let Some(Err(_)) = minutes {
            self.wrong(1, "minutes must be a whole number.");
        }
        let mut steps = Vec::new();
        for step in std::mem::take(&mut self.steps) {
            match step.done {
                Some(done) => {
                    steps.push(Step { title: step.title, text: step.text, show: step.show, done, deed: step.deed });
                }
                None => {
                    self.wrong(step.line, format!("The step “{}” has no block “done”: when is it done?", step.title))
                }
            }
        }
        self.mistakes.sort_by_key(|mistake| mistake.line);
        if !self.mistakes.is_empty() {
            return Err(self.mistakes);
        }
        let title = self.title.unwrap_or_default();
        let sentence = self.front.remove("sentence").unwrap_or_default();
        Ok(Lesson {
            workspace: self.front.remove("workspace").unwrap_or_else(|| title.clone()),
            title,
            sentence,
            minutes: minutes.and_then(Result::ok),
            category: self.front.remove("category"),
            about: self.about,
            texts: self.texts,
            start: self.start,
            steps,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "---\nsentence: About a queue.\nminutes: 3\n---\n# Small\n\nHello.\n\n```start\nsqs:CreateQueue {\"QueueName\": \"a\"}\n```\n\n## First\n\nMake *b*.\n\n```json body\n{\"x\": 1}\n```\n\n```show\nnew queue > textbox \"Name\"\n```\n\n```done\nqueue b\n```\n\n```do\nsqs:CreateQueue {\"QueueName\": \"b\"}\n```\n\n> On AWS it is the same.\n";

    #[test]
    fn a_file_becomes_a_lesson() {
        let lesson = read(SMALL).unwrap();
        assert_eq!((lesson.title.as_str(), lesson.sentence.as_str()), ("Small", "About a queue."));
        assert_eq!(lesson.minutes, Some(3));
        assert_eq!(lesson.start.len(), 1);
        assert_eq!(lesson.texts["body"], "{\"x\": 1}");
        let step = &lesson.steps[0];
        assert_eq!(step.title, "First");
        assert_eq!(step.text.len(), 3, "paragraph, code, note");
        assert_eq!((step.show.is_some(), step.deed.len()), (true, 1));
        assert_eq!(read(&SMALL.replace('\n', "\r\n")).unwrap(), lesson, "whatever the line ends");
    }

    #[test]
    fn all_mistakes_are_told_with_their_lines() {
        let bad = SMALL
            .replace("minutes: 3", "minuets: 3")
            .replace("queue b\n", "cupboard b\n")
            .replace("new queue >", "new cupboard >");
        let mistakes = read(&bad).unwrap_err();
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [3, 13, 22, 26], "{mistakes:?}");
    }

    #[test]
    fn whatever_is_no_lesson_is_told_so() {
        for (text, part) in [
            ("", "has no title"),
            ("# A", "has no step"),
            ("# A\n## B\n", "has no block “done”"),
            ("# A\n## B\n```done\nqueue x\n", "never closed"),
            ("---\n# A\n", "a line --- is missing"),
            ("# A\n```done\nqueue x\n```\n", "no step has begun"),
            ("<script>alert(1)</script>", "has no title"),
        ] {
            let told: Vec<String> = read(text).unwrap_err().iter().map(ToString::to_string).collect();
            assert!(told.iter().any(|told| told.contains(part)), "{text}: {told:?}");
        }
        assert!(read(&"x".repeat(300_000)).unwrap_err()[0].message.contains("longer than"));
    }
}
