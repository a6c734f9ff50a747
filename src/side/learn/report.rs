//! In somebody else's work: which steps of the lesson they did, and the way to each moment of it.

use sim_account::Position;
use yew::prelude::*;

use crate::components::button::Button;
use crate::components::icons::Icon;
use crate::host::session_context::use_session;
use crate::places::parts::time_of_day;

#[component]
pub fn ReportView() -> Html {
    let session = use_session();
    let whole = session.read(crate::session::Session::report_key);
    let report = {
        let session = session.clone();
        use_memo(whole, move |_| session.read(crate::session::Session::report))
    };
    let Some(report) = &*report else { return Html::default() };
    let go_to = |at: Position| {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| session.change(|session| session.go_to(at)))
    };
    html! {
        <section class="lesson-report" aria-label="What was done">
            <h2>{ format!("{} of {} steps were done", report.done(), report.steps.len()) }</h2>
            if report.done() == 0 { <p>{ "Keep it as your workspace to begin." }</p> }
            <ol class="lesson-report-steps" role="list">
                { for report.steps.iter().enumerate().map(|(index, step)| html! {
                    <li key={index}>
                        <span class="lesson-report-step">
                            if step.done.is_some() { { Icon::Check } } else { <span class="lesson-report-open" aria-hidden="true" /> }
                            { &step.title }
                        </span>
                        if let Some(done) = step.done {
                            <span class="lesson-facts">
                                { "done at " }<time title={done.at.now.to_rfc3339()}>{ time_of_day(done.at.now) }</time>
                                { format!(", {} after the step before, {}", done.took, things(done.inputs)) }
                            </span>
                            <Button
                                label="Go there" small=true spoken={Some(AttrValue::from(format!("Go there: {}", step.title)))}
                                onclick={go_to(done.at)}
                            />
                        } else {
                            <span class="lesson-facts">{ "not done" }</span>
                        }
                    </li>
                }) }
            </ol>
            <p class="field-help">{ "Times are virtual. The buttons above the page play the run from where it stands." }</p>
        </section>
    }
}

fn things(inputs: usize) -> String {
    match inputs {
        0 => "with nothing to do".to_owned(),
        1 => "with 1 action".to_owned(),
        inputs => format!("with {inputs} actions"),
    }
}
