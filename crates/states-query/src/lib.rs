//! Paths, reference paths, intrinsic functions and payload templates.
//!
//! Everything is compiled once, when a definition is checked, and evaluated against a [`Scope`] when a state
//! runs. The answers follow Jayway's JsonPath, which AWS runs, down to the words of its errors. This crate knows
//! nothing of states, events or time.
//!
//! ```
//! use shared_json::json;
//! use states_query::{PayloadTemplate, Randomness, Scope};
//!
//! let template = PayloadTemplate::compile(&json!({"id.$": "$.order.id", "by.$": "$$.Execution.Name"})).unwrap();
//! let (input, context) = (json!({"order": {"id": 7}}), json!({"Execution": {"Name": "run-1"}}));
//! let scope = Scope::new(&input, &context);
//! let payload = template.evaluate(&scope, &mut Randomness::new(1)).unwrap();
//! assert_eq!(payload, json!({"id": 7, "by": "run-1"}));
//! ```

mod budget;
mod digest;
mod error;
mod expression;
mod intrinsic;
mod jsonata;
mod path;
mod reference_path;
mod scope;
mod template;

pub use aws_protocol::Randomness;
pub use error::{PathError, QueryError, TemplateError};
pub use expression::Expression;
pub use intrinsic::Intrinsic;
#[doc(hidden)]
pub use jsonata::suite;
pub use jsonata::{JsonataProblem, JsonataTemplate};
pub use path::Path;
pub use reference_path::ReferencePath;
pub use scope::{ContextObject, JsonataScope, NoVariables, Scope, Variables};
pub use template::{PayloadTemplate, Template};
