//! Functions, invocations and event source mappings
