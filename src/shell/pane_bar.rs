//! At narrow widths: which pane is shown.

use yew::prelude::*;

use crate::components::icons::Icon;
use crate::host::ui::{Pane, UiActions, use_ui};

const PANES: [(Pane, &str, Icon); 4] = [
    (Pane::Explorer, "Explorer", Icon::List),
    (Pane::Centre, "Work", Icon::StateMachine),
    (Pane::Dock, "Activity", Icon::Log),
    (Pane::Side, "Details", Icon::Info),
];

#[component]
pub fn PaneBar() -> Html {
    let ui = use_ui();
    html! {
        <nav class="pane-bar" aria-label="Panes">
            { for PANES.into_iter().map(|(pane, label, icon)| {
                let go = {
                    let ui = ui.clone();
                    Callback::from(move |_| ui.change(move |ui| {
                        ui.pane = pane;
                        ui.dock_open |= pane == Pane::Dock;
                        ui.side_open |= pane == Pane::Side;
                    }))
                };
                html! {
                    <button type="button" aria-current={(ui.pane == pane).then_some("page")} onclick={go}>
                        { icon }{ label }
                    </button>
                }
            }) }
        </nav>
    }
}
