//! Payload templates: `Parameters`, `ResultSelector`, `Credentials`.

use spanned_json::{Node, Span};
use states_query::{Expression, PayloadTemplate};

use super::{Checker, Place};
use crate::to_value;

impl Checker {
    /// A field that holds a payload template; `None` inside when it is absent.
    pub(super) fn template(&mut self, place: Place, key: &str) -> Option<Option<PayloadTemplate>> {
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
            Some(text) if self.uses_variable(text, value, path) => return,
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
