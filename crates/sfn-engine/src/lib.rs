//! One execution of a state machine: input in, effects and history out
