//! The form that creates a queue. SQS is asked what it would say before it is asked to do it.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::queue::dead_letters::Allow;
use views::queue::{Encryption, FifoSettings, checks};
use yew::prelude::*;

use super::parts::Refusal;
use super::queue::parts::set_anew;
use super::queue::sections::{
    AllowFields, DeadLetterFields, DeadLetterText, EncryptionFields, FifoFields, PolicyAdvice, TagFields, Tags,
    allow_attribute, encryption_attributes, fifo_attributes, tags_value,
};
use super::queue::settings_form::{SettingsFields, SettingsText};
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, RadioGroup, TextArea, TextField};
use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::{UiActions, use_ui};
use crate::session::{FlashKind, Place, QueueTab};

const SUFFIX: &str = ".fifo";

/// All that the form holds, apart from the name and the settings that every queue has.
#[derive(Clone, Debug, Default, PartialEq)]
struct Options {
    /// A FIFO queue, and what only such a queue has.
    fifo: Option<FifoSettings>,
    encryption: Encryption,
    policy: AttrValue,
    allow: Allow,
    dead_letters: DeadLetterText,
    tags: Tags,
}

impl Options {
    /// The members of CreateQueue; what is as AWS has it anyway is left out.
    fn params(&self, name: &str, settings: &SettingsText) -> Value {
        let mut attributes = settings.attributes();
        let mut add = |more: &Value| {
            for (name, value) in more.as_object().into_iter().flatten() {
                attributes = attributes.with(name, value.clone());
            }
        };
        if let Some(fifo) = self.fifo {
            add(&json!({"FifoQueue": "true"}));
            add(&fifo_attributes(fifo));
        }
        if self.encryption != Encryption::Sqs {
            add(&encryption_attributes(&self.encryption));
        }
        let texts = [
            ("Policy", self.policy.trim().to_owned()),
            ("RedriveAllowPolicy", allow_attribute(&self.allow)),
            ("RedrivePolicy", self.dead_letters.attribute()),
        ];
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            add(&Value::object([(name, json!(text))]));
        }
        let params = json!({"QueueName": name}).with("Attributes", attributes);
        let tags = tags_value(&self.tags);
        if tags.as_object().is_none_or(|tags| tags.is_empty()) { params } else { params.with("tags", tags) }
    }
}

/// What is wrong with the name alone.
fn name_error(session: &SessionHandle, name: &str, fifo: bool) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    if fifo && !name.ends_with(SUFFIX) {
        return Some(format!("The name of a FIFO queue must end with {SUFFIX}."));
    }
    if !fifo && name.ends_with(SUFFIX) {
        return Some(format!("A name that ends with {SUFFIX} belongs to a FIFO queue: choose FIFO above."));
    }
    let mut params = json!({"QueueName": name});
    if fifo {
        params = params.with("Attributes", json!({"FifoQueue": "true"}));
    }
    session.read(|s| {
        let wrong = checks::refusal(s.account(), "CreateQueue", &params).map(|e| e.message);
        let taken = s.account().queues().queue(name).is_some();
        wrong.filter(|_| !taken).or_else(|| taken.then(|| "You already have a queue of this name.".to_owned()))
    })
}

#[component]
pub fn NewQueue() -> Html {
    let session = use_session();
    let ui = use_ui();
    let name = use_state(AttrValue::default);
    let settings = use_state(|| session.read(|s| SettingsText::of(views::queue::defaults(s.account()))));
    let options = use_state(Options::default);
    let error = use_state(|| None::<AwsError>);
    let fifo = options.fifo.is_some();
    let params = options.params(&name, &settings);
    let wrong_name = name_error(&session, &name, fifo);
    let lacks_suffix = fifo && !name.is_empty() && !name.ends_with(SUFFIX);
    let other_error = if name.is_empty() || wrong_name.is_some() {
        None
    } else {
        session.read(|s| checks::refusal(s.account(), "CreateQueue", &params))
    };
    let others: Vec<(String, String)> = session.read(|s| {
        let queues = s.account().queues().queues().filter(|queue| queue.is_fifo() == fifo);
        queues.map(|queue| (queue.name().to_owned(), queue.arn().to_owned())).collect()
    });
    let onsubmit = {
        let (session, ui, error, name) = (session.clone(), ui.clone(), error.clone(), name.clone());
        let (params, wrong) = (params.clone(), wrong_name.is_some());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            // The field says what is wrong; CreateQueue of an equal queue would succeed and make nothing.
            if wrong {
                return;
            }
            match session.call("sqs:CreateQueue", params.clone()) {
                Ok(_) => {
                    session.say(FlashKind::Success, format!("Queue “{}” created successfully.", *name));
                    ui.go(Place::Queue { name: name.to_string(), tab: QueueTab::default() });
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let cancel = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(Place::Welcome))
    };
    let changed = set_anew(&options, &error);
    let on_type = part(&options, &changed, |options, kind: AttrValue| {
        let fifo = (kind == "fifo").then(FifoSettings::default);
        // A dead-letter queue has the type of its source.
        *options = Options { fifo, allow: Allow::All, dead_letters: DeadLetterText::default(), ..options.clone() };
    });
    let on_fifo = part(&options, &changed, |options, fifo| options.fifo = Some(fifo));
    let on_encryption = part(&options, &changed, |options, encryption| options.encryption = encryption);
    let on_policy = part(&options, &changed, |options, policy| options.policy = policy);
    let on_allow = part(&options, &changed, |options, allow| options.allow = allow);
    let on_dead = part(&options, &changed, |options, dead| options.dead_letters = dead);
    let on_tags = part(&options, &changed, |options, tags| options.tags = tags);
    let append = {
        let (setter, name) = (name.setter(), name.clone());
        Callback::from(move |_: MouseEvent| setter.set(format!("{}{SUFFIX}", *name).into()))
    };
    let types = vec![
        Choice {
            help: Some("At least once delivery: a message may come twice. Order is kept as far as possible.".into()),
            ..Choice::new("standard", "Standard")
        },
        Choice {
            help: Some("First in, first out, in each message group. A message that is sent again within five minutes is not delivered again.".into()),
            ..Choice::new("fifo", "FIFO")
        },
    ];
    let name_help = if fifo {
        "Up to 80 characters: letters, digits, hyphens and underscores, and .fifo at the end. Case-sensitive."
    } else {
        "Up to 80 characters: letters, digits, hyphens and underscores. Case-sensitive."
    };
    html! {
        <div class="place">
            <div class="centre-head"><h1>{ "Create queue" }</h1></div>
            <div class="pane-body pane-padded">
                <form class="form" {onsubmit}>
                    <RadioGroup label="Type" cards=true choices={types} selected={if fifo { "fifo" } else { "standard" }} on_select={on_type} />
                    <p class="field-help">{ "You can't change the type of a queue later." }</p>
                    <TextField
                        label="Name" value={(*name).clone()} on_input={set_anew(&name, &error)} error={wrong_name.map(AttrValue::from)}
                        placeholder={if fifo { "e.g. Orders.fifo" } else { "e.g. Orders" }} help={name_help}
                    />
                    if lacks_suffix {
                        <div class="button-row"><Button label={format!("Append {SUFFIX}")} small=true onclick={append} /></div>
                    }
                    <h2>{ "Configuration" }</h2>
                    <SettingsFields text={(*settings).clone()} on_change={set_anew(&settings, &error)} />
                    if let Some(fifo) = options.fifo { <FifoFields value={fifo} on_change={on_fifo} /> }
                    <h2>{ "Dead-letter queue" }</h2>
                    <DeadLetterFields value={options.dead_letters.clone()} on_change={on_dead} others={others.clone()} {fifo} />
                    <Section title="Redrive allow policy" help="For a queue that is to be a dead-letter queue: which queues may use it.">
                        <AllowFields value={options.allow.clone()} on_change={on_allow} {others} />
                    </Section>
                    <Section title="Access policy" help="Who else may use the queue. Without a policy only this account may.">
                        <TextArea label="Access policy as JSON" optional=true rows={8} value={options.policy.clone()} on_input={on_policy} />
                        <PolicyAdvice text={options.policy.clone()} />
                    </Section>
                    <Section title="Encryption" help="Kept with the queue; nothing is encrypted here.">
                        <EncryptionFields value={options.encryption.clone()} on_change={on_encryption} />
                    </Section>
                    <Section title="Tags" help="Keys and values for your own order.">
                        <TagFields value={options.tags.clone()} on_change={on_tags} />
                    </Section>
                    <Refusal error={(*error).clone().or(other_error)} />
                    <div class="button-row">
                        <Button label="Create queue" kind={ButtonKind::Primary} submit=true disabled={name.is_empty()} />
                        <Button label="Cancel" onclick={cancel} />
                    </div>
                </form>
            </div>
        </div>
    }
}

/// Changes one part of the options.
fn part<T: 'static>(options: &Options, changed: &Callback<Options>, put: fn(&mut Options, T)) -> Callback<T> {
    let (options, changed) = (options.clone(), changed.clone());
    Callback::from(move |value| {
        let mut options = options.clone();
        put(&mut options, value);
        changed.emit(options);
    })
}

#[derive(PartialEq, Properties)]
struct SectionProps {
    title: AttrValue,
    help: AttrValue,
    children: Html,
}

/// What few people need, folded.
#[component]
fn Section(props: &SectionProps) -> Html {
    html! {
        <details class="form-section">
            <summary>{ &props.title }<span class="field-optional">{ " – optional" }</span></summary>
            <div class="form-section-body">
                <p class="field-help">{ &props.help }</p>
                { props.children.clone() }
            </div>
        </details>
    }
}
