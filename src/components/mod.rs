//! Parts of the page that know no more than their props.

pub mod banner;
pub mod button;
pub mod code_editor;
pub mod copy_button;
pub mod dialog;
pub mod empty;
pub mod form;
mod graph_parts;
pub mod graph_picture;
pub mod graph_view;
pub mod icons;
pub mod later;
pub mod live_region;
pub mod menu;
pub mod progress;
pub mod split_pane;
pub mod splitter;
pub mod status;
pub mod tabs;
pub mod tree;
