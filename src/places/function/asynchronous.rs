//! Asynchronous invocation: retries, age, and where records and dead letters go.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::functions::checks::{self, Field};
use yew::prelude::*;

use super::FunctionProps;
use super::mapping_form::number;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, Select, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::FlashKind;

/// The member of a destination; nothing chosen is no destination.
fn destination(arn: &str) -> Value {
    if arn.is_empty() { json!({}) } else { json!({"Destination": arn}) }
}

#[component]
pub fn Asynchronous(props: &FunctionProps) -> Html {
    let session = use_session();
    let function = &props.function;
    let settings = &function.asynchronous;
    let arn = |arn: &Option<std::rc::Rc<str>>| AttrValue::from(arn.as_deref().unwrap_or_default().to_owned());
    let retries = use_state(|| AttrValue::from(settings.retries.to_string()));
    let age = use_state(|| AttrValue::from(settings.age_seconds.to_string()));
    let success = use_state(|| arn(&settings.on_success));
    let failure = use_state(|| arn(&settings.on_failure));
    let letters = use_state(|| arn(&function.dead_letter_arn));
    let error = use_state(|| None::<AwsError>);
    let set = |state: &UseStateHandle<AttrValue>| {
        let state = state.clone();
        Callback::from(move |text: AttrValue| state.set(text))
    };
    let named = json!({"FunctionName": &*function.name});
    let destinations = Value::object([("OnSuccess", destination(&success)), ("OnFailure", destination(&failure))]);
    let params = named
        .with("MaximumRetryAttempts", number(&retries))
        .with("MaximumEventAgeInSeconds", number(&age))
        .with("DestinationConfig", destinations);
    let dead_letters = named.with("DeadLetterConfig", json!({"TargetArn": letters.as_str()}));
    let problem = session.read(|s| {
        checks::refusal_of_change(s.account(), "PutFunctionEventInvokeConfig", &params)
            .or_else(|| checks::refusal_of_change(s.account(), "UpdateFunctionConfiguration", &dead_letters))
    });
    let told = |field: Field| {
        let problem = problem.as_ref().filter(|problem| problem.field == Some(field));
        problem.map(|problem| AttrValue::from(problem.error.message.clone()))
    };
    let whole = problem.as_ref().filter(|problem| !matches!(problem.field, Some(Field::Retries | Field::EventAge)));
    let save = {
        let (session, error) = (session.clone(), error.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let saved = session
                .call("lambda:PutFunctionEventInvokeConfig", params.clone())
                .and_then(|_| session.call("lambda:UpdateFunctionConfiguration", dead_letters.clone()));
            if saved.is_ok() {
                session.say(FlashKind::Success, "The asynchronous configuration was saved.");
            }
            error.set(saved.err());
        })
    };
    let queues: Vec<Choice> = session.read(|s| {
        let queues = s.account().queues().queues();
        let queues = queues.map(|queue| Choice::new(queue.arn().to_owned(), queue.name().to_owned()));
        std::iter::once(Choice::new("", "None")).chain(queues).collect()
    });
    let shown = error.as_ref().cloned().or_else(|| whole.map(|problem| problem.error.clone()));
    let hint = whole.and_then(|problem| problem.hint).map(AttrValue::Static);
    html! {
        <form class="form card" onsubmit={save}>
            <h2>{ "Asynchronous invocation" }</h2>
            <div class="form-row">
                <TextField
                    label="Maximum age of event" help="Seconds, 60 to 21600" value={(*age).clone()} on_input={set(&age)}
                    input_type="number" min="60" max="21600" error={told(Field::EventAge)}
                />
                <TextField
                    label="Retry attempts" help="0 to 2: one minute after an error, then two" value={(*retries).clone()} on_input={set(&retries)}
                    input_type="number" min="0" max="2" error={told(Field::Retries)}
                />
            </div>
            <div class="form-row">
                <Select label="On-failure destination" choices={queues.clone()} selected={(*failure).clone()} on_select={set(&failure)} />
                <Select label="On-success destination" choices={queues.clone()} selected={(*success).clone()} on_select={set(&success)} />
                <Select label="Dead-letter queue" choices={queues} selected={(*letters).clone()} on_select={set(&letters)} />
            </div>
            <Refusal error={shown} {hint} />
            <div class="button-row"><Button label="Save asynchronous configuration" kind={ButtonKind::Primary} submit=true /></div>
        </form>
    }
}
