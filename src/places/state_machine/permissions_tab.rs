//! The role that executions act with, its policies, and what the definition's tasks need of it.

use views::machine::{Need, permissions};
use views::target::Target;
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::icons::Icon;
use crate::components::status::{Badge, Tone};
use crate::host::session_context::use_session;
use crate::places::parts::{CodeBlock, CopyLine, PlaceLink};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct PermissionsTabProps {
    pub arn: String,
}

#[component]
pub fn PermissionsTab(props: &PermissionsTabProps) -> Html {
    let session = use_session();
    let found = session.read(|session| {
        let account = session.account();
        account.states().machine(&props.arn).map(|machine| permissions(account, machine))
    });
    let Some(permissions) = found else { return Html::default() };
    html! {
        <div class="pane-padded stack">
            <h2>{ "Execution role" }</h2>
            {
                match &permissions.role {
                    None => html! {
                        <Banner kind={BannerKind::Error} title="The role is gone">
                            <p>{ "Every call of a task will be denied. Create the role again, or choose another one." }</p>
                        </Banner>
                    },
                    Some(role) => html! {
                        <>
                            <p><PlaceLink target={Some(Target::Role { name: role.name.clone() })} text={role.name.clone()} /></p>
                            if !role.trusts_step_functions {
                                <Banner kind={BannerKind::Warning} title="Step Functions cannot assume this role">
                                    <p>{ "Its trust policy does not name states.amazonaws.com any more." }</p>
                                </Banner>
                            }
                        </>
                    },
                }
            }
            <CopyLine what="ARN" text={permissions.role_arn.to_string()} />
            <h2>{ "What a run needs" }</h2>
            if permissions.needs.is_empty() {
                <p>{ "The definition calls no service, so it needs no permission." }</p>
            } else {
                <div class="table-scroll">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{ "State" }</th>
                                <th scope="col">{ "Action" }</th>
                                <th scope="col">{ "Resource" }</th>
                                <th scope="col">{ "Allowed" }</th>
                            </tr>
                        </thead>
                        <tbody>{ for permissions.needs.iter().map(need) }</tbody>
                    </table>
                </div>
            }
            if let Some(role) = &permissions.role {
                <h2>{ "Policies" }</h2>
                if role.policies.is_empty() { <p>{ "The role has no policies: it may do nothing." }</p> }
                { for role.policies.iter().map(|policy| html! {
                    <details key={policy.name.clone()} class="policy">
                        <summary>
                            { &policy.name }{ " " }
                            <Badge label={if policy.managed { "AWS managed" } else { "inline" }} />
                        </summary>
                        <CodeBlock label={policy.name.clone()} text={policy.document.clone()} />
                    </details>
                }) }
            }
        </div>
    }
}

fn need(need: &Need) -> Html {
    let (tone, icon, label) = match need.allowed {
        Some(true) => (Tone::Success, Icon::Check, "Allowed"),
        Some(false) => (Tone::Error, Icon::Cross, "Denied"),
        None => (Tone::Neutral, Icon::Circle, "Known when it runs"),
    };
    html! {
        <tr key={&*need.state}>
            <th scope="row">{ &*need.state }</th>
            <td><code>{ &need.action }</code></td>
            <td class="break-anywhere">{ need.resource.clone().unwrap_or_else(|| "decided by the input, or not in this account".to_owned()) }</td>
            <td>
                <Badge {label} {tone} icon={Some(icon)} />
                if let Some(denial) = &need.denial { <div class="field-help">{ denial }</div> }
            </td>
        </tr>
    }
}
