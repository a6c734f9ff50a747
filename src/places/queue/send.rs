//! Sending: one message with all that SendMessage takes, or many at once through SendMessageBatch.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::queue::{QueueView, checks, polls};
use yew::prelude::*;

use super::parts::{set, set_anew};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, Select, TextArea, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::FlashKind;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct QueueProps {
    pub queue: QueueView,
}

/// A message attribute as it is typed.
#[derive(Clone, Debug, PartialEq)]
struct AttributeText {
    name: AttrValue,
    /// `String`, `Number`, `Binary`
    kind: AttrValue,
    value: AttrValue,
}

/// A message as it is typed.
#[derive(Clone, Debug, PartialEq)]
struct MessageText {
    body: AttrValue,
    delay: AttrValue,
    group: AttrValue,
    deduplication: AttrValue,
    attributes: Vec<AttributeText>,
}

impl MessageText {
    /// The members of SendMessage; what is empty is left out, and what is wrong is SQS's to say.
    fn params(&self, url: &str) -> Value {
        let mut params = json!({"QueueUrl": url, "MessageBody": self.body.as_str()});
        if !self.delay.trim().is_empty() {
            params = params.with("DelaySeconds", number(&self.delay));
        }
        for (name, text) in [("MessageGroupId", &self.group), ("MessageDeduplicationId", &self.deduplication)] {
            if !text.is_empty() {
                params = params.with(name, json!(text.as_str()));
            }
        }
        if self.attributes.is_empty() {
            return params;
        }
        let attributes = self.attributes.iter().map(|attribute| {
            let binary = attribute.kind == "Binary";
            let member = if binary { "BinaryValue" } else { "StringValue" };
            let value = json!({"DataType": attribute.kind.as_str()}).with(member, json!(attribute.value.as_str()));
            (attribute.name.as_str(), value)
        });
        params.with("MessageAttributes", Value::object(attributes))
    }
}

/// A number as typed; text that is none goes as it is, so that SQS refuses it.
pub(super) fn number(text: &str) -> Value {
    text.trim().parse::<i64>().map_or_else(|_| Value::string(text.trim()), |n| json!(n))
}

#[component]
pub fn SendForm(props: &QueueProps) -> Html {
    let session = use_session();
    let fifo = props.queue.fifo;
    let message = use_state(|| MessageText {
        body: "{\n  \"order\": 1\n}".into(),
        delay: AttrValue::default(),
        group: if fifo.is_some() { "customer-1".into() } else { AttrValue::default() },
        deduplication: AttrValue::default(),
        attributes: Vec::new(),
    });
    let error = use_state(|| None::<AwsError>);
    let duplicate = use_state(|| None::<String>);
    let params = message.params(&props.queue.url);
    let before = session.read(|s| checks::refusal(s.account(), "SendMessage", &params));
    let onsubmit = {
        let (session, error, duplicate, params) = (session.clone(), error.clone(), duplicate.clone(), params.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            duplicate.set(None);
            match session.call("sqs:SendMessage", params.clone()) {
                Ok(answer) => {
                    error.set(None);
                    let id = answer.get_str("MessageId").unwrap_or_default().to_owned();
                    if session.read(|s| polls::last_was_duplicate(s.account(), &id)) {
                        duplicate.set(Some(id));
                    } else {
                        session.say(FlashKind::Success, "Your message has been sent and is ready to be received.");
                    }
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let changed = set_anew(&message, &error);
    let put = |put: fn(&mut MessageText, AttrValue)| {
        let (message, changed) = (message.clone(), changed.clone());
        Callback::from(move |text| {
            let mut message = (*message).clone();
            put(&mut message, text);
            changed.emit(message);
        })
    };
    let on_attributes = {
        let (message, changed) = (message.clone(), changed.clone());
        Callback::from(move |attributes| changed.emit(MessageText { attributes, ..(*message).clone() }))
    };
    let deduplication_help = if fifo.is_some_and(|fifo| fifo.content_based_deduplication) {
        "Up to 128 characters. Without it, the SHA-256 of the body is the ID."
    } else {
        "Up to 128 characters. A message with an ID of the last five minutes is accepted and not delivered."
    };
    html! {
        <form class="form card" {onsubmit} aria-label="Send message">
            <h2>{ "Send message" }</h2>
            <TextArea label="Message body" value={message.body.clone()} on_input={put(|message, text| message.body = text)} />
            if fifo.is_some() {
                <TextField
                    label="Message group ID" value={message.group.clone()} on_input={put(|message, text| message.group = text)}
                    help="Messages of one group are delivered one after the other, in order."
                />
                <TextField
                    label="Message deduplication ID" value={message.deduplication.clone()} help={deduplication_help}
                    on_input={put(|message, text| message.deduplication = text)}
                />
            } else {
                <TextField
                    label="Delivery delay" optional=true value={message.delay.clone()} input_type="number" min="0"
                    on_input={put(|message, text| message.delay = text)}
                    help="Seconds, up to 900. Without it the queue's own delay holds."
                />
                <TextField
                    label="Message group ID" optional=true value={message.group.clone()} on_input={put(|message, text| message.group = text)}
                    help="On a standard queue it only marks a tenant for fair queues. That fair order is not simulated."
                />
            }
            <AttributeFields attributes={message.attributes.clone()} on_change={on_attributes} />
            <Refusal error={(*error).clone().or(before)} />
            if let Some(id) = &*duplicate {
                <p role="status">
                    { format!("SQS accepted the message and did not put it into the queue: its deduplication ID was used in the last five minutes, by message {id}.") }
                </p>
            }
            <div class="button-row"><Button label="Send message" kind={ButtonKind::Primary} submit=true /></div>
        </form>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct AttributeProps {
    attributes: Vec<AttributeText>,
    on_change: Callback<Vec<AttributeText>>,
}

#[component]
fn AttributeFields(props: &AttributeProps) -> Html {
    let add = {
        let props = props.clone();
        Callback::from(move |_: MouseEvent| {
            let new = AttributeText { name: AttrValue::default(), kind: "String".into(), value: AttrValue::default() };
            props.on_change.emit(props.attributes.iter().cloned().chain([new]).collect());
        })
    };
    html! {
        <fieldset class="field">
            <legend class="field-label">{ "Message attributes" }<span class="field-optional">{ " – optional" }</span></legend>
            { for props.attributes.iter().enumerate().map(|(index, attribute)| {
                let put = |put: fn(&mut AttributeText, AttrValue)| {
                    let props = props.clone();
                    Callback::from(move |text| {
                        let mut attributes = props.attributes.clone();
                        if let Some(attribute) = attributes.get_mut(index) {
                            put(attribute, text);
                        }
                        props.on_change.emit(attributes);
                    })
                };
                let remove = {
                    let props = props.clone();
                    Callback::from(move |_: MouseEvent| {
                        let kept = props.attributes.iter().enumerate().filter(|(each, _)| *each != index);
                        props.on_change.emit(kept.map(|(_, attribute)| attribute.clone()).collect());
                    })
                };
                let kinds: Vec<Choice> = ["String", "Number", "Binary"].map(|kind| Choice::new(kind, kind)).to_vec();
                let number = index + 1;
                let help = (attribute.kind == "Binary").then_some("In base64.");
                html! {
                    <div class="form-row tag-row" key={index}>
                        <TextField label={format!("Name {number}")} value={attribute.name.clone()} on_input={put(|attribute, text| attribute.name = text)} />
                        <Select label={format!("Type {number}")} choices={kinds} selected={attribute.kind.clone()} on_select={put(|attribute, text| attribute.kind = text)} />
                        <TextField label={format!("Value {number}")} value={attribute.value.clone()} help={help.map(AttrValue::from)} on_input={put(|attribute, text| attribute.value = text)} />
                        <Button label={format!("Remove attribute {number}")} onclick={remove} />
                    </div>
                }
            }) }
            <div class="button-row"><Button label="Add attribute" onclick={add} /></div>
        </fieldset>
    }
}

/// Messages that one SendMessageBatch takes.
const BATCH: usize = 10;
const MOST: usize = 1_000;

/// Sends many messages at once, ten in a call as AWS has it.
#[component]
pub fn Generate(props: &QueueProps) -> Html {
    let session = use_session();
    let count = use_state(|| AttrValue::from("100"));
    let groups = use_state(|| AttrValue::from("3"));
    let body = use_state(|| AttrValue::from("{ \"order\": {n} }"));
    let result = use_state(|| None::<String>);
    let error = use_state(|| None::<AwsError>);
    let wanted = count.trim().parse::<usize>().ok().filter(|n| (1..=MOST).contains(n));
    let fifo = props.queue.fifo.is_some();
    let onsubmit = {
        let (session, body, groups, result, error, url) =
            (session.clone(), body.clone(), groups.clone(), result.clone(), error.clone(), props.queue.url.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Some(wanted) = wanted else { return };
            let groups = fifo.then(|| groups.trim().parse::<usize>().unwrap_or(1).max(1));
            // What was done before counts into the ids, so that a second run is not one of duplicates.
            let run = session.read(|s| s.account().log().len());
            let mut sent = Sent::default();
            session.change(|s| {
                for first in (1..=wanted).step_by(BATCH) {
                    let numbers = first..=(first + BATCH - 1).min(wanted);
                    let params = json!({"QueueUrl": url}).with("Entries", entries(numbers, &body, groups, run));
                    sent.take(s.call("sqs:SendMessageBatch", params));
                    if sent.refused.is_some() {
                        break;
                    }
                }
            });
            result.set(Some(sent.said()));
            error.set(sent.refused);
        })
    };
    html! {
        <form class="form card" {onsubmit} aria-label="Generate messages">
            <h2>{ "Generate messages" }</h2>
            <TextField
                label="How many" value={(*count).clone()} on_input={set(&count)} input_type="number" min="1" max="1000"
                error={wanted.is_none().then_some("A number from 1 to 1,000.")}
                help="They are sent by SendMessageBatch, ten in a call."
            />
            <TextArea label="Body of each" value={(*body).clone()} on_input={set(&body)} rows={3} help="{n} stands for the message's number." />
            if fifo {
                <TextField
                    label="Message groups" value={(*groups).clone()} on_input={set(&groups)} input_type="number" min="1"
                    help="They are dealt out among so many groups, each with a deduplication ID of its own."
                />
            }
            <Refusal error={(*error).clone()} />
            if let Some(result) = &*result { <p role="status">{ result }</p> }
            <div class="button-row"><Button label="Generate" kind={ButtonKind::Primary} submit=true disabled={wanted.is_none()} /></div>
        </form>
    }
}

fn entries(numbers: std::ops::RangeInclusive<usize>, body: &str, groups: Option<usize>, run: usize) -> Value {
    let entry = |n: usize| {
        let entry = json!({"Id": format!("m{n}"), "MessageBody": body.replace("{n}", &n.to_string())});
        match groups {
            None => entry,
            Some(groups) => entry
                .with("MessageGroupId", json!(format!("group-{}", (n - 1) % groups + 1)))
                .with("MessageDeduplicationId", json!(format!("run-{run}-message-{n}"))),
        }
    };
    Value::array(numbers.map(entry).collect())
}

/// What the batches came to.
#[derive(Default)]
struct Sent {
    successful: usize,
    /// Entries that failed, and what SQS said of the last.
    failed: usize,
    failure: String,
    refused: Option<AwsError>,
}

impl Sent {
    fn take(&mut self, answer: Result<Value, AwsError>) {
        match answer {
            Ok(answer) => {
                self.successful += answer["Successful"].as_array().map_or(0, <[Value]>::len);
                for failed in answer["Failed"].as_array().unwrap_or_default() {
                    self.failed += 1;
                    self.failure = failed.get_str("Message").unwrap_or_default().to_owned();
                }
            }
            Err(refused) => self.refused = Some(refused),
        }
    }

    fn said(&self) -> String {
        match self.failed {
            0 => format!("{} messages were sent.", self.successful),
            failed => format!("{} messages were sent, {failed} failed: {}", self.successful, self.failure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_only_what_was_typed() {
        let plain = MessageText {
            body: "x".into(),
            delay: " 5 ".into(),
            group: "".into(),
            deduplication: "".into(),
            attributes: Vec::new(),
        };
        assert_eq!(plain.params("u"), json!({"QueueUrl": "u", "MessageBody": "x", "DelaySeconds": 5}));
        let attribute = AttributeText { name: "pic".into(), kind: "Binary".into(), value: "AA==".into() };
        let full = MessageText { delay: "soon".into(), attributes: vec![attribute], ..plain };
        assert_eq!(full.params("u")["DelaySeconds"], json!("soon"));
        assert_eq!(
            full.params("u")["MessageAttributes"],
            json!({"pic": {"DataType": "Binary", "BinaryValue": "AA=="}})
        );
    }

    #[test]
    fn generated_messages_are_dealt_out_among_the_groups() {
        let made = entries(9..=11, "no {n}", Some(2), 7);
        assert_eq!(made[0]["MessageGroupId"], json!("group-1"));
        assert_eq!(made[1]["MessageBody"], json!("no 10"));
        assert_eq!(made[1]["MessageDeduplicationId"], json!("run-7-message-10"));
        assert_eq!(entries(1..=1, "x", None, 0)[0].get("MessageGroupId"), None);
    }
}
