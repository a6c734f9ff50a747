//! A tree list: one stop for the Tab key, up and down move, left and right close and open (WAI-ARIA tree view).

use web_sys::HtmlElement;
use yew::prelude::*;

use super::icons::Icon;
use super::status::{Status, StatusDot};

/// A row; children are rows that follow with a higher level.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeRow {
    pub id: AttrValue,
    /// 1 for the outermost.
    pub level: u8,
    pub label: AttrValue,
    pub icon: Option<Icon>,
    pub status: Option<Status>,
    /// Small, at the right: a count, a duration.
    pub note: AttrValue,
    /// For a row with children: whether they show. The parent leaves closed children out of `rows`.
    pub expanded: Option<bool>,
}

impl TreeRow {
    pub fn new(id: impl Into<AttrValue>, level: u8, label: impl Into<AttrValue>) -> TreeRow {
        let (id, label) = (id.into(), label.into());
        TreeRow { id, level, label, icon: None, status: None, note: AttrValue::default(), expanded: None }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TreeProps {
    pub label: AttrValue,
    pub rows: Vec<TreeRow>,
    #[prop_or_default]
    pub selected: Option<AttrValue>,
    pub on_select: Callback<AttrValue>,
    /// A row is to open (`true`) or close.
    #[prop_or_default]
    pub on_expand: Callback<(AttrValue, bool)>,
    /// Said when there are no rows.
    #[prop_or(AttrValue::Static("none yet"))]
    pub empty: AttrValue,
}

#[component]
pub fn Tree(props: &TreeProps) -> Html {
    let list = use_node_ref();
    let focused = use_state(|| None::<AttrValue>);
    if props.rows.is_empty() {
        return html! { <p class="tree-empty">{ &props.empty }</p> };
    }
    let position = |id: &Option<AttrValue>| id.as_ref().and_then(|id| props.rows.iter().position(|row| row.id == *id));
    let stop = position(&focused).or_else(|| position(&props.selected)).unwrap_or(0);
    let onkeydown = {
        let (props, list, focused) = (props.clone(), list.clone(), focused.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Some(row) = props.rows.get(stop) else { return };
            let mut target = None;
            match event.key().as_str() {
                "ArrowDown" => target = Some((stop + 1).min(props.rows.len() - 1)),
                "ArrowUp" => target = Some(stop.saturating_sub(1)),
                "Home" => target = Some(0),
                "End" => target = Some(props.rows.len() - 1),
                "ArrowRight" if row.expanded == Some(false) => props.on_expand.emit((row.id.clone(), true)),
                "ArrowRight" if row.expanded == Some(true) => target = Some((stop + 1).min(props.rows.len() - 1)),
                "ArrowLeft" if row.expanded == Some(true) => props.on_expand.emit((row.id.clone(), false)),
                "ArrowLeft" => target = props.rows[..stop].iter().rposition(|above| above.level < row.level),
                "Enter" | " " => props.on_select.emit(row.id.clone()),
                _ => return,
            }
            event.prevent_default();
            if let Some(target) = target {
                focused.set(props.rows.get(target).map(|row| row.id.clone()));
                let items = list.cast::<HtmlElement>().map(|list| list.children());
                if let Some(item) = items.and_then(|items| items.item(target as u32)) {
                    use wasm_bindgen::JsCast;
                    // An element that cannot take the focus leaves it where it is.
                    let _ = item.dyn_ref::<HtmlElement>().map(HtmlElement::focus);
                }
            }
        })
    };
    html! {
        <ul role="tree" aria-label={props.label.clone()} ref={list} {onkeydown}>
            { for props.rows.iter().enumerate().map(|(index, row)| {
                let onclick = {
                    let (id, on_select, focused) = (row.id.clone(), props.on_select.clone(), focused.clone());
                    move |_| {
                        focused.set(Some(id.clone()));
                        on_select.emit(id.clone());
                    }
                };
                html! {
                    <li
                        key={row.id.as_str()}
                        role="treeitem"
                        class={format!("tree-level-{}", row.level)}
                        aria-level={row.level.to_string()}
                        aria-selected={(props.selected.as_ref() == Some(&row.id)).to_string()}
                        aria-expanded={row.expanded.map(|expanded| expanded.to_string())}
                        tabindex={if index == stop { "0" } else { "-1" }}
                        {onclick}
                    >
                        <div class="tree-item">
                            if let Some(icon) = row.icon { { icon } }
                            if let Some(status) = row.status { <StatusDot {status} /> }
                            <span class="tree-label" title={row.label.clone()}>{ &row.label }</span>
                            if !row.note.is_empty() { <span class="tree-note">{ &row.note }</span> }
                        </div>
                    </li>
                }
            }) }
        </ul>
    }
}
