//! Sections of the forms that create and edit a queue: what only FIFO queues have, encryption, dead letters, whom a
//! dead-letter queue admits, tags. Each is a value, the attributes that the value stands for, and its fields.

use shared_json::{Value, json};
use views::queue::dead_letters::Allow;
use views::queue::{Encryption, FifoSettings};
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::Button;
use crate::components::form::{Checkbox, Choice, RadioGroup, Select, TextField};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SectionProps<T: Clone + PartialEq> {
    pub value: T,
    pub on_change: Callback<T>,
}

/// As `Attributes` of CreateQueue and SetQueueAttributes.
#[must_use]
pub fn fifo_attributes(fifo: FifoSettings) -> Value {
    json!({
        "ContentBasedDeduplication": fifo.content_based_deduplication.to_string(),
        "DeduplicationScope": if fifo.scope_is_group { "messageGroup" } else { "queue" },
        "FifoThroughputLimit": if fifo.limit_is_per_group { "perMessageGroupId" } else { "perQueue" },
    })
}

#[component]
pub fn FifoFields(props: &SectionProps<FifoSettings>) -> Html {
    let fifo = props.value;
    let change = |change: fn(&mut FifoSettings, bool)| {
        let on_change = props.on_change.clone();
        Callback::from(move |on: bool| {
            let mut changed = fifo;
            change(&mut changed, on);
            on_change.emit(changed);
        })
    };
    let high = fifo.scope_is_group && fifo.limit_is_per_group;
    let on_content = change(|fifo, on| fifo.content_based_deduplication = on);
    let on_high = change(|fifo, on| (fifo.scope_is_group, fifo.limit_is_per_group) = (on, on));
    let on_scope = change(|fifo, on| fifo.scope_is_group = on).reform(|value: AttrValue| value == "messageGroup");
    let on_limit =
        change(|fifo, on| fifo.limit_is_per_group = on).reform(|value: AttrValue| value == "perMessageGroupId");
    let choice = |value: &'static str, label: &'static str, help: &'static str| Choice {
        help: Some(help.into()),
        ..Choice::new(value, label)
    };
    html! {
        <>
            <Checkbox
                label="Content-based deduplication" checked={fifo.content_based_deduplication} on_change={on_content}
                help="A message without a deduplication ID gets the SHA-256 of its body as its ID. Without this, every message needs an ID of its own."
            />
            <Checkbox
                label="High throughput FIFO queue" checked={high} on_change={on_high}
                help="Sets the two choices below to message group, as the AWS console does."
            />
            <RadioGroup
                label="Deduplication scope" selected={if fifo.scope_is_group { "messageGroup" } else { "queue" }} on_select={on_scope}
                choices={vec![
                    choice("queue", "Queue", "An ID is used once in the whole queue within five minutes."),
                    choice("messageGroup", "Message group", "An ID is used once in its message group: other groups may use it too."),
                ]}
            />
            <RadioGroup
                label="FIFO throughput limit" selected={if fifo.limit_is_per_group { "perMessageGroupId" } else { "perQueue" }} on_select={on_limit}
                choices={vec![
                    choice("perQueue", "Per queue", "AWS throttles at 300 calls a second for the queue. Here no call is throttled."),
                    choice("perMessageGroupId", "Per message group ID", "AWS allows far more; it wants the deduplication scope to be the message group."),
                ]}
            />
        </>
    }
}

/// As attributes; setting it takes what was set before away.
#[must_use]
pub fn encryption_attributes(encryption: &Encryption) -> Value {
    match encryption {
        Encryption::Off => json!({"KmsMasterKeyId": "", "SqsManagedSseEnabled": "false"}),
        Encryption::Sqs => json!({"SqsManagedSseEnabled": "true"}),
        Encryption::Kms { key, reuse_seconds } => {
            json!({"KmsMasterKeyId": &**key, "KmsDataKeyReusePeriodSeconds": reuse_seconds.to_string()})
        }
    }
}

#[component]
pub fn EncryptionFields(props: &SectionProps<Encryption>) -> Html {
    let selected = match &props.value {
        Encryption::Off => "off",
        Encryption::Sqs => "sqs",
        Encryption::Kms { .. } => "kms",
    };
    let on_select = props.on_change.reform(|value: AttrValue| match value.as_str() {
        "off" => Encryption::Off,
        "kms" => Encryption::Kms { key: "alias/aws/sqs".to_owned(), reuse_seconds: 300 },
        _ => Encryption::Sqs,
    });
    html! {
        <>
            <RadioGroup
                label="Server-side encryption" {selected} {on_select}
                choices={vec![
                    Choice::new("sqs", "Amazon SQS key (SSE-SQS)"),
                    Choice::new("kms", "AWS Key Management Service key (SSE-KMS)"),
                    Choice::new("off", "Disabled"),
                ]}
            />
            if let Encryption::Kms { key, reuse_seconds } = &props.value {
                <TextField
                    label="KMS key" value={key.clone()} help="An alias, a key ID or an ARN. It is not looked up."
                    on_input={let seconds = *reuse_seconds; props.on_change.reform(move |key: AttrValue| Encryption::Kms { key: key.to_string(), reuse_seconds: seconds })}
                />
                <TextField
                    label="Data key reuse period" value={reuse_seconds.to_string()} input_type="number" min="0" help="Seconds, from 60 to 86,400."
                    on_input={let key = key.clone(); props.on_change.reform(move |seconds: AttrValue| Encryption::Kms { key: key.clone(), reuse_seconds: seconds.trim().parse().unwrap_or(0) })}
                />
            }
            <p class="field-help">{ "The setting is kept and given back by GetQueueAttributes. Nothing is encrypted in this simulation, and no call fails for want of a key." }</p>
        </>
    }
}

/// Where dead letters go, as it is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeadLetterText {
    /// An ARN; empty when there is no dead-letter queue.
    pub target: AttrValue,
    pub count: AttrValue,
}

impl DeadLetterText {
    /// The value of the attribute RedrivePolicy.
    #[must_use]
    pub fn attribute(&self) -> String {
        if self.target.is_empty() {
            return String::new();
        }
        json!({"deadLetterTargetArn": self.target.as_str(), "maxReceiveCount": self.count.as_str()}).to_string()
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DeadLetterProps {
    pub value: DeadLetterText,
    pub on_change: Callback<DeadLetterText>,
    /// Queues of the same type, by name and ARN.
    pub others: Vec<(String, String)>,
    pub fifo: bool,
}

#[component]
pub fn DeadLetterFields(props: &DeadLetterProps) -> Html {
    let mut choices = vec![Choice::new("", "None")];
    choices.extend(props.others.iter().map(|(name, arn)| Choice::new(arn.clone(), name.clone())));
    let on_target = {
        let props = props.clone();
        Callback::from(move |target: AttrValue| {
            let count = if props.value.count.is_empty() { "10".into() } else { props.value.count.clone() };
            props.on_change.emit(DeadLetterText { target, count });
        })
    };
    let on_count = {
        let props = props.clone();
        Callback::from(move |count: AttrValue| props.on_change.emit(DeadLetterText { count, ..props.value.clone() }))
    };
    let kind = if props.fifo { "FIFO" } else { "standard" };
    html! {
        <>
            <Select
                label="Dead-letter queue" {choices} selected={props.value.target.clone()} on_select={on_target}
                help={format!("Where messages go that were received too often: another {kind} queue. Create that one first.")}
            />
            if !props.value.target.is_empty() {
                <TextField
                    label="Maximum receives" value={props.value.count.clone()} on_input={on_count} input_type="number" min="1" max="1000"
                    help="From 1 to 1,000. A message that was received so often and comes back moves at the next receive, not before."
                />
            }
        </>
    }
}

/// The value of the attribute RedriveAllowPolicy.
#[must_use]
pub fn allow_attribute(allow: &Allow) -> String {
    match allow {
        Allow::All => String::new(),
        Allow::Nobody => json!({"redrivePermission": "denyAll"}).to_string(),
        Allow::ByQueue(arns) => {
            let arns: Vec<Value> = arns.iter().map(|arn| json!(arn)).collect();
            json!({"redrivePermission": "byQueue"}).with("sourceQueueArns", Value::array(arns)).to_string()
        }
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct AllowProps {
    pub value: Allow,
    pub on_change: Callback<Allow>,
    /// Queues of the same type, by name and ARN.
    pub others: Vec<(String, String)>,
}

#[component]
pub fn AllowFields(props: &AllowProps) -> Html {
    let selected = match &props.value {
        Allow::All => "all",
        Allow::ByQueue(_) => "some",
        Allow::Nobody => "none",
    };
    let on_select = props.on_change.reform(|value: AttrValue| match value.as_str() {
        "some" => Allow::ByQueue(Vec::new()),
        "none" => Allow::Nobody,
        _ => Allow::All,
    });
    let chosen = if let Allow::ByQueue(arns) = &props.value { arns.clone() } else { Vec::new() };
    html! {
        <>
            <RadioGroup
                label="Redrive allow policy" {selected} {on_select}
                choices={vec![
                    Choice::new("all", "Allow all: any queue of this type may use this one as its dead-letter queue"),
                    Choice::new("some", "By queue: only the queues chosen below, up to ten"),
                    Choice::new("none", "Deny all: no queue may"),
                ]}
            />
            if selected == "some" {
                <fieldset class="field">
                    <legend class="field-label">{ "Source queues" }</legend>
                    if props.others.is_empty() { <p class="field-help">{ "There is no other queue of this type yet." }</p> }
                    <div class="choice-group">
                        { for props.others.iter().map(|(name, arn)| {
                            let on_change = {
                                let (props, chosen, arn) = (props.clone(), chosen.clone(), arn.clone());
                                Callback::from(move |on: bool| {
                                    let mut arns: Vec<String> = chosen.iter().filter(|each| **each != arn).cloned().collect();
                                    arns.extend(on.then(|| arn.clone()));
                                    props.on_change.emit(Allow::ByQueue(arns));
                                })
                            };
                            html! { <Checkbox key={arn.clone()} label={name.clone()} checked={chosen.contains(arn)} {on_change} /> }
                        }) }
                    </div>
                </fieldset>
            }
        </>
    }
}

pub type Tags = Vec<(AttrValue, AttrValue)>;

/// Tags with a key, as TagQueue and CreateQueue take them.
#[must_use]
pub fn tags_value(tags: &Tags) -> Value {
    let named = tags.iter().filter(|(key, value)| !key.is_empty() || !value.is_empty());
    Value::object(named.map(|(key, value)| (key.as_str(), json!(value.as_str()))))
}

#[component]
pub fn TagFields(props: &SectionProps<Tags>) -> Html {
    let change = |change: Callback<Tags, Tags>| {
        let props = props.clone();
        move || props.on_change.emit(change.emit(props.value.clone()))
    };
    let add = change(Callback::from(|mut tags: Tags| {
        tags.push(Default::default());
        tags
    }));
    html! {
        <fieldset class="field">
            <legend class="field-label">{ "Tags" }</legend>
            { for props.value.iter().enumerate().map(|(index, (key, value))| {
                let put = |as_key: bool| {
                    let props = props.clone();
                    Callback::from(move |text: AttrValue| {
                        let mut tags = props.value.clone();
                        if let Some(tag) = tags.get_mut(index) {
                            if as_key { tag.0 = text } else { tag.1 = text }
                        }
                        props.on_change.emit(tags);
                    })
                };
                let remove = {
                    let props = props.clone();
                    Callback::from(move |_: MouseEvent| {
                        let tags = props.value.iter().enumerate().filter(|(each, _)| *each != index);
                        props.on_change.emit(tags.map(|(_, tag)| tag.clone()).collect());
                    })
                };
                html! {
                    <div class="form-row tag-row" key={index}>
                        <TextField label={format!("Key {}", index + 1)} value={key.clone()} on_input={put(true)} />
                        <TextField label={format!("Value {}", index + 1)} value={value.clone()} on_input={put(false)} />
                        <Button label={format!("Remove tag {}", index + 1)} onclick={remove} />
                    </div>
                }
            }) }
            <div class="button-row"><Button label="Add tag" onclick={move |_: MouseEvent| add()} /></div>
        </fieldset>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PolicyAdviceProps {
    pub text: AttrValue,
}

/// What is malformed in an access policy beyond SQS's first look at it.
#[component]
pub fn PolicyAdvice(props: &PolicyAdviceProps) -> Html {
    let Some(problem) = views::queue::policy::problem(&props.text) else { return Html::default() };
    html! { <Banner kind={BannerKind::Warning} title="This policy is malformed">{ problem }</Banner> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_the_attributes_that_sqs_takes() {
        let dead = DeadLetterText { target: "arn".into(), count: "3".into() };
        assert_eq!(dead.attribute(), r#"{"deadLetterTargetArn":"arn","maxReceiveCount":"3"}"#);
        assert_eq!(DeadLetterText::default().attribute(), "");
        assert_eq!(allow_attribute(&Allow::All), "");
        let some = Allow::ByQueue(vec!["a".to_owned()]);
        assert_eq!(allow_attribute(&some), r#"{"redrivePermission":"byQueue","sourceQueueArns":["a"]}"#);
        let high = FifoSettings { scope_is_group: true, limit_is_per_group: true, ..FifoSettings::default() };
        assert_eq!(fifo_attributes(high)["DeduplicationScope"], json!("messageGroup"));
        assert_eq!(fifo_attributes(high)["FifoThroughputLimit"], json!("perMessageGroupId"));
        assert_eq!(encryption_attributes(&Encryption::Off)["KmsMasterKeyId"], json!(""));
        assert_eq!(tags_value(&vec![("k".into(), "v".into()), Default::default()]), json!({"k": "v"}));
    }
}
