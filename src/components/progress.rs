//! How much is done, and how much time is left.

use yew::prelude::*;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ProgressProps {
    pub label: AttrValue,
    pub value: f64,
    pub max: f64,
}

#[component]
pub fn Progress(props: &ProgressProps) -> Html {
    html! {
        <progress
            class="progress"
            aria-label={props.label.clone()}
            value={props.value.to_string()}
            max={props.max.to_string()}
        />
    }
}

/// A bar that empties as time runs out, beside words that say so. There may be a hundred of them, so it is neither a
/// component nor a `<progress>`, which browsers make of several elements.
pub fn countdown(left: f64, total: f64) -> Html {
    let share = if total > 0.0 { (left / total).clamp(0.0, 1.0) } else { 0.0 };
    html! {
        <span class={if share < 0.2 { "countdown is-urgent" } else { "countdown" }} aria-hidden="true" style={format!("--left: {share:.3}")} />
    }
}

/// The same as a ring, for rows of a table.
#[component]
pub fn CountdownRing(props: &ProgressProps) -> Html {
    const RADIUS: f64 = 8.0;
    let share = if props.max > 0.0 { (props.value / props.max).clamp(0.0, 1.0) } else { 0.0 };
    let around = std::f64::consts::TAU * RADIUS;
    html! {
        <svg
            class={classes!("ring", (share < 0.2).then_some("is-urgent"))}
            viewBox="0 0 20 20"
            role="img"
            aria-label={props.label.clone()}
        >
            <circle class="ring-track" cx="10" cy="10" r={RADIUS.to_string()} />
            <circle
                class="ring-value"
                cx="10"
                cy="10"
                r={RADIUS.to_string()}
                transform="rotate(-90 10 10)"
                stroke-dasharray={format!("{:.2} {:.2}", around * share, around)}
            />
        </svg>
    }
}
