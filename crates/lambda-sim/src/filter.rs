//! `FilterCriteria`: which messages a mapping lets through to its function. All others it deletes.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html>

use std::rc::Rc;

use event_pattern::{Pattern, PatternError};
use shared_json::{Value, json};

/// A message passes when one of the filters lets it through, or when there is none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilterCriteria {
    filters: Vec<Filter>,
}

#[derive(Clone, Debug, PartialEq)]
struct Filter {
    /// As it was given.
    text: Rc<str>,
    pattern: Pattern,
}

/// Reads one filter's pattern, as forms do before they send it.
///
/// # Errors
/// What is wrong with it, and where.
pub fn read_pattern(text: &str) -> Result<Pattern, PatternError> {
    let value = Value::parse(text)
        .map_err(|error| PatternError { at: String::new(), why: format!("it is no JSON: {error}") })?;
    Pattern::parse(&value)
}

impl FilterCriteria {
    pub(crate) fn read<'a>(patterns: impl Iterator<Item = &'a str>) -> Result<FilterCriteria, PatternError> {
        let filters = patterns.map(|text| Ok(Filter { text: text.into(), pattern: read_pattern(text)? }));
        Ok(FilterCriteria { filters: filters.collect::<Result<_, PatternError>>()? })
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// The patterns' texts.
    pub fn patterns(&self) -> impl Iterator<Item = &Rc<str>> {
        self.filters.iter().map(|filter| &filter.text)
    }

    pub(crate) fn to_value(&self) -> Value {
        let filters = self.filters.iter().map(|filter| json!({"Pattern": &*filter.text})).collect();
        Value::object([("Filters", Value::array(filters))])
    }

    /// Whether the message, as a record of the function's event, passes.
    ///
    /// A body that is JSON is laid under the pattern as JSON: a pattern for plain text drops it, and a pattern that looks
    /// inside the body drops one that is no JSON.
    #[must_use]
    pub fn passes(&self, record: &Value) -> bool {
        if self.filters.is_empty() {
            return true;
        }
        let body = record.get_str("body").and_then(|body| Value::parse(body).ok());
        let is_json = body.is_some();
        let record = body.map_or_else(|| record.clone(), |body| record.with("body", body));
        self.filters.iter().any(|filter| {
            let fits = filter.pattern.field("body").is_none_or(|field| field.looks_inside() == is_json);
            fits && filter.pattern.matches(&record)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_text_or_json() {
        let cases = [
            // The pattern, the body, and whether it passes.
            (r#"{"body": {"kind": ["new"]}}"#, r#"{"kind": "new"}"#, true),
            (r#"{"body": {"kind": ["new"]}}"#, r#"{"kind": "old"}"#, false),
            (r#"{"body": {"kind": ["new"]}}"#, "new", false),
            (r#"{"body": {"kind": [{"exists": false}]}}"#, "new", false),
            (r#"{"body": {"kind": [{"exists": false}]}}"#, "{}", true),
            (r#"{"body": ["new"]}"#, "new", true),
            (r#"{"body": [{"prefix": "ne"}]}"#, "new", true),
            (r#"{"body": ["new"]}"#, "old", false),
            (r#"{"body": ["new"]}"#, r#"["new"]"#, false),
            (r#"{"attributes": {"SenderId": ["AIDA"]}}"#, "anything", true),
            (r#"{"messageAttributes": {"city": {"stringValue": ["Oslo"]}}}"#, "{}", true),
            (r#"{"messageAttributes": {"city": {"stringValue": [{"anything-but": "Oslo"}]}}}"#, "{}", false),
        ];
        for (pattern, body, passes) in cases {
            let criteria = FilterCriteria::read([pattern].into_iter()).unwrap();
            let record = json!({"body": body, "attributes": {"SenderId": "AIDA"},
                "messageAttributes": {"city": {"stringValue": "Oslo", "dataType": "String"}}});
            assert_eq!(criteria.passes(&record), passes, "{pattern} and {body}");
        }
        let either = [r#"{"body": ["a"]}"#, r#"{"body": ["b"]}"#];
        let criteria = FilterCriteria::read(either.into_iter()).unwrap();
        assert!(criteria.passes(&json!({"body": "b"})) && !criteria.passes(&json!({"body": "c"})));
    }
}
