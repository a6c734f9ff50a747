//! The frame of the page: top bar, explorer, panes, messages.

pub mod centre;
pub mod explorer;
pub mod flashes;
pub mod footer;
pub mod pane_bar;
pub mod panes;
pub mod received_bar;
pub mod share;
pub mod taken;
pub mod top_bar;
pub mod transport;
pub mod update;
