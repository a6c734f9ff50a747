//! Parts of the page that know no more than their props.

pub mod code_editor;
