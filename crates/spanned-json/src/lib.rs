//! JSON text to values that know their place in the text; survives broken text

mod span;

pub use span::Span;
