//! All options of an SQS trigger, to add one or to change one. Lambda's own checks speak while one types.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::functions::checks::{self, Field};
use views::functions::{FunctionView, Trigger};
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Checkbox, Choice, Select, TextArea, TextField, Toggle};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::Refusal;
use crate::session::{FlashKind, Place};

/// Lambda's quota of filters.
const MOST_FILTERS: usize = 5;

/// The options as they are typed.
#[derive(Clone, Debug, PartialEq)]
struct Typed {
    queue: AttrValue,
    active: bool,
    batch: AttrValue,
    window: AttrValue,
    concurrency: AttrValue,
    least_pollers: AttrValue,
    most_pollers: AttrValue,
    report: bool,
    patterns: Vec<AttrValue>,
}

impl Typed {
    fn of(trigger: Option<&Trigger>) -> Typed {
        let Some(trigger) = trigger else {
            return Typed {
                queue: AttrValue::default(),
                active: true,
                batch: "10".into(),
                window: "0".into(),
                concurrency: AttrValue::default(),
                least_pollers: AttrValue::default(),
                most_pollers: AttrValue::default(),
                report: false,
                patterns: Vec::new(),
            };
        };
        Typed {
            queue: trigger.queue_arn.to_string().into(),
            active: trigger.enabled,
            batch: trigger.batch_size.to_string().into(),
            window: trigger.window_seconds.to_string().into(),
            concurrency: trigger.maximum_concurrency.map(|n| n.to_string()).unwrap_or_default().into(),
            least_pollers: trigger.pollers.map(|pollers| pollers.minimum.to_string()).unwrap_or_default().into(),
            most_pollers: trigger.pollers.map(|pollers| pollers.maximum.to_string()).unwrap_or_default().into(),
            report: trigger.report_batch_item_failures,
            patterns: trigger.patterns.iter().map(|pattern| pattern.to_string().into()).collect(),
        }
    }

    fn params(&self, function: &str, queue: &str) -> Value {
        let types: &[&str] = if self.report { &["ReportBatchItemFailures"] } else { &[] };
        let filled = |members: &[(&str, &AttrValue)]| {
            let written = members.iter().filter(|(_, text)| !text.trim().is_empty());
            Value::object(written.map(|(name, text)| (*name, number(text))))
        };
        let scaling = filled(&[("MaximumConcurrency", &self.concurrency)]);
        let pollers = filled(&[("MinimumPollers", &self.least_pollers), ("MaximumPollers", &self.most_pollers)]);
        let written = self.patterns.iter().filter(|pattern| !pattern.trim().is_empty());
        let filters = written.map(|pattern| json!({"Pattern": pattern.as_str()})).collect();
        json!({"FunctionName": function, "EventSourceArn": queue, "Enabled": self.active, "FunctionResponseTypes": types})
            .with("BatchSize", number(&self.batch))
            .with("MaximumBatchingWindowInSeconds", number(&self.window))
            .with("ScalingConfig", scaling)
            .with("ProvisionedPollerConfig", pollers)
            .with("FilterCriteria", Value::object([("Filters", Value::array(filters))]))
    }
}

/// A number when it is one, else the text, so that Lambda refuses it in its own words.
pub(super) fn number(text: &str) -> Value {
    text.trim().parse::<i64>().map_or_else(|_| Value::string(text.trim()), |number| json!(number))
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MappingFormProps {
    pub function: FunctionView,
    /// The trigger to change; none: a new one.
    #[prop_or_default]
    pub trigger: Option<Trigger>,
    pub close: Callback<()>,
}

#[component]
pub fn MappingForm(props: &MappingFormProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let typed = use_state(|| Rc::new(Typed::of(props.trigger.as_ref())));
    let refused = use_state(|| None::<AwsError>);
    let queues: Vec<(String, String)> = session.read(|s| {
        s.account().queues().queues().map(|queue| (queue.arn().to_owned(), queue.name().to_owned())).collect()
    });
    let queue = match typed.queue.as_str() {
        "" => queues.first().map(|queue| queue.0.clone()).unwrap_or_default(),
        chosen => chosen.to_owned(),
    };
    let change = |edit: fn(&mut Typed, AttrValue)| {
        let typed = typed.clone();
        Callback::from(move |text: AttrValue| {
            let mut next = (**typed).clone();
            edit(&mut next, text);
            typed.set(Rc::new(next));
        })
    };
    let switch = |edit: fn(&mut Typed, bool)| {
        let typed = typed.clone();
        Callback::from(move |flag: bool| {
            let mut next = (**typed).clone();
            edit(&mut next, flag);
            typed.set(Rc::new(next));
        })
    };
    let params = typed.params(&props.function.name, &queue);
    let problem = session.read(|s| checks::refusal_of_change(s.account(), "CreateEventSourceMapping", &params));
    let told = |field: Field| {
        let problem = problem.as_ref().filter(|problem| problem.field == Some(field));
        problem.map(|problem| AttrValue::from(problem.error.message.clone()))
    };
    let whole = problem.as_ref().filter(|problem| problem.field.is_none() && !queues.is_empty());
    let save = {
        let (session, refused, close) = (session.clone(), refused.clone(), props.close.clone());
        let (params, uuid) = (params.clone(), props.trigger.as_ref().map(|trigger| trigger.uuid.clone()));
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let result = match &uuid {
                None => session.call("lambda:CreateEventSourceMapping", params.clone()),
                // A mapping keeps its queue.
                Some(uuid) => {
                    let members =
                        params.as_object().into_iter().flatten().filter(|(name, _)| &***name != "EventSourceArn");
                    let kept = Value::object(members.map(|(name, value)| (name, value.clone())));
                    session.call("lambda:UpdateEventSourceMapping", kept.with("UUID", Value::from(uuid.clone())))
                }
            };
            match result {
                Ok(_) => {
                    let said = if uuid.is_none() {
                        "The trigger was added. It is creating and will be enabled in a moment."
                    } else {
                        "The trigger is updating."
                    };
                    session.say(FlashKind::Success, said);
                    close.emit(());
                }
                Err(error) => refused.set(Some(error)),
            }
        })
    };
    let new_queue = Callback::from(move |_: MouseEvent| ui.go(Place::NewQueue));
    let fifo = queue.ends_with(".fifo");
    let shown = refused.as_ref().cloned().or_else(|| whole.map(|problem| problem.error.clone()));
    let hint = whole.and_then(|problem| problem.hint).map(AttrValue::Static);
    html! {
        <form class="form card" onsubmit={save}>
            <h3>{ if props.trigger.is_some() { "Edit trigger" } else { "Add trigger" } }</h3>
            if props.trigger.is_none() {
                <Select label="Source" choices={vec![Choice::new("sqs", "SQS")]} selected="sqs" on_select={Callback::noop()} />
                if queues.is_empty() {
                    <p>{ "There is no queue yet." }</p>
                    <div><Button label="Create queue" onclick={new_queue} /></div>
                } else {
                    <Select
                        label="SQS queue" selected={queue} on_select={change(|typed, text| typed.queue = text)}
                        choices={queues.iter().map(|(arn, name)| Choice::new(arn.clone(), name.clone())).collect::<Vec<_>>()}
                    />
                }
            }
            <Toggle label="Activate trigger" checked={typed.active} on_change={switch(|typed, flag| typed.active = flag)} />
            <div class="form-row">
                <TextField
                    label="Batch size" help={if fifo { "1 to 10 messages" } else { "1 to 10,000 messages" }} value={typed.batch.clone()}
                    on_input={change(|typed, text| typed.batch = text)} input_type="number" min="1" error={told(Field::BatchSize)}
                />
                <TextField
                    label="Batch window" help={if fifo { "Not for FIFO queues" } else { "0 to 300 seconds" }} value={typed.window.clone()}
                    on_input={change(|typed, text| typed.window = text)} input_type="number" min="0" max="300" error={told(Field::Window)}
                />
                <TextField
                    label="Maximum concurrency" optional=true help="2 to 1,000 batches at once" value={typed.concurrency.clone()}
                    on_input={change(|typed, text| typed.concurrency = text)} input_type="number" min="2" max="1000" error={told(Field::Concurrency)}
                />
            </div>
            <div class="form-row">
                <TextField
                    label="Minimum pollers" optional=true help="2 to 200, ten batches each" value={typed.least_pollers.clone()}
                    on_input={change(|typed, text| typed.least_pollers = text)} input_type="number" min="2" max="200" error={told(Field::LeastPollers)}
                />
                <TextField
                    label="Maximum pollers" optional=true help="2 to 10,000; instead of a maximum concurrency" value={typed.most_pollers.clone()}
                    on_input={change(|typed, text| typed.most_pollers = text)} input_type="number" min="2" max="10000" error={told(Field::MostPollers)}
                />
            </div>
            <Checkbox
                label="Report batch item failures" checked={typed.report} on_change={switch(|typed, flag| typed.report = flag)}
                help="The function names the messages that failed; only those come back."
            />
            <Filters typed={typed.clone()} refused={told(Field::Filters)} />
            <Refusal error={shown} {hint} />
            <div class="button-row">
                <Button
                    label={if props.trigger.is_some() { "Save trigger" } else { "Add" }} kind={ButtonKind::Primary} submit=true
                    disabled={queues.is_empty() && props.trigger.is_none()}
                />
                <Button label="Cancel" onclick={props.close.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FiltersProps {
    typed: UseStateHandle<Rc<Typed>>,
    /// Lambda's words when no single pattern is to blame.
    refused: Option<AttrValue>,
}

/// What typing, adding or removing does to the patterns.
type Edit = Box<dyn Fn(&mut Vec<AttrValue>, AttrValue)>;

#[component]
fn Filters(props: &FiltersProps) -> Html {
    let typed = &props.typed;
    let edit = |change: Edit| {
        let typed = typed.clone();
        Callback::from(move |text: AttrValue| {
            let mut next = (**typed).clone();
            change(&mut next.patterns, text);
            typed.set(Rc::new(next));
        })
    };
    let problems: Vec<Option<String>> = typed
        .patterns
        .iter()
        .map(|pattern| checks::pattern_problem(pattern).filter(|_| !pattern.trim().is_empty()))
        .collect();
    let unplaced = props.refused.clone().filter(|_| problems.iter().all(Option::is_none));
    let add = edit(Box::new(|patterns, _| patterns.push("{ \"body\": { \"kind\": [\"new\"] } }".into())));
    html! {
        <fieldset class="field">
            <legend class="field-label">{ "Filter criteria" }<span class="field-optional">{ " – optional" }</span></legend>
            <div class="field-help">{ "A message passes when one of the patterns fits it. All others are deleted unseen." }</div>
            { for typed.patterns.iter().enumerate().map(|(place, pattern)| {
                let write = edit(Box::new(move |patterns, text| {
                    if let Some(pattern) = patterns.get_mut(place) {
                        *pattern = text;
                    }
                }));
                let remove = edit(Box::new(move |patterns, _| {
                    if place < patterns.len() {
                        patterns.remove(place);
                    }
                }));
                html! {
                    <div key={place} class="place-sections">
                        <TextArea
                            label={format!("Filter {}", place + 1)} rows={2} value={pattern.clone()} on_input={write}
                            error={problems.get(place).cloned().flatten().map(AttrValue::from)}
                        />
                        <div><Button label={format!("Remove filter {}", place + 1)} small=true onclick={remove.reform(|_: MouseEvent| AttrValue::default())} /></div>
                    </div>
                }
            }) }
            if let Some(unplaced) = unplaced { <p class="field-error">{ unplaced }</p> }
            <div><Button label="Add filter" small=true disabled={typed.patterns.len() >= MOST_FILTERS} onclick={add.reform(|_: MouseEvent| AttrValue::default())} /></div>
        </fieldset>
    }
}
