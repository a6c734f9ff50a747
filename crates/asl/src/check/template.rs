//! Payload templates and JSONata fields: `Parameters`, `ResultSelector`, `Arguments`, `Output`, `Credentials`, ….

use spanned_json::{Node, Span};
use states_query::{Expression, JsonataTemplate, PayloadTemplate, Template};

use super::computed::is_expression;
use super::reads::states_members;
use super::{Checker, Place};
use crate::{DiagnosticCode, to_value};

impl Checker {
    /// A field that is a payload template in JSONPath and holds expressions in JSONata; `None` inside when it is absent.
    pub(super) fn template(&mut self, place: Place, key: &str) -> Option<Option<Template>> {
        if place.is_jsonata() {
            return Some(self.jsonata(place, key)?.map(Template::Jsonata));
        }
        Some(self.payload(place, key)?.map(Template::Payload))
    }

    /// `Arguments` in JSONata, `Parameters` in JSONPath.
    pub(super) fn arguments(&mut self, place: Place) -> Option<Option<Template>> {
        self.template(place, if place.is_jsonata() { "Arguments" } else { "Parameters" })
    }

    /// `Output`, which is there in JSONata only.
    pub(super) fn output(&mut self, place: Place) -> Option<Option<JsonataTemplate>> {
        if place.is_jsonata() { self.jsonata(place, "Output") } else { Some(None) }
    }

    /// A payload template; in JSONata, where such a field is refused, it reads as absent.
    pub(super) fn jsonpath_payload(&mut self, place: Place, key: &str) -> Option<Option<PayloadTemplate>> {
        if place.is_jsonata() { Some(None) } else { self.payload(place, key) }
    }

    /// Any JSON with expressions in it.
    pub(super) fn jsonata(&mut self, place: Place, key: &str) -> Option<Option<JsonataTemplate>> {
        let Some(node) = place.get(key) else { return Some(None) };
        let before = self.diagnostics.len();
        self.walk_expressions(place, key, node, &place.at(key));
        if self.diagnostics.len() > before {
            return None;
        }
        match JsonataTemplate::compile(&to_value(node)) {
            Ok(template) => Some(Some(template)),
            Err(error) => {
                self.schema(node.span, &place.at(key), error.message);
                None
            }
        }
    }

    /// Says every wrong expression, with its place; compiling stops at the first.
    fn walk_expressions(&mut self, place: Place, field: &str, node: &Node, path: &str) {
        for (index, item) in node.items().iter().enumerate() {
            self.walk_expressions(place, field, item, &format!("{path}[{index}]"));
        }
        for member in node.members() {
            let Some(value) = &member.value else { continue };
            self.walk_expressions(place, field, value, &format!("{path}/{}", member.key));
        }
        let Some(text) = node.as_str() else { return };
        if text.starts_with("{%") != text.ends_with("%}") {
            self.schema(node.span, path, "JSONata string must start with {% and end with %}");
            return;
        }
        if !is_expression(node) {
            return;
        }
        if let Err(error) = JsonataTemplate::compile(&to_value(node)) {
            self.push(jsonata_code(&error.message), node.span, path, error.message);
            return;
        }
        // The error is there for the catcher only, the result once there is one.
        let in_catcher = place.path.ends_with(']') && place.has("ErrorEquals");
        let before_result =
            matches!(field, "Arguments" | "Items" | "ItemSelector" | "TimeoutSeconds" | "HeartbeatSeconds");
        for name in states_members(text) {
            if (name == "errorOutput" && !in_catcher) || (name == "result" && before_result) {
                let message = format!("Field '$states.{name}' does not exist.");
                self.push(DiagnosticCode::UNSUPPORTED_JSONATA_EXPRESSION, node.span, path, message);
                return;
            }
        }
    }

    fn payload(&mut self, place: Place, key: &str) -> Option<Option<PayloadTemplate>> {
        let Some(node) = place.get(key) else { return Some(None) };
        let path = place.at(key);
        let before = self.diagnostics.len();
        self.walk_template(node, &path);
        if self.diagnostics.len() > before {
            return None;
        }
        match PayloadTemplate::compile(&to_value(node)) {
            Ok(template) => Some(Some(template)),
            Err(error) => {
                self.schema(node.span, &path, error.message);
                None
            }
        }
    }

    /// Says every wrong field, with its place; compiling stops at the first.
    fn walk_template(&mut self, node: &Node, path: &str) {
        for (index, item) in node.items().iter().enumerate() {
            if item.is_array() || item.is_object() {
                self.walk_template(item, &format!("{path}[{index}]"));
            }
        }
        for member in node.members() {
            let Some(value) = &member.value else { continue };
            let Some(name) = member.key.strip_suffix(".$") else {
                if value.is_array() || value.is_object() {
                    self.walk_template(value, &format!("{path}/{}", member.key));
                }
                continue;
            };
            self.computed_field(&member.key, value, path);
            if node.member(name).is_some() {
                self.twice(name, member.key_span, path);
            }
        }
    }

    fn computed_field(&mut self, key: &str, value: &Node, path: &str) {
        let why = match value.as_str() {
            None => "The name ends with .$, so the value is a text that holds a path or a call.".to_owned(),
            Some(text) => match Expression::parse(text) {
                Ok(_) => return,
                Err(error) => error.message,
            },
        };
        let message =
            format!("The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call");
        self.schema(value.span, path, message).help = Some(why);
    }

    fn twice(&mut self, name: &str, span: Span, path: &str) {
        self.schema(span, path, format!("The field '{name}' is defined more than once")).help =
            Some(format!("\"{name}\" and \"{name}.$\" would both become \"{name}\"."));
    }
}

/// A text that is no JSONata, or JSONata that reads what is not there.
fn jsonata_code(message: &str) -> DiagnosticCode {
    if message.starts_with("Reference to ") || message.starts_with("Field '$") {
        DiagnosticCode::UNSUPPORTED_JSONATA_EXPRESSION
    } else {
        DiagnosticCode::INVALID_JSONATA_EXPRESSION
    }
}
