//! The tree.

use crate::Span;

/// One JSON value and the text it was read from, quotes and brackets included.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub span: Span,
    pub kind: NodeKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    /// Escapes resolved.
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// A key and its value; broken text may leave the value out.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    pub key: String,
    /// Quotes included.
    pub key_span: Span,
    pub value: Option<Node>,
}

impl Member {
    /// From the key to the end of the value.
    #[must_use]
    pub fn span(&self) -> Span {
        Span::new(self.key_span.start, self.value.as_ref().map_or(self.key_span.end, |value| value.span.end))
    }
}

impl Node {
    /// A member's value. Of duplicate keys the last one counts, as everywhere in JSON.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key)?.value.as_ref()
    }

    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.key == key)
    }

    /// The members of an object; none for anything else.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        if let NodeKind::Object(members) = &self.kind { members } else { &[] }
    }

    /// The items of an array; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        if let NodeKind::Array(items) = &self.kind { items } else { &[] }
    }

    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let NodeKind::String(text) = &self.kind { Some(text) } else { None }
    }

    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let NodeKind::Bool(value) = self.kind { Some(value) } else { None }
    }

    #[must_use]
    pub fn as_f64(&self) -> Option<f64> {
        if let NodeKind::Number(text) = &self.kind { text.parse().ok() } else { None }
    }

    #[must_use]
    pub fn is_null(&self) -> bool {
        self.kind == NodeKind::Null
    }

    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self.kind, NodeKind::Object(_))
    }

    #[must_use]
    pub fn is_array(&self) -> bool {
        matches!(self.kind, NodeKind::Array(_))
    }
}
