//! The definition, to read and to change. What is not saved yet stays as a draft.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::json;
use views::definition::Definition;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::places::workflow::{Draft, WorkflowEditor};
use crate::session::FlashKind;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DefinitionTabProps {
    pub arn: String,
    pub name: String,
    pub definition: Rc<Definition>,
    pub draft: Draft,
    /// Nothing can be saved any more.
    pub deleting: bool,
}

#[component]
pub fn DefinitionTab(props: &DefinitionTabProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let draft = &props.draft;
    let save = {
        let (session, error, props) = (session.clone(), error.clone(), props.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"stateMachineArn": props.arn, "definition": props.draft.text.as_str()});
            match session.call("states:UpdateStateMachine", params) {
                Ok(_) => {
                    error.set(None);
                    props.draft.forget.emit(());
                    session.say(
                        FlashKind::Success,
                        format!("State machine {} was saved. Running executions keep their definition.", props.name),
                    );
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let discard = {
        let (error, forget) = (error.clone(), draft.forget.clone());
        Callback::from(move |_: MouseEvent| {
            error.set(None);
            forget.emit(());
        })
    };
    let formatted = use_memo(props.definition.clone(), |definition| definition.formatted());
    let format = {
        let (write, formatted) = (draft.write.clone(), formatted.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(text) = &*formatted {
                write.emit(text.clone().into());
            }
        })
    };
    html! {
        <div class="definition-tab">
            <div class="workflow-tools" role="group" aria-label="Definition">
                <Button label="Save" kind={ButtonKind::Primary} small=true disabled={!draft.changed || props.deleting} onclick={save} />
                <Button label="Discard changes" small=true disabled={!draft.changed} onclick={discard} />
                <Button label="Format" small=true disabled={formatted.is_none()} onclick={format} />
            </div>
            if error.is_some() {
                <div class="pane-padded">
                    <Refusal error={(*error).clone()} hint="Your changes are kept here. The problems below the editor say where." />
                </div>
            }
            <WorkflowEditor
                definition={props.definition.clone()}
                on_change={draft.write.clone()}
                graph_label={format!("Graph of {}", props.name)}
            />
        </div>
    }
}
