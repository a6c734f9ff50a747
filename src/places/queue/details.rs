//! All settings of a queue, and its tags.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::queue::checks;
use yew::prelude::*;

use super::parts::set_anew;
use super::sections::{
    EncryptionFields, FifoFields, TagFields, Tags, encryption_attributes, fifo_attributes, tags_value,
};
use super::send::QueueProps;
use super::settings_form::{SettingsFields, SettingsText};
use crate::components::button::{Button, ButtonKind};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::FlashKind;

#[component]
pub fn Details(props: &QueueProps) -> Html {
    let queue = &props.queue;
    html! {
        <div class="place-sections">
            <dl class="fact-pairs">
                <div><dt>{ "Type" }</dt><dd>{ if queue.fifo.is_some() { "FIFO" } else { "Standard" } }</dd></div>
                <div><dt>{ "Created" }</dt><dd>{ queue.created_at.to_string() }</dd></div>
                <div><dt>{ "Last changed" }</dt><dd>{ queue.modified_at.to_string() }</dd></div>
                <div><dt>{ "Available" }</dt><dd>{ queue.counts.available }</dd></div>
                <div><dt>{ "In flight" }</dt><dd>{ queue.counts.in_flight }</dd></div>
                <div><dt>{ "Delayed" }</dt><dd>{ queue.counts.delayed }</dd></div>
            </dl>
            <SettingsForm queue={queue.clone()} />
            <TagsForm queue={queue.clone()} />
        </div>
    }
}

#[component]
fn SettingsForm(props: &QueueProps) -> Html {
    let session = use_session();
    let queue = &props.queue;
    let text = use_state(|| SettingsText::of(queue.settings));
    let fifo = use_state(|| queue.fifo);
    let encryption = use_state(|| queue.encryption.clone());
    let error = use_state(|| None::<AwsError>);
    let mut attributes = text.attributes();
    let more = [fifo.map(fifo_attributes), Some(encryption_attributes(&encryption))];
    for (name, value) in more.iter().flatten().filter_map(Value::as_object).flatten() {
        attributes = attributes.with(name, value.clone());
    }
    let params = json!({"QueueUrl": &*queue.url}).with("Attributes", attributes);
    let before = session.read(|s| checks::refusal(s.account(), "SetQueueAttributes", &params));
    let onsubmit = {
        let (session, error, params, name) = (session.clone(), error.clone(), params, queue.name.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result = session.call("sqs:SetQueueAttributes", params.clone());
            if result.is_ok() {
                session.say(FlashKind::Success, format!("Queue “{name}” was changed."));
            }
            error.set(result.err());
        })
    };
    let on_fifo = set_anew(&fifo, &error);
    html! {
        <form class="form" {onsubmit} aria-label="Settings">
            <h2>{ "Settings" }</h2>
            <SettingsFields text={(*text).clone()} on_change={set_anew(&text, &error)} />
            if let Some(value) = *fifo { <FifoFields {value} on_change={on_fifo.reform(Some)} /> }
            <EncryptionFields value={(*encryption).clone()} on_change={set_anew(&encryption, &error)} />
            <Refusal error={(*error).clone().or(before)} />
            <div class="button-row"><Button label="Save" kind={ButtonKind::Primary} submit=true /></div>
        </form>
    }
}

#[component]
fn TagsForm(props: &QueueProps) -> Html {
    let session = use_session();
    let kept = &props.queue.tags;
    let tags =
        use_state(|| -> Tags { kept.iter().map(|(key, value)| (key.clone().into(), value.clone().into())).collect() });
    let error = use_state(|| None::<AwsError>);
    let wanted = tags_value(&tags);
    let url = &props.queue.url;
    let tag = json!({"QueueUrl": &**url}).with("Tags", wanted.clone());
    let before = session.read(|s| checks::refusal(s.account(), "TagQueue", &tag));
    let onsubmit = {
        let (session, error, tag, wanted, url) = (session.clone(), error.clone(), tag, wanted, url.clone());
        let gone: Vec<Value> =
            kept.iter().filter(|(key, _)| wanted.get(key).is_none()).map(|(key, _)| json!(&**key)).collect();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let untag = json!({"QueueUrl": &*url}).with("TagKeys", Value::array(gone.clone()));
            let untagged = if gone.is_empty() { Ok(Value::Null) } else { session.call("sqs:UntagQueue", untag) };
            let some = wanted.as_object().is_some_and(|tags| !tags.is_empty());
            let result =
                untagged.and_then(|done| if some { session.call("sqs:TagQueue", tag.clone()) } else { Ok(done) });
            if result.is_ok() {
                session.say(FlashKind::Success, "The tags were saved.");
            }
            error.set(result.err());
        })
    };
    html! {
        <form class="form" {onsubmit} aria-label="Tags">
            <TagFields value={(*tags).clone()} on_change={set_anew(&tags, &error)} />
            <Refusal error={(*error).clone().or(before)} />
            <div class="button-row"><Button label="Save tags" submit=true /></div>
        </form>
    }
}
