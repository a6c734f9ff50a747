//! Asks IAM what it would say to a call, without making it.

use views::roles::SimulationView;
use yew::prelude::*;

use super::RoleProps;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::TextField;
use crate::host::session_context::use_session;
use crate::places::queue::parts::set;

#[component]
pub fn Simulate(props: &RoleProps) -> Html {
    let session = use_session();
    let action = use_state(|| AttrValue::Static("sqs:SendMessage"));
    let resource = use_state(|| AttrValue::Static("*"));
    let asked = use_state(|| None::<(AttrValue, AttrValue)>);
    // Asked again at every change: the answer is never older than the policies.
    let answer = asked.as_ref().and_then(|(action, resource)| {
        session.read(|s| views::roles::simulate(s.account(), &props.role.name, action, resource))
    });
    let onsubmit = {
        let (asked, action, resource) = (asked.setter(), action.clone(), resource.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            asked.set(Some(((*action).clone(), (*resource).clone())));
        })
    };
    let well_formed = action.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
    let error = (!action.is_empty() && !well_formed)
        .then_some(AttrValue::Static("An action is a service and a name, as in sqs:SendMessage."));
    html! {
        <div class="place-sections">
            <form class="form" {onsubmit} aria-label="Simulate a call">
                <h2>{ "Simulate a call" }</h2>
                <p>{ "What IAM would say if the role did this now. Nothing is called." }</p>
                <TextField label="Action" mono=true value={(*action).clone()} on_input={set(&action)} {error} />
                <TextField
                    label="Resource" mono=true value={(*resource).clone()} on_input={set(&resource)}
                    help="An ARN, or * for any resource."
                />
                <div class="button-row">
                    <Button label="Simulate" kind={ButtonKind::Primary} submit=true disabled={!well_formed || resource.is_empty()} />
                </div>
            </form>
            <section class="place-sections" aria-label="Result">
                { answer.map(|answer| result(&answer)) }
            </section>
        </div>
    }
}

fn result(answer: &SimulationView) -> Html {
    let (kind, title) = match answer.allowed {
        true => (BannerKind::Success, "Allowed"),
        false => (BannerKind::Warning, "Denied"),
    };
    html! {
        <Banner {kind} {title}>
            <p>{ &answer.sentence }</p>
            <ul>{ for answer.statements.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
        </Banner>
    }
}
