//! What a lesson is. An example is a lesson with one step: its run.

use std::collections::BTreeMap;
use std::fmt;

use crate::condition::Condition;
use crate::markdown::Block;
use crate::pointer::Pointer;
use crate::script::{Deed, Script};

/// A lesson as its file tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub title: String,
    /// What it is about, in one sentence.
    pub sentence: String,
    pub minutes: Option<u32>,
    /// Where the gallery puts an example.
    pub category: Option<String>,
    /// The name of the workspace in which it opens.
    pub workspace: String,
    pub about: Vec<Block>,
    /// Named texts: definitions, handlers.
    pub texts: BTreeMap<String, String>,
    /// What is there before the first step.
    pub start: Script,
    pub steps: Vec<Step>,
}

impl Lesson {
    /// The definitions of the state machines that it makes, for a picture.
    pub fn definitions(&self) -> impl Iterator<Item = &str> {
        let scripts = std::iter::once(&self.start).chain(self.steps.iter().map(|step| &step.deed));
        scripts.flatten().filter_map(|line| match &line.deed {
            Deed::Machine { text, .. } => self.texts.get(text).map(String::as_str),
            _ => None,
        })
    }
}

/// One step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub title: String,
    pub text: Vec<Block>,
    /// Where to look and what to use.
    pub show: Option<Pointer>,
    /// What the account is like when the step is done.
    pub done: Condition,
    /// Does the step for the person.
    pub deed: Script,
}

/// What is wrong with a lesson's file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    pub message: String,
}

impl Mistake {
    pub(crate) fn new(line: usize, message: impl Into<String>) -> Self {
        Mistake { line, message: message.into() }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.message)
    }
}
