//! Task: its resource, timeouts and credentials.

use spanned_json::Span;

use super::fields::{MAX_SECONDS, is_placeholder};
use super::{Checker, Place};
use crate::{Pattern, Resource, Seconds, Service, TaskState, Transition};

/// The actions and patterns of the integrations whose lists are short and known. Others are not judged.
/// (service, actions, `.sync`, `.waitForTaskToken`)
const INTEGRATIONS: &[(&str, &[&str], bool, bool)] = &[
    ("sqs", &["sendMessage"], false, true),
    ("sns", &["publish"], false, true),
    ("lambda", &["invoke"], false, true),
    ("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"], false, false),
    ("states", &["startExecution"], true, true),
    ("events", &["putEvents"], false, true),
    ("http", &["invoke"], false, false),
];

impl Checker {
    pub(super) fn task(&mut self, state: Place, transition: Option<Transition>) -> Option<TaskState> {
        let resource = self.resource(state);
        let parameters = self.template(state, "Parameters");
        let result_selector = self.template(state, "ResultSelector");
        let result_path = self.result_path(state);
        let credentials = self.credentials(state);
        let timeout = self.seconds(state, "TimeoutSeconds", "TimeoutSecondsPath");
        let heartbeat = self.seconds(state, "HeartbeatSeconds", "HeartbeatSecondsPath");
        let retry = self.retry(state);
        let catch = self.catch(state);
        Some(TaskState {
            resource: resource?,
            parameters: parameters?,
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
        let resource = Resource::parse(text).filter(is_offered);
        if resource.is_none() && is_placeholder(node) {
            return Some(Resource {
                text: text.into(),
                service: Service::Placeholder,
                action: text.into(),
                pattern: Pattern::RequestResponse,
            });
        }
        if resource.is_none() {
            let message = format!(
                "The resource provided {text} is not recognized. The value is not a valid resource ARN, or the \
                 resource is not available in this region."
            );
            self.schema(node.span, &state.at("Resource"), message);
        }
        resource
    }

    fn credentials(&mut self, state: Place) -> Option<Option<states_query::PayloadTemplate>> {
        let Some(node) = state.get("Credentials") else { return Some(None) };
        let path = state.at("Credentials");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = Place { node, path: &path, head: Span::new(node.span.start, node.span.start + 1) };
        if !place.has("RoleArn") && !place.has("RoleArn.$") {
            self.schema(place.head, &path, "The field 'RoleArn' is required but was missing");
            return None;
        }
        self.template(state, "Credentials")
    }

    /// A time that is fixed or read from the input; both at once is an error.
    fn seconds(&mut self, state: Place, fixed: &str, path: &str) -> Option<Option<Seconds>> {
        match (state.has(fixed), state.has(path)) {
            (false, false) => Some(None),
            (true, false) => self.whole(state, fixed, 1, MAX_SECONDS).map(|seconds| Some(Seconds::Fixed(seconds))),
            (false, true) => self.path(state, path).map(|path| Some(Seconds::Path(path))),
            (true, true) => {
                self.exclusive(state, fixed, path);
                None
            }
        }
    }

    /// Two fields that say the same thing stand together.
    pub(super) fn exclusive(&mut self, state: Place, first: &str, second: &str) {
        let span = state.node.member(second).map_or(state.head, |member| member.key_span);
        self.schema(span, state.path, format!("Only one of these fields is allowed: [{first}, {second}]"));
    }
}

fn is_offered(resource: &Resource) -> bool {
    let Service::Optimized(service) = &resource.service else {
        // Every AWS SDK call can wait for a token, none can wait for a job.
        return !(matches!(resource.service, Service::AwsSdk(_))
            && matches!(resource.pattern, Pattern::Sync | Pattern::Sync2));
    };
    let Some((_, actions, sync, token)) = INTEGRATIONS.iter().find(|(name, ..)| **name == **service) else {
        return true;
    };
    let pattern = match resource.pattern {
        Pattern::RequestResponse => true,
        Pattern::Sync | Pattern::Sync2 => *sync,
        Pattern::WaitForTaskToken => *token,
    };
    pattern && actions.contains(&&*resource.action)
}
