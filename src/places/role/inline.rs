//! The form that writes an inline policy. What AWS would refuse shows while one types.

use aws_protocol::AwsError;
use shared_json::json;
use views::roles::{PolicyRow, RoleView};
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::form::{TextArea, TextField};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::places::queue::parts::set_anew;
use crate::session::FlashKind;

/// What a new policy starts from.
const START: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Action": "sqs:SendMessage",
      "Resource": "*"
    }
  ]
}"#;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct InlineEditorProps {
    pub role: RoleView,
    /// None: a new one.
    #[prop_or_default]
    pub policy: Option<PolicyRow>,
    pub on_done: Callback<()>,
}

#[component]
pub fn InlineEditor(props: &InlineEditorProps) -> Html {
    let session = use_session();
    let known = props.policy.as_ref();
    let name = use_state(|| AttrValue::from(known.map(|policy| policy.name.clone()).unwrap_or_default()));
    let text = use_state(|| AttrValue::from(known.map_or_else(|| START.to_owned(), |policy| policy.document.clone())));
    let error = use_state(|| None::<AwsError>);
    let problem = views::roles::problem_of_policy(&text, false).map(AttrValue::from);
    let replaces = known.is_none() && props.role.inline.iter().any(|policy| *policy.name == **name);
    let help = if replaces {
        "The role has an inline policy of this name: saving puts this one in its place."
    } else {
        "Up to 128 letters, digits and +=,.@-_"
    };
    let onsubmit = {
        let (session, error, props, name, text) =
            (session.clone(), error.setter(), props.clone(), name.clone(), text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let params =
                json!({"RoleName": props.role.name, "PolicyName": name.as_str(), "PolicyDocument": text.as_str()});
            match session.call("iam:PutRolePolicy", params) {
                Ok(_) => {
                    session.say(FlashKind::Success, format!("The inline policy {} was saved.", *name));
                    props.on_done.emit(());
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let title = known.map_or_else(|| "Create inline policy".to_owned(), |policy| format!("Edit {}", policy.name));
    html! {
        <form class="form" {onsubmit} aria-label={title.clone()}>
            <h2>{ title }</h2>
            <TextField
                label="Policy name" value={(*name).clone()} on_input={set_anew(&name, &error)} {help}
                disabled={known.is_some()}
            />
            <TextArea
                label="Policy as JSON" rows={14} mono=true value={(*text).clone()} on_input={set_anew(&text, &error)}
                error={problem}
            />
            <Refusal error={(*error).clone()} />
            <div class="button-row">
                <Button label="Save policy" kind={ButtonKind::Primary} submit=true disabled={name.is_empty()} />
                <Button label="Cancel" onclick={props.on_done.reform(|_: MouseEvent| ())} />
            </div>
        </form>
    }
}
