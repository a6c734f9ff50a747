//! From the tree to a [`CheckedDefinition`], with everything AWS refuses said on the way.
//!
//! Readers take a node and give back its compiled form or `None`; whoever gives `None` has pushed an error. So the
//! definition is complete exactly when there are no errors.

mod choice;
mod error_handling;
mod fields;
mod machine;
mod paths;
mod state;
mod task;
mod template;
mod transitions;

use std::collections::BTreeMap;

use spanned_json::{Document, Node, Span, SyntaxErrorKind};

use crate::{CheckedDefinition, Diagnostic, DiagnosticCode, MAX_DEFINITION_BYTES, Severity};

/// Checks a text that was read into `document`.
pub(crate) fn check(text: &str, document: &Document) -> (Vec<Diagnostic>, Option<CheckedDefinition>) {
    let mut checker = Checker { diagnostics: Vec::new(), names: BTreeMap::new(), suggestions: 0 };
    if text.trim().is_empty() {
        checker.not_an_object(Span::new(0, text.len()));
        return (checker.diagnostics, None);
    }
    let syntax = document.errors.iter().map(|error| {
        let message = if error.kind == SyntaxErrorKind::UnknownWord {
            let word = error.span.slice(text);
            let (line, column) = spanned_json::line_col(text, error.span.end);
            format!(
                "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token 'null', \
                 'true' or 'false')\n at [Source: (String)\"{}\"; line: {line}, column: {column}]",
                source_excerpt(text)
            )
        } else {
            error.message.clone()
        };
        Diagnostic::new(DiagnosticCode::INVALID_JSON_DESCRIPTION, Severity::Error, error.span, "", message)
    });
    checker.diagnostics.extend(syntax);
    if text.len() > MAX_DEFINITION_BYTES {
        let message = format!("The definition is larger than {MAX_DEFINITION_BYTES} bytes");
        checker.schema(Span::new(0, text.len()), "", message);
    }
    // While the text is broken, every further complaint would be noise.
    if !checker.diagnostics.is_empty() {
        return (checker.diagnostics, None);
    }
    let Some(root) = &document.root else { return (checker.diagnostics, None) };
    if !root.is_object() {
        checker.not_an_object(root.span);
        return (checker.diagnostics, None);
    }
    let definition = checker.root(root);
    let wrong = checker.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    (checker.diagnostics, definition.filter(|_| !wrong))
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

struct Checker {
    diagnostics: Vec<Diagnostic>,
    /// Every state's name with the place of the first one, over all levels: names are unique in the whole machine.
    names: BTreeMap<String, Span>,
    /// How many names were suggested; comparing names costs, so there is a limit.
    suggestions: usize,
}

/// An object of the definition: its node and its location in AWS's notation.
#[derive(Clone, Copy)]
struct Place<'a> {
    node: &'a Node,
    path: &'a str,
    /// What to underline when the object as a whole lacks something.
    head: Span,
}

impl Checker {
    fn push(&mut self, code: DiagnosticCode, span: Span, path: &str, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, Severity::Error, span, path, message));
        let last = self.diagnostics.len() - 1;
        &mut self.diagnostics[last]
    }

    fn schema(&mut self, span: Span, path: &str, message: impl Into<String>) -> &mut Diagnostic {
        self.push(DiagnosticCode::SCHEMA_VALIDATION_FAILED, span, path, message)
    }

    fn not_yet(&mut self, span: Span, path: &str, what: &str) {
        let message = format!("{what} is drawn here, but not simulated yet");
        self.push(DiagnosticCode::NOT_YET_SIMULATED, span, path, message).help =
            Some("AWS accepts it. A later version of this page will run it too.".to_owned());
    }

    fn not_an_object(&mut self, span: Span) {
        self.schema(span, "", "Definition must be a valid JSON object");
    }
}
