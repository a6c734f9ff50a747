//! Small parts that several places share: refusals, links to other places, texts to copy, times that go on.

use aws_protocol::AwsError;
use views::explorer::{RunStatus, ago};
use views::target::{Target, Tone};
use virtual_time::{Duration, Timestamp};
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::copy_button::CopyButton;
use crate::components::progress::countdown;
use crate::components::status::{self, Status};
use crate::host::session_context::use_now;
use crate::host::ui::{UiActions, use_ui};
use crate::session::{FunctionTab, MachineTab, Place, QueueTab};

#[must_use]
pub fn place_of(target: &Target) -> Place {
    match target {
        Target::StateMachine { arn } => Place::StateMachine { arn: arn.clone(), tab: MachineTab::Definition },
        Target::Execution { arn } => Place::Execution { arn: arn.clone() },
        Target::Queue { name } => Place::Queue { name: name.clone(), tab: QueueTab::default() },
        Target::Function { name } => Place::Function { name: name.clone(), tab: FunctionTab::Code },
        Target::Role { name } => Place::Role { name: name.clone() },
    }
}

#[must_use]
pub fn status_of(run: RunStatus) -> Status {
    match run {
        RunStatus::Running => Status::InProgress,
        RunStatus::WaitingForCallback => Status::WaitingForCallback,
        RunStatus::Retrying => Status::Retrying,
        RunStatus::Succeeded => Status::Succeeded,
        RunStatus::CaughtError => Status::CaughtError,
        RunStatus::Failed => Status::Failed,
        RunStatus::TimedOut => Status::TimedOut,
        RunStatus::Aborted => Status::Aborted,
    }
}

/// The status whose colours and icon a tone takes.
#[must_use]
pub fn status_of_tone(tone: Tone) -> Option<Status> {
    match tone {
        Tone::Plain => None,
        Tone::Busy => Some(Status::InProgress),
        Tone::Good => Some(Status::Succeeded),
        Tone::Warning => Some(Status::CaughtError),
        Tone::Bad => Some(Status::Failed),
    }
}

/// How an event source mapping's state looks.
#[must_use]
pub fn trigger_tone(state: &str) -> status::Tone {
    match state {
        "Enabled" => status::Tone::Success,
        "Disabled" => status::Tone::Warning,
        "Denied" | "Failing" => status::Tone::Error,
        _ => status::Tone::Info,
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RefusalProps {
    pub error: Option<AwsError>,
    /// How to mend it, when we know.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
}

/// AWS's own error, where it happened.
#[component]
pub fn Refusal(props: &RefusalProps) -> Html {
    let Some(error) = &props.error else { return Html::default() };
    html! {
        <Banner kind={BannerKind::Error} title={error.code.clone()}>
            <p>{ &error.message }</p>
            if let Some(hint) = &props.hint { <p>{ hint }</p> }
        </Banner>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LinkProps {
    pub target: Option<Target>,
    pub text: AttrValue,
}

/// Leads to another place; plain text when there is none.
#[component]
pub fn PlaceLink(props: &LinkProps) -> Html {
    let ui = use_ui();
    let Some(target) = props.target.clone() else { return html! { <span>{ &props.text }</span> } };
    let onclick = Callback::from(move |_: MouseEvent| ui.go(place_of(&target)));
    html! { <button type="button" class="link-button" {onclick}>{ &props.text }</button> }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CopyLineProps {
    /// What it is: `ARN`.
    pub what: AttrValue,
    pub text: AttrValue,
}

#[component]
pub fn CopyLine(props: &CopyLineProps) -> Html {
    html! {
        <span class="copy-line">
            <span>{ &props.what }</span>
            <span class="mono-text">{ &props.text }</span>
            <CopyButton text={props.text.clone()} what={props.what.clone()} />
        </span>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CodeBlockProps {
    pub label: AttrValue,
    pub text: AttrValue,
}

/// Text to read and copy.
#[component]
pub fn CodeBlock(props: &CodeBlockProps) -> Html {
    html! {
        <div class="code-block" tabindex="0" role="group" aria-label={props.label.clone()}>
            <CopyButton text={props.text.clone()} what={props.label.clone()} />
            <pre>{ &props.text }</pre>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AgoProps {
    pub at: Timestamp,
    /// Stands before the time: `sent`.
    #[prop_or_default]
    pub what: AttrValue,
}

/// How long ago something was, going on with the clock.
#[component]
pub fn Ago(props: &AgoProps) -> Html {
    let now = use_now();
    html! { <time title={props.at.to_rfc3339()}>{ format!("{} {}", props.what, ago(now.since(props.at))) }</time> }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct UntilProps {
    pub at: Timestamp,
    /// The whole span.
    pub total: Duration,
    /// Stands before the time: `visible again`.
    pub what: AttrValue,
}

/// A countdown in words and as a bar.
#[component]
pub fn Until(props: &UntilProps) -> Html {
    let left = counted(props.at.since(use_now()));
    let text = format!("{} in {left}", props.what);
    html! {
        <>
            <span title={props.at.to_rfc3339()}>{ text }</span>
            { countdown(left.as_secs_f64(), props.total.as_secs_f64()) }
        </>
    }
}

/// Rounded up to whole seconds, and to tenths at the end: a number that changes at every frame cannot be read, and a
/// hundred of them keep the browser busy.
fn counted(left: Duration) -> Duration {
    let unit = if left.secs() < 5 { 100_000 } else { 1_000_000 };
    Duration::from_micros(left.micros().div_ceil(unit) * unit)
}

/// The time of day, with the date before it when that is another day than now's.
#[must_use]
pub fn moment(at: Timestamp, now: Timestamp) -> String {
    let (text, today) = (at.to_rfc3339(), now.to_rfc3339());
    match text.get(..10) {
        Some(day) if today.get(..10) != Some(day) => format!("{day} {}", time_of_day(at)),
        _ => time_of_day(at),
    }
}

/// `08:00:04.212`: the time of day, for lists.
#[must_use]
pub fn time_of_day(at: Timestamp) -> String {
    let text = at.to_rfc3339();
    text.get(11..23).map_or_else(|| text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countdowns_count_seconds_and_in_the_end_tenths() {
        let text = |millis| counted(Duration::from_millis(millis)).to_string();
        assert_eq!(
            [29_970, 29_001, 5_000, 4_999, 4_851, 40, 0].map(text),
            ["30 s", "30 s", "5 s", "5 s", "4.9 s", "100 ms", "0 ms"]
        );
    }
}
