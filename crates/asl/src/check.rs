//! From the tree to a [`CheckedDefinition`], with everything AWS refuses said on the way.
//!
//! Readers take a node and give back its compiled form or `None`; whoever gives `None` has pushed an error. So the
//! definition is complete exactly when there are no errors.

mod assign;
mod choice;
mod computed;
mod error_handling;
mod fields;
mod integrations;
mod known;
mod machine;
mod map;
mod map_data;
mod parallel;
mod paths;
mod reads;
mod simple;
mod state;
mod task;
mod template;
mod test_state;
mod transitions;

use std::collections::{BTreeMap, BTreeSet};

use spanned_json::{Document, Node, Span, SyntaxErrorKind};

use crate::{
    CheckedDefinition, Diagnostic, DiagnosticCode, MAX_DEFINITION_BYTES, MachineType, QueryLanguage, Severity,
};

/// Checks a text that was read into `document`.
pub(crate) fn check(
    text: &str,
    document: &Document,
    machine_type: MachineType,
) -> (Vec<Diagnostic>, Option<CheckedDefinition>) {
    let mut checker = Checker::new(machine_type);
    let definition = checker.readable(text, document).and_then(|root| checker.root(root));
    checker.finish(definition)
}

pub(crate) use test_state::check_test_state;

struct Checker {
    diagnostics: Vec<Diagnostic>,
    /// Every state's name with the place of the first one, over all levels: names are unique in the whole machine.
    names: BTreeMap<String, Span>,
    /// How many names were suggested; comparing names costs, so there is a limit.
    suggestions: usize,
    machine_type: MachineType,
    /// The whole machine's.
    language: QueryLanguage,
    /// Every Map's label so far: they are unique too.
    labels: BTreeSet<String>,
    /// The variables that are set so far, one set a level.
    scopes: Vec<BTreeSet<String>>,
    /// A state on its own may lead to states that are not there.
    lone_state: bool,
}

/// Where each name of a level stands among its states.
type Targets<'a> = BTreeMap<&'a str, usize>;

/// An object of the definition: its node and its location in AWS's notation.
#[derive(Clone, Copy)]
struct Place<'a> {
    node: &'a Node,
    path: &'a str,
    /// What to underline when the object as a whole lacks something.
    head: Span,
    language: QueryLanguage,
    /// The states of the level it stands on.
    targets: &'a Targets<'a>,
}

impl<'a> Place<'a> {
    /// An object inside this one.
    fn inner<'b>(self, node: &'b Node, path: &'b str) -> Place<'b>
    where
        'a: 'b,
    {
        Place { node, path, head: first_byte(node), language: self.language, targets: self.targets }
    }

    fn is_jsonata(self) -> bool {
        self.language == QueryLanguage::Jsonata
    }
}

fn first_byte(node: &Node) -> Span {
    Span::new(node.span.start, node.span.start + 1)
}

impl Checker {
    fn new(machine_type: MachineType) -> Checker {
        Checker {
            diagnostics: Vec::new(),
            names: BTreeMap::new(),
            suggestions: 0,
            machine_type,
            language: QueryLanguage::JsonPath,
            labels: BTreeSet::new(),
            scopes: Vec::new(),
            lone_state: false,
        }
    }

    /// The root, when the text is a JSON object; what is wrong with it otherwise.
    fn readable<'a>(&mut self, text: &str, document: &'a Document) -> Option<&'a Node> {
        if text.trim().is_empty() {
            self.not_an_object(Span::new(0, text.len()));
            return None;
        }
        let syntax = document.errors.iter().map(|error| {
            let message = if error.kind == SyntaxErrorKind::UnknownWord {
                unrecognized_token(text, error.span)
            } else {
                error.message.clone()
            };
            Diagnostic::new(DiagnosticCode::INVALID_JSON_DESCRIPTION, Severity::Error, error.span, "", message)
        });
        self.diagnostics.extend(syntax);
        if text.len() > MAX_DEFINITION_BYTES {
            let message = format!("The definition is larger than {MAX_DEFINITION_BYTES} bytes");
            self.schema(Span::new(0, text.len()), "", message);
        }
        // While the text is broken, every further complaint would be noise.
        if !self.diagnostics.is_empty() {
            return None;
        }
        let root = document.root.as_ref()?;
        if !root.is_object() {
            self.not_an_object(root.span);
            return None;
        }
        Some(root)
    }

    fn finish<T>(self, built: Option<T>) -> (Vec<Diagnostic>, Option<T>) {
        let wrong = self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
        (self.diagnostics, built.filter(|_| !wrong))
    }

    fn push(&mut self, code: DiagnosticCode, span: Span, path: &str, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, Severity::Error, span, path, message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn schema(&mut self, span: Span, path: &str, message: impl Into<String>) -> &mut Diagnostic {
        self.push(DiagnosticCode::SCHEMA_VALIDATION_FAILED, span, path, message)
    }

    fn not_an_object(&mut self, span: Span) {
        self.schema(span, "", "Definition must be a valid JSON object");
    }
}

fn unrecognized_token(text: &str, span: Span) -> String {
    let word = span.slice(text);
    let (line, column) = spanned_json::line_col(text, span.end);
    format!(
        "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or \
         'false')\n at [Source: (String)\"{}\"; line: {line}, column: {column}]",
        source_excerpt(text)
    )
}

/// The first 500 characters, as AWS's JSON reader quotes its source.
fn source_excerpt(text: &str) -> String {
    match text.char_indices().nth(500) {
        Some((end, _)) => {
            let left = text.get(end..).unwrap_or_default().chars().count();
            format!("{}\"[truncated {left} chars]", text.get(..end).unwrap_or_default())
        }
        None => text.to_owned(),
    }
}
