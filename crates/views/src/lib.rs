//! The account and its workflows as data ready to draw

pub mod activity;
pub mod callbacks;
pub mod definition;
pub mod execution;
pub mod explain;
pub mod explorer;
pub mod functions;
pub mod graph;
pub mod logs;
pub mod machine;
pub mod mocks;
pub mod present;
pub mod problems;
pub mod queue;
pub mod roles;
pub mod shrink;
pub mod system;
pub mod target;
mod task;
pub mod timeline;
pub mod words;
