//! The account and its workflows as data ready to draw

pub mod graph;
