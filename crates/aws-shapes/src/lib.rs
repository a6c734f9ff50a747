//! What the answers of AWS API actions look like, so that a mocked one can be judged.
//!
//! TestState compares a mocked Task result with the output that the integrated action has in AWS's service models. The
//! facts are in `shapes.txt`, which `generate.py` derives from those models; [`Api::of_resource`] finds the action
//! behind a Task's Resource and [`Api::check`] judges a value. Services and actions that the file leaves out are not
//! judged, nor are patterns of texts.
//!
//! ```
//! use aws_shapes::{Api, Mode};
//! use shared_json::json;
//! let api = Api::of_resource("arn:aws:states:::aws-sdk:kms:encrypt").unwrap();
//! assert_eq!(api.check(&json!({"CiphertextBlob": 1}), Mode::Strict), Err("Field 'CiphertextBlob' must be a string".into()));
//! assert_eq!(api.check(&json!({"CiphertextBlob": "AQ=="}), Mode::Strict), Ok(()));
//! ```

mod check;
mod integration;
mod table;

pub use integration::Api;

/// How strictly a value is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// What AWS always gives must be there, and whatever is there must fit.
    Strict,
    /// Whatever is there must fit.
    Present,
}
