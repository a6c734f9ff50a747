//! Writes a tree as text again.

use crate::{Document, Node, NodeKind};

/// The text laid out with two spaces a level, keys in their order, numbers and strings exactly as written. `None` when
/// the text is broken: formatting must not lose anything.
#[must_use]
pub fn pretty(text: &str) -> Option<String> {
    let Document { root, errors } = crate::parse(text);
    if !errors.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len() * 2);
    write(&root?, text, 0, &mut out);
    out.push('\n');
    Some(out)
}

fn write(node: &Node, text: &str, level: usize, out: &mut String) {
    match &node.kind {
        NodeKind::Array(items) if !items.is_empty() => {
            let plain = items.iter().all(|item| !item.is_array() && !item.is_object());
            // A list of error names reads best on one line.
            if plain && node.span.end - node.span.start <= 80 {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    out.push_str(item.span.slice(text));
                }
                out.push(']');
                return;
            }
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                line(index, level + 1, out);
                write(item, text, level + 1, out);
            }
            line(0, level, out);
            out.push(']');
        }
        NodeKind::Object(members) if !members.is_empty() => {
            out.push('{');
            for (index, member) in members.iter().enumerate() {
                line(index, level + 1, out);
                out.push_str(member.key_span.slice(text));
                out.push_str(": ");
                if let Some(value) = &member.value {
                    write(value, text, level + 1, out);
                }
            }
            line(0, level, out);
            out.push('}');
        }
        NodeKind::Array(_) => out.push_str("[]"),
        NodeKind::Object(_) => out.push_str("{}"),
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {
            out.push_str(node.span.slice(text));
        }
    }
}

fn line(index: usize, level: usize, out: &mut String) {
    out.push_str(if index == 0 { "\n" } else { ",\n" });
    for _ in 0..level {
        out.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_keeps_order_and_writing() {
        let text = r#"{"z":1.50,"a":["x","\u00e4"],"o":{},"l":[{"k":[]}]}"#;
        let laid_out = "{\n  \"z\": 1.50,\n  \"a\": [\"x\", \"\\u00e4\"],\n  \"o\": {},\n  \"l\": [\n    {\n      \"k\": []\n    }\n  ]\n}\n";
        assert_eq!(pretty(text).as_deref(), Some(laid_out));
        assert_eq!(pretty(laid_out).as_deref(), Some(laid_out));
        assert_eq!(pretty("{\"a\": }"), None);
    }
}
