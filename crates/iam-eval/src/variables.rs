//! Policy variables: `${aws:PrincipalAccount}` stands for the request's value.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use crate::request::Context;
use crate::wildcard::{self, LITERAL};

/// A piece of text with variables.
enum Piece<'a> {
    /// As written; `*` and `?` in it are wildcards where wildcards are read.
    Written(&'a str),
    /// What a variable stands for; nothing in it is a wildcard.
    Value(&'a str),
}

/// The text with its variables replaced; `None` when one has neither a value nor a default, so that the text fits
/// nothing.
pub(crate) fn substitute(text: &str, context: &Context<'_>) -> Option<String> {
    let mut result = String::new();
    for piece in pieces(text, context)? {
        let (Piece::Written(part) | Piece::Value(part)) = piece;
        result.push_str(part);
    }
    Some(result)
}

/// Whether the pattern, its variables replaced, fits the whole text.
pub(crate) fn matches(pattern: &str, text: &str, context: &Context<'_>) -> bool {
    if !pattern.contains("${") {
        return wildcard::matches(pattern, text);
    }
    let Some(pieces) = pieces(pattern, context) else { return false };
    let mut tokens = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Written(part) => tokens.extend(part.bytes().map(u16::from)),
            Piece::Value(part) => tokens.extend(part.bytes().map(|byte| LITERAL | u16::from(byte))),
        }
    }
    wildcard::tokens_match(&tokens, text)
}

fn pieces<'a>(text: &'a str, context: &'a Context<'_>) -> Option<Vec<Piece<'a>>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((inside, tail)) = after.split_once('}') else { break };
        pieces.push(Piece::Written(before));
        pieces.push(Piece::Value(value(inside, context)?));
        rest = tail;
    }
    pieces.push(Piece::Written(rest));
    Some(pieces)
}

/// `key`, or `key, 'default'`; `*`, `?` and `$` stand for themselves.
fn value<'a>(inside: &'a str, context: &'a Context<'_>) -> Option<&'a str> {
    if matches!(inside, "*" | "?" | "$") {
        return Some(inside);
    }
    let (key, default) = match inside.split_once(',') {
        Some((key, default)) => (key, default.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\''))),
        None => (inside, None),
    };
    context.first(key.trim()).or(default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stand_for_what_the_request_says() {
        let context = Context::new().with("aws:PrincipalAccount", "123456789012").with("aws:userid", "a*b");
        let cases = [
            ("plain", Some("plain")),
            ("q-${aws:principalaccount}-x", Some("q-123456789012-x")),
            ("${aws:PrincipalTag/team, 'none'}", Some("none")),
            ("${aws:PrincipalTag/team}", None),
            ("${$}{a}", Some("${a}")),
            ("${open", Some("${open")),
        ];
        for (text, expected) in cases {
            assert_eq!(substitute(text, &context).as_deref(), expected, "{text}");
        }
        assert!(matches("q-${aws:PrincipalAccount}-*", "q-123456789012-orders", &context));
        assert!(matches("a${*}b", "a*b", &context) && !matches("a${*}b", "axb", &context));
        assert!(matches("${aws:userid}", "a*b", &context) && !matches("${aws:userid}", "axxb", &context));
        assert!(!matches("${aws:PrincipalTag/team}*", "anything", &context));
    }
}
