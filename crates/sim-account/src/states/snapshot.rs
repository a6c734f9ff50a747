//! The registry in a snapshot: what the executions' histories do not tell.

use shared_json::{Value, json};

use super::{ExecutionRecord, MapRun, StateMachine, States};

impl States {
    /// Everything that could make two registries differ.
    pub(crate) fn snapshot(&self) -> Value {
        let texts = |texts: Vec<String>| Value::array(texts.into_iter().map(Value::from).collect());
        Value::object([
            ("machines", texts(self.machines().map(machine).collect())),
            ("executions", texts(self.executions.iter().map(execution).collect())),
            ("mapRuns", texts(self.map_runs().map(map_run).collect())),
            ("activities", json!(format!("{:?}", self.activities))),
            ("tokens", json!(format!("{:?}", self.tokens))),
            ("random", json!(format!("{:?}", self.random))),
        ])
    }
}

/// Without the checked definition, which follows from the text.
fn machine(machine: &StateMachine) -> String {
    let versions: Vec<_> = machine
        .versions
        .iter()
        .map(|version| (&version.arn, &version.description, version.created_at, &version.revision.definition))
        .collect();
    let settings = (&machine.role_arn, machine.machine_type, &machine.logging, machine.tracing, &machine.encryption);
    let dates = (machine.created_at, machine.updated_at, &machine.revision_id, machine.deleting);
    let names = (&machine.tags, &machine.created_with, versions, machine.last_version, &machine.aliases);
    format!("{:?}", (&machine.arn, &machine.definition, settings, dates, names))
}

fn execution(record: &ExecutionRecord) -> String {
    let names = (&record.state_machine_arn, &record.version_arn, &record.alias_arn, &record.child_of);
    let redrives = (&record.redrive_token, record.execution.redrives());
    let started = (&record.input, record.started_at, &record.trace_header, record.wakeup);
    format!("{:?}", (&record.arn, names, redrives, started, &record.tasks))
}

fn map_run(run: &MapRun) -> String {
    let dates = (run.status, run.started_at, run.stopped_at);
    let limits = (run.max_concurrency, run.tolerated_failure_count, run.tolerated_failure_percentage);
    let work = (&run.children, run.reading.facts(), &run.writing, &run.output);
    format!("{:?}", (&run.arn, run.execution, run.task, dates, limits, work))
}
