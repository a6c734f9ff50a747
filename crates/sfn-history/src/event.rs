//! One event with its place in the history.

use virtual_time::Timestamp;

use crate::details::EventDetails;

/// An event of an execution's history. Ids run from 1.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEvent {
    pub timestamp: Timestamp,
    pub id: u64,
    /// The event that led to this one; 0 for the first event and for the first state's Entered event.
    pub previous_event_id: u64,
    pub details: EventDetails,
}

impl HistoryEvent {
    /// AWS's name of the type: `TaskStateEntered`.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        self.details.event_type()
    }

    /// The state that an Entered or Exited event is about.
    #[must_use]
    pub fn state_name(&self) -> Option<&str> {
        match &self.details {
            EventDetails::StateEntered { name, .. } | EventDetails::StateExited { name, .. } => Some(name),
            EventDetails::EvaluationFailed { state, .. } => Some(state),
            _ => None,
        }
    }
}
