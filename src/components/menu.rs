//! A button that opens a list of deeds (WAI-ARIA menu button).

use gloo_events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};
use yew::prelude::*;

use super::icons::Icon;

#[derive(Debug, Clone, PartialEq)]
pub struct MenuItem {
    pub id: AttrValue,
    pub label: AttrValue,
    pub icon: Option<Icon>,
    pub disabled: bool,
}

impl MenuItem {
    pub fn new(id: impl Into<AttrValue>, label: impl Into<AttrValue>) -> MenuItem {
        MenuItem { id: id.into(), label: label.into(), icon: None, disabled: false }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct MenuProps {
    pub label: AttrValue,
    /// Stands in place of the label, which stays the button's name.
    #[prop_or_default]
    pub icon: Option<Icon>,
    pub items: Vec<MenuItem>,
    /// The chosen item's id.
    pub on_choose: Callback<AttrValue>,
}

#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state(|| false);
    let anchor = use_node_ref();
    let button = use_node_ref();
    {
        // The first item takes the focus once the list is there.
        let anchor = anchor.clone();
        use_effect_with(*open, move |open| {
            if *open {
                focus_item(&anchor, |_, _| 0);
            }
        });
    }
    {
        // A press elsewhere or Esc anywhere closes it; the listeners go with the list.
        let (anchor, open) = (anchor.clone(), open.clone());
        use_effect_with(*open, move |is_open| {
            let page = is_open.then(|| web_sys::window().and_then(|window| window.document())).flatten();
            let listeners = page.map(|page| {
                let setter = open.setter();
                let press = EventListener::new(&page, "pointerdown", move |event| {
                    let to = event.target().and_then(|to| to.dyn_into::<Node>().ok());
                    if !anchor.get().is_some_and(|anchor| anchor.contains(to.as_ref())) {
                        setter.set(false);
                    }
                });
                let setter = open.setter();
                let escape = EventListener::new(&page, "keydown", move |event| {
                    if event.dyn_ref::<KeyboardEvent>().is_some_and(|event| event.key() == "Escape") {
                        setter.set(false);
                    }
                });
                (press, escape)
            });
            move || drop(listeners)
        });
    }
    let toggle = {
        let open = open.clone();
        move |_| open.set(!*open)
    };
    let close = {
        let (open, button) = (open.clone(), button.clone());
        move || {
            open.set(false);
            if let Some(button) = button.cast::<HtmlElement>() {
                // A button that cannot take the focus leaves it where it is.
                let _ = button.focus();
            }
        }
    };
    let onkeydown = {
        let (anchor, close, open) = (anchor.clone(), close.clone(), open.clone());
        move |event: KeyboardEvent| {
            match (event.key().as_str(), *open) {
                ("ArrowDown", false) => open.set(true),
                ("ArrowDown", true) => focus_item(&anchor, |at, count| (at + 1) % count),
                ("ArrowUp", true) => focus_item(&anchor, |at, count| (at + count - 1) % count),
                ("Home", true) => focus_item(&anchor, |_, _| 0),
                ("End", true) => focus_item(&anchor, |_, count| count - 1),
                ("Escape", true) => close(),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let onfocusout = {
        let (open, anchor) = (open.clone(), anchor.clone());
        move |event: FocusEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
            let inside = anchor.get().is_some_and(|anchor| anchor.contains(to.as_ref()));
            if to.is_some() && !inside {
                open.set(false);
            }
        }
    };
    html! {
        <div class="menu-anchor" ref={anchor} {onkeydown} {onfocusout}>
            <button
                ref={button}
                type="button"
                class={if props.icon.is_some() { "button button-icon button-small" } else { "button" }}
                aria-haspopup="menu"
                aria-expanded={open.to_string()}
                aria-label={props.icon.map(|_| props.label.clone())}
                title={props.icon.map(|_| props.label.clone())}
                onclick={toggle}
            >
                if let Some(icon) = props.icon {
                    { icon }
                } else {
                    { &props.label }<span class="menu-caret">{ Icon::Chevron }</span>
                }
            </button>
            if *open {
                <div class="menu" role="menu" aria-label={props.label.clone()}>
                    { for props.items.iter().map(|item| {
                        let onclick = {
                            let (id, on_choose, close) = (item.id.clone(), props.on_choose.clone(), close.clone());
                            move |_| {
                                close();
                                on_choose.emit(id.clone());
                            }
                        };
                        html! {
                            <button
                                key={item.id.as_str()}
                                type="button"
                                role="menuitem"
                                class="menu-item"
                                tabindex="-1"
                                disabled={item.disabled}
                                {onclick}
                            >
                                if let Some(icon) = item.icon { { icon } }
                                { &item.label }
                            </button>
                        }
                    }) }
                </div>
            }
        </div>
    }
}

/// Moves the focus to the item that `next` picks from the present place and the count.
fn focus_item(anchor: &NodeRef, next: impl Fn(usize, usize) -> usize) {
    let Some(anchor) = anchor.cast::<HtmlElement>() else { return };
    let Ok(found) = anchor.query_selector_all("[role=menuitem]:not(:disabled)") else { return };
    let items: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok()).collect();
    if items.is_empty() {
        return;
    }
    let active = web_sys::window().and_then(|window| window.document()).and_then(|page| page.active_element());
    let at = items.iter().position(|item| active.as_ref() == Some(item.unchecked_ref())).unwrap_or(0);
    if let Some(item) = items.get(next(at, items.len())) {
        // An item that cannot take the focus leaves it where it is.
        let _ = item.focus();
    }
}
