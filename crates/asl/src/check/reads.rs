//! What an expression reads of `$states`.

/// The members of `$states` that an expression names, outside of texts and comments.
pub(super) fn states_members(expression: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("/*") {
            rest = after.split_once("*/").map_or("", |(_, after)| after);
        } else if matches!(first, '"' | '\'' | '`') {
            rest = after_text(rest, first);
        } else if let Some(after) = rest.strip_prefix("$states") {
            rest = after;
            if let Some(path) = after.trim_start().strip_prefix('.') {
                let path = path.trim_start();
                let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
                found.extend(path.get(..end));
            }
        } else {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    found
}

/// What follows a text in quotes.
fn after_text(text: &str, quote: char) -> &str {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        if character == quote {
            return text.get(at + 1..).unwrap_or_default();
        }
        if character == '\\' && quote != '`' {
            characters.next();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_outside_of_texts() {
        assert_eq!(states_members("$states.input & $states . result.a"), ["input", "result"]);
        assert_eq!(
            states_members(r#""$states.result \" $states.x" & '$states.y' /* $states.z */ & $statesman.a"#),
            [""; 0]
        );
        assert_eq!(states_members("\"open $states.result"), [""; 0]);
    }
}
