//! How much one template may make.
//!
//! A definition of a megabyte has room for tens of thousands of calls, and each may give as much text as a state may
//! hold. What no state can hand on is not made in the first place.

use shared_json::Value;

/// Bytes of all that a template computes, 64 times what AWS lets a state hand on.
const BYTES: usize = 16 << 20;

/// What is left.
pub(crate) struct Budget(usize);

impl Default for Budget {
    fn default() -> Budget {
        Budget(BYTES)
    }
}

impl Budget {
    /// Whether there was still room for the value.
    pub(crate) fn takes(&mut self, value: &Value) -> bool {
        // A text's bytes are near enough, and need no look at its letters.
        let size = value.as_str().map_or_else(|| value.json_len(), str::len);
        match self.0.checked_sub(size) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }
}
