//! What each type of state does, one file each. They return `Err` for a query that failed, which the caller
//! turns into the state's failure.

mod choice;
mod fail;
pub(crate) mod map;
pub(crate) mod map_run;
pub(crate) mod parallel;
mod pass;
mod succeed;
pub(crate) mod task;
mod wait;
