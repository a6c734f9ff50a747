//! What the account does for a Map Run: read its items, run its children, write its results, and tell the parent.

use std::rc::Rc;

use asl::{CheckedDefinition, ExecutionType, Transformation, WriterOutputType};
use aws_protocol::AwsError;
use sfn_engine::{ChildInput, ErrorOutput, Input, MapRunRequest, Status, TaskId, item_reader};
use shared_json::{Value, json};

use crate::agenda::Item;
use crate::states::{ChildOf, MachineType, MapRun, NewExecution, Outcome, Reading};
use crate::{Account, Caller};

impl Account {
    pub(crate) fn start_map_run(&mut self, execution: usize, request: MapRunRequest) {
        let task = request.task;
        let reads = request.reader.is_some();
        let run = MapRun::new(execution, request, self.now);
        self.states.add_map_run(run);
        if reads {
            self.read_later(execution, task);
        }
    }

    /// Calls S3 as the `ItemReader` says.
    pub(crate) fn read_items(&mut self, execution: usize, task: TaskId) {
        let Some(arn) = self.states.map_run_of_task(execution, task) else { return };
        let Some(run) = self.states.map_runs.get(&arn) else { return };
        let request = Rc::clone(&run.request);
        if let Some((action, params)) = run.reading.call(&request) {
            self.dispatch_for_map_run(execution, &request, action, params);
        }
    }

    fn dispatch_for_map_run(&mut self, execution: usize, request: &MapRunRequest, action: &str, params: Value) {
        let record = &self.states.executions()[execution];
        let caller = Caller::Task {
            execution_arn: record.arn.clone(),
            state_name: Rc::clone(&request.state_name),
            task: request.task,
            role_arn: record.role_arn.clone(),
        };
        self.dispatch(caller, action, params, None);
    }

    /// An answer of S3 to a Map Run's read or write.
    pub(crate) fn answer_map_run(&mut self, arn: &str, result: Result<Value, AwsError>) {
        let Some(run) = self.states.map_runs.get_mut(arn) else { return };
        let (execution, task, request) = (run.execution, run.task, Rc::clone(&run.request));
        if run.output.is_some() {
            return match result {
                Ok(_) => self.write_next(arn),
                Err(error) => {
                    let error = ErrorOutput::new("States.ResultWriterFailed", &error.message);
                    self.fail_map_run(arn, error);
                }
            };
        }
        let read = match result {
            Ok(answer) => run.reading.read(&request, &answer),
            Err(error) => Err(item_reader::failed(&error.message)),
        };
        match read {
            Ok(Some(items)) => {
                self.states.handle(execution, self.now, Input::ItemsRead { task, items: Rc::new(items.into()) });
            }
            Ok(None) => self.read_later(execution, task),
            Err(error) => self.fail_map_run(arn, error),
        }
    }

    fn read_later(&mut self, execution: usize, task: TaskId) {
        let at = self.now + self.options.latencies.service_call;
        self.agenda.add(at, Item::ReadItems { execution, task });
    }

    pub(crate) fn start_children(&mut self, execution: usize, task: TaskId, children: Vec<ChildInput>) {
        let Some(arn) = self.states.map_run_of_task(execution, task) else { return };
        if let Some(run) = self.states.map_runs.get_mut(&arn) {
            run.set_children(children);
        }
        self.go_on_with_map_run(&arn);
    }

    pub(crate) fn redrive_map_run(&mut self, execution: usize, task: TaskId) {
        if let Some(arn) = self.states.redrive_map_run(execution, task, self.now) {
            self.go_on_with_map_run(&arn);
        }
    }

    fn go_on_with_map_run(&mut self, arn: &str) {
        self.start_waiting_children(arn);
        if self.states.map_run(arn).is_some_and(|run| run.status == Status::Running && run.is_through()) {
            self.end_map_run(arn);
        }
    }

    /// Starts children while there is room.
    pub(crate) fn start_waiting_children(&mut self, arn: &str) {
        loop {
            let full = self.states.executions_are_many();
            let Some(run) = self.states.map_runs.get_mut(arn).filter(|run| run.may_start()) else { return };
            if full {
                let cause = "A simulated account keeps no more executions than it has now: this Map Run cannot start its next child.";
                return self.fail_map_run(arn, ErrorOutput::new("Stepyard.ExecutionLimitExceeded", cause));
            }
            let Some(number) = run.take_next() else { return };
            let (parent, request) = (run.execution, Rc::clone(&run.request));
            let (ended, input) = (run.children[number].execution, run.children[number].input.clone());
            // Standard children are redriven, Express ones are started anew.
            if let Some(ended) = ended.filter(|_| request.execution_type == ExecutionType::Standard)
                && self.states.executions()[ended].execution.can_be_redriven()
            {
                self.states.handle(ended, self.now, Input::Redrive);
                continue;
            }
            let child = self.start_child(parent, &request, arn, number, &input);
            if let Some(run) = self.states.map_runs.get_mut(arn) {
                run.children[number].execution = Some(child);
            }
        }
    }

    fn start_child(
        &mut self,
        parent: usize,
        request: &MapRunRequest,
        map_run_arn: &str,
        number: usize,
        child: &ChildInput,
    ) -> usize {
        let name = self.states.random_uuid();
        let label = map_run_arn.rsplit('/').next().and_then(|rest| rest.split(':').next()).unwrap_or_default();
        let record = &self.states.executions()[parent];
        let machine_arn = record.state_machine_arn.split('/').next().unwrap_or_default();
        let state_machine_arn: Rc<str> = format!("{machine_arn}/{label}").into();
        let kind = match request.execution_type {
            ExecutionType::Standard => ":execution:",
            ExecutionType::Express => ":express:",
        };
        let mut arn = format!("{}:{name}", state_machine_arn.replacen(":stateMachine:", kind, 1));
        if request.execution_type == ExecutionType::Express {
            arn = format!("{arn}:{}", self.states.random_uuid());
        }
        let record = &self.states.executions()[parent];
        let new = NewExecution {
            arn: arn.into(),
            name: name.into(),
            state_machine_name: format!("{}/{label}", record.state_machine_name).into(),
            state_machine_arn,
            machine_type: match request.execution_type {
                ExecutionType::Standard => MachineType::Standard,
                ExecutionType::Express => MachineType::Express,
            },
            checked: Rc::new(CheckedDefinition::of_level(Rc::clone(&request.processor))),
            revision: record.revision().clone(),
            version_arn: None,
            alias_arn: None,
            trace_header: None,
            input: child.input.to_string().into(),
            input_value: child.input.clone(),
            item: child.item.clone(),
            child_of: Some(ChildOf { map_run_arn: map_run_arn.into(), number }),
        };
        self.states.add_execution(new, self.now)
    }

    /// A child execution has ended.
    pub(crate) fn child_of_map_run_ended(&mut self, execution: usize) {
        let record = &self.states.executions()[execution];
        let Some(ChildOf { map_run_arn, number }) = record.child_of.clone() else { return };
        let ended = &record.execution;
        let outcome = Outcome {
            status: ended.status(),
            result: match ended.status() {
                Status::Succeeded => Ok(ended.output().unwrap_or_default()),
                _ => Err(ErrorOutput { error: ended.error().cloned(), cause: ended.cause().cloned() }),
            },
        };
        let Some(run) = self.states.map_runs.get_mut(&map_run_arn) else { return };
        run.end_child(number, outcome);
        if run.status == Status::Running && run.failed_too_often() {
            let error = ErrorOutput::new(
                "States.ExceedToleratedFailureThreshold",
                "The specified tolerated failure threshold was exceeded",
            );
            return self.fail_map_run(&map_run_arn, error);
        }
        self.go_on_with_map_run(&map_run_arn);
    }

    fn end_map_run(&mut self, arn: &str) {
        let Some(run) = self.states.map_runs.get_mut(arn) else { return };
        let writer = run.request.writer.clone();
        let results = run.results();
        let Some(writer) = writer else { return self.succeed_map_run(arn, results) };
        let (bucket, prefix) = (writer.arguments.get_str("Bucket"), writer.arguments.get_str("Prefix"));
        let Some(bucket) = bucket.map(str::to_owned) else {
            return self.succeed_map_run(arn, transformed(writer.transformation, results));
        };
        let prefix = prefix.map(|prefix| format!("{}/", prefix.trim_end_matches('/'))).unwrap_or_default();
        let folder = format!("{prefix}{}", arn.rsplit(':').next().unwrap_or_default());
        let run = &self.states.map_runs[arn];
        let mut writing = Vec::new();
        let mut files = Vec::new();
        for (name, statuses) in
            [("SUCCEEDED", &[Status::Succeeded][..]), ("FAILED", &[Status::Failed, Status::TimedOut, Status::Aborted])]
        {
            let rows: Vec<Value> = self.written_rows(run, statuses, writer.transformation);
            let mut listed = Vec::new();
            if !rows.is_empty() {
                let (suffix, text) = match writer.output_type {
                    WriterOutputType::Json => ("json", Value::array(rows).to_string()),
                    WriterOutputType::JsonL => ("jsonl", rows.iter().map(|row| format!("{row}\n")).collect::<String>()),
                };
                let key = format!("{folder}/{name}_0.{suffix}");
                listed.push(json!({"Key": key, "Size": text.len()}));
                writing.push((key, text));
            }
            files.push((name, Value::array(listed)));
        }
        let pending = Value::array(Vec::new());
        files.insert(1, ("PENDING", pending));
        let key = format!("{folder}/manifest.json");
        let manifest = json!({"DestinationBucket": bucket, "MapRunArn": arn}).with("ResultFiles", Value::object(files));
        writing.push((key.clone(), manifest.to_string()));
        let details = json!({"MapRunArn": arn, "ResultWriterDetails": {"Bucket": bucket, "Key": key}});
        // Written from the back, so that the manifest comes last.
        writing.reverse();
        if let Some(run) = self.states.map_runs.get_mut(arn) {
            run.writing = writing;
            run.output = Some(details);
        }
        self.write_next(arn);
    }

    /// A child's line in a result file: what DescribeExecution would tell of it, or just its output.
    fn written_rows(&self, run: &MapRun, statuses: &[Status], transformation: Transformation) -> Vec<Value> {
        let ended = run.children.iter().filter_map(|child| Some((child, child.outcome.as_ref()?)));
        ended
            .filter(|(_, outcome)| statuses.contains(&outcome.status))
            .flat_map(|(child, outcome)| match (transformation, &outcome.result) {
                (Transformation::Compact, Ok(output)) => vec![output.clone()],
                (Transformation::Flatten, Ok(output)) => {
                    output.as_array().map_or_else(|| vec![output.clone()], |items| items.to_vec())
                }
                _ => child
                    .execution
                    .map(|index| self.states.written_execution(index, &child.input.input))
                    .into_iter()
                    .collect(),
            })
            .collect()
    }

    /// Puts the next object of `ResultWriter`; after the last one the run has succeeded.
    fn write_next(&mut self, arn: &str) {
        let Some(run) = self.states.map_runs.get_mut(arn) else { return };
        let (execution, request) = (run.execution, Rc::clone(&run.request));
        match (run.writing.pop(), run.output.clone()) {
            (Some((key, body)), _) => {
                let bucket = request.writer.as_ref().and_then(|writer| writer.arguments.get("Bucket")).cloned();
                let params = json!({"Key": key, "Body": body}).with("Bucket", bucket.unwrap_or_default());
                self.dispatch_for_map_run(execution, &request, "s3:PutObject", params);
            }
            (None, Some(output)) => self.succeed_map_run(arn, output),
            (None, None) => {}
        }
    }

    fn succeed_map_run(&mut self, arn: &str, output: Value) {
        if let Some((execution, task)) = self.close_map_run(arn, Status::Succeeded) {
            self.states.handle(execution, self.now, Input::TaskSucceeded { task, output });
        }
    }

    fn fail_map_run(&mut self, arn: &str, error: ErrorOutput) {
        if let Some((execution, task)) = self.close_map_run(arn, Status::Failed) {
            self.stop_children(arn);
            self.states.handle(execution, self.now, Input::TaskFailed { task, error });
        }
    }

    /// The parent does not wait for this run any more.
    pub(crate) fn abort_map_run(&mut self, execution: usize, task: TaskId) {
        let Some(arn) = self.states.map_run_of_task(execution, task) else { return };
        let parent = self.states.executions()[execution].execution.status();
        let status = if parent == Status::Running { Status::Failed } else { Status::Aborted };
        if self.close_map_run(&arn, status).is_some() {
            self.stop_children(&arn);
        }
    }

    fn close_map_run(&mut self, arn: &str, status: Status) -> Option<(usize, TaskId)> {
        let run = self.states.map_runs.get_mut(arn).filter(|run| run.status == Status::Running)?;
        run.status = status;
        run.stopped_at = Some(self.now);
        run.reading = Reading::default();
        let closed = (run.execution, run.task);
        self.states.map_run_tasks.remove(&closed);
        Some(closed)
    }

    fn stop_children(&mut self, arn: &str) {
        let Some(run) = self.states.map_run(arn) else { return };
        let running = run.children.iter().filter(|child| child.outcome.is_none());
        for child in running.filter_map(|child| child.execution).collect::<Vec<_>>() {
            self.states.handle(child, self.now, Input::Stop { error: None, cause: None });
        }
    }
}

/// `WriterConfig`'s `Transformation` of results that go back to the state.
fn transformed(transformation: Transformation, results: Value) -> Value {
    match (transformation, results.as_array()) {
        (Transformation::Flatten, Some(items)) => Value::array(
            items
                .iter()
                .flat_map(|item| item.as_array().map_or_else(|| vec![item.clone()], |items| items.to_vec()))
                .collect(),
        ),
        _ => results,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AccountOptions;
    use virtual_time::Duration;

    fn ok(account: &mut Account, action: &str, params: Value) -> Value {
        account.call(action, params).result.unwrap().unwrap_or_else(|error| panic!("{action}: {error}"))
    }

    #[test]
    fn an_account_keeps_only_so_many_executions() {
        let mut account = Account::new(AccountOptions::default());
        let trust = crate::execution_role::trust_policy("states.amazonaws.com").to_string();
        ok(&mut account, "iam:CreateRole", json!({"RoleName": "R", "AssumeRolePolicyDocument": trust}));
        let definition = json!({"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 9, "End": true}},
        }}}});
        let machine = json!({
            "name": "M", "roleArn": "arn:aws:iam::123456789012:role/R", "definition": definition.to_string(),
        });
        let machine = ok(&mut account, "states:CreateStateMachine", machine);
        account.states.set_most_executions(3);
        let start = json!({"input": "[1, 2, 3]"}).with("stateMachineArn", machine["stateMachineArn"].clone());
        let started = ok(&mut account, "states:StartExecution", start.clone());
        account.advance_to(account.now() + Duration::from_secs(60), 10_000);
        let asked = Value::object([("executionArn", started["executionArn"].clone())]);
        let ended = ok(&mut account, "states:DescribeExecution", asked);
        assert_eq!(ended.get_str("error"), Some("Stepyard.ExecutionLimitExceeded"));
        let statuses = account.states().executions().iter().map(|record| record.execution.status());
        assert_eq!(statuses.collect::<Vec<_>>(), [Status::Failed, Status::Aborted, Status::Aborted]);
        let refused = account.call("states:StartExecution", start).result.unwrap().unwrap_err();
        assert_eq!(refused.code, "ExecutionLimitExceeded");
    }
}
