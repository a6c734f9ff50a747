//! What a place says while there is nothing in it: what would be here, and how to get it.

use yew::prelude::*;

use super::icons::Icon;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct EmptyProps {
    pub icon: Icon,
    pub title: AttrValue,
    /// A sentence and perhaps a button.
    #[prop_or_default]
    pub children: Html,
}

#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    html! {
        <div class="empty">
            { props.icon }
            <div class="empty-title">{ &props.title }</div>
            { props.children.clone() }
        </div>
    }
}
