//! One step's data, stage by stage, under the names that TestState gives them.

use std::rc::Rc;

use asl::QueryLanguage;
use sfn_engine::{ErrorOutput, StateVisit, VisitOutcome};
use shared_json::Value;
use sim_account::ExecutionRecord;

use super::events::{EventRow, events};
use super::visits::{Visits, visits_of};
use super::{RunStatus, nesting};
use crate::words::shortened;

/// The most that a payload may take on AWS: 256 KiB.
pub const PAYLOAD_LIMIT_BYTES: usize = 262_144;

#[derive(Clone, Debug, PartialEq)]
pub struct StepDetails {
    pub name: Rc<str>,
    pub state_type: &'static str,
    pub status: RunStatus,
    /// The visit's place among all visits, from 0.
    pub visit: usize,
    /// `attempt 3`; empty for the first.
    pub attempt: String,
    pub stages: Vec<Stage>,
    /// The variables that the state assigned when it was left, each with its value as indented JSON.
    pub assigned: Vec<(String, String)>,
    /// What a Map worked with: `MaxConcurrency`, the number of its items.
    pub facts: Vec<(&'static str, String)>,
    pub error: Option<ErrorOutput>,
    pub task_token: Option<Rc<str>>,
    /// The state's JSON as written, indented.
    pub definition: String,
    /// `iteration #2 of "Pack all"`, the innermost first.
    pub within: Vec<String>,
    /// The other visits of the state.
    pub others: Visits,
    pub uses_jsonata: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// `afterParameters`
    pub name: &'static str,
    /// Indented JSON; empty when it is the same as an earlier stage.
    pub text: String,
    /// Of the compact JSON.
    pub bytes: usize,
    /// The earlier stage with the same value.
    pub same_as: Option<&'static str>,
    /// The field that made it, as written: `InputPath "$.order"`.
    pub field: Option<String>,
}

/// `36 B of 256 KiB`.
#[must_use]
pub fn size_label(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} B of 256 KiB"),
        _ => format!("{:.1} KiB of 256 KiB", bytes as f64 / 1024.0),
    }
}

/// A chosen visit of a state, or else the one that matters most. `None` when the state was not reached.
#[must_use]
pub fn step_details(record: &ExecutionRecord, state: &str, visit: Option<usize>) -> Option<StepDetails> {
    let visits = record.execution.visits();
    let chosen = visit.filter(|index| visits.get(*index).is_some_and(|visit| &*visit.state_name == state));
    let index = chosen.or_else(|| super::visits::by_itself(record, state))?;
    let visit = visits.get(index)?;
    let definition = record.execution.started_with().definition.state(state)?;
    let (detail, jsonata) = (visit.detail(), definition.query_language == QueryLanguage::Jsonata);
    Some(StepDetails {
        name: visit.state_name.clone(),
        state_type: definition.state_type(),
        status: RunStatus::of_visit(&visit.outcome),
        visit: index,
        attempt: if detail.retries.is_empty() {
            String::new()
        } else {
            format!("attempt {}", detail.retries.len() + 1)
        },
        stages: stages(visit, &definition.source, jsonata),
        assigned: assigned(visit, &definition.source),
        facts: facts(visit),
        error: visit.stages().error.clone(),
        task_token: detail.task_token.clone(),
        definition: definition.source.to_pretty(),
        within: nesting::around(visits, index).map(|within| nesting::place(record, within)).collect(),
        others: visits_of(record, index),
        uses_jsonata: jsonata,
    })
}

/// The events of one visit, with those of the branches and iterations only where they begin and end.
#[must_use]
pub fn step_events(record: &ExecutionRecord, visit: usize) -> Vec<EventRow> {
    events(record).into_iter().filter(|row| row.visit == Some(visit)).collect()
}

fn stages(visit: &StateVisit, source: &Value, jsonata: bool) -> Vec<Stage> {
    let flow = visit.stages();
    let first = |fields: [&'static str; 2]| fields.into_iter().find(|field| source.get(field).is_some()).unwrap_or("");
    let items = first(["ItemsPath", "Items"]);
    let output = if jsonata { "Output" } else { "OutputPath" };
    let all: [(&'static str, Option<&Value>, &'static str); 12] = [
        ("input", Some(&visit.input), ""),
        ("afterInputPath", flow.after_input_path.as_ref(), "InputPath"),
        ("afterParameters", flow.after_parameters.as_ref(), "Parameters"),
        ("afterArguments", flow.after_arguments.as_ref(), "Arguments"),
        ("afterItemsPath", flow.after_items_path.as_ref(), items),
        ("afterItemsPointer", flow.after_items_pointer.as_ref(), ""),
        ("afterItemSelector", flow.after_item_selector.as_ref(), "ItemSelector"),
        ("afterItemBatcher", flow.after_item_batcher.as_ref(), ""),
        ("result", flow.result.as_ref(), ""),
        ("afterResultSelector", flow.after_result_selector.as_ref(), "ResultSelector"),
        ("afterResultPath", flow.after_result_path.as_ref(), "ResultPath"),
        ("output", visit.output.as_ref(), output),
    ];
    let mut stages: Vec<Stage> = Vec::new();
    let mut seen: Vec<(&'static str, &Value)> = Vec::new();
    for (name, value, field) in all {
        let Some(value) = value else { continue };
        let same_as = seen.iter().find(|(_, earlier)| *earlier == value).map(|(name, _)| *name);
        stages.push(Stage {
            name,
            text: if same_as.is_some() { String::new() } else { value.to_pretty() },
            bytes: value.json_len(),
            same_as,
            field: source.get(field).and_then(|written| written_field(field, written)),
        });
        if same_as.is_none() {
            seen.push((name, value));
        }
    }
    stages
}

/// A field that fits on a line: a path or an expression. Templates are long, and what they made is there to see.
fn written_field(field: &str, written: &Value) -> Option<String> {
    match written {
        Value::String(text) => Some(format!("{field} \"{}\"", shortened(text, 120))),
        Value::Null => Some(format!("{field} null")),
        _ => None,
    }
}

/// What the `Assign` that counts sets: the catcher's when it took an error, else the state's.
fn assigned(visit: &StateVisit, source: &Value) -> Vec<(String, String)> {
    let assign = match visit.outcome {
        VisitOutcome::CaughtError { catcher } => &source["Catch"][catcher]["Assign"],
        _ => &source["Assign"],
    };
    let (Some(assign), Some(variables)) = (assign.as_object(), &visit.stages().variables) else { return Vec::new() };
    let names = assign.keys().map(|key| key.strip_suffix(".$").unwrap_or(key));
    names.filter_map(|name| Some((name.to_owned(), variables.get(name)?.to_pretty()))).collect()
}

fn facts(visit: &StateVisit) -> Vec<(&'static str, String)> {
    let flow = visit.stages();
    let whole = |name, value: Option<u64>| value.map(|value| (name, value.to_string()));
    let percentage =
        flow.tolerated_failure_percentage.map(|value| ("ToleratedFailurePercentage", format!("{value} %")));
    let items = visit.detail().iterations.map(|items| ("Items", items.to_string()));
    [
        items,
        whole("MaxConcurrency", flow.max_concurrency),
        whole("ToleratedFailureCount", flow.tolerated_failure_count),
        percentage,
    ]
    .into_iter()
    .flatten()
    .collect()
}
