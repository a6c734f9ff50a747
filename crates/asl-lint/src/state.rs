//! A state as its text has it, with the questions that several rules ask.

use asl::{Edit, Pattern, Resource, Service};
use shared_json::Value;
use spanned_json::{Node, Span};

use crate::indent;

pub(crate) struct StateText<'a> {
    pub name_span: Span,
    pub node: &'a Node,
    /// `/States/Pack`
    pub path: &'a str,
}

impl<'a> StateText<'a> {
    pub fn is(&self, state_type: &str) -> bool {
        self.text("Type") == Some(state_type)
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.as_str()
    }

    pub fn at(&self, key: &str) -> String {
        format!("{}/{key}", self.path)
    }

    pub fn resource(&self) -> Option<Resource> {
        if self.is("Task") { Resource::parse(self.text("Resource")?) } else { None }
    }

    pub fn waits_for_token(&self) -> bool {
        self.resource().is_some_and(|resource| resource.pattern == Pattern::WaitForTaskToken)
    }

    /// `Parameters`, or `Arguments` in JSONata.
    pub fn payload(&self) -> Option<(&'static str, &'a Node)> {
        ["Parameters", "Arguments"].into_iter().find_map(|key| Some((key, self.node.get(key)?)))
    }

    /// The fixed queue URL that the state sends to, with its location.
    pub fn queue_url(&self) -> Option<(&'a Node, String)> {
        let resource = self.resource()?;
        let sqs = match &resource.service {
            Service::Optimized(service) | Service::AwsSdk(service) => &**service == "sqs",
            Service::LambdaFunction | Service::Activity | Service::Placeholder => false,
        };
        self.fixed_parameter("QueueUrl").filter(|_| sqs)
    }

    /// A parameter whose value is text, computed neither here nor by a deployment tool.
    pub fn fixed_parameter(&self, name: &str) -> Option<(&'a Node, String)> {
        let (key, payload) = self.payload()?;
        let node = payload.get(name)?;
        let text = node.as_str()?;
        let computed = text.contains("${") || text.trim_start().starts_with("{%");
        (!computed).then(|| (node, format!("{}/{name}", self.at(key))))
    }

    /// Adds a field to the state, after the one called `after` or else first.
    pub fn add_field(&self, text: &str, after: &str, key: &str, value: &str) -> Edit {
        add_member(text, self.node, after, key, value)
    }
}

/// Adds a member to an object, after the one called `after` or else first.
pub(crate) fn add_member(text: &str, object: &Node, after: &str, key: &str, value: &str) -> Edit {
    let member = object.member(after);
    let Some(neighbour) = member.or(object.members().first()) else {
        return Edit::new(Span::at(object.span.start + 1), format!("{key}: {value}"));
    };
    let broken = object.span.slice(text).contains('\n');
    let gap = if broken { format!("\n{}", indent(text, neighbour.key_span)) } else { " ".to_owned() };
    match member {
        Some(member) => Edit::new(Span::at(member.span().end), format!(",{gap}{key}: {value}")),
        None => Edit::new(Span::at(neighbour.key_span.start), format!("{key}: {value},{gap}")),
    }
}

/// Text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    Value::string(text).to_string()
}

/// `<…>`: what tutorials write where the reader has to put something.
pub(crate) fn is_blank_to_fill(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('<') && text.ends_with('>')
}
