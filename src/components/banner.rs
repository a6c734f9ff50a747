//! A message that stays until it is read: what happened, why, and what to do.

use yew::prelude::*;

use super::button::{ButtonKind, IconButton};
use super::icons::Icon;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum BannerKind {
    #[default]
    Info,
    Success,
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct BannerProps {
    #[prop_or_default]
    pub kind: BannerKind,
    #[prop_or_default]
    pub title: Option<AttrValue>,
    #[prop_or_default]
    pub children: Html,
    /// Buttons that mend it.
    #[prop_or_default]
    pub actions: Html,
    #[prop_or_default]
    pub on_dismiss: Option<Callback<()>>,
}

#[component]
pub fn Banner(props: &BannerProps) -> Html {
    let (class, icon, word, role) = match props.kind {
        BannerKind::Info => ("banner-info", Icon::Info, "Information: ", "status"),
        BannerKind::Success => ("banner-success", Icon::Check, "Success: ", "status"),
        BannerKind::Warning => ("banner-warning", Icon::Warning, "Warning: ", "status"),
        BannerKind::Error => ("banner-error", Icon::Cross, "Error: ", "alert"),
    };
    html! {
        <div class={classes!("banner", class)} {role}>
            { icon }
            <div class="banner-body">
                <span class="visually-hidden">{ word }</span>
                if let Some(title) = &props.title { <div class="banner-title">{ title }</div> }
                { props.children.clone() }
                if props.actions != Html::default() { <div class="banner-actions">{ props.actions.clone() }</div> }
            </div>
            if let Some(on_dismiss) = &props.on_dismiss {
                <IconButton
                    label="Dismiss"
                    icon={Icon::Close}
                    kind={ButtonKind::Quiet}
                    small=true
                    onclick={on_dismiss.reform(|_| ())}
                />
            }
        </div>
    }
}
