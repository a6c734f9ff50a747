//! A role: trust, policies, who uses it, and which calls it was denied.

use aws_protocol::AwsError;
use shared_json::json;
use views::roles::{PolicyRow, RoleView};
use yew::prelude::*;

use super::new_role::PolicyPicker;
use super::parts::{CodeBlock, CopyLine, PlaceLink, Refusal, time_of_day};
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::{ConfirmDialog, Dialog};
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::session::Place;

const LOGS_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RolePageProps {
    pub name: String,
}

#[component]
pub fn RolePage(props: &RolePageProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let view = use_memo((session.clone(), props.name.clone()), |(session, name)| {
        session.read(|s| views::roles::view(s.account(), name))
    });
    let Some(role) = (*view).clone() else {
        return html! {
            <div class="place">
                <div class="centre-head"><h1>{ &props.name }</h1></div>
                <div class="pane-body"><Empty icon={Icon::Key} title="There is no role of this name">
                    <p>{ "It was deleted, or it does not exist at this moment of the run." }</p>
                </Empty></div>
            </div>
        };
    };
    let on_error = {
        let error = error.clone();
        Callback::from(move |refused: Option<AwsError>| error.set(refused))
    };
    let attach_logs = {
        let (session, error, name) = (session.clone(), error.clone(), role.name.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"RoleName": name, "PolicyArn": LOGS_POLICY});
            error.set(session.call("iam:AttachRolePolicy", params).err());
        })
    };
    html! {
        <div class="place">
            <Head role={role.clone()} />
            <div class="pane-body pane-padded" tabindex="0" role="group" aria-label="Role">
                <div class="place-sections">
                    <Refusal error={(*error).clone()} />
                    if role.lacks_logs {
                        <Banner kind={BannerKind::Warning} title="No permission to write logs" actions={html! {
                            <Button label="Attach AWSLambdaBasicExecutionRole" small=true onclick={attach_logs} />
                        }}>
                            { "Here the log lines of its functions show all the same. On AWS they would never reach CloudWatch." }
                        </Banner>
                    }
                    <Permissions role={role.clone()} on_error={on_error.clone()} />
                    <section class="place-sections" aria-label="Trust relationships">
                        <h2>{ "Trust relationships" }</h2>
                        <p>{ format!("May be assumed by {}.", views::roles::trusted(&role)) }</p>
                        <CodeBlock label="Trust policy" text={role.trust.clone()} />
                    </section>
                    <section class="place-sections" aria-label="Used by">
                        <h2>{ "Used by" }</h2>
                        if role.users.is_empty() { <p>{ "No state machine and no function." }</p> }
                        <ul class="fact-list">
                            { for role.users.iter().map(|(text, target)| html! {
                                <li key={text.clone()}><PlaceLink target={Some(target.clone())} text={text.clone()} /></li>
                            }) }
                        </ul>
                    </section>
                    <Denied role={role} />
                </div>
            </div>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct RoleProps {
    role: RoleView,
}

#[component]
fn Head(props: &RoleProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let asked = use_state(|| false);
    let error = use_state(|| None::<AwsError>);
    let role = &props.role;
    let ask = {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(true))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(false))
    };
    let delete = {
        let (session, ui, asked, error, role) =
            (session.clone(), ui.clone(), asked.clone(), error.clone(), role.clone());
        Callback::from(move |()| {
            asked.set(false);
            match delete_role(&session, &role) {
                Ok(()) => ui.go(Place::Welcome),
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    html! {
        <>
            <div class="centre-head">
                <h1>{ &role.name }</h1>
                <div class="actions"><Button label="Delete" kind={ButtonKind::Danger} onclick={ask} /></div>
            </div>
            <div class="place-lines">
                <CopyLine what="ARN" text={role.arn.clone()} />
                <span>{ format!("created {}", role.created_at) }</span>
                if let Some(description) = &role.description { <span>{ description }</span> }
            </div>
            <Refusal error={(*error).clone()} />
            <ConfirmDialog
                title={format!("Delete role {}", role.name)} open={*asked} typed_word={role.name.clone()} action="Delete"
                on_confirm={delete} on_close={close}
            >
                <p>{ "First its policies are detached or, if inline, deleted, as the console does; then the role is deleted." }</p>
                if !role.users.is_empty() {
                    <p>{ format!("It is in use by {}. Their calls will be denied.", role.users.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", ")) }</p>
                }
            </ConfirmDialog>
        </>
    }
}

/// IAM deletes only a role without policies.
fn delete_role(session: &crate::host::session_context::SessionHandle, role: &RoleView) -> Result<(), AwsError> {
    for policy in &role.attached {
        session.call("iam:DetachRolePolicy", json!({"RoleName": role.name, "PolicyArn": policy.arn}))?;
    }
    for policy in &role.inline {
        session.call("iam:DeleteRolePolicy", json!({"RoleName": role.name, "PolicyName": policy.name}))?;
    }
    session.call("iam:DeleteRole", json!({"RoleName": role.name})).map(|_| ())
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct PermissionsProps {
    role: RoleView,
    on_error: Callback<Option<AwsError>>,
}

#[component]
fn Permissions(props: &PermissionsProps) -> Html {
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
                                <Button {label} small=true onclick={remove(policy)} />
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

#[component]
fn Denied(props: &RoleProps) -> Html {
    html! {
        <section class="place-sections" aria-label="Denied calls">
            <h2>{ "Denied calls" }</h2>
            if props.role.denied.is_empty() { <p>{ "No call with this role was denied." }</p> }
            { for props.role.denied.iter().map(|call| html! {
                <Banner key={format!("{}-{}", call.at, call.action)} kind={BannerKind::Warning} title={format!("{} · {}", time_of_day(call.at), call.action)}>
                    <p><PlaceLink target={call.target.clone()} text={call.who.clone()} />{ ": " }{ &call.message }</p>
                    <ul>{ for call.statements.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                    <details>
                        <summary>{ "A statement that would allow it" }</summary>
                        <CodeBlock label="Statement" text={call.remedy.clone()} />
                    </details>
                </Banner>
            }) }
        </section>
    }
}
