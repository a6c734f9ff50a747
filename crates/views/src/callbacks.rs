//! Task tokens that somebody still has to answer, with their age and their deadlines.

use std::rc::Rc;

use sfn_engine::StateVisit;
use sim_account::{Account, ExecutionRecord};
use virtual_time::{Duration, Timestamp};

use crate::words;

#[derive(Clone, Debug, PartialEq)]
pub struct CallbackRow {
    pub token: Rc<str>,
    pub short_token: String,
    pub execution_arn: Rc<str>,
    pub execution_name: Rc<str>,
    pub state_name: Rc<str>,
    pub issued_at: Timestamp,
    /// When the wait ends by itself, and its whole length.
    pub timeout: Option<(Timestamp, Duration)>,
    /// When the next heartbeat must have come, and the whole span.
    pub heartbeat: Option<(Timestamp, Duration)>,
}

/// Oldest execution first.
#[must_use]
pub fn rows(account: &Account) -> Vec<CallbackRow> {
    let pending = account.states().pending_callbacks();
    pending
        .filter_map(|callback| {
            let record = account.states().executions().get(callback.execution)?;
            let visit = visit_of(record, callback.task);
            let since = |at: Timestamp, from: Timestamp| (at, at.since(from));
            let beat = visit.and_then(|v| v.detail().last_heartbeat_at).unwrap_or(callback.issued_at);
            Some(CallbackRow {
                short_token: words::short_id(&callback.token),
                token: callback.token,
                execution_arn: record.arn.clone(),
                execution_name: record.name.clone(),
                state_name: visit.map_or_else(|| "a state".into(), |visit| visit.state_name.clone()),
                issued_at: callback.issued_at,
                timeout: visit.and_then(|v| v.detail().timeout_at).map(|at| since(at, callback.issued_at)),
                heartbeat: visit.and_then(|v| v.detail().heartbeat_timeout_at).map(|at| since(at, beat)),
            })
        })
        .collect()
}

fn visit_of(record: &ExecutionRecord, task: u64) -> Option<&StateVisit> {
    record.execution.visits().iter().rev().find(|visit| visit.detail().task == Some(task))
}
