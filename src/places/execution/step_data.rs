//! A step's data, stage by stage.

use views::execution::{Stage, StepDetails, size_label};
use yew::prelude::*;

use crate::components::status::Status;
use crate::places::parts::{CodeBlock, CopyLine};
use crate::places::workflow::status_of;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DataFlowProps {
    pub details: StepDetails,
}

#[component]
pub fn DataFlow(props: &DataFlowProps) -> Html {
    let details = &props.details;
    let failed = details.error.as_ref().map(|error| {
        let status = match status_of(details.status) {
            Status::CaughtError => Status::CaughtError,
            _ => Status::Failed,
        };
        let name = error.error.as_deref().unwrap_or("no name").to_owned();
        html! {
            <div class={classes!("stage", status.class())}>
                <div class="stage-name">{ "error" }</div>
                <div class="code-block is-error">
                    <div>{ name }</div>
                    if let Some(cause) = &error.cause { <div class="break-anywhere">{ &**cause }</div> }
                </div>
            </div>
        }
    });
    html! {
        <>
            { for details.stages.iter().filter(|stage| !after_error(stage)).map(draw) }
            { failed }
            { for details.stages.iter().filter(|stage| after_error(stage)).map(draw) }
            if !details.assigned.is_empty() { { assigned(&details.assigned) } }
            if !details.facts.is_empty() {
                <dl class="key-values step-facts">
                    { for details.facts.iter().map(|(name, value)| html! { <><dt>{ *name }</dt><dd>{ value }</dd></> }) }
                </dl>
            }
            if let Some(token) = &details.task_token {
                <div class="task-token"><CopyLine what="Task token" text={token.to_string()} /></div>
            }
        </>
    }
}

/// What `Assign` set, under the console's words.
fn assigned(variables: &[(String, String)]) -> Html {
    html! {
        <section class="assigned" aria-label="Assigned variables">
            <h3>{ "Assigned variables" }</h3>
            { for variables.iter().map(|(name, value)| html! {
                <div class="stage" key={name.clone()}>
                    <div class="stage-name"><code>{ format!("${name}") }</code></div>
                    <CodeBlock label={format!("Variable {name}")} text={value.clone()} />
                </div>
            }) }
        </section>
    }
}

/// Stages that a caught error leads to stand below it.
fn after_error(stage: &Stage) -> bool {
    matches!(stage.name, "afterResultPath" | "output")
}

fn draw(stage: &Stage) -> Html {
    html! {
        <div class="stage" key={stage.name}>
            <div class="stage-name">
                { stage.name }
                <small>{ size_label(stage.bytes) }</small>
                if let Some(field) = &stage.field { <small>{ field }</small> }
            </div>
            {
                match stage.same_as {
                    Some(earlier) => html! { <p class="stage-same">{ format!("the same as {earlier}") }</p> },
                    None => html! { <CodeBlock label={stage.name} text={stage.text.clone()} /> },
                }
            }
        </div>
    }
}
