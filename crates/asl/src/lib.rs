//! Amazon States Language: from text to a definition that is safe to run.
//!
//! [`parse`] reads any text, however broken, and gives back three things: an [`Outline`] to draw, [`Diagnostic`]s to
//! show, and, when nothing is an error, the [`CheckedDefinition`] that the engine runs. It refuses what AWS refuses, in
//! AWS's words where those are known; advice is another crate's. It knows nothing of executions.
//!
//! ```
//! let parsed = asl::parse(r#"{"StartAt": "Pack", "States": {"Pack": {"Type": "Pass", "End": true}}}"#);
//! assert_eq!(&*parsed.checked.unwrap().root.start_at.name, "Pack");
//!
//! let parsed = asl::parse(r#"{"StartAt": "Pack"}"#);
//! assert_eq!(
//!     parsed.create_error().unwrap(),
//!     "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'"
//! );
//! ```

mod check;
pub mod definition;
mod diagnostic;
mod outline;
mod references;
mod value;

use std::rc::Rc;

use spanned_json::Document;

pub use definition::*;
pub use diagnostic::{Diagnostic, DiagnosticCode, Edit, Fix, Severity};
pub use outline::{Outline, OutlineState, OutlineTransition, TransitionKind};
pub use value::to_value;

/// The largest definition AWS takes, in bytes.
pub const MAX_DEFINITION_BYTES: usize = 1_048_576;

/// Everything a text has to say.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub document: Document,
    pub outline: Outline,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// There exactly when no diagnostic is an error.
    pub checked: Option<Rc<CheckedDefinition>>,
}

/// What kind of executions a definition is for; Express ones cannot do everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    #[default]
    Standard,
    Express,
}

/// Reads the definition of a Standard state machine. Takes time linear in the text.
#[must_use]
pub fn parse(text: &str) -> Parsed {
    parse_as(text, MachineType::Standard)
}

/// Reads the definition of a state machine of that type.
#[must_use]
pub fn parse_as(text: &str, machine_type: MachineType) -> Parsed {
    let document = spanned_json::parse(text);
    let outline = document.root.as_ref().map(outline::read).unwrap_or_default();
    let (mut diagnostics, checked) = check::check(text, &document, machine_type);
    // The check goes by levels; a reader goes by lines. The sort is stable: AWS's order stays within a place.
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    Parsed { document, outline, diagnostics, checked: checked.map(Rc::new) }
}

/// A state on its own, as TestState is given it.
#[derive(Clone, Debug)]
pub struct ParsedState {
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// A level with this state only; there exactly when no diagnostic is an error. A transition to a state that does not
    /// exist has the index [`usize::MAX`].
    pub checked: Option<Rc<Level>>,
}

/// Reads the definition of a single state. Its errors are told as of a state called `StateName`.
#[must_use]
pub fn parse_state(text: &str) -> ParsedState {
    let document = spanned_json::parse(text);
    let (mut diagnostics, checked) = check::check_test_state(text, &document);
    diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    ParsedState { diagnostics, checked: checked.map(Rc::new) }
}

/// The text laid out with two spaces a level; `None` when it is not JSON.
#[must_use]
pub fn format(text: &str) -> Option<String> {
    spanned_json::pretty(text)
}

impl Parsed {
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The errors that AWS would tell of: its JSON reader stops at the first one.
    pub fn aws_errors(&self) -> impl Iterator<Item = &Diagnostic> {
        aws_errors(&self.diagnostics)
    }

    /// The message of the `InvalidDefinition` that CreateStateMachine answers; `None` when there are no errors.
    #[must_use]
    pub fn create_error(&self) -> Option<String> {
        create_error(&self.diagnostics)
    }
}

impl ParsedState {
    /// The message of the `InvalidDefinition` that TestState answers; `None` when there are no errors.
    #[must_use]
    pub fn create_error(&self) -> Option<String> {
        create_error(&self.diagnostics)
    }
}

fn aws_errors(diagnostics: &[Diagnostic]) -> impl Iterator<Item = &Diagnostic> {
    let is_error = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Error;
    let broken = diagnostics.iter().any(|diagnostic| diagnostic.code == DiagnosticCode::INVALID_JSON_DESCRIPTION);
    diagnostics.iter().filter(is_error).take(if broken { 1 } else { usize::MAX })
}

fn create_error(diagnostics: &[Diagnostic]) -> Option<String> {
    let all: Vec<String> = aws_errors(diagnostics).map(Diagnostic::aws_text).collect();
    (!all.is_empty()).then(|| format!("Invalid State Machine Definition: '{}'", all.join(", ")))
}
