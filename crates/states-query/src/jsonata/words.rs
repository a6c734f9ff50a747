//! AWS's words for what goes wrong in an expression.

use jsonata_core::parser::ParserError;

/// How AWS goes on after naming the expression and its field.
pub(crate) fn sentence(message: &str) -> String {
    let coded = jsonata_core::evaluator::error_code_prefix(message).is_some();
    format!("threw an error during evaluation{} {message}", if coded { "." } else { ":" })
}

/// The library's message in the words of the reference implementation, which AWS uses.
pub(crate) fn thrown(message: &str) -> String {
    message.to_owned()
}

/// The message of an expression that is no JSONata, without its code.
pub(crate) fn refused(error: &ParserError) -> String {
    let text = error.to_string();
    match jsonata_core::evaluator::error_code_prefix(&text) {
        Some(code) => text.get(code.len() + 1..).unwrap_or_default().trim_start().to_owned(),
        None => text,
    }
}

/// What JSONata 2.0.6 says where it meets an operator that came later.
pub(crate) fn newer_operator(text: &str, operator: &str) -> String {
    let _ = text;
    match operator {
        "?:" => "The symbol \":\" cannot be used as a unary operator".to_owned(),
        _ => "Syntax error".to_owned(),
    }
}
