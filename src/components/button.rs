//! Buttons, with or without words. A button without words still has a name.

use yew::prelude::*;

use super::icons::Icon;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    Primary,
    #[default]
    Secondary,
    Quiet,
    Danger,
}

impl ButtonKind {
    fn class(self) -> Option<&'static str> {
        match self {
            ButtonKind::Primary => Some("button-primary"),
            ButtonKind::Secondary => None,
            ButtonKind::Quiet => Some("button-quiet"),
            ButtonKind::Danger => Some("button-danger"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ButtonProps {
    pub label: AttrValue,
    #[prop_or_default]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub icon: Option<Icon>,
    #[prop_or_default]
    pub small: bool,
    #[prop_or_default]
    pub disabled: bool,
    /// Its name for screen readers, where the label alone does not say what it is about; begins with the label.
    #[prop_or_default]
    pub spoken: Option<AttrValue>,
    /// Submits the form it stands in.
    #[prop_or_default]
    pub submit: bool,
    /// For a button that stays down: whether it is.
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// For a button that unfolds something beside it: whether it is unfolded.
    #[prop_or_default]
    pub expanded: Option<bool>,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    #[prop_or_default]
    pub node_ref: NodeRef,
}

#[component]
pub fn Button(props: &ButtonProps) -> Html {
    html! {
        <button
            ref={props.node_ref.clone()}
            type={if props.submit { "submit" } else { "button" }}
            class={classes!("button", props.kind.class(), props.small.then_some("button-small"))}
            disabled={props.disabled}
            aria-label={props.spoken.clone()}
            aria-pressed={props.pressed.map(|pressed| pressed.to_string())}
            aria-expanded={props.expanded.map(|expanded| expanded.to_string())}
            onclick={props.onclick.clone()}
        >
            if let Some(icon) = props.icon { { icon } }
            { &props.label }
        </button>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct IconButtonProps {
    /// Its name, also shown as a tooltip.
    pub label: AttrValue,
    pub icon: Icon,
    #[prop_or(ButtonKind::Quiet)]
    pub kind: ButtonKind,
    #[prop_or_default]
    pub small: bool,
    #[prop_or_default]
    pub disabled: bool,
    #[prop_or_default]
    pub pressed: Option<bool>,
    /// Keys that do the same, in the form of `aria-keyshortcuts`: `Control+K`.
    #[prop_or_default]
    pub shortcut: Option<AttrValue>,
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
}

#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    let title = match &props.shortcut {
        Some(keys) => format!("{} ({keys})", props.label),
        None => props.label.to_string(),
    };
    html! {
        <button
            type="button"
            class={classes!("button", "button-icon", props.kind.class(), props.small.then_some("button-small"))}
            disabled={props.disabled}
            aria-label={props.label.clone()}
            aria-pressed={props.pressed.map(|pressed| pressed.to_string())}
            aria-keyshortcuts={props.shortcut.clone()}
            {title}
            onclick={props.onclick.clone()}
        >
            { props.icon }
        </button>
    }
}
