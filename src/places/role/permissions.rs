//! What the role may do: managed policies to attach and detach, inline policies to write.

use aws_protocol::AwsError;
use shared_json::json;
use views::roles::{PolicyRow, RoleView};
use yew::prelude::*;

use super::RoleProps;
use super::inline::InlineEditor;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::Dialog;
use crate::host::session_context::use_session;
use crate::places::new_role::PolicyPicker;
use crate::places::parts::{CodeBlock, PlaceLink, Refusal};

const LOGS_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

/// What is being written.
#[derive(Clone, PartialEq)]
enum Writing {
    Nothing,
    New,
    Known(PolicyRow),
}

#[component]
pub fn Permissions(props: &RoleProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let writing = use_state(|| Writing::Nothing);
    let role = &props.role;
    let on_error = {
        let error = error.setter();
        Callback::from(move |refused: Option<AwsError>| error.set(refused))
    };
    let on_new = {
        let writing = writing.setter();
        Callback::from(move |_: MouseEvent| writing.set(Writing::New))
    };
    let on_edit = {
        let writing = writing.setter();
        Callback::from(move |policy: PolicyRow| writing.set(Writing::Known(policy)))
    };
    let on_done = {
        let writing = writing.setter();
        Callback::from(move |()| writing.set(Writing::Nothing))
    };
    let attach_logs = {
        let (session, error, name) = (session.clone(), error.clone(), role.name.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"RoleName": name, "PolicyArn": LOGS_POLICY});
            error.set(session.call("iam:AttachRolePolicy", params).err());
        })
    };
    let editor = match &*writing {
        Writing::Nothing => Html::default(),
        Writing::New => html! { <InlineEditor key="new" role={role.clone()} {on_done} /> },
        Writing::Known(policy) => html! {
            <InlineEditor key={format!("of {}", policy.name)} role={role.clone()} policy={policy.clone()} {on_done} />
        },
    };
    html! {
        <div class="place-sections">
            <Refusal error={(*error).clone()} />
            if role.lacks_logs {
                <Banner kind={BannerKind::Warning} title="No permission to write logs" actions={html! {
                    <Button label="Attach AWSLambdaBasicExecutionRole" small=true onclick={attach_logs} />
                }}>
                    { "Here the log lines of its functions show all the same. On AWS they would never reach CloudWatch." }
                </Banner>
            }
            <Policies role={role.clone()} {on_edit} {on_new} {on_error} />
            { editor }
            <section class="place-sections" aria-label="Used by">
                <h2>{ "Used by" }</h2>
                if role.users.is_empty() { <p>{ "No state machine and no function." }</p> }
                <ul class="fact-list">
                    { for role.users.iter().map(|(text, target)| html! {
                        <li key={text.clone()}><PlaceLink target={Some(target.clone())} text={text.clone()} /></li>
                    }) }
                </ul>
            </section>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct PoliciesProps {
    role: RoleView,
    /// The inline policy that is to be edited.
    on_edit: Callback<PolicyRow>,
    on_new: Callback<MouseEvent>,
    on_error: Callback<Option<AwsError>>,
}

#[component]
fn Policies(props: &PoliciesProps) -> Html {
    let session = use_session();
    let picking = use_state(|| false);
    let chosen = use_state(Vec::<String>::new);
    let role = &props.role;
    let set_picking = |open: bool| {
        let (picking, chosen) = (picking.clone(), chosen.clone());
        move || {
            chosen.set(Vec::new());
            picking.set(open);
        }
    };
    let open = {
        let open = set_picking(true);
        Callback::from(move |_: MouseEvent| open())
    };
    let close = {
        let close = set_picking(false);
        Callback::from(move |()| close())
    };
    let attach = {
        let (session, chosen, close, props) = (session.clone(), chosen.clone(), set_picking(false), props.clone());
        Callback::from(move |_: MouseEvent| {
            let mut refused = None;
            for arn in chosen.iter() {
                let params = json!({"RoleName": props.role.name, "PolicyArn": arn});
                refused = refused.or(session.call("iam:AttachRolePolicy", params).err());
            }
            props.on_error.emit(refused);
            close();
        })
    };
    let on_change = {
        let chosen = chosen.clone();
        Callback::from(move |policies| chosen.set(policies))
    };
    let remove = |policy: &PolicyRow| {
        let (session, props, policy) = (session.clone(), props.clone(), policy.clone());
        Callback::from(move |_: MouseEvent| {
            let result = if policy.arn.is_empty() {
                session.call("iam:DeleteRolePolicy", json!({"RoleName": props.role.name, "PolicyName": policy.name}))
            } else {
                session.call("iam:DetachRolePolicy", json!({"RoleName": props.role.name, "PolicyArn": policy.arn}))
            };
            props.on_error.emit(result.err());
        })
    };
    let edit = |policy: &PolicyRow| {
        let (on_edit, policy) = (props.on_edit.clone(), policy.clone());
        Callback::from(move |_: MouseEvent| on_edit.emit(policy.clone()))
    };
    let footer = html! {
        <>
            <Button label="Cancel" onclick={close.reform(|_: MouseEvent| ())} />
            <Button label="Attach policies" kind={ButtonKind::Primary} disabled={chosen.is_empty()} onclick={attach} />
        </>
    };
    html! {
        <section class="place-sections" aria-label="Permissions policies">
            <div class="button-row">
                <h2>{ "Permissions policies" }</h2>
                <Button label="Attach policies" onclick={open} />
                <Button label="Create inline policy" onclick={props.on_new.clone()} />
            </div>
            if role.attached.is_empty() && role.inline.is_empty() {
                <p>{ "No policies: every call with this role is denied." }</p>
            }
            <ul class="policy-list">
                { for role.attached.iter().chain(&role.inline).map(|policy| {
                    let inline = policy.arn.is_empty();
                    let label = format!("{} {}", if inline { "Delete" } else { "Detach" }, policy.name);
                    html! {
                        <li key={format!("{}{}", policy.name, policy.arn)}>
                            <div class="card-head">
                                <span><strong>{ &policy.name }</strong>{ " · " }{ &policy.description }</span>
                                <span class="button-row">
                                    if inline { <Button label={format!("Edit {}", policy.name)} small=true onclick={edit(policy)} /> }
                                    <Button {label} small=true onclick={remove(policy)} />
                                </span>
                            </div>
                            <details>
                                <summary>{ "JSON" }<span class="visually-hidden">{ format!(" of {}", policy.name) }</span></summary>
                                <CodeBlock label={format!("Policy {}", policy.name)} text={policy.document.clone()} />
                            </details>
                        </li>
                    }
                }) }
            </ul>
            <Dialog title="Attach policies" open={*picking} on_close={close} wide=true {footer}>
                <PolicyPicker chosen={(*chosen).clone()} {on_change} />
            </Dialog>
        </section>
    }
}
