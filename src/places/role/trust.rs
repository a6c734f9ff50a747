//! Who may assume the role: its trust policy, to read and to change.

use aws_protocol::AwsError;
use shared_json::json;
use yew::prelude::*;

use super::RoleProps;
use crate::components::button::{Button, ButtonKind};
use crate::components::form::TextArea;
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::places::queue::parts::set_anew;
use crate::session::FlashKind;

#[component]
pub fn Trust(props: &RoleProps) -> Html {
    let session = use_session();
    let text = use_state(|| AttrValue::from(props.role.trust.clone()));
    let error = use_state(|| None::<AwsError>);
    let problem = views::roles::problem_of_policy(&text, true).map(AttrValue::from);
    let changed = **text != *props.role.trust;
    let onsubmit = {
        let (session, error, name, text) = (session.clone(), error.setter(), props.role.name.clone(), text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let params = json!({"RoleName": name, "PolicyDocument": text.as_str()});
            let result = session.call("iam:UpdateAssumeRolePolicy", params);
            if result.is_ok() {
                session.say(FlashKind::Success, "The trust policy was saved.");
            }
            error.set(result.err());
        })
    };
    let undo = {
        let (text, error, trust) = (text.setter(), error.setter(), props.role.trust.clone());
        Callback::from(move |_: MouseEvent| {
            text.set(trust.clone().into());
            error.set(None);
        })
    };
    html! {
        <form class="form" {onsubmit} aria-label="Edit the trust policy">
            <h2>{ "Trust relationships" }</h2>
            <p>{ format!("May be assumed by {}.", views::roles::trusted(&props.role)) }</p>
            <TextArea
                label="Trust policy as JSON" rows={16} mono=true value={(*text).clone()} on_input={set_anew(&text, &error)}
                error={problem}
                help="A function or a state machine can only run with a role that trusts its service."
            />
            <Refusal error={(*error).clone()} />
            <div class="button-row">
                <Button label="Save trust policy" kind={ButtonKind::Primary} submit=true disabled={!changed} />
                if changed { <Button label="Discard changes" onclick={undo} /> }
            </div>
        </form>
    }
}
