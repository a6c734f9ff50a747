//! Task tokens that somebody still has to answer, with their age and their deadlines.

use std::rc::Rc;

use sim_account::Account;
use virtual_time::{Duration, Timestamp};

use crate::execution::nesting;
use crate::words;

#[derive(Clone, Debug, PartialEq)]
pub struct CallbackRow {
    pub token: Rc<str>,
    pub short_token: String,
    pub execution_arn: Rc<str>,
    pub execution_name: Rc<str>,
    pub state_name: Rc<str>,
    /// `#2 › #0`: the iterations around the state; empty outside of Maps.
    pub iterations: String,
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
            let visits = record.execution.visits();
            let index = visits.iter().rposition(|visit| visit.detail().task == Some(callback.task));
            let visit = index.and_then(|index| visits.get(index));
            let since = |at: Timestamp, from: Timestamp| (at, at.since(from));
            let beat = visit.and_then(|v| v.detail().last_heartbeat_at).unwrap_or(callback.issued_at);
            Some(CallbackRow {
                short_token: words::short_id(&callback.token),
                token: callback.token,
                execution_arn: record.arn.clone(),
                execution_name: record.name.clone(),
                state_name: visit.map_or_else(|| "a state".into(), |visit| visit.state_name.clone()),
                iterations: index.map(|index| nesting::iterations(record, index)).unwrap_or_default(),
                issued_at: callback.issued_at,
                timeout: visit.and_then(|v| v.detail().timeout_at).map(|at| since(at, callback.issued_at)),
                heartbeat: visit.and_then(|v| v.detail().heartbeat_timeout_at).map(|at| since(at, beat)),
            })
        })
        .collect()
}
