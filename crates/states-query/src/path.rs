//! A path: `$.order.lines[0]`, `$$.Execution.Id`, `$total.net`.
//!
//! The rules are Jayway's. A definite path (names and single indexes) gives one value or an error; any other
//! (`..`, `*`, slices, filters, several indexes) gives a list, maybe an empty one.

mod filter;
mod parse;
pub(crate) mod select;

use std::collections::BTreeSet;
use std::fmt;
use std::rc::Rc;

use shared_json::Value;

use crate::error::{PathError, QueryError};
use crate::scope::Scope;
use filter::Filter;
use select::Steps;

/// A compiled path into the input (`$`), the context object (`$$`) or a workflow variable (`$name`).
#[derive(Clone, Debug)]
pub struct Path {
    text: Rc<str>,
    root: Root,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Root {
    Input,
    Context,
    /// `$name`, a workflow variable
    Variable(Rc<str>),
    /// `@`, the item a filter looks at.
    Item,
}

#[derive(Clone, Debug)]
pub(crate) enum Segment {
    /// `.a`, `['a']`, `['a','b']`
    Names(Vec<Rc<str>>),
    /// `[0]`, `[-1]`, `[0,2]`
    Indexes(Vec<i64>),
    /// `[1:3]`
    Slice { from: Option<i64>, to: Option<i64> },
    /// `*`
    Wildcard,
    /// `..`
    DeepScan,
    /// `[?(@.price < 10)]`
    Filter(Filter),
    /// `.length()`
    Function(Function),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Length,
    Keys,
    Min,
    Max,
    Avg,
    Sum,
    Stddev,
}

impl Path {
    /// Reads a path.
    ///
    /// # Errors
    /// The text is no JSONPath.
    pub fn parse(text: &str) -> Result<Path, PathError> {
        parse::parse(text)
    }

    /// The path as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it starts at the context object.
    #[must_use]
    pub fn is_context(&self) -> bool {
        self.root == Root::Context
    }

    /// The workflow variable at which it starts.
    #[must_use]
    pub fn variable_name(&self) -> Option<&str> {
        match &self.root {
            Root::Variable(name) => Some(name),
            Root::Input | Root::Context | Root::Item => None,
        }
    }

    /// The names of the workflow variables that it reads, in its filters too; sorted.
    #[must_use]
    pub fn variables(&self) -> Vec<Rc<str>> {
        let mut names = BTreeSet::new();
        self.collect_variables(&mut names);
        names.into_iter().collect()
    }

    pub(crate) fn collect_variables(&self, names: &mut BTreeSet<Rc<str>>) {
        if let Root::Variable(name) = &self.root {
            names.insert(Rc::clone(name));
        }
        for segment in &self.segments {
            if let Segment::Filter(filter) = segment {
                filter.each_path(&mut |path| path.collect_variables(names));
            }
        }
    }

    /// Whether it is `$`, the whole input.
    #[must_use]
    pub fn is_whole_input(&self) -> bool {
        self.root == Root::Input && self.segments.is_empty()
    }

    /// Whether it names one place, so that it gives one value and not a list.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        select::is_definite(&self.segments)
    }

    pub(crate) fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The value there; a list of values when the path is indefinite.
    ///
    /// # Errors
    /// A definite path that finds nothing: `States.Runtime`, `Invalid path '$.a' : No results for path: $['a']`.
    pub fn select(&self, scope: &Scope) -> Result<Value, QueryError> {
        self.find(scope).map_err(|cause| QueryError::runtime(format!("Invalid path '{}' : {cause}", self.text)))
    }

    /// The value there, or Jayway's words for why there is none.
    pub(crate) fn find(&self, scope: &Scope) -> Result<Value, String> {
        let root = match &self.root {
            Root::Input | Root::Item => scope.input,
            Root::Context => scope.context.context(),
            Root::Variable(name) => scope.variables.variable(name).ok_or_else(|| undefined(name))?,
        };
        select::select(&self.segments, root, scope, &Steps::default())
    }

    /// The value there for a filter that looks at `item` in the document `root`.
    fn find_beside(&self, item: &Value, root: &Value, scope: &Scope, steps: &Steps) -> Option<Value> {
        let start = match &self.root {
            Root::Item => item,
            Root::Input => root,
            Root::Context => scope.context.context(),
            Root::Variable(name) => scope.variables.variable(name)?,
        };
        select::select(&self.segments, start, scope, steps).ok()
    }
}

fn undefined(name: &str) -> String {
    format!("The variable '${name}' is not defined")
}

impl PartialEq for Path {
    fn eq(&self, other: &Path) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
