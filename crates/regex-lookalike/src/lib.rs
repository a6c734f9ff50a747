//! tmp
pub use regex_lite::*;
