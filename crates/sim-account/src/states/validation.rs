//! What the service's front door checks of every request, in its words, before the action itself looks.
//!
//! Source of the limits: the service's API model (lengths, ranges, patterns and enumerations of its shapes).

use aws_protocol::AwsError;
use shared_json::Value;

/// Collects what a request's parameters violate; all of it is told in one message.
pub(super) struct Check<'a> {
    params: &'a Value,
    failures: Vec<String>,
}

impl<'a> Check<'a> {
    pub fn new(params: &'a Value) -> Self {
        Check { params, failures: Vec::new() }
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.params.get_str(key)
    }

    /// A constraint that a value violates; `None` for a value that is missing or too long to repeat.
    pub fn fail(&mut self, shown: Option<&str>, place: &str, constraint: &str) -> &mut Self {
        let shown = shown.map_or_else(String::new, |value| format!(" '{value}'"));
        self.failures.push(format!("Value{shown} at '{place}' failed to satisfy constraint: {constraint}"));
        self
    }

    pub fn present(&mut self, key: &str) -> &mut Self {
        if self.params.get(key).is_none_or(Value::is_null) {
            self.fail(None, key, "Member must not be null");
        }
        self
    }

    /// A text's length in characters.
    pub fn length(&mut self, key: &str, least: usize, most: usize) -> &mut Self {
        if let Some(text) = self.text(key) {
            self.length_of(text, key, least, most);
        }
        self
    }

    pub fn length_of(&mut self, text: &str, place: &str, least: usize, most: usize) -> &mut Self {
        let length = text.chars().count();
        if length > most {
            self.fail(Some(text), place, &format!("Member must have length less than or equal to {most}"));
        } else if length < least {
            self.fail(Some(text), place, &format!("Member must have length greater than or equal to {least}"));
        }
        self
    }

    /// A payload's length in bytes; the message does not repeat it.
    pub fn bytes(&mut self, key: &str, most: usize) -> &mut Self {
        if self.text(key).is_some_and(|text| text.len() > most) {
            self.fail(None, key, &format!("Member must have length less than or equal to {most}"));
        }
        self
    }

    pub fn pattern(&mut self, key: &str, pattern: &str, matches: fn(&str) -> bool) -> &mut Self {
        if let Some(text) = self.text(key).filter(|text| !matches(text)) {
            self.fail(Some(text), key, &format!("Member must satisfy regular expression pattern: {pattern}"));
        }
        self
    }

    pub fn range(&mut self, key: &str, least: i64, most: i64) -> &mut Self {
        if let Some(number) = self.params.get(key).and_then(Value::as_f64) {
            self.range_of(number, key, least, most);
        }
        self
    }

    pub fn range_of(&mut self, number: f64, place: &str, least: i64, most: i64) -> &mut Self {
        let shown = number.to_string();
        if number > most as f64 {
            self.fail(Some(&shown), place, &format!("Member must have value less than or equal to {most}"));
        } else if number < least as f64 {
            self.fail(Some(&shown), place, &format!("Member must have value greater than or equal to {least}"));
        }
        self
    }

    pub fn one_of(&mut self, key: &str, allowed: &[&str]) -> &mut Self {
        if let Some(text) = self.text(key) {
            self.member_of(text, key, allowed);
        }
        self
    }

    pub fn member_of(&mut self, text: &str, place: &str, allowed: &[&str]) -> &mut Self {
        if !allowed.contains(&text) {
            let allowed = allowed.join(", ");
            self.fail(Some(text), place, &format!("Member must satisfy enum value set: [{allowed}]"));
        }
        self
    }

    /// The error that names everything found, if anything was.
    pub fn done(&mut self) -> Result<(), AwsError> {
        let errors = match self.failures.len() {
            0 => return Ok(()),
            1 => "1 validation error".to_owned(),
            n => format!("{n} validation errors"),
        };
        Err(invalid(format!("{errors} detected: {}", self.failures.join("; "))))
    }
}

/// ValidationException, for rules that go beyond single values.
pub(super) fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationException", message)
}

/// A required text parameter.
pub(super) fn required<'a>(params: &'a Value, key: &str) -> Result<&'a str, AwsError> {
    Check::new(params).present(key).done()?;
    Ok(params.get_str(key).unwrap_or_default())
}

/// Page tokens of most lists hold up to so many characters.
pub(super) const TOKEN_CHARACTERS: usize = 1_024;

/// Elements of a page when the caller does not say.
const PAGE: usize = 100;

/// One page of a list: where it starts, where it ends, and the token of the next.
pub(super) fn page<T>(
    items: &[T],
    params: &Value,
    token_characters: usize,
) -> Result<(usize, usize, Option<String>), AwsError> {
    Check::new(params).range("maxResults", 0, 1_000).length("nextToken", 1, token_characters).done()?;
    let start = match params.get_str("nextToken") {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|n| n.parse::<usize>().ok())
            .filter(|n| *n <= items.len())
            .ok_or_else(|| AwsError::new("InvalidToken", "Invalid Token: 'Invalid token'"))?,
    };
    let asked = params.get("maxResults").and_then(Value::as_i64).and_then(|n| usize::try_from(n).ok());
    let size = asked.filter(|n| *n > 0).unwrap_or(PAGE);
    let end = start.saturating_add(size).min(items.len());
    let next = (end < items.len()).then(|| format!("page-{end}"));
    Ok((start, end, next))
}

/// A list's answer: one page of rows under `key`.
pub(super) fn listed<T>(
    key: &str,
    items: &[T],
    params: &Value,
    token_characters: usize,
    row: impl Fn(&T) -> Value,
) -> Result<Value, AwsError> {
    let (start, end, next) = page(items, params, token_characters)?;
    let rows = items.get(start..end).unwrap_or_default().iter().map(row).collect();
    let answer = Value::object([(key, Value::array(rows))]);
    Ok(match next {
        Some(token) => answer.with("nextToken", token.into()),
        None => answer,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    #[test]
    fn one_message_tells_all_that_is_wrong() {
        let params = json!({"size": 11, "kind": "round", "name": ""});
        let mut check = Check::new(&params);
        check.range("size", 0, 10).one_of("kind", &["OVAL", "FLAT"]).length("name", 1, 5).present("colour");
        assert_eq!(
            check.done().unwrap_err().message,
            "4 validation errors detected: Value '11' at 'size' failed to satisfy constraint: Member must have value less than or equal to 10; \
             Value 'round' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [OVAL, FLAT]; \
             Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1; \
             Value at 'colour' failed to satisfy constraint: Member must not be null"
        );
        assert!(Check::new(&params).range("size", 11, 11).done().is_ok());
    }

    #[test]
    fn page_tokens_are_checked_for_length_before_they_are_read() {
        let refused = |token: String| page(&[0_u8; 3], &json!({"nextToken": token}), 50).unwrap_err().code;
        assert_eq!(refused("x".repeat(51)), "ValidationException");
        assert_eq!(refused("x".repeat(50)), "InvalidToken");
        assert_eq!(page(&[0_u8; 3], &json!({"maxResults": 2}), 50).unwrap(), (0, 2, Some("page-2".into())));
        assert_eq!(page(&[0_u8; 3], &json!({"maxResults": 2, "nextToken": "page-2"}), 50).unwrap(), (2, 3, None));
    }
}
