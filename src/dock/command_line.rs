//! The AWS command line: a prompt, what was printed, history by the arrow keys and completion by Tab.

use std::rc::Rc;

use aws_cli::{Candidate, Completion};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::documents::Documents;
use crate::components::button::{Button, ButtonKind};
use crate::components::icons::Icon;
use crate::host::session_context::{SessionHandle, use_session};
use crate::session::{Action, Entry};

const LIST: &str = "command-candidates";
const HELP: &str = "command-help";
/// Candidates that are shown at once; more letters make them fewer.
const SHOWN: usize = 40;

/// What the prompt holds.
#[derive(Clone, Debug, Default, PartialEq)]
struct Prompt {
    line: String,
    /// Where the cursor must stand, after the line was changed for the person.
    caret: Option<usize>,
    /// How far back in the history, from 1; 0 is the line that is being written.
    back: usize,
    written: String,
    completion: Completion,
    chosen: usize,
    /// After Escape, Tab leaves the field as everywhere else.
    leaving: bool,
}

impl Prompt {
    fn is_open(&self) -> bool {
        !self.completion.candidates.is_empty()
    }

    fn with_line(line: String) -> Prompt {
        Prompt { caret: Some(line.len()), line, ..Prompt::default() }
    }

    /// The chosen candidate takes the place of the word before the cursor.
    fn accept(&self, text: &str, is_whole: bool) -> Prompt {
        let (before, after) = (&self.line[..self.completion.start], &self.line[self.completion.end..]);
        let goes_on = !is_whole || text.ends_with(['/', '=']) || after.starts_with(' ');
        let space = if goes_on { "" } else { " " };
        let caret = before.len() + text.len() + space.len();
        Prompt { line: format!("{before}{text}{space}{after}"), caret: Some(caret), ..Prompt::default() }
    }

    /// Tab: the only candidate is taken; of several, what they have in common, and then the list.
    fn complete(&self, completion: Completion) -> Prompt {
        let typed = completion.end - completion.start;
        let prompt = Prompt { completion: completion.clone(), ..self.clone() };
        match completion.candidates.as_slice() {
            [] => Prompt::clone(self),
            [only] => prompt.accept(&only.text, true),
            many => {
                let common = common_beginning(many);
                if common.len() <= typed {
                    return Prompt { chosen: 0, ..prompt };
                }
                let taken = prompt.accept(&common, false);
                let end = completion.start + common.len();
                Prompt { completion: Completion { end, ..completion }, ..taken }
            }
        }
    }

    fn recall(&self, history: &[String], back: usize) -> Prompt {
        let written = if self.back == 0 { self.line.clone() } else { self.written.clone() };
        let line = match back {
            0 => written.clone(),
            back => history.get(history.len().saturating_sub(back)).cloned().unwrap_or_default(),
        };
        Prompt { back, written, ..Prompt::with_line(line) }
    }
}

fn common_beginning(candidates: &[Candidate]) -> String {
    let mut common = candidates.first().map(|first| first.text.clone()).unwrap_or_default();
    for candidate in candidates {
        while !candidate.text.starts_with(&common) {
            common.pop();
        }
    }
    common
}

#[component]
pub fn CommandLine() -> Html {
    let session = use_session();
    let prompt = use_state(Prompt::default);
    let documents_open = use_state(|| false);
    let (input, end) = (use_node_ref(), use_node_ref());
    let entries = session.read(|s| s.command_entries().to_vec());
    let waiting = session.read(crate::session::Session::waits_for_command);
    {
        let end = end.clone();
        let last = entries.last().map(|entry| (entry.number, entry.said.is_some()));
        use_effect_with((last, waiting), move |_| {
            if let Some(end) = end.cast::<HtmlElement>() {
                end.set_scroll_top(end.scroll_height());
            }
        });
    }
    {
        let input = input.clone();
        use_effect_with((prompt.line.clone(), prompt.caret), move |(line, caret)| {
            if let Some((input, caret)) = input.cast::<HtmlInputElement>().zip(*caret) {
                let units = u32::try_from(line[..caret.min(line.len())].encode_utf16().count()).unwrap_or(u32::MAX);
                // It fails only for a field that has no selection.
                let _ = input.set_selection_range(units, units);
            }
        });
    }
    let stop = {
        let session = session.clone();
        Callback::from(move |()| session.change(|s| s.stop_waiting(STOPPED)))
    };
    let keys = Keys { session: session.clone(), prompt: prompt.clone(), stop: stop.clone() };
    let onkeydown = Callback::from(move |event: KeyboardEvent| keys.press(&event));
    let oninput = {
        let prompt = prompt.clone();
        Callback::from(move |event: InputEvent| {
            let line = event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            prompt.set(Prompt { line, ..Prompt::default() });
        })
    };
    let onpaste = {
        let prompt = prompt.clone();
        Callback::from(move |event: Event| paste(&event, &prompt))
    };
    let onblur = {
        let prompt = prompt.clone();
        Callback::from(move |_: FocusEvent| {
            prompt.set(Prompt { completion: Completion::default(), leaving: false, caret: None, ..(*prompt).clone() });
        })
    };
    let onsubmit = {
        let (session, prompt) = (session.clone(), prompt.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run(&session, &prompt);
        })
    };
    let choose = {
        let prompt = prompt.clone();
        Callback::from(move |text: String| prompt.set(prompt.accept(&text, true)))
    };
    let clear = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.change(crate::session::Session::clear_commands))
    };
    let open_documents = {
        let open = documents_open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let close_documents = {
        let open = documents_open.clone();
        Callback::from(move |()| open.set(false))
    };
    let chosen = prompt.is_open().then(|| format!("{LIST}-{}", prompt.chosen));
    html! {
        <div class="command-line">
            <div class="command-output" ref={end} role="log" aria-label="Output of commands" tabindex="0">
                if entries.is_empty() {
                    <p class="command-note">
                        { "The AWS command line of this account. Try " }<code>{ "aws sqs list-queues" }</code>
                        { ", or press Tab to see what there is." }
                    </p>
                }
                { for entries.iter().map(|entry| html! { <Printed key={entry.number} entry={entry.clone()} /> }) }
                if waiting { <WaitingNote stop={stop.clone()} /> }
            </div>
            <Candidates prompt={(*prompt).clone()} on_choose={choose} />
            <form class="command-prompt" {onsubmit}>
                <span aria-hidden="true">{ "$" }</span>
                <input
                    ref={input} class="input mono" type="text" aria-label="Command" role="combobox"
                    aria-autocomplete="list" aria-expanded={prompt.is_open().to_string()} aria-controls={LIST}
                    aria-activedescendant={chosen} aria-describedby={HELP}
                    autocomplete="off" autocapitalize="off" spellcheck="false" placeholder="aws …"
                    value={prompt.line.clone()} {oninput} {onkeydown} {onblur} {onpaste}
                />
                <Button label="Run" kind={ButtonKind::Primary} small=true submit=true disabled={waiting} />
                <Button label="Documents" small=true onclick={open_documents} />
                <Button label="Clear" small=true onclick={clear} />
            </form>
            <p class="command-keys" id={HELP}>
                { "Tab completes, ↑ and ↓ go through the history. Escape, then Tab, leaves the field." }
            </p>
            <Documents open={*documents_open} on_close={close_documents} />
        </div>
    }
}

const STOPPED: &str = "Nobody waits for the answer any more. The call itself goes on until it is answered: a message that a \
                       poll still finds is in flight then.";

fn run(session: &SessionHandle, prompt: &UseStateHandle<Prompt>) {
    let line = prompt.line.clone();
    if session.read(|s| s.waits_for_command()) || line.trim().is_empty() {
        return;
    }
    session.change(|s| s.run_line(&line));
    prompt.set(Prompt { caret: Some(0), ..Prompt::default() });
}

/// Several lines become one: a backslash at a line's end only joins them.
fn paste(event: &Event, prompt: &UseStateHandle<Prompt>) {
    use wasm_bindgen::JsCast as _;
    let Some(event) = event.dyn_ref::<web_sys::ClipboardEvent>() else { return };
    let Some(text) = event.clipboard_data().and_then(|data| data.get_data("text").ok()) else { return };
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
    if !text.contains('\n') {
        return;
    }
    event.prevent_default();
    let text = text.replace("\r\n", "\n").replace("\\\n", " ");
    let text = text.trim().replace('\n', " ");
    let line = input.value();
    let from = bytes_at(&line, input.selection_start().ok().flatten());
    let to = bytes_at(&line, input.selection_end().ok().flatten()).max(from);
    let caret = from + text.len();
    prompt.set(Prompt {
        line: format!("{}{text}{}", &line[..from], &line[to..]),
        caret: Some(caret),
        ..Prompt::default()
    });
}

/// A browser counts in UTF-16 units.
fn bytes_at(line: &str, units: Option<u32>) -> usize {
    let mut left = units.map_or(usize::MAX, |units| usize::try_from(units).unwrap_or(usize::MAX));
    for (at, letter) in line.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(letter.len_utf16());
    }
    line.len()
}

/// What the keys do.
struct Keys {
    session: SessionHandle,
    prompt: UseStateHandle<Prompt>,
    stop: Callback<()>,
}

impl Keys {
    fn press(&self, event: &KeyboardEvent) {
        let prompt = &*self.prompt;
        let plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key() && !event.shift_key();
        let key = event.key();
        let next = match key.as_str() {
            "Tab" if plain && prompt.is_open() => Some(self.accept_chosen()),
            "Tab" if plain && !prompt.leaving => self.complete(event),
            "Enter" if plain && prompt.is_open() => Some(self.accept_chosen()),
            "Escape" if plain => {
                let closed = Prompt { completion: Completion::default(), leaving: true, ..prompt.clone() };
                Some(Prompt { caret: None, ..closed })
            }
            "ArrowDown" | "ArrowUp" if plain && prompt.is_open() => {
                let count = prompt.completion.candidates.len().min(SHOWN);
                let step = if key == "ArrowDown" { 1 } else { count - 1 };
                Some(Prompt { chosen: (prompt.chosen + step) % count, caret: None, ..prompt.clone() })
            }
            "ArrowUp" if plain => self.recall(prompt.back + 1),
            "ArrowDown" if plain && prompt.back > 0 => self.recall(prompt.back - 1),
            "c" if event.ctrl_key() && self.session.read(|s| s.waits_for_command()) => {
                self.stop.emit(());
                None
            }
            "l" if event.ctrl_key() => {
                event.prevent_default();
                self.session.change(crate::session::Session::clear_commands);
                None
            }
            _ => None,
        };
        if let Some(next) = next {
            event.prevent_default();
            self.prompt.set(next);
        }
    }

    fn accept_chosen(&self) -> Prompt {
        let chosen = self.prompt.completion.candidates.get(self.prompt.chosen);
        chosen.map_or_else(|| (*self.prompt).clone(), |candidate| self.prompt.accept(&candidate.text, true))
    }

    /// Nothing to complete: Tab leaves the field.
    fn complete(&self, event: &KeyboardEvent) -> Option<Prompt> {
        let input = event.target_dyn_into::<HtmlInputElement>()?;
        let cursor = bytes_at(&self.prompt.line, input.selection_start().ok().flatten());
        let completion = self.session.read(|s| s.complete_line(&self.prompt.line, cursor));
        (!completion.candidates.is_empty()).then(|| self.prompt.complete(completion))
    }

    fn recall(&self, back: usize) -> Option<Prompt> {
        let history = self.session.read(|s| s.command_history());
        (back <= history.len()).then(|| self.prompt.recall(&history, back))
    }
}

#[derive(PartialEq, Properties)]
struct PrintedProps {
    entry: Rc<Entry>,
}

/// A line and what it printed.
#[component]
fn Printed(props: &PrintedProps) -> Html {
    let said = props.entry.said.as_ref();
    html! {
        <div class="command-entry">
            <div class="command-written"><span aria-hidden="true">{ "$ " }</span>{ &props.entry.line }</div>
            if let Some(said) = said {
                if !said.out.is_empty() { <pre>{ &said.out }</pre> }
                if !said.err.is_empty() { <pre class="command-error">{ said.err.trim_start_matches('\n') }</pre> }
                { for said.wrote.iter().map(|(name, _)| html! {
                    <p class="command-note">{ format!("Written to the document {name}: cat {name} shows it.") }</p>
                }) }
                if let Some(hint) = &said.hint { <p class="command-note">{ Icon::Info }{ " " }{ hint }</p> }
                if said.code != 0 { <p class="command-note">{ format!("Exit code {}", said.code) }</p> }
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct WaitingProps {
    stop: Callback<()>,
}

#[component]
fn WaitingNote(props: &WaitingProps) -> Html {
    let session = use_session();
    let playing = session.read(|s| s.playback().playing);
    let play = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.dispatch(Action::Play))
    };
    html! {
        <div class="command-waiting">
            if playing {
                <span>{ "Waiting for the answer…" }</span>
            } else {
                <span>{ "Waiting for the answer. Time is paused, so it cannot come." }</span>
                <Button label="Let time run" icon={Icon::Play} small=true onclick={play} />
            }
            <Button label="Stop waiting" icon={Icon::Stop} small=true onclick={props.stop.reform(|_| ())} />
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct CandidatesProps {
    prompt: Prompt,
    on_choose: Callback<String>,
}

/// What may come next. The field keeps the focus; the arrow keys choose.
#[component]
fn Candidates(props: &CandidatesProps) -> Html {
    let candidates = &props.prompt.completion.candidates;
    let chosen = props.prompt.chosen;
    use_effect_with((chosen, candidates.len()), move |(chosen, _)| {
        let document = web_sys::window().and_then(|window| window.document());
        if let Some(option) = document.and_then(|page| page.get_element_by_id(&format!("{LIST}-{chosen}"))) {
            option.scroll_into_view_with_bool(false);
        }
    });
    if candidates.is_empty() {
        return html! { <ul id={LIST} hidden=true></ul> };
    }
    let more = candidates.len().saturating_sub(SHOWN);
    html! {
        <>
            <ul id={LIST} class="command-candidates" role="listbox" aria-label="What may come next">
                { for candidates.iter().take(SHOWN).enumerate().map(|(place, candidate)| {
                    let (on_choose, text) = (props.on_choose.clone(), candidate.text.clone());
                    // The press, not the click: the field must not lose the focus first.
                    let onmousedown = Callback::from(move |event: MouseEvent| {
                        event.prevent_default();
                        on_choose.emit(text.clone());
                    });
                    html! {
                        <li
                            key={place} id={format!("{LIST}-{place}")} role="option"
                            aria-selected={(place == chosen).to_string()} {onmousedown}
                        >
                            <span>{ &candidate.text }</span><small>{ &candidate.about }</small>
                        </li>
                    }
                }) }
            </ul>
            if more > 0 { <p class="command-keys">{ format!("and {more} more") }</p> }
        </>
    }
}
