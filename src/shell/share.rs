//! The dialog that makes a link of what is open, and takes in what was sent.

use share_link::fits::{self, PLACES};
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::components::form::{Choice, RadioGroup, TextArea};
use crate::components::icons::Icon;
use crate::host::files::{download, pick_text_file};
use crate::host::receive::use_reception;
use crate::host::session_context::{SessionHandle, use_session};
use crate::host::sharing::{Made, What, frame, make};
use crate::host::ui::use_ui;
use crate::session::Place;

#[component]
pub fn ShareButton() -> Html {
    let open = use_state(|| false);
    let show = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(true))
    };
    let on_close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    html! {
        <>
            <Button label="Share" icon={Icon::Share} onclick={show} />
            <Dialog title="Share" open={*open} on_close={on_close.clone()} wide=true>
                <Sharing {on_close} />
            </Dialog>
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct SharingProps {
    on_close: Callback<()>,
}

#[component]
fn Sharing(props: &SharingProps) -> Html {
    let (session, ui) = (use_session(), use_ui());
    let what = use_state(|| {
        let in_lesson = session.read(|session| {
            session.course().is_some_and(|course| {
                course.progress().done() > 0 && course.lesson().is_some_and(|lesson| lesson.category.is_none())
            })
        });
        match ui.place {
            _ if in_lesson => What::LessonWork,
            Place::Execution { .. } => What::Run,
            _ => What::Project,
        }
    });
    let made = {
        // Made once for each choice: the link must not change while somebody looks at it.
        let (session, ui) = (session.clone(), ui.clone());
        use_memo(*what, move |what| make(&session, &ui, *what))
    };
    let choices = use_memo((), |()| choices(&session));
    let on_select = {
        let what = what.clone();
        Callback::from(move |name: AttrValue| {
            what.set(What::ALL.into_iter().find(|what| what.name() == name.as_str()).unwrap_or(What::Project));
        })
    };
    let save = {
        let made = made.clone();
        Callback::from(move |_: MouseEvent| download("project.stepyard.json", "application/json", &made.file))
    };
    html! {
        <div class="share">
            <RadioGroup
                label="What to share" choices={(*choices).clone()} selected={what.name()} {on_select} cards=true
            />
            { warnings(&made) }
            if let Ok(link) = &made.link {
                <LinkLine link={link.clone()} framable={*what != What::Lesson} />
            }
            <div class="button-row">
                <Button label="Download as a file" icon={Icon::Log} onclick={save} />
                <span class="field-help">
                    { "A file holds far more than a link. It is opened by dropping it onto the page, or pasting its text." }
                </span>
            </div>
            <OpenSent on_close={props.on_close.clone()} />
        </div>
    }
}

fn choices(session: &SessionHandle) -> Vec<Choice> {
    let (runs, step, furthest) = session.read(|session| {
        let account = session.account();
        (account.states().executions().len(), account.position().steps, session.furthest_step())
    });
    let runs = match runs {
        0 => "no execution yet".to_owned(),
        1 => "1 execution".to_owned(),
        runs => format!("{runs} executions"),
    };
    let choice = |what: What, label: &'static str, help: String| Choice {
        help: Some(help.into()),
        ..Choice::new(what.name(), label)
    };
    let mut choices = vec![
        choice(What::Project, "Project", "State machines, queues, functions and roles; nothing that was run.".into()),
        choice(What::Run, "Run", format!("All that was done and answered so far, {runs}. It replays identically.")),
        choice(
            What::Moment,
            "This moment",
            format!("The whole run, opened at event {step} of {furthest} and at the place that you look at."),
        ),
    ];
    let lesson = session.read(|session| {
        let course = session.course()?;
        let lesson = course.lesson().filter(|lesson| lesson.category.is_none())?;
        Some((lesson.title.clone(), course.progress().done(), lesson.steps.len()))
    });
    if let Some((title, done, all)) = lesson {
        choices.push(choice(What::Lesson, "This lesson", format!("“{title}” from its start: what a teacher sends.")));
        let work = format!("Your run with {done} of {all} steps done, and when: what a student sends back.");
        choices.push(choice(What::LessonWork, "Your work in this lesson", work));
    }
    choices
}

fn warnings(made: &Made) -> Html {
    html! {
        <>
            if let Err(error) = &made.link {
                <Banner kind={BannerKind::Error} title={error.title()}>{ error.to_string() }</Banner>
            }
            if made.with_runs {
                <Banner title="What was run is in it">
                    { "Some of the resources came about in a run, so that they cannot be told without it." }
                </Banner>
            }
            if !made.findings.is_empty() {
                <Banner kind={BannerKind::Warning} title="Look at this before you share it">
                    <ul class="share-findings" role="list" tabindex="0" aria-label="Findings">
                        { for made.findings.iter().map(|finding| html! { <li>{ finding.to_string() }</li> }) }
                    </ul>
                    { "Whoever has the link or the file can read it. Replace what is secret, or share a copy without it." }
                </Banner>
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LinkLineProps {
    link: AttrValue,
    /// There is something to see in a frame.
    framable: bool,
}

/// The link, its length, and where that fits.
#[component]
fn LinkLine(props: &LinkLineProps) -> Html {
    let session = use_session();
    let copied = use_state_eq(|| None::<bool>);
    {
        let copied = copied.clone();
        use_effect_with(props.link.clone(), move |_| copied.set(None));
    }
    let copy = |text: AttrValue| {
        let copied = copied.clone();
        Callback::from(move |_: MouseEvent| {
            let copying = gloo_utils::window().navigator().clipboard().write_text(&text);
            let copied = copied.clone();
            spawn_local(async move { copied.set(Some(JsFuture::from(copying).await.is_ok())) });
        })
    };
    let name = session.read(|session| session.name().to_owned());
    let html = AttrValue::from(frame(&props.link, &name));
    let said = match *copied {
        None => "",
        Some(true) => "Copied.",
        Some(false) => "The browser did not allow it. Select the link and copy it by hand.",
    };
    let length = props.link.chars().count();
    html! {
        <div class="share-link">
            <div class="share-link-line">
                <input class="input mono" readonly=true aria-label="Link" value={props.link.clone()} />
                <Button
                    label="Copy link" icon={if *copied == Some(true) { Icon::Check } else { Icon::Copy }}
                    kind={ButtonKind::Primary} onclick={copy(props.link.clone())}
                />
                if props.framable { <Button label="Copy as a frame" onclick={copy(html)} /> }
            </div>
            <p role="status" class="share-copied">{ said }</p>
            <p class="share-length"><strong>{ format!("{} characters.", grouped(length)) }</strong>{ " " }{ fits::sentence(length) }</p>
            <ul class="share-places" role="list" aria-label="Where the link fits">
                { for PLACES.iter().map(|place| {
                    let fits = length <= place.most;
                    let share = (100 * length / place.most).min(100);
                    html! {
                        <li class={classes!("share-place", (!fits).then_some("is-over"))} title={place.beyond}>
                            { if fits { Icon::Check } else { Icon::Cross } }
                            <span>{ place.name }</span>
                            <span class="share-most">{ format!("{} {}", if fits { "takes" } else { "takes only" }, grouped(place.most)) }</span>
                            <progress class="progress" aria-hidden="true" max="100" value={share.to_string()} />
                        </li>
                    }
                }) }
            </ul>
            <p class="field-help">
                { "Everything is in the link itself, behind the #, which browsers send to no server. Nothing is stored anywhere. \
                  As a frame it is HTML for a page of yours." }
            </p>
        </div>
    }
}

/// `12,345`
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// For who was sent something and cannot drop it here.
#[component]
fn OpenSent(props: &SharingProps) -> Html {
    let reception = use_reception();
    let text = use_state(AttrValue::default);
    let shown = use_state(|| false);
    let toggle = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(!*shown))
    };
    let on_input = {
        let text = text.clone();
        Callback::from(move |written: AttrValue| text.set(written))
    };
    let open = {
        let (reception, text, on_close) = (reception.clone(), text.clone(), props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            reception.receive(&text);
            on_close.emit(());
        })
    };
    let choose = {
        let on_close = props.on_close.clone();
        Callback::from(move |_: MouseEvent| {
            let (reception, on_close) = (reception.clone(), on_close.clone());
            pick_text_file(move |text| {
                reception.receive(&text);
                on_close.emit(());
            });
        })
    };
    html! {
        <div class="share-open">
            <button type="button" class="link-button" aria-expanded={shown.to_string()} onclick={toggle}>
                { "Open what somebody sent you" }
            </button>
            if *shown {
                <div class="form">
                    <TextArea label="Link, or a project file's text" value={(*text).clone()} {on_input} rows={3} />
                    <div class="button-row">
                        <Button label="Open" disabled={text.trim().is_empty()} onclick={open} />
                        <Button label="Choose a file…" onclick={choose} />
                    </div>
                </div>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!([0, 998, 2_000, 65_536, 1_000_000].map(grouped), ["0", "998", "2,000", "65,536", "1,000,000"]);
    }
}
