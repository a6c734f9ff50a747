//! Task: its resource, timeouts and credentials.

use spanned_json::Node;
use states_query::Template;

use super::computed::Pair;
use super::fields::{MAX_SECONDS, is_placeholder};
use super::integrations::{is_offered, required_parameters};
use super::{Checker, Place};
use crate::{MachineType, Pattern, Resource, Service, TaskState, Transition};

const TIMEOUT: Pair = Pair { fixed: "TimeoutSeconds", path: "TimeoutSecondsPath" };
const HEARTBEAT: Pair = Pair { fixed: "HeartbeatSeconds", path: "HeartbeatSecondsPath" };

impl Checker {
    pub(super) fn task(&mut self, state: Place, transition: Option<Transition>) -> Option<TaskState> {
        let resource = self.resource(state);
        if let Some(resource) = &resource {
            self.call_parameters(state, resource);
        }
        let arguments = self.arguments(state);
        let result_selector = self.jsonpath_payload(state, "ResultSelector");
        let result_path = self.result_path(state);
        let credentials = self.credentials(state);
        let timeout = self.computed_whole(state, &TIMEOUT, 1, MAX_SECONDS);
        let heartbeat = self.computed_whole(state, &HEARTBEAT, 1, MAX_SECONDS);
        let retry = self.retry(state);
        let catch = self.catch(state);
        Some(TaskState {
            resource: resource?,
            arguments: arguments?,
            result_selector: result_selector?,
            result_path: result_path?,
            credentials: credentials?,
            timeout: timeout?,
            heartbeat: heartbeat?,
            retry: retry?,
            catch: catch?,
            transition: transition?,
        })
    }

    fn resource(&mut self, state: Place) -> Option<Resource> {
        let text = self.required_text(state, "Resource")?;
        let node = state.get("Resource")?;
        let path = state.at("Resource");
        if !text.starts_with("arn:") && !is_placeholder(node) {
            self.schema(node.span, &path, "Value is not a valid resource ARN");
            return None;
        }
        let resource = Resource::parse(text).filter(is_offered);
        if resource.is_none() && is_placeholder(node) {
            return Some(Resource {
                text: text.into(),
                service: Service::Placeholder,
                action: text.into(),
                pattern: Pattern::RequestResponse,
            });
        }
        let Some(resource) = resource else {
            let message = format!(
                "The resource provided {text} is not recognized. The value is not a valid resource ARN, or the \
                 resource is not available in this region."
            );
            self.schema(node.span, &path, message);
            return None;
        };
        if self.machine_type == MachineType::Express
            && let Some(message) = refused_by_express(&resource)
        {
            self.schema(node.span, &path, message).help =
                Some("Express executions last five minutes at most; only Standard ones wait for others.".to_owned());
            return None;
        }
        Some(resource)
    }

    /// An optimized integration needs parameters, some of them by name.
    fn call_parameters(&mut self, state: Place, resource: &Resource) {
        if !matches!(resource.service, Service::Optimized(_)) {
            return;
        }
        let key = if state.is_jsonata() { "Arguments" } else { "Parameters" };
        let Some(node) = state.get(key) else {
            let message = format!("{key} field is required for resource ARN: {}", resource.text);
            self.schema(state.head, state.path, message);
            return;
        };
        let path = state.at(key);
        let given = |name: &str| node.member(name).is_some() || node.member(&format!("{name}.$")).is_some();
        for name in required_parameters(resource).iter().filter(|name| node.is_object() && !given(name)) {
            self.schema(node.span, &path, format!("The field '{name}' is required but was missing"));
        }
    }

    fn credentials(&mut self, state: Place) -> Option<Option<Template>> {
        let Some(node) = state.get("Credentials") else { return Some(None) };
        let path = state.at("Credentials");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = state.inner(node, &path);
        let activity = state.get("Resource").and_then(Node::as_str).and_then(Resource::parse);
        if activity.is_some_and(|resource| resource.service == Service::Activity) {
            self.schema(node.span, &path, "The field 'Credentials' is not supported for activities");
            return None;
        }
        if !place.has("RoleArn") && (place.is_jsonata() || !place.has("RoleArn.$")) {
            self.schema(place.head, &path, "The field 'RoleArn' is required but was missing");
            return None;
        }
        self.template(state, "Credentials")
    }
}

/// AWS's words, the blank at the end included.
fn refused_by_express(resource: &Resource) -> Option<String> {
    if resource.service == Service::Activity {
        return Some("Express state machine does not support Activity ARN".to_owned());
    }
    let suffix = match resource.pattern {
        Pattern::RequestResponse => return None,
        Pattern::Sync | Pattern::Sync2 => ".sync",
        Pattern::WaitForTaskToken => ".waitForTaskToken",
    };
    Some(format!("Express state machine does not support '{suffix}' service integration "))
}
