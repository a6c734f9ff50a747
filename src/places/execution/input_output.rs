//! What went in and what came out.

use std::rc::Rc;

use views::definition::pretty;
use yew::prelude::*;

use crate::places::parts::CodeBlock;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct InputOutputProps {
    pub input: Rc<str>,
    pub output: Option<String>,
    pub running: bool,
}

#[component]
pub fn InputOutput(props: &InputOutputProps) -> Html {
    let output = match &props.output {
        Some(output) => html! { <CodeBlock label="Execution output" text={pretty(output)} /> },
        None if props.running => html! { <p>{ "There is no output yet: the execution is running." }</p> },
        None => html! { <p>{ "There is no output: only an execution that succeeded has one." }</p> },
    };
    html! {
        <div class="pane-padded two-columns">
            <section aria-labelledby="execution-input"><h2 id="execution-input">{ "Input" }</h2>
                <CodeBlock label="Execution input" text={pretty(&props.input)} />
            </section>
            <section aria-labelledby="execution-output"><h2 id="execution-output">{ "Output" }</h2>{ output }</section>
        </div>
    }
}
