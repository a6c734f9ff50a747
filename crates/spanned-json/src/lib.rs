//! JSON text to a tree whose every value knows its place in the text.
//!
//! An editor's text is broken most of the time, so [`parse`] always gives back the tree it could make out, together
//! with what is wrong and where. It takes linear time, never panics, and knows nothing of what the JSON means.
//!
//! ```
//! let document = spanned_json::parse(r#"{"StartAt": "Pack" "States": {}}"#);
//! let root = document.root.unwrap();
//! assert_eq!(root.get("StartAt").and_then(|node| node.as_str()), Some("Pack"));
//! assert_eq!(document.errors[0].message, "A comma is missing here.");
//! ```

mod format;
mod node;
mod parser;
mod position;
mod span;
mod string;

pub use format::pretty;
pub use node::{Member, Node, NodeKind};
pub use parser::{MAX_DEPTH, MAX_ERRORS, parse};
pub use position::{byte_to_utf16, line_col, utf16_to_byte};
pub use span::Span;

/// What [`parse`] made out of a text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// `None` when there is no value at all in the text.
    pub root: Option<Node>,
    /// In the order of the text; empty exactly when the text is JSON without duplicate keys.
    pub errors: Vec<SyntaxError>,
}

/// One thing wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub kind: SyntaxErrorKind,
    pub span: Span,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyntaxErrorKind {
    /// A key that stands twice in one object.
    DuplicateKey,
    /// A word that is neither quoted nor `true`, `false` or `null`.
    UnknownWord,
    /// The text ends before the value does.
    UnexpectedEnd,
    Other,
}
