//! Which functions a queue triggers. The triggers themselves are changed at the function.

use views::target::Target;
use yew::prelude::*;

use super::send::QueueProps;
use crate::components::button::Button;
use crate::components::form::{Choice, Select};
use crate::components::status::Badge;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::{PlaceLink, trigger_tone};
use crate::session::{FunctionTab, Place};

#[component]
pub fn Triggers(props: &QueueProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let chosen = use_state(AttrValue::default);
    let functions: Vec<String> =
        session.read(|s| s.account().functions().functions().map(|function| function.name.to_string()).collect());
    let selected = if chosen.is_empty() { functions.first().cloned().unwrap_or_default() } else { chosen.to_string() };
    let go = {
        let (ui, selected) = (ui.clone(), selected.clone());
        Callback::from(move |_: MouseEvent| {
            ui.go(Place::Function { name: selected.clone(), tab: FunctionTab::Configuration });
        })
    };
    let new = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(Place::NewFunction))
    };
    html! {
        <div class="place-sections">
            <p>{ "A trigger polls the queue for its function: Lambda calls it an event source mapping. When the function succeeds, Lambda deletes the messages; \
                  when it fails, they come back after the visibility timeout." }</p>
            if props.queue.triggers.is_empty() {
                <p>{ "No function is triggered by this queue: messages wait until somebody receives them." }</p>
            } else {
                <div class="table-scroll" tabindex="0" role="group" aria-label="Triggers">
                    <table class="table">
                        <caption>{ "Functions that this queue triggers" }</caption>
                        <thead><tr><th scope="col">{ "Function" }</th><th scope="col">{ "State" }</th><th scope="col">{ "Batches" }</th>
                            <th scope="col">{ "Partial failures" }</th><th scope="col">{ "Last result" }</th><th scope="col">{ "UUID" }</th></tr></thead>
                        <tbody>
                            { for props.queue.triggers.iter().map(|trigger| html! {
                                <tr key={trigger.uuid.to_string()}>
                                    <th scope="row"><PlaceLink target={Some(Target::function(&trigger.function_name))} text={trigger.function_name.clone()} /></th>
                                    <td><Badge label={trigger.state} tone={trigger_tone(trigger.state)} /></td>
                                    <td>{ &trigger.batches }</td>
                                    <td>{ if trigger.reports_failures { "The function reports which messages failed" } else { "One failure fails the batch" } }</td>
                                    <td>{ trigger.last_result.as_deref().unwrap_or("None yet").to_owned() }</td>
                                    <td class="mono-text">{ trigger.uuid.to_string() }</td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                </div>
            }
            if functions.is_empty() {
                <div class="button-row"><Button label="Create function" onclick={new} /></div>
            } else {
                <div class="button-row">
                    <Select
                        label="Function" choices={functions.iter().map(|name| Choice::new(name.clone(), name.clone())).collect::<Vec<_>>()}
                        {selected} on_select={super::parts::set(&chosen)}
                    />
                    <Button label="Configure its triggers" onclick={go} />
                </div>
            }
        </div>
    }
}
