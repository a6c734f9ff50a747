//! At the right: why the thing in the centre is as it is.

mod why;

use yew::prelude::*;

use crate::components::button::IconButton;
use crate::components::icons::Icon;
use crate::host::ui::{UiActions, use_ui};

#[component]
pub fn Side() -> Html {
    let ui = use_ui();
    let collapse = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.change(|ui| ui.side_open = false))
    };
    html! {
        <>
            <div class="tabs">
                <h2 class="tab">{ "Why?" }</h2>
                <div class="pane-tools">
                    <IconButton label="Collapse the details" icon={Icon::Close} small=true onclick={collapse} />
                </div>
            </div>
            <div class="pane-body" tabindex="0" role="group" aria-label="Why?"><why::Why /></div>
        </>
    }
}
