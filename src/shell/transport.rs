//! Play, pause, step, jump: the clock's controls.

use virtual_time::Duration;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::components::button::{ButtonKind, IconButton};
use crate::components::icons::Icon;
use crate::components::menu::{Menu, MenuItem};
use crate::host::prefs;
use crate::host::session_context::{use_now, use_session};
use crate::session::{Action, Speed};

/// Jumps of the clock that are worth a menu entry.
const JUMPS: [(&str, &str, u64); 5] = [
    ("minute", "1 minute later", 60),
    ("hour", "1 hour later", 3_600),
    ("day", "1 day later", 86_400),
    ("four-days", "4 days later", 4 * 86_400),
    ("year", "1 year later", 365 * 86_400),
];

#[component]
pub fn Transport() -> Html {
    let session = use_session();
    let now = use_now();
    // During a visit it is one's own work that a reload brings back.
    let own_playing = session.read(|session| session.own().playback().playing);
    let (playing, speed, step, furthest, started) = session.read(|session| {
        (
            session.playback().playing,
            session.playback().speed,
            session.account().position().steps,
            session.furthest_step(),
            session.account().options().start,
        )
    });
    // A reload in mid-run goes on as it was.
    use_effect_with(own_playing, |playing| prefs::save(prefs::PLAYING, playing));
    let act = |action: Action| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.dispatch(action.clone()))
    };
    let choose_speed = {
        let session = session.clone();
        Callback::from(move |event: Event| {
            let index = event.target_unchecked_into::<HtmlSelectElement>().selected_index();
            if let Some(speed) = usize::try_from(index).ok().and_then(|index| Speed::ALL.get(index)) {
                session.dispatch(Action::SetSpeed(*speed));
            }
        })
    };
    let scrub = {
        let session = session.clone();
        Callback::from(move |event: Event| {
            let value = event.target_unchecked_into::<HtmlInputElement>().value();
            if let Ok(step) = value.parse() {
                session.dispatch(Action::GoToStep(step));
            }
        })
    };
    let jump = {
        let session = session.clone();
        Callback::from(move |item: AttrValue| {
            if let Some((_, _, seconds)) = JUMPS.iter().find(|(id, _, _)| *id == item.as_str()) {
                session.dispatch(Action::JumpBy(Duration::from_secs(*seconds)));
            }
        })
    };
    let items = JUMPS.iter().map(|(id, label, _)| MenuItem::new(*id, *label)).collect::<Vec<_>>();
    html! {
        <div class="transport" role="group" aria-label="Virtual time">
            <IconButton label="Back to the start" icon={Icon::BackToStart} disabled={step == 0} onclick={act(Action::BackToStart)} />
            <IconButton label="Step back" icon={Icon::StepBack} disabled={step == 0} onclick={act(Action::StepBack)} />
            if playing {
                <IconButton label="Pause" icon={Icon::Pause} kind={ButtonKind::Primary} onclick={act(Action::Pause)} />
            } else {
                <IconButton label="Play" icon={Icon::Play} kind={ButtonKind::Primary} onclick={act(Action::Play)} />
            }
            <IconButton label="Step one event" icon={Icon::Step} onclick={act(Action::Step)} />
            <IconButton label="Jump to the next timer" icon={Icon::NextTimer} onclick={act(Action::JumpToNext)} />
            <input
                class="scrubber" type="range" aria-label="Place in the run"
                aria-valuetext={format!("Event {step} of {furthest}")}
                min="0" max={furthest.to_string()} value={step.to_string()} onchange={scrub}
            />
            <time class="clock" title={now.to_rfc3339()}>{ clock(now.since(started)) }</time>
            <Menu label="Later" {items} on_choose={jump} />
            <select class="select" aria-label="Speed" onchange={choose_speed}>
                { for Speed::ALL.iter().map(|each| html! {
                    <option selected={*each == speed}>{ each.label() }</option>
                }) }
            </select>
        </div>
    }
}

/// `3 d 00:00:04.212`: time since the account was made.
#[must_use]
pub fn clock(span: Duration) -> String {
    let seconds = span.secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let time = format!("{hours:02}:{minutes:02}:{:02}.{:03}", seconds % 60, span.millis() % 1_000);
    if days > 0 { format!("{days} d {time}") } else { time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_shows_days_only_when_there_are_any() {
        assert_eq!(clock(Duration::from_millis(4_212)), "00:00:04.212");
        assert_eq!(clock(Duration::from_secs(4 * 86_400 + 3_661)), "4 d 01:01:01.000");
    }
}
