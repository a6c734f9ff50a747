//! From the tree with places to plain values.

use shared_json::Value;
use spanned_json::{Node, NodeKind};

/// The value of a node. What broken text left out reads as null.
#[must_use]
pub fn to_value(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null => Value::Null,
        NodeKind::Bool(value) => Value::Bool(*value),
        NodeKind::Number(text) => Value::parse(text).unwrap_or_default(),
        NodeKind::String(text) => Value::string(text),
        NodeKind::Array(items) => Value::array(items.iter().map(to_value).collect()),
        NodeKind::Object(members) => Value::object(
            members.iter().map(|member| (&member.key, member.value.as_ref().map(to_value).unwrap_or_default())),
        ),
    }
}
