//! Queues as their callers see them: calls in, answers and movements out, on the virtual clock.

mod bench;
mod fifo;
mod fifo_reference;
mod move_tasks;
mod standard;
mod standard_reference;
