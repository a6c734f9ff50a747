//! Problems with their places and quick fixes.

use std::rc::Rc;

use views::problems::{Problem, Problems, Severity, TextEdit};
use yew::prelude::*;

use crate::components::button::Button;
use crate::components::icons::Icon;
use crate::components::status::Status;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ProblemListProps {
    pub problems: Rc<Problems>,
    /// Shows this range (UTF-16 code units).
    #[prop_or_default]
    pub on_go: Option<Callback<(u32, u32)>>,
    #[prop_or_default]
    pub on_fix: Option<Callback<Vec<TextEdit>>>,
}

#[component]
pub fn ProblemList(props: &ProblemListProps) -> Html {
    let problems = &props.problems;
    if problems.rows.is_empty() {
        return html! {
            <p class="problems-none status status-plain is-succeeded">{ Icon::Check }{ "No problems in the definition" }</p>
        };
    }
    html! {
        <>
            <ul class="problems" aria-label="Problems">{ for problems.rows.iter().map(|problem| row(props, problem)) }</ul>
            if problems.more > 0 { <p class="field-help">{ format!("{} more problems are not shown.", problems.more) }</p> }
        </>
    }
}

fn row(props: &ProblemListProps, problem: &Problem) -> Html {
    let (word, icon, status) = match problem.severity {
        Severity::Error => ("Error", Icon::Cross, Status::Failed),
        Severity::Warning => ("Warning", Icon::Warning, Status::CaughtError),
        Severity::Info => ("Hint", Icon::Info, Status::InProgress),
    };
    let place = format!("line {}, column {}", problem.line, problem.column);
    let place = match &props.on_go {
        Some(on_go) => {
            let (on_go, range) = (on_go.clone(), (problem.from, problem.to));
            let onclick = Callback::from(move |_: MouseEvent| on_go.emit(range));
            html! { <button type="button" class="link-button" {onclick}>{ place }</button> }
        }
        None => html! { <span>{ place }</span> },
    };
    html! {
        <li class={classes!("problem", status.class())}>
            <span class={classes!("status", "status-plain", status.class())}>{ icon }{ word }</span>
            <div class="problem-body">
                <div class="problem-text">{ &problem.message }</div>
                if let Some(help) = &problem.help { <div class="field-help">{ help }</div> }
                <div class="problem-place">
                    { place }
                    <code>{ problem.code }</code>
                    if !problem.path.is_empty() { <code>{ &problem.path }</code> }
                </div>
                if let Some(on_fix) = &props.on_fix {
                    <div class="problem-fixes">
                        { for problem.fixes.iter().map(|fix| {
                            let (on_fix, edits) = (on_fix.clone(), fix.edits.clone());
                            let onclick = Callback::from(move |_: MouseEvent| on_fix.emit(edits.clone()));
                            html! { <Button label={fix.title.clone()} small=true {onclick} /> }
                        }) }
                    </div>
                }
            </div>
        </li>
    }
}
