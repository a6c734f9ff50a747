//! The page in a browser, from the first visit to every way that a run can go.

mod command_line;
mod deliveries;
mod editing;
mod embed;
mod first_visit;
mod functions;
mod keeping;
mod learn;
mod looks;
mod nested;
mod offline;
mod present;
mod queues;
mod roles;
mod runs;
mod share;
mod tutorial;
mod undo;
