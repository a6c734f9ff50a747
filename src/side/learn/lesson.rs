//! One lesson: its steps, which tick themselves off, and help with each.

use std::rc::Rc;

use lessons::{Lesson, Step};
use sim_account::Position;
use yew::prelude::*;

use super::report::ReportView;
use super::{pointing, text, use_lesson_opener};
use crate::components::button::{Button, ButtonKind};
use crate::components::icons::Icon;
use crate::components::progress::Progress;
use crate::host::catalogue::Loading;
use crate::host::prefs;
use crate::host::session_context::use_session;
use crate::host::ui::use_ui;
use crate::places::parts::time_of_day;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LessonProps {
    pub to_list: Callback<()>,
    pub loading: Loading,
}

#[component]
pub fn LessonView(props: &LessonProps) -> Html {
    let session = use_session();
    let known = session.read(|s| {
        let course = s.course()?;
        let ticks: Vec<Position> = course.progress().ticks().collect();
        Some((course.lesson()?.clone(), course.mark.id.clone(), ticks, course.doing()))
    });
    let somebody_elses = session.read(|s| s.visiting().is_some());
    let finished = known.as_ref().filter(|(lesson, _, ticks, _)| !somebody_elses && ticks.len() == lesson.steps.len());
    use_effect_with(finished.map(|(_, id, ..)| id.clone()), |id| {
        if let Some(id) = id {
            let mut done: Vec<String> = prefs::load(prefs::LESSONS_DONE).unwrap_or_default();
            if !done.contains(id) {
                done.push(id.clone());
                prefs::save(prefs::LESSONS_DONE, &done);
            }
        }
    });
    let back = html! {
        <div class="button-row">
            <Button label="All lessons" icon={Icon::ChevronLeft} small=true kind={ButtonKind::Quiet} onclick={props.to_list.reform(|_| ())} />
        </div>
    };
    let Some((lesson, id, ticks, doing)) = known else {
        let missing = matches!(props.loading, Loading::Loaded(_));
        let leave = {
            let session = session.clone();
            Callback::from(move |_: MouseEvent| session.change(crate::session::Session::leave_lesson))
        };
        return html! {
            <>
                { back }
                if missing {
                    <p>{ "This workspace belongs to a lesson that this page does not have. Everything in it works without." }</p>
                    <div class="button-row"><Button label="Leave the lesson" small=true onclick={leave} /></div>
                } else {
                    <p role="status">{ "Loading the lesson…" }</p>
                }
            </>
        };
    };
    let (done, all) = (ticks.len(), lesson.steps.len());
    let is_example = lesson.category.is_some();
    html! {
        <>
            { back }
            <h2>{ &lesson.title }</h2>
            if somebody_elses && !is_example { <ReportView /> }
            if !is_example && !somebody_elses {
                <p class="lesson-facts">
                    <Progress label="Steps done" value={done as f64} max={all as f64} />
                    { format!("{done} of {all} steps done") }
                </p>
            }
            <details class="lesson-about" open={done == 0 || is_example}>
                <summary>{ if is_example { "About this example" } else { "About this lesson" } }</summary>
                { text::blocks(&session, &lesson, &lesson.about) }
            </details>
            <ol class="lesson-steps">
                { for lesson.steps.iter().enumerate().map(|(index, _)| html! {
                    <StepItem
                        key={index} lesson={Lessoned(lesson.clone())} {index} ticked={ticks.get(index).copied()}
                        current={index == done} doing={doing == Some(index)}
                    />
                }) }
            </ol>
            if done == all && !somebody_elses { <Finished id={id} {is_example} loading={props.loading.clone()} /> }
        </>
    }
}

/// A lesson as a prop: the same one is the same.
#[derive(Clone, Debug)]
struct Lessoned(Rc<Lesson>);

impl PartialEq for Lessoned {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct StepProps {
    lesson: Lessoned,
    index: usize,
    ticked: Option<Position>,
    current: bool,
    doing: bool,
}

#[component]
fn StepItem(props: &StepProps) -> Html {
    let session = use_session();
    // What the person opened or closed, until the step's turn comes or goes.
    let chosen = use_state(|| None::<bool>);
    {
        let chosen = chosen.clone();
        use_effect_with(props.current, move |_| chosen.set(None));
    }
    let Some(step) = props.lesson.0.steps.get(props.index) else { return Html::default() };
    let open = chosen.unwrap_or(props.current);
    let toggle = Callback::from(move |event: MouseEvent| {
        event.prevent_default();
        chosen.set(Some(!open));
    });
    let state = match (props.ticked, props.current) {
        (Some(_), _) => "is-done",
        (None, true) => "is-current",
        (None, false) => "is-later",
    };
    let is_example = props.lesson.0.category.is_some();
    let mark = if props.ticked.is_some() {
        html! { { Icon::Check } }
    } else {
        html! { { props.index + 1 } }
    };
    html! {
        <li class={classes!("lesson-step", state)} aria-current={props.current.then_some("step")}>
            <span class="lesson-mark" aria-hidden="true">{ mark }</span>
            <details {open}>
                <summary onclick={toggle}>
                    <h3>{ &step.title }</h3>
                    if let Some(at) = props.ticked {
                        <span class="lesson-facts">
                            { "done at " }<time title={at.now.to_rfc3339()}>{ time_of_day(at.now) }</time>
                        </span>
                    }
                </summary>
                if open {
                { text::blocks(&session, &props.lesson.0, &step.text) }
                <StepTools step={step.clone()} index={props.index} ticked={props.ticked.is_some()} current={props.current} doing={props.doing} {is_example} />
                }
            </details>
        </li>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct ToolProps {
    step: Step,
    index: usize,
    ticked: bool,
    current: bool,
    doing: bool,
    is_example: bool,
}

#[component]
fn StepTools(props: &ToolProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let index = props.index;
    let show = props.step.show.clone().map(|pointer| {
        let (session, ui) = (session.clone(), ui.clone());
        Callback::from(move |_: MouseEvent| pointing::show(&session, &ui, &pointer))
    });
    let deed = (!props.step.deed.is_empty() && props.current).then(|| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.change(|s| s.do_step(index)))
    });
    let began = session.read(|s| {
        let began = s.course().and_then(|course| course.progress().began(index));
        let here = s.account().position();
        // The clock alone is nothing that could be undone.
        began.is_some_and(|began| (began.steps, began.inputs) != (here.steps, here.inputs))
    });
    let reset = (began && (props.current || props.ticked)).then(|| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.change(|s| s.reset_step(index)))
    });
    let is_example = props.is_example;
    let (label, kind) =
        if is_example { ("Run the example", ButtonKind::Primary) } else { ("Do it for me", ButtonKind::Secondary) };
    html! {
        <div class="button-row">
            if let Some(onclick) = show { <Button label="Show me" small=true {onclick} /> }
            if let Some(onclick) = deed { <Button {label} {kind} small=true disabled={props.doing} {onclick} /> }
            if let Some(onclick) = reset {
                <Button label={if is_example { "Begin anew" } else { "Reset this step" }} small=true kind={ButtonKind::Quiet} {onclick} />
            }
            if props.doing { <span role="status">{ "Working…" }</span> }
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct FinishedProps {
    id: String,
    is_example: bool,
    loading: Loading,
}

/// What comes after the last step.
#[component]
fn Finished(props: &FinishedProps) -> Html {
    let opener = use_lesson_opener();
    if props.is_example {
        return html! { <p class="lesson-end">{ Icon::Check }{ "It ended as it should. Now change something, and run it again." }</p> };
    }
    let next = match &props.loading {
        Loading::Loaded(catalogue) => {
            let at = catalogue.lessons.iter().position(|listed| listed.id == props.id);
            at.and_then(|at| catalogue.lessons.get(at + 1)).cloned()
        }
        Loading::Loading | Loading::Failed => None,
    };
    html! {
        <div class="lesson-end">
            <p>{ Icon::Check }{ "All steps are done. The workspace is yours: nothing in it can break." }</p>
            if let Some(next) = next {
                <div class="button-row">
                    <Button
                        label={format!("Next lesson: {}", next.lesson.title)} small=true kind={ButtonKind::Primary}
                        onclick={Callback::from(move |_: MouseEvent| opener.open(&next.id, &next.lesson))}
                    />
                </div>
            }
        </div>
    }
}
