//! A row of tabs: one stop for the Tab key, arrows move within (WAI-ARIA tabs pattern with automatic activation).

use web_sys::HtmlElement;
use yew::prelude::*;

use super::icons::Icon;

#[derive(Debug, Clone, PartialEq)]
pub struct Tab {
    /// Unique on the page: the panel is `panel-<id>`, the tab `tab-<id>`.
    pub id: AttrValue,
    pub label: AttrValue,
    pub count: Option<usize>,
    pub icon: Option<Icon>,
}

impl Tab {
    pub fn new(id: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Tab {
        Tab { id: id.into(), label: label.into(), count: None, icon: None }
    }

    #[must_use]
    pub fn with_count(mut self, count: usize) -> Tab {
        self.count = Some(count);
        self
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TabsProps {
    /// What the row is for, for screen readers.
    pub label: AttrValue,
    pub tabs: Vec<Tab>,
    pub selected: AttrValue,
    pub on_select: Callback<AttrValue>,
    /// The panel is collapsed: nothing in the page is controlled.
    #[prop_or_default]
    pub collapsed: bool,
    /// Stands at the end of the row, outside the tab list.
    #[prop_or_default]
    pub tools: Html,
}

#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let list = use_node_ref();
    let onkeydown = {
        let (props, list) = (props.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = props.tabs.len().saturating_sub(1);
            let at = props.tabs.iter().position(|tab| tab.id == props.selected).unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowRight" => {
                    if at == last {
                        0
                    } else {
                        at + 1
                    }
                }
                "ArrowLeft" => {
                    if at == 0 {
                        last
                    } else {
                        at - 1
                    }
                }
                "Home" => 0,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            let Some(tab) = props.tabs.get(next) else { return };
            props.on_select.emit(tab.id.clone());
            let buttons = list.cast::<HtmlElement>().map(|list| list.children());
            if let Some(button) = buttons.and_then(|buttons| buttons.item(next as u32)) {
                focus(&button);
            }
        })
    };
    html! {
        <div class="tabs">
            <div class="tab-list" role="tablist" aria-label={props.label.clone()} ref={list} {onkeydown}>
                { for props.tabs.iter().map(|tab| {
                    let selected = tab.id == props.selected;
                    let onclick = {
                        let (id, on_select) = (tab.id.clone(), props.on_select.clone());
                        move |_| on_select.emit(id.clone())
                    };
                    html! {
                        <button
                            key={tab.id.as_str()}
                            type="button"
                            role="tab"
                            class="tab"
                            id={format!("tab-{}", tab.id)}
                            aria-selected={selected.to_string()}
                            aria-controls={(selected && !props.collapsed).then(|| format!("panel-{}", tab.id))}
                            tabindex={if selected { "0" } else { "-1" }}
                            {onclick}
                        >
                            if let Some(icon) = tab.icon { { icon } }
                            { &tab.label }
                            if let Some(count) = tab.count { <span class="tab-count">{ count }</span> }
                        </button>
                    }
                }) }
            </div>
            if props.tools != Html::default() { <div class="pane-tools">{ props.tools.clone() }</div> }
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TabPanelProps {
    /// The id of its tab.
    pub id: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    pub children: Html,
}

#[component]
pub fn TabPanel(props: &TabPanelProps) -> Html {
    html! {
        <div
            class={classes!("pane-body", props.class.clone())}
            role="tabpanel"
            id={format!("panel-{}", props.id)}
            aria-labelledby={format!("tab-{}", props.id)}
            tabindex="0"
        >
            { props.children.clone() }
        </div>
    }
}

fn focus(element: &web_sys::Element) {
    use wasm_bindgen::JsCast;
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // An element that cannot take the focus leaves it where it is.
        let _ = element.focus();
    }
}
