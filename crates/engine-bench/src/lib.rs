//! How long a state transition takes.
//!
//! [`Workload`] makes definitions and inputs, [`Bench`] runs one of them on the engine as often as wanted. The criterion
//! bench measures that natively; compiled to wasm, `peer/measure.mjs` measures it in Node.js in turn with another
//! engine in JavaScript, which gets the same texts. It must not look inside the engine.

mod host;
mod workloads;

pub use host::Bench;
pub use workloads::{Answers, NAMES, Workload};
