//! General configuration, environment variables and permissions; the triggers have a file of their own.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::functions::checks::{self, Field};
use views::target::Target;
use yew::prelude::*;

use super::FunctionProps;
use super::asynchronous::Asynchronous;
use super::concurrency::Concurrency;
use super::mapping_form::number;
use super::triggers::Triggers;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, Select, TextArea, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::{PlaceLink, Refusal};
use crate::session::FlashKind;

#[component]
pub fn ConfigurationTab(props: &FunctionProps) -> Html {
    html! {
        <div class="place-sections">
            <Triggers function={props.function.clone()} />
            <General function={props.function.clone()} />
            <Variables function={props.function.clone()} />
            <Concurrency function={props.function.clone()} />
            <Asynchronous function={props.function.clone()} />
        </div>
    }
}

#[component]
fn General(props: &FunctionProps) -> Html {
    let session = use_session();
    let function = &props.function;
    let timeout = use_state(|| AttrValue::from(function.timeout_seconds.to_string()));
    let memory = use_state(|| AttrValue::from(function.memory_mb.to_string()));
    let handler = use_state(|| AttrValue::from(function.handler.clone()));
    let runtime = use_state(|| AttrValue::from(function.runtime.clone()));
    let role = use_state(|| AttrValue::from(function.role_arn.to_string()));
    let error = use_state(|| None::<AwsError>);
    let set = |state: &UseStateHandle<AttrValue>| {
        let state = state.clone();
        Callback::from(move |text: AttrValue| state.set(text))
    };
    let params = json!({"FunctionName": &*function.name, "Handler": handler.as_str(), "Runtime": runtime.as_str(), "Role": role.as_str()})
        .with("Timeout", number(&timeout))
        .with("MemorySize", number(&memory));
    let problem = session.read(|s| checks::refusal_of_change(s.account(), "UpdateFunctionConfiguration", &params));
    let told = |field: Field| {
        let problem = problem.as_ref().filter(|problem| problem.field == Some(field));
        problem.map(|problem| AttrValue::from(problem.error.message.clone()))
    };
    let slow = function.triggers.iter().any(|trigger| {
        let visibility = session
            .read(|s| Some(s.account().queues().queue_by_arn(&trigger.queue_arn)?.settings().visibility_timeout));
        visibility.zip(timeout.trim().parse::<u64>().ok()).is_some_and(|(visibility, timeout)| timeout > visibility)
    });
    let save = {
        let (session, error, name) = (session.clone(), error.clone(), function.name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result = session.call("lambda:UpdateFunctionConfiguration", params.clone());
            if result.is_ok() {
                session.say(FlashKind::Success, format!("Successfully updated the function “{name}”."));
            }
            error.set(result.err());
        })
    };
    let mut roles = session.read(|s| views::roles::trusting(s.account(), "lambda.amazonaws.com"));
    if roles.iter().all(|(_, arn)| **arn != *function.role_arn) {
        roles.push((function.role_name.clone(), function.role_arn.to_string()));
    }
    let runtimes: Vec<Choice> = views::functions::RUNTIMES.iter().map(|r| Choice::new(r.id, r.label)).collect();
    html! {
        <form class="form card" onsubmit={save}>
            <h2>{ "General configuration" }</h2>
            <div class="form-row">
                <TextField label="Timeout" help="Seconds, 1 to 900" value={(*timeout).clone()} on_input={set(&timeout)} input_type="number" min="1" max="900" error={told(Field::Timeout)} />
                <TextField label="Memory" help="MB, 128 to 10240" value={(*memory).clone()} on_input={set(&memory)} input_type="number" min="128" max="10240" error={told(Field::Memory)} />
            </div>
            <TextField label="Handler" help="file.export" value={(*handler).clone()} on_input={set(&handler)} mono=true error={told(Field::Handler)} />
            if slow {
                <Banner kind={BannerKind::Warning} title="Longer than a queue waits">
                    <p>{ "The timeout is longer than the visibility timeout of a queue that triggers this function: a message may be delivered again while its handler still runs." }</p>
                </Banner>
            }
            <Select label="Runtime" choices={runtimes} selected={(*runtime).clone()} on_select={set(&runtime)} />
            <h3>{ "Permissions" }</h3>
            <Select
                label="Execution role" choices={roles.iter().map(|(name, arn)| Choice::new(arn.clone(), name.clone())).collect::<Vec<_>>()}
                selected={(*role).clone()} on_select={set(&role)}
            />
            <p>{ "Role: " }<PlaceLink target={function.role_exists.then(|| Target::role(&function.role_name))} text={function.role_name.clone()} /></p>
            <Refusal error={(*error).clone()} />
            <div class="button-row"><Button label="Save" kind={ButtonKind::Primary} submit=true /></div>
        </form>
    }
}

#[component]
fn Variables(props: &FunctionProps) -> Html {
    let session = use_session();
    let text = use_state(|| AttrValue::from(views::functions::write_variables(&props.function.variables)));
    let wrong = use_state(|| None::<AttrValue>);
    let error = use_state(|| None::<AwsError>);
    let on_input = {
        let (text, wrong) = (text.clone(), wrong.clone());
        let (checked, name) = (session.clone(), props.function.name.clone());
        Callback::from(move |typed: AttrValue| {
            let problem = match views::functions::read_variables(&typed) {
                Ok(variables) => checked.read(|s| {
                    let params =
                        json!({"FunctionName": &*name}).with("Environment", Value::object([("Variables", variables)]));
                    let refused = checks::refusal_of_change(s.account(), "UpdateFunctionConfiguration", &params);
                    refused.map(|refused| refused.error.message)
                }),
                Err(message) => Some(message),
            };
            wrong.set(problem.map(AttrValue::from));
            text.set(typed);
        })
    };
    let save = {
        let (session, text, error, wrong, name) =
            (session.clone(), text.clone(), error.clone(), wrong.clone(), props.function.name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match views::functions::read_variables(&text) {
                Ok(variables) => {
                    let params =
                        json!({"FunctionName": &*name}).with("Environment", Value::object([("Variables", variables)]));
                    let result = session.call("lambda:UpdateFunctionConfiguration", params);
                    if result.is_ok() {
                        session.say(FlashKind::Success, "The environment variables were saved.");
                    }
                    error.set(result.err());
                }
                Err(message) => wrong.set(Some(message.into())),
            }
        })
    };
    html! {
        <form class="form card" onsubmit={save}>
            <h2>{ "Environment variables" }</h2>
            <TextArea
                label="Variables" optional=true rows={4} help="One on each line: NAME=value" value={(*text).clone()} {on_input}
                error={(*wrong).clone()}
            />
            <Refusal error={(*error).clone()} />
            <div class="button-row"><Button label="Save variables" submit=true /></div>
        </form>
    }
}
