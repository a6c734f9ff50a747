//! For whoever writes lessons: a file is opened, pasted or dropped, and its mistakes are told by their lines.

use lessons::Mistake;
use web_sys::DragEvent;
use yew::prelude::*;

use super::use_lesson_opener;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::form::TextArea;
use crate::host::files::{pick_text_file_of, text_of};

/// What a new lesson looks like.
const SAMPLE: &str = "---\nsentence: Keep messages until somebody takes them.\nminutes: 3\n---\n# My first queue\n\nWhat this is about.\n\n## 1. Make it\n\nCreate a queue called `Letters`.\n\n```show\nnew queue > textbox \"Name\"\n```\n\n```done\nqueue Letters\n```\n\n```do\nsqs:CreateQueue {\"QueueName\": \"Letters\"}\n```\n";

#[component]
pub fn Author() -> Html {
    let opener = use_lesson_opener();
    let open = use_state(|| false);
    let text = use_state(AttrValue::default);
    let tried = use_state(|| false);
    let read = use_memo((*text).clone(), |text| lessons::read(text));
    let set_text = {
        let (text, tried) = (text.clone(), tried.clone());
        Callback::from(move |new: AttrValue| {
            tried.set(!new.is_empty());
            text.set(new);
        })
    };
    let toggle = |to: bool| {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(to))
    };
    let choose = {
        let set_text = set_text.clone();
        Callback::from(move |_: MouseEvent| {
            let set_text = set_text.clone();
            pick_text_file_of(".md,.markdown,.txt,text/markdown,text/plain", move |text| set_text.emit(text.into()));
        })
    };
    let sample = set_text.reform(|_: MouseEvent| AttrValue::Static(SAMPLE));
    let ondrop = {
        let set_text = set_text.clone();
        Callback::from(move |event: DragEvent| {
            let file = event.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
            if let Some(file) = file {
                event.prevent_default();
                let set_text = set_text.clone();
                text_of(&file, move |text| set_text.emit(text.into()));
            }
        })
    };
    let start = {
        let (open, text, tried, read) = (open.clone(), text.clone(), tried.clone(), read.clone());
        Callback::from(move |_: MouseEvent| match &*read {
            Ok(lesson) => {
                open.set(false);
                opener.open_own(lesson, text.to_string());
            }
            Err(_) => tried.set(true),
        })
    };
    let footer = html! {
        <>
            <Button label="Cancel" onclick={toggle(false)} />
            <Button label="Open the lesson" kind={ButtonKind::Primary} onclick={start} />
        </>
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    html! {
        <>
            <h2>{ "Write your own" }</h2>
            <p>{ "A lesson is one Markdown file. What is wrong with it is told line by line." }</p>
            <div class="button-row"><Button label="Open a lesson file…" small=true onclick={toggle(true)} /></div>
            <Dialog title="Open a lesson file" open={*open} on_close={close} wide=true {footer}>
                <div class="form" {ondrop} ondragover={|event: DragEvent| event.prevent_default()}>
                    <div class="button-row">
                        <Button label="Choose a file…" onclick={choose} />
                        <Button label="Start with a sample" onclick={sample} />
                    </div>
                    <TextArea
                        label="Lesson as Markdown" rows={16} value={(*text).clone()} on_input={set_text}
                        help="Paste it here, or drop a file. Nothing is sent anywhere, and nothing runs before you say so."
                    />
                    if *tried { <Verdict read={(*read).clone().map(|lesson| (lesson.title, lesson.steps.len()))} /> }
                </div>
            </Dialog>
        </>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct VerdictProps {
    /// Title and number of steps, or what is wrong.
    read: Result<(String, usize), Vec<Mistake>>,
}

#[component]
fn Verdict(props: &VerdictProps) -> Html {
    match &props.read {
        Ok((title, steps)) => {
            let steps = if *steps == 1 { "1 step".to_owned() } else { format!("{steps} steps") };
            html! { <Banner kind={BannerKind::Success}>{ format!("“{title}” can be opened: {steps}.") }</Banner> }
        }
        Err(mistakes) => html! {
            <Banner kind={BannerKind::Error} title="This is not a lesson yet">
                <ul class="lesson-mistakes">{ for mistakes.iter().map(|mistake| html! { <li>{ mistake.to_string() }</li> }) }</ul>
            </Banner>
        },
    }
}
