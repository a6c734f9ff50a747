//! Reserved concurrency: how many invocations of the function may run at once.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::functions::checks;
use yew::prelude::*;

use super::FunctionProps;
use super::mapping_form::number;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, RadioGroup, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::FlashKind;

#[component]
pub fn Concurrency(props: &FunctionProps) -> Html {
    let session = use_session();
    let function = &props.function;
    let reserved = function.reserved_concurrency;
    let kind = use_state(|| AttrValue::Static(if reserved.is_some() { "reserve" } else { "share" }));
    let typed = use_state(|| AttrValue::from(reserved.unwrap_or(10).to_string()));
    let error = use_state(|| None::<AwsError>);
    let reserves = kind.as_str() == "reserve";
    let params = json!({"FunctionName": &*function.name}).with("ReservedConcurrentExecutions", number(&typed));
    let problem = session
        .read(|s| checks::refusal_of_change(s.account(), "PutFunctionConcurrency", &params))
        .filter(|_| reserves)
        .map(|problem| AttrValue::from(problem.error.message));
    let set = |state: &UseStateHandle<AttrValue>| {
        let state = state.clone();
        Callback::from(move |text: AttrValue| state.set(text))
    };
    let save = {
        let (session, error, name) = (session.clone(), error.clone(), function.name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result: Result<Value, AwsError> = if reserves {
                session.call("lambda:PutFunctionConcurrency", params.clone())
            } else {
                session.call("lambda:DeleteFunctionConcurrency", json!({"FunctionName": &*name}))
            };
            if result.is_ok() {
                session.say(FlashKind::Success, "The concurrency was saved.");
            }
            error.set(result.err());
        })
    };
    let share = format!("Use unreserved account concurrency ({})", function.unreserved_concurrency);
    html! {
        <form class="form card" onsubmit={save}>
            <h2>{ "Concurrency" }</h2>
            <RadioGroup
                label="Concurrency" selected={(*kind).clone()} on_select={set(&kind)}
                choices={vec![Choice::new("share", share), Choice::new("reserve", "Reserve concurrency")]}
            />
            if reserves {
                <TextField
                    label="Reserved concurrency" value={(*typed).clone()} on_input={set(&typed)} input_type="number" min="0" error={problem}
                    help="Requests beyond it are throttled with TooManyRequestsException. 0 stops the function."
                />
            }
            <Refusal error={(*error).clone()} />
            <div class="button-row"><Button label="Save concurrency" kind={ButtonKind::Primary} submit=true /></div>
        </form>
    }
}
