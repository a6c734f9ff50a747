//! ReceiveRequestAttemptId: a consumer that lost the answer asks again and gets the same messages.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-receiverequestattemptid-request-parameter.html>

use std::collections::BTreeMap;
use std::rc::Rc;

use virtual_time::Timestamp;

use crate::deduplication::INTERVAL;
use crate::ids::Receipt;

#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts(BTreeMap<Rc<str>, Attempt>);

#[derive(Clone, Debug)]
struct Attempt {
    at: Timestamp,
    receipts: Vec<Receipt>,
}

impl Attempts {
    /// What the attempt received, unless its five minutes are over.
    pub(crate) fn find(&self, now: Timestamp, id: &str) -> Option<&[Receipt]> {
        let attempt = self.0.get(id).filter(|attempt| now < attempt.at + INTERVAL)?;
        Some(&attempt.receipts)
    }

    pub(crate) fn remember(&mut self, now: Timestamp, id: &Rc<str>, receipts: Vec<Receipt>) {
        self.0.retain(|_, attempt| now < attempt.at + INTERVAL);
        self.0.insert(id.clone(), Attempt { at: now, receipts });
    }
}
