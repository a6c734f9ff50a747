//! What is wrong with a definition's text: AWS's errors and our advice in one list, placed as editors count.

pub use asl::Severity;
use asl::{Diagnostic, Parsed};
pub use asl_lint::Facts;
use sim_account::Account;

/// More than anybody reads; the rest is counted.
const MOST_ROWS: usize = 200;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems {
    /// The worst first, then in the order of the text.
    pub rows: Vec<Problem>,
    pub errors: usize,
    pub warnings: usize,
    /// Rows left out.
    pub more: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Both from 1.
    pub line: usize,
    pub column: usize,
    /// UTF-16 code units from the start of the text.
    pub from: u32,
    pub to: u32,
    pub severity: Severity,
    /// `SCHEMA_VALIDATION_FAILED`
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
    /// `/States/Pack/Type`; empty when it has none.
    pub path: String,
    pub fixes: Vec<ProblemFix>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemFix {
    /// `Use queue Orders`
    pub title: String,
    pub edits: Vec<TextEdit>,
}

/// Replaces `from..to` (UTF-16 code units).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    pub from: u32,
    pub to: u32,
    pub insert: String,
}

/// What the advice may know of the account.
#[must_use]
pub fn facts(account: &Account) -> Facts {
    let pair = |name: &str, address: &str| (name.to_owned(), address.to_owned());
    Facts {
        queues: account.queues().queues().map(|queue| pair(queue.name(), queue.url())).collect(),
        functions: account.functions().functions().map(|function| pair(&function.name, &function.arn)).collect(),
    }
}

#[must_use]
pub fn problems(text: &str, parsed: &Parsed, facts: &Facts) -> Problems {
    let advice = asl_lint::lint(text, parsed, facts);
    let mut all: Vec<&Diagnostic> = parsed.diagnostics.iter().chain(&advice).collect();
    all.sort_by_key(|diagnostic| (rank(diagnostic), diagnostic.span.start));
    let count = |severity: Severity| all.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let units = Units { text, ascii: text.is_ascii() };
    Problems {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        more: all.len().saturating_sub(MOST_ROWS),
        rows: all.into_iter().take(MOST_ROWS).map(|diagnostic| row(&units, diagnostic)).collect(),
    }
}

/// The worst first. A blank that was never filled stands before other warnings: the task surely fails.
fn rank(diagnostic: &Diagnostic) -> u8 {
    match diagnostic.severity {
        Severity::Error => 0,
        Severity::Warning if diagnostic.code.as_str() == "PLACEHOLDER_QUEUE_URL" => 1,
        Severity::Warning => 2,
        Severity::Info => 3,
    }
}

fn row(units: &Units, diagnostic: &Diagnostic) -> Problem {
    let (line, column) = spanned_json::line_col(units.text, diagnostic.span.start);
    let fix = |fix: &asl::Fix| ProblemFix {
        title: fix.title.clone(),
        edits: fix
            .edits
            .iter()
            .map(|edit| TextEdit {
                from: units.at(edit.span.start),
                to: units.at(edit.span.end),
                insert: edit.text.clone(),
            })
            .collect(),
    };
    Problem {
        line,
        column,
        from: units.at(diagnostic.span.start),
        to: units.at(diagnostic.span.end),
        severity: diagnostic.severity,
        code: diagnostic.code.as_str(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        path: diagnostic.path.clone(),
        fixes: diagnostic.fixes.iter().map(fix).collect(),
    }
}

/// A place in the text, as JavaScript counts.
#[must_use]
pub fn utf16(text: &str, byte: usize) -> u32 {
    Units { text, ascii: text.is_ascii() }.at(byte)
}

/// The name of the innermost state around a place (UTF-16 code units).
#[must_use]
pub fn state_at<'a>(text: &str, parsed: &'a Parsed, offset: u32) -> Option<&'a str> {
    let byte = spanned_json::utf16_to_byte(text, offset as usize);
    let around = |state: &&asl::OutlineState| state.span.start <= byte && byte <= state.span.end;
    let mut found = parsed.outline.states.iter().find(around)?;
    while let Some(inner) = found.branches.iter().flat_map(|branch| &branch.states).find(around) {
        found = inner;
    }
    Some(found.name.as_str())
}

/// Where a state is written (UTF-16 code units).
#[must_use]
pub fn state_range(text: &str, parsed: &Parsed, name: &str) -> Option<(u32, u32)> {
    let state = find(&parsed.outline, name)?;
    Some((utf16(text, state.span.start), utf16(text, state.span.end)))
}

fn find<'a>(outline: &'a asl::Outline, name: &str) -> Option<&'a asl::OutlineState> {
    let here = outline.states.iter().find(|state| state.name == name);
    here.or_else(|| outline.states.iter().flat_map(|state| &state.branches).find_map(|branch| find(branch, name)))
}

struct Units<'a> {
    text: &'a str,
    ascii: bool,
}

impl Units<'_> {
    fn at(&self, byte: usize) -> u32 {
        let units = if self.ascii { byte.min(self.text.len()) } else { spanned_json::byte_to_utf16(self.text, byte) };
        u32::try_from(units).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_as_editors_count() {
        let text =
            "{\"Comment\": \"größer 🦀\",\n \"StartAt\": \"Gone\",\n \"States\": {\"A\": {\"Type\": \"Succeed\"}}}";
        let parsed = asl::parse(text);
        let found = problems(text, &parsed, &Facts::default());
        let missing = found.rows.iter().find(|row| row.path == "/StartAt").expect("a problem with StartAt");
        assert_eq!(missing.line, 2);
        let units: Vec<u16> = text.encode_utf16().collect();
        let marked = String::from_utf16_lossy(&units[missing.from as usize..missing.to as usize]);
        assert!(marked.contains("Gone"), "{marked}");
        assert!(found.errors > 0);
    }

    #[test]
    fn a_placeholder_is_mended_by_an_existing_queue() {
        let text = r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": {"QueueUrl": "<INSERT URL>", "MessageBody": "é"}}}}"#;
        let queue = ("Orders".to_owned(), "https://sqs.us-east-1.amazonaws.com/123456789012/Orders".to_owned());
        let facts = Facts { queues: vec![queue], functions: Vec::new() };
        let found = problems(text, &asl::parse(text), &facts);
        let fix = found.rows.iter().flat_map(|row| &row.fixes).find(|fix| fix.title.contains("Orders")).expect("a fix");
        let mut units: Vec<u16> = text.encode_utf16().collect();
        for edit in fix.edits.iter().rev() {
            units.splice(edit.from as usize..edit.to as usize, edit.insert.encode_utf16());
        }
        let mended = String::from_utf16_lossy(&units);
        assert!(
            problems(&mended, &asl::parse(&mended), &facts).rows.iter().all(|row| row.fixes.is_empty()),
            "{mended}"
        );
    }

    #[test]
    fn a_state_and_its_lines_find_each_other() {
        let text = "{\"StartAt\": \"Ä\", \"States\": {\"Ä\": {\"Type\": \"Pass\", \"Next\": \"B\"}, \"B\": {\"Type\": \"Succeed\"}}}";
        let parsed = asl::parse(text);
        for name in ["Ä", "B"] {
            let (from, to) = state_range(text, &parsed, name).expect("its lines");
            assert_eq!(state_at(text, &parsed, (from + to) / 2), Some(name));
        }
        assert_eq!(state_at(text, &parsed, 3), None);
        assert_eq!(state_range(text, &parsed, "C"), None);
    }

    #[test]
    fn a_state_inside_a_map_is_found_before_the_map() {
        let text = r#"{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor":
            {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}}}"#;
        let parsed = asl::parse(text);
        let (from, to) = state_range(text, &parsed, "I").expect("its lines");
        assert_eq!(state_at(text, &parsed, (from + to) / 2), Some("I"));
        let (outer, _) = state_range(text, &parsed, "M").expect("its lines");
        assert_eq!(state_at(text, &parsed, outer + 8), Some("M"));
    }
}
