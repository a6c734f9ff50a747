//! The line between two panes: drag it, or focus it and use the arrow keys (WAI-ARIA window splitter).
//!
//! It only reports the wished size; the parent sets it.

use web_sys::Element;
use yew::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// A vertical line, moved left and right.
    Vertical,
    /// A horizontal line, moved up and down.
    Horizontal,
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SplitterProps {
    /// What it sets: `Width of the explorer`.
    pub label: AttrValue,
    /// The id of the pane it resizes.
    #[prop_or_default]
    pub controls: Option<AttrValue>,
    pub axis: Axis,
    /// The pane's size, its least and its most, in px.
    pub value: f64,
    pub min: f64,
    pub max: f64,
    /// For panes at the right or bottom, which grow when the line moves left or up.
    #[prop_or_default]
    pub reverse: bool,
    pub on_change: Callback<f64>,
    /// Double click or Enter: collapse or restore.
    #[prop_or_default]
    pub on_toggle: Callback<()>,
}

const KEY_STEP: f64 = 16.0;

#[component]
pub fn Splitter(props: &SplitterProps) -> Html {
    /// Where the drag began and the size then.
    type Drag = Option<(f64, f64)>;
    let drag = use_state(|| Drag::None);
    let vertical = props.axis == Axis::Vertical;
    let direction = if props.reverse { -1.0 } else { 1.0 };
    let place = move |event: &PointerEvent| f64::from(if vertical { event.client_x() } else { event.client_y() });
    let resize = {
        let (on_change, min, max) = (props.on_change.clone(), props.min, props.max);
        move |size: f64| on_change.emit(size.max(min).min(max))
    };
    let onpointerdown = {
        let (drag, size) = (drag.clone(), props.value);
        move |event: PointerEvent| {
            if event.button() != 0 {
                return;
            }
            event.prevent_default();
            if let Some(line) = event.target_dyn_into::<Element>() {
                // Without capture the drag still works while the pointer stays on the line.
                let _ = line.set_pointer_capture(event.pointer_id());
            }
            drag.set(Some((place(&event), size)));
        }
    };
    let onpointermove = {
        let (drag, resize) = (drag.clone(), resize.clone());
        move |event: PointerEvent| {
            if let Some((from, size)) = *drag {
                resize(size + (place(&event) - from) * direction);
            }
        }
    };
    let end = {
        let drag = drag.clone();
        Callback::from(move |_: PointerEvent| drag.set(None))
    };
    let onkeydown = {
        let (props, resize) = (props.clone(), resize.clone());
        move |event: KeyboardEvent| {
            let step = match (event.key().as_str(), vertical) {
                ("ArrowRight", true) | ("ArrowDown", false) => KEY_STEP * direction,
                ("ArrowLeft", true) | ("ArrowUp", false) => -KEY_STEP * direction,
                ("Home", _) => props.min - props.value,
                ("End", _) => props.max - props.value,
                ("Enter", _) => {
                    event.prevent_default();
                    return props.on_toggle.emit(());
                }
                _ => return,
            };
            event.prevent_default();
            resize(props.value + step);
        }
    };
    html! {
        <div
            class={classes!("splitter", if vertical { "splitter-vertical" } else { "splitter-horizontal" })}
            role="separator"
            tabindex="0"
            aria-label={props.label.clone()}
            aria-controls={props.controls.clone()}
            aria-orientation={if vertical { "vertical" } else { "horizontal" }}
            aria-valuenow={props.value.round().to_string()}
            aria-valuemin={props.min.round().to_string()}
            aria-valuemax={props.max.round().to_string()}
            data-dragging={drag.is_some().to_string()}
            {onpointerdown}
            {onpointermove}
            onpointerup={end.clone()}
            onpointercancel={end}
            ondblclick={props.on_toggle.reform(|_| ())}
            {onkeydown}
        />
    }
}
