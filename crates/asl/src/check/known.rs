//! Which fields a state may have, by type and query language.

use super::{Checker, Place};
use crate::QueryLanguage;

pub(super) const TYPES: &[&str] = &["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"];

/// Fields of every state.
const COMMON: &[&str] = &["Type", "Comment", "QueryLanguage"];
const FLOW: &[&str] = &["Next", "End"];

const TASK: &[&str] = &["Resource", "Retry", "Catch", "TimeoutSeconds", "HeartbeatSeconds", "Credentials"];
const PARALLEL: &[&str] = &["Branches", "Retry", "Catch"];
const MAP: &[&str] = &[
    "ItemProcessor",
    "Iterator",
    "ItemSelector",
    "MaxConcurrency",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
    "Label",
    "Retry",
    "Catch",
];

/// The fields of a type in both languages, in JSONPath only, in JSONata only.
struct Fields {
    both: [&'static [&'static str]; 3],
    jsonpath: &'static [&'static str],
    jsonata: &'static [&'static str],
}

fn fields_of(state_type: &str) -> Fields {
    const ASSIGN: &[&str] = &["Assign"];
    let flow = |own| [FLOW, &["Assign"], own];
    match state_type {
        "Task" => Fields {
            both: flow(TASK),
            jsonpath: &[
                "InputPath",
                "OutputPath",
                "Parameters",
                "ResultSelector",
                "ResultPath",
                "TimeoutSecondsPath",
                "HeartbeatSecondsPath",
            ],
            jsonata: &["Arguments", "Output"],
        },
        "Pass" => Fields {
            both: flow(&[]),
            jsonpath: &["InputPath", "OutputPath", "Parameters", "Result", "ResultPath"],
            jsonata: &["Output"],
        },
        "Wait" => Fields {
            both: flow(&["Seconds", "Timestamp"]),
            jsonpath: &["InputPath", "OutputPath", "SecondsPath", "TimestampPath"],
            jsonata: &["Output"],
        },
        "Choice" => Fields {
            both: [ASSIGN, &["Choices", "Default"], &[]],
            jsonpath: &["InputPath", "OutputPath"],
            jsonata: &["Output"],
        },
        "Succeed" => Fields { both: [&[], &[], &[]], jsonpath: &["InputPath", "OutputPath"], jsonata: &["Output"] },
        "Fail" => Fields { both: [&["Error", "Cause"], &[], &[]], jsonpath: &["ErrorPath", "CausePath"], jsonata: &[] },
        "Parallel" => Fields {
            both: flow(PARALLEL),
            jsonpath: &["InputPath", "OutputPath", "Parameters", "ResultSelector", "ResultPath"],
            jsonata: &["Arguments", "Output"],
        },
        _ => Fields {
            both: flow(MAP),
            jsonpath: &[
                "InputPath",
                "OutputPath",
                "ItemsPath",
                "Parameters",
                "ResultSelector",
                "ResultPath",
                "MaxConcurrencyPath",
                "ToleratedFailureCountPath",
                "ToleratedFailurePercentagePath",
            ],
            jsonata: &["Items", "Output"],
        },
    }
}

impl Checker {
    /// Reports the fields that a state of this type may not have.
    pub(super) fn state_fields(&mut self, state: Place, state_type: &str) {
        let Fields { both: [first, second, third], jsonpath, jsonata } = fields_of(state_type);
        let (own, other) =
            if state.language == QueryLanguage::Jsonata { (jsonata, jsonpath) } else { (jsonpath, jsonata) };
        let groups = [COMMON, first, second, third, own];
        self.fields(state, |key| groups.iter().any(|group| group.contains(&key)), &groups, other);
    }
}
