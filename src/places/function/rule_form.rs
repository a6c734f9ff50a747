//! One mock rule as a form. What is wrong is told at its field.

use std::rc::Rc;

use aws_protocol::AwsError;
use views::mocks::{AnswerKind, Change, Field, RuleDraft, WhenKind};
use yew::prelude::*;

use super::mock::apply;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, Select, TextArea, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::FlashKind;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RuleFormProps {
    pub function: String,
    /// The rule's place among all rules; none: a new one.
    #[prop_or_default]
    pub index: Option<usize>,
    #[prop_or_default]
    pub draft: RuleDraft,
    pub close: Callback<()>,
}

#[component]
pub fn RuleForm(props: &RuleFormProps) -> Html {
    let session = use_session();
    let draft = use_state(|| Rc::new(props.draft.clone()));
    let error = use_state(|| None::<AwsError>);
    let change = |edit: fn(&mut RuleDraft, String)| {
        let draft = draft.clone();
        Callback::from(move |text: AttrValue| {
            let mut next = (**draft).clone();
            edit(&mut next, text.to_string());
            draft.set(Rc::new(next));
        })
    };
    let rule = draft.to_value(&props.function);
    let told = |field: Field| match &rule {
        Err((wrong, why)) if *wrong == field => Some(AttrValue::from(why.clone())),
        _ => None,
    };
    let save = {
        let (session, error, rule, index, close) =
            (session.clone(), error.clone(), rule.clone(), props.index, props.close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let Ok(rule) = rule.clone() else { return };
            let change = index.map_or_else(|| Change::Add(rule.clone()), |index| Change::Replace(index, rule.clone()));
            match apply(&session, change) {
                Ok(()) => {
                    session.say(FlashKind::Success, "The mock rule was saved.");
                    close.emit(());
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let whens = WhenKind::ALL.iter().map(|(_, id, label)| Choice::new(*id, *label)).collect::<Vec<_>>();
    let answers = AnswerKind::ALL.iter().map(|(_, id, label)| Choice::new(*id, *label)).collect::<Vec<_>>();
    html! {
        <form class="form card" onsubmit={save}>
            <h3>{ if props.index.is_some() { "Edit rule" } else { "Add rule" } }</h3>
            <TextField label="Rule name" optional=true value={draft.name.clone()} on_input={change(|draft, text| draft.name = text)} />
            <Select label="When" choices={whens} selected={draft.when.id()} on_select={change(|draft, text| draft.when = WhenKind::of_id(&text))} />
            if draft.when == WhenKind::Pattern {
                <TextArea
                    label="Event pattern" value={draft.pattern.clone()} on_input={change(|draft, text| draft.pattern = text)} error={told(Field::Pattern)}
                    help="As EventBridge and filter criteria write them. The body of an SQS record that is JSON is read as JSON."
                />
            }
            if draft.when == WhenKind::Equals {
                <div class="form-row">
                    <TextField label="Path" help="JSONPath, such as $.Records[0].body.kind" mono=true value={draft.path.clone()} on_input={change(|draft, text| draft.path = text)} error={told(Field::Path)} />
                    <TextField label="Equals" help="JSON, such as 7 or &quot;new&quot;" mono=true value={draft.equals.clone()} on_input={change(|draft, text| draft.equals = text)} error={told(Field::Equals)} />
                </div>
            }
            <div class="form-row">
                <TextField
                    label="Attempts" optional=true help="Counted from 0: 0, 1-2 or 2-" mono=true value={draft.attempts.clone()}
                    on_input={change(|draft, text| draft.attempts = text)} error={told(Field::Attempts)}
                />
                <TextField
                    label="Latency" optional=true help="Seconds" value={draft.latency.clone()}
                    on_input={change(|draft, text| draft.latency = text)} error={told(Field::Latency)}
                />
            </div>
            <Select label="Then" choices={answers} selected={draft.answer.id()} on_select={change(|draft, text| draft.answer = AnswerKind::of_id(&text))} />
            if draft.answer.has_output() {
                <TextArea label={if draft.answer.is_callback() { "Output" } else { "Result" }} rows={4} value={draft.output.clone()} on_input={change(|draft, text| draft.output = text)} error={told(Field::Output)} />
            }
            if draft.answer.has_error() {
                <div class="form-row">
                    <TextField label="Error" value={draft.error.clone()} on_input={change(|draft, text| draft.error = text)} error={told(Field::Error)} />
                    <TextField label="Message" value={draft.cause.clone()} on_input={change(|draft, text| draft.cause = text)} />
                </div>
            }
            if draft.answer.is_callback() {
                <div class="form-row">
                    if draft.answer != AnswerKind::DropCallback {
                        <TextField label="Times" help="2 sends the callback twice" value={draft.times.clone()} on_input={change(|draft, text| draft.times = text)} error={told(Field::Times)} />
                    }
                    <TextField label="Heartbeats before" help="0 for none" value={draft.heartbeats.clone()} on_input={change(|draft, text| draft.heartbeats = text)} error={told(Field::Heartbeats)} />
                    <TextField label="Every" help="Seconds between heartbeats" value={draft.every.clone()} on_input={change(|draft, text| draft.every = text)} error={told(Field::Every)} />
                </div>
                <p>{ "The task token is the text of a member whose name holds “token”, in the event or in a record's body." }</p>
            }
            if let Some(why) = told(Field::Rule) { <p class="field-error">{ why }</p> }
            <Refusal error={(*error).clone()} />
            <div class="button-row">
                <Button label="Save rule" kind={ButtonKind::Primary} submit=true disabled={rule.is_err()} />
                <Button label="Cancel" onclick={props.close.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}
