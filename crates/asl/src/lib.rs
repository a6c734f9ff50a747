//! Amazon States Language: definition model, parse, check

pub mod definition;

pub use definition::*;
