//! What is wrong with a definition, where, and how to mend it.

use spanned_json::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: DiagnosticCode,
    pub severity: Severity,
    pub span: Span,
    /// AWS's own words where they are known.
    pub message: String,
    /// What to do, for a reader who does not know why AWS says so.
    pub help: Option<String>,
    /// `/States/Pack/Type`; empty when AWS gives no location.
    pub path: String,
    pub fixes: Vec<Fix>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Info,
}

/// AWS's code, or a rule's own name in capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiagnosticCode(pub &'static str);

impl DiagnosticCode {
    pub const INVALID_JSON_DESCRIPTION: DiagnosticCode = DiagnosticCode("INVALID_JSON_DESCRIPTION");
    pub const SCHEMA_VALIDATION_FAILED: DiagnosticCode = DiagnosticCode("SCHEMA_VALIDATION_FAILED");
    pub const MISSING_TRANSITION_TARGET: DiagnosticCode = DiagnosticCode("MISSING_TRANSITION_TARGET");
    pub const MISSING_END_STATE: DiagnosticCode = DiagnosticCode("MISSING_END_STATE");
    pub const DUPLICATE_STATE_NAME: DiagnosticCode = DiagnosticCode("DUPLICATE_STATE_NAME");
    pub const INVALID_STATE_NAME: DiagnosticCode = DiagnosticCode("INVALID_STATE_NAME");
    pub const INVALID_LABEL_NAME: DiagnosticCode = DiagnosticCode("INVALID_LABEL_NAME");
    pub const DUPLICATE_LABEL_NAME: DiagnosticCode = DiagnosticCode("DUPLICATE_LABEL_NAME");
    pub const INVALID_VARIABLE_NAME: DiagnosticCode = DiagnosticCode("INVALID_VARIABLE_NAME");
    pub const RESERVED_VARIABLE_NAME: DiagnosticCode = DiagnosticCode("RESERVED_VARIABLE_NAME");
    pub const DUPLICATE_VARIABLE_NAME: DiagnosticCode = DiagnosticCode("DUPLICATE_VARIABLE_NAME");
    pub const INVALID_JSONATA_EXPRESSION: DiagnosticCode = DiagnosticCode("INVALID_JSONATA_EXPRESSION");
    pub const UNSUPPORTED_JSONATA_EXPRESSION: DiagnosticCode = DiagnosticCode("UNSUPPORTED_JSONATA_EXPRESSION");
}

impl DiagnosticCode {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// One click that mends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub title: String,
    /// Do not overlap; all refer to the text as it was.
    pub edits: Vec<Edit>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub span: Span,
    pub text: String,
}

impl Diagnostic {
    #[must_use]
    pub fn new(
        code: DiagnosticCode,
        severity: Severity,
        span: Span,
        path: &str,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            code,
            severity,
            span,
            message: message.into(),
            help: None,
            path: path.to_owned(),
            fixes: Vec::new(),
        }
    }

    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn with_fix(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Diagnostic {
        self.fixes.push(Fix { title: title.into(), edits });
        self
    }

    /// As CreateStateMachine's error lists it: `CODE: message at /path`.
    #[must_use]
    pub fn aws_text(&self) -> String {
        if self.code == DiagnosticCode::INVALID_JSON_DESCRIPTION {
            return format!("{}: {}", self.code.0, self.message);
        }
        let location = if self.path.is_empty() { "null" } else { &self.path };
        format!("{}: {} at {location}", self.code.0, self.message)
    }
}

impl Edit {
    #[must_use]
    pub fn new(span: Span, text: impl Into<String>) -> Edit {
        Edit { span, text: text.into() }
    }
}
