//! Two panes beside each other with a line between that can be dragged.

use yew::prelude::*;

use super::splitter::{Axis, Splitter};

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SplitPaneProps {
    /// What the line sets: `Width of the editor`.
    pub label: AttrValue,
    /// The first pane's share, in percent.
    pub share: f64,
    pub on_change: Callback<f64>,
    pub first: Html,
    pub second: Html,
}

const LEAST: f64 = 15.0;
const MOST: f64 = 85.0;

#[component]
pub fn SplitPane(props: &SplitPaneProps) -> Html {
    let place = use_node_ref();
    let share = props.share.clamp(LEAST, MOST);
    // Before it is in the page any width will do: the line is dragged later.
    let width = place.cast::<web_sys::Element>().map_or(0.0, |place| place.get_bounding_client_rect().width());
    let width = if width > 0.0 { width } else { 1_000.0 };
    let on_change = {
        let (place, on_change) = (place.clone(), props.on_change.clone());
        Callback::from(move |size: f64| {
            let now = place.cast::<web_sys::Element>().map_or(0.0, |place| place.get_bounding_client_rect().width());
            let now = if now > 0.0 { now } else { width };
            on_change.emit((size / now * 100.0).clamp(LEAST, MOST));
        })
    };
    {
        let place = place.clone();
        use_effect_with(share, move |share| {
            if let Some(place) = place.cast::<web_sys::HtmlElement>() {
                // Setting a style property fails only where there is no style.
                let _ = place.style().set_property("--split", &format!("{share:.2}%"));
            }
        });
    }
    html! {
        <div class="split" ref={place}>
            <div class="pane">{ props.first.clone() }</div>
            <Splitter
                label={props.label.clone()} axis={Axis::Vertical} value={share / 100.0 * width}
                min={LEAST / 100.0 * width} max={MOST / 100.0 * width} {on_change}
            />
            <div class="pane">{ props.second.clone() }</div>
        </div>
    }
}
