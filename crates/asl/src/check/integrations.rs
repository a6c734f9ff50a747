//! Which integrations there are, with their actions and patterns.

use crate::{Pattern, Resource, Service};

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

pub(super) fn is_offered(resource: &Resource) -> bool {
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
