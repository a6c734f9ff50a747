//! Both ends of a dead-letter queue: where this queue's dead letters go, whose letters come here and whose may, and
//! the way back.

use aws_protocol::AwsError;
use shared_json::json;
use views::queue::checks;
use views::queue::dead_letters::{DeadLetterView, Policy};
use views::target::Target;
use yew::prelude::*;

use super::parts::set_anew;
use super::redrive::Redrive;
use super::sections::{AllowFields, DeadLetterFields, DeadLetterText, allow_attribute};
use super::send::QueueProps;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::host::session_context::use_session;
use crate::places::parts::{PlaceLink, Refusal};
use crate::session::FlashKind;

#[component]
pub fn DeadLetters(props: &QueueProps) -> Html {
    let session = use_session();
    let view = use_memo((session, props.queue.name.clone()), |(session, name)| {
        session.read(|s| views::queue::dead_letters::view(s.account(), name))
    });
    let Some(view) = &*view else { return Html::default() };
    html! {
        <div class="place-sections">
            <PolicyForm queue={props.queue.clone()} view={view.clone()} key={format!("policy-{}", props.queue.name)} />
            <Sources queue={props.queue.clone()} view={view.clone()} key={format!("sources-{}", props.queue.name)} />
            <Redrive queue={props.queue.clone()} view={view.clone()} />
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DeadLettersProps {
    pub queue: views::queue::QueueView,
    pub view: DeadLetterView,
}

fn policy_text(policy: Option<&Policy>) -> DeadLetterText {
    policy.map_or_else(DeadLetterText::default, |policy| DeadLetterText {
        target: policy.arn.clone().into(),
        count: policy.max_receive_count.to_string().into(),
    })
}

#[component]
fn PolicyForm(props: &DeadLettersProps) -> Html {
    let session = use_session();
    let text = use_state(|| policy_text(props.view.policy.as_ref()));
    let error = use_state(|| None::<AwsError>);
    let params = json!({"QueueUrl": &*props.queue.url}).with("Attributes", json!({"RedrivePolicy": text.attribute()}));
    let before = session.read(|s| checks::refusal(s.account(), "SetQueueAttributes", &params));
    let onsubmit = {
        let (session, error, params) = (session.clone(), error.clone(), params);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result = session.call("sqs:SetQueueAttributes", params.clone());
            if result.is_ok() {
                session.say(FlashKind::Success, "The redrive policy was saved.");
            }
            error.set(result.err());
        })
    };
    html! {
        <section class="place-sections" aria-label="Dead-letter queue of this queue">
            <h2>{ "Where dead letters go" }</h2>
            if let Some(policy) = &props.view.policy {
                if policy.exists {
                    <p>
                        { format!("After {} receives a message moves to ", policy.max_receive_count) }
                        <PlaceLink target={Some(Target::queue(&policy.name))} text={policy.name.clone()} />
                        { format!(". {} of this queue's messages lie there now; they are brought back on that queue's page.", policy.letters) }
                    </p>
                } else {
                    <Banner kind={BannerKind::Warning} title={format!("The queue {} does not exist", policy.name)}>
                        { "Messages that were received too often stay here and are received again and again until they expire." }
                    </Banner>
                }
            } else {
                <p>{ "Without a dead-letter queue a message that always fails is received again and again, until its retention period ends." }</p>
            }
            <form class="form" {onsubmit}>
                <DeadLetterFields
                    value={(*text).clone()} on_change={set_anew(&text, &error)} others={props.view.others.clone()} fifo={props.queue.fifo.is_some()}
                />
                <Refusal error={(*error).clone().or(before)} />
                <div class="button-row"><Button label="Save redrive policy" kind={ButtonKind::Primary} submit=true /></div>
            </form>
        </section>
    }
}

#[component]
fn Sources(props: &DeadLettersProps) -> Html {
    let session = use_session();
    let allow = use_state(|| props.view.allow.clone());
    let error = use_state(|| None::<AwsError>);
    let params = json!({"QueueUrl": &*props.queue.url})
        .with("Attributes", json!({"RedriveAllowPolicy": allow_attribute(&allow)}));
    let before = session.read(|s| checks::refusal(s.account(), "SetQueueAttributes", &params));
    let onsubmit = {
        let (session, error, params) = (session.clone(), error.clone(), params);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result = session.call("sqs:SetQueueAttributes", params.clone());
            if result.is_ok() {
                session.say(FlashKind::Success, "The redrive allow policy was saved.");
            }
            error.set(result.err());
        })
    };
    html! {
        <section class="place-sections" aria-label="Source queues">
            <h2>{ "Whose dead letters come here" }</h2>
            if props.view.sources.is_empty() {
                <p>{ "No queue names this one as its dead-letter queue." }</p>
            } else {
                <ul class="fact-list">
                    { for props.view.sources.iter().map(|(name, count)| html! {
                        <li key={name.clone()}><PlaceLink target={Some(Target::queue(name))} text={name.clone()} />{ format!(", after {count} receives") }</li>
                    }) }
                </ul>
            }
            <form class="form" {onsubmit}>
                <AllowFields value={(*allow).clone()} on_change={set_anew(&allow, &error)} others={props.view.others.clone()} />
                <Refusal error={(*error).clone().or(before)} />
                <div class="button-row"><Button label="Save redrive allow policy" submit=true /></div>
            </form>
        </section>
    }
}
