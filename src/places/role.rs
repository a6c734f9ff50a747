//! A role: what it may do, who may assume it, which calls it was denied, what IAM would say, and what it needs.

mod denied;
mod inline;
mod permissions;
mod shrink;
mod simulate;
mod trust;

use aws_protocol::AwsError;
use shared_json::json;
use views::roles::RoleView;
use views::shrink::ApiCall;
use yew::prelude::*;

use super::parts::{CopyLine, Refusal};
use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::ConfirmDialog;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::session::Place;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RolePageProps {
    pub name: String,
}

#[component]
pub fn RolePage(props: &RolePageProps) -> Html {
    let session = use_session();
    let tab = use_state(|| AttrValue::Static("role-permissions"));
    let back = use_state(|| (String::new(), Vec::<ApiCall>::new()));
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
    let on_select = {
        let tab = tab.setter();
        Callback::from(move |id: AttrValue| tab.set(id))
    };
    let on_back = {
        let (back, name) = (back.setter(), role.name.clone());
        Callback::from(move |calls: Vec<ApiCall>| back.set((name.clone(), calls)))
    };
    // What was shrunk on another role's page is not this role's to get back.
    let back = if back.0 == role.name { back.1.clone() } else { Vec::new() };
    let tabs = vec![
        Tab::new("role-permissions", "Permissions").with_count(role.attached.len() + role.inline.len()),
        Tab::new("role-trust", "Trust relationships"),
        Tab::new("role-denied", "Denied calls").with_count(role.denied.len()),
        Tab::new("role-simulate", "Simulate"),
        Tab::new("role-shrink", "Shrink"),
    ];
    let selected = (*tab).clone();
    let (panel, key) = (format!("{selected} {}", role.name), role.trust.clone());
    html! {
        <div class="place">
            <Head role={role.clone()} />
            <Tabs label="Role" {tabs} selected={selected.clone()} {on_select} />
            // What was being written belongs to one role.
            <TabPanel key={panel} id={selected.clone()} class="pane-padded">
                { match selected.as_str() {
                    // A trust policy that changed by another way is shown anew.
                    "role-trust" => html! { <trust::Trust {key} {role} /> },
                    "role-denied" => html! { <denied::Denied {role} /> },
                    "role-simulate" => html! { <simulate::Simulate {role} /> },
                    "role-shrink" => html! { <shrink::Shrink {role} {back} {on_back} /> },
                    _ => html! { <permissions::Permissions {role} /> },
                } }
            </TabPanel>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RoleProps {
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
