//! What a path can see.

use shared_json::Value;

/// The values behind `$` and `$$`.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// `$`
    pub input: &'a Value,
    /// `$$`, the context object
    pub context: &'a Value,
}
