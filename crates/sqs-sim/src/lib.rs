//! Queues: calls in, answers and movements out
