//! One step's data, stage by stage, under the names that TestState gives them.

use std::rc::Rc;

use sfn_engine::{ErrorOutput, StateVisit};
use shared_json::Value;
use sim_account::ExecutionRecord;

use super::RunStatus;

/// The most that a payload may take on AWS: 256 KiB.
pub const PAYLOAD_LIMIT_BYTES: usize = 262_144;

#[derive(Clone, Debug, PartialEq)]
pub struct StepDetails {
    pub name: Rc<str>,
    pub state_type: &'static str,
    pub status: RunStatus,
    /// The visit's place among all visits, from 0.
    pub visit: usize,
    /// How many visits this state had.
    pub visits: usize,
    /// `attempt 3`; empty for the first.
    pub attempt: String,
    pub stages: Vec<Stage>,
    pub error: Option<ErrorOutput>,
    pub task_token: Option<Rc<str>>,
    /// The state's JSON as written, indented.
    pub definition: String,
    /// The first and last event of this visit.
    pub events: (u64, u64),
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

/// The latest visit of a state, or a chosen one. `None` when the state was not reached.
#[must_use]
pub fn step_details(record: &ExecutionRecord, state: &str, visit: Option<usize>) -> Option<StepDetails> {
    let visits = record.execution.visits();
    let of_state = |visit: &StateVisit| &*visit.state_name == state;
    let index = match visit {
        Some(index) => Some(index).filter(|index| visits.get(*index).is_some_and(of_state)),
        None => visits.iter().rposition(of_state),
    }?;
    let visit = visits.get(index)?;
    let definition = record.execution.started_with().definition.state(state)?;
    let first = visit.entered_event_id;
    let last = visits.get(index + 1).map_or_else(
        || record.execution.history().last().map_or(first, |event| event.id),
        |next| next.entered_event_id.saturating_sub(1),
    );
    Some(StepDetails {
        name: visit.state_name.clone(),
        state_type: definition.state_type(),
        status: RunStatus::of_visit(&visit.outcome),
        visit: index,
        visits: visits.iter().filter(|visit| of_state(visit)).count(),
        attempt: if visit.detail().retries.is_empty() {
            String::new()
        } else {
            format!("attempt {}", visit.detail().retries.len() + 1)
        },
        stages: stages(visit, &definition.source),
        error: visit.stages().error.clone(),
        task_token: visit.detail().task_token.clone(),
        definition: definition.source.to_pretty(),
        events: (first, last),
    })
}

fn stages(visit: &StateVisit, source: &Value) -> Vec<Stage> {
    let flow = visit.stages();
    let all: [(&'static str, Option<&Value>, &str); 7] = [
        ("input", Some(&visit.input), ""),
        ("afterInputPath", flow.after_input_path.as_ref(), "InputPath"),
        ("afterParameters", flow.after_parameters.as_ref(), "Parameters"),
        ("result", flow.result.as_ref(), "Result"),
        ("afterResultSelector", flow.after_result_selector.as_ref(), "ResultSelector"),
        ("afterResultPath", flow.after_result_path.as_ref(), "ResultPath"),
        ("output", visit.output.as_ref(), "OutputPath"),
    ];
    let mut stages: Vec<Stage> = Vec::new();
    let mut seen: Vec<(&'static str, &Value)> = Vec::new();
    for (name, value, field) in all {
        let Some(value) = value else { continue };
        let same_as = seen.iter().find(|(_, earlier)| *earlier == value).map(|(name, _)| *name);
        let field = source.get(field).filter(|_| field.ends_with("Path")).map(|written| format!("{field} {written}"));
        stages.push(Stage {
            name,
            text: if same_as.is_some() { String::new() } else { value.to_pretty() },
            bytes: value.json_len(),
            same_as,
            field,
        });
        if same_as.is_none() {
            seen.push((name, value));
        }
    }
    stages
}
