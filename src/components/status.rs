//! What became of a state or an execution: always an icon and a word, never colour alone.

use yew::prelude::*;

use super::icons::Icon;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    NotStarted,
    InProgress,
    WaitingForCallback,
    Retrying,
    Succeeded,
    Failed,
    CaughtError,
    TimedOut,
    Aborted,
}

impl Status {
    pub const ALL: [Status; 9] = [
        Status::NotStarted,
        Status::InProgress,
        Status::WaitingForCallback,
        Status::Retrying,
        Status::Succeeded,
        Status::Failed,
        Status::CaughtError,
        Status::TimedOut,
        Status::Aborted,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Status::NotStarted => "Not started",
            Status::InProgress => "In progress",
            Status::WaitingForCallback => "Waiting for callback",
            Status::Retrying => "Retrying",
            Status::Succeeded => "Succeeded",
            Status::Failed => "Failed",
            Status::CaughtError => "Caught error",
            Status::TimedOut => "Timed out",
            Status::Aborted => "Aborted",
        }
    }

    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Status::NotStarted => "is-not-started",
            Status::InProgress => "is-in-progress",
            Status::WaitingForCallback => "is-waiting",
            Status::Retrying => "is-retrying",
            Status::Succeeded => "is-succeeded",
            Status::Failed => "is-failed",
            Status::CaughtError => "is-caught",
            Status::TimedOut => "is-timed-out",
            Status::Aborted => "is-aborted",
        }
    }

    #[must_use]
    pub fn icon(self) -> Icon {
        match self {
            Status::NotStarted => Icon::Circle,
            Status::InProgress => Icon::Progress,
            Status::WaitingForCallback => Icon::Waiting,
            Status::Retrying => Icon::Retry,
            Status::Succeeded => Icon::Check,
            Status::Failed => Icon::Cross,
            Status::CaughtError => Icon::Warning,
            Status::TimedOut => Icon::Clock,
            Status::Aborted => Icon::Aborted,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StatusChipProps {
    pub status: Status,
    /// Instead of the status's own word: `Running`, `Succeeded · 1 caught error`.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// Without the filled background.
    #[prop_or_default]
    pub plain: bool,
}

#[component]
pub fn StatusChip(props: &StatusChipProps) -> Html {
    let label = props.label.clone().unwrap_or_else(|| AttrValue::Static(props.status.word()));
    html! {
        <span class={classes!("status", props.status.class(), props.plain.then_some("status-plain"))}>
            { props.status.icon() }{ label }
        </span>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct StatusDotProps {
    pub status: Status,
}

/// For narrow places; the word is there for screen readers and as a tooltip.
#[component]
pub fn StatusDot(props: &StatusDotProps) -> Html {
    let word = props.status.word();
    html! { <span class={classes!("status-dot", props.status.class())} role="img" aria-label={word} title={word} /> }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Info,
    Accent,
    Success,
    Warning,
    Error,
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct BadgeProps {
    pub label: AttrValue,
    #[prop_or_default]
    pub tone: Tone,
    #[prop_or_default]
    pub icon: Option<Icon>,
}

#[component]
pub fn Badge(props: &BadgeProps) -> Html {
    let tone = match props.tone {
        Tone::Neutral => None,
        Tone::Info => Some("badge-info"),
        Tone::Accent => Some("badge-accent"),
        Tone::Success => Some("badge-success"),
        Tone::Warning => Some("badge-warning"),
        Tone::Error => Some("badge-error"),
    };
    html! {
        <span class={classes!("badge", tone)}>if let Some(icon) = props.icon { { icon } }{ &props.label }</span>
    }
}
