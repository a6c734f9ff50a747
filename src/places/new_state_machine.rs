//! "Write your workflow in code": a definition, its graph, a name, a role; and the state machine is there.

use aws_protocol::AwsError;
use shared_json::json;
use views::machine::roles_for_step_functions;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::form::{Choice, RadioGroup, Select, TextField};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::{CodeBlock, Refusal};
use crate::places::workflow::{NEW_DRAFT, WorkflowEditor, use_definition, use_draft};
use crate::session::{FlashKind, MachineTab, Place};

/// What the editor begins with: the smallest workflow that runs.
const FIRST_TEXT: &str = r#"{
  "Comment": "What this workflow is for",
  "StartAt": "First step",
  "States": {
    "First step": {
      "Type": "Pass",
      "End": true
    }
  }
}
"#;

const NEW_ROLE: &str = "new";

/// Stands for a role while the definition is refused anyway.
const NO_ROLE: &str = "arn:aws:iam::000000000000:role/none";

#[component]
pub fn NewStateMachine() -> Html {
    let (session, ui) = (use_session(), use_ui());
    let draft = use_draft(NEW_DRAFT.to_owned(), AttrValue::Static(FIRST_TEXT));
    let name = use_draft(format!("{NEW_DRAFT}:name"), AttrValue::Static("MyStateMachine"));
    let definition = use_definition(&draft.text);
    let machine_type = use_state_eq(|| AttrValue::Static("STANDARD"));
    let role = use_state_eq(|| AttrValue::Static(NEW_ROLE));
    let existing = use_state_eq(AttrValue::default);
    let error = use_state(|| None::<AwsError>);

    let (plan, roles) = session.read(|session| {
        let account = session.account();
        (definition.role_plan(&name.text, account), roles_for_step_functions(account))
    });
    let chosen = roles.iter().find(|(_, arn)| **arn == **existing).or(roles.first()).map(|(_, arn)| arn.clone());
    let new_role = *role == NEW_ROLE;

    let create = {
        let (session, ui, draft, name) = (session.clone(), ui.clone(), draft.clone(), name.clone());
        let (error, definition, chosen) = (error.clone(), definition.clone(), chosen.clone());
        let machine_type = machine_type.clone();
        Callback::from(move |_: MouseEvent| {
            let made = session.change(|session| {
                let params = |role_arn: &str| {
                    json!({"name": name.text.as_str(), "definition": draft.text.as_str(), "roleArn": role_arn,
                        "type": machine_type.as_str()})
                };
                if !new_role || definition.problems.errors > 0 {
                    let role_arn = chosen.clone().unwrap_or_else(|| NO_ROLE.to_owned());
                    return session.call("states:CreateStateMachine", params(&role_arn));
                }
                let plan = definition.role_plan(&name.text, session.account());
                let role_arn = session.with_account(|account| plan.create(account))?;
                let made = session.call("states:CreateStateMachine", params(&role_arn));
                if made.is_err() {
                    // The role was made for this state machine only; nothing must stay behind.
                    let role = plan.role_name.as_str();
                    for (policy, _) in &plan.policies {
                        session.call("iam:DeleteRolePolicy", json!({"RoleName": role, "PolicyName": policy}))?;
                    }
                    session.call("iam:DeleteRole", json!({"RoleName": role}))?;
                }
                made
            });
            match made {
                Ok(made) => {
                    session.say(FlashKind::Success, format!("State machine {} was created.", name.text));
                    draft.forget.emit(());
                    name.forget.emit(());
                    let arn = made.get_str("stateMachineArn").unwrap_or_default().to_owned();
                    ui.go(Place::StateMachine { arn, tab: MachineTab::Definition });
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let cancel = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(Place::Welcome))
    };
    let on_role = {
        let role = role.clone();
        Callback::from(move |choice: AttrValue| role.set(choice))
    };
    let on_type = {
        let machine_type = machine_type.clone();
        Callback::from(move |choice: AttrValue| machine_type.set(choice))
    };
    let types = vec![
        Choice {
            help: Some("Runs up to a year, keeps its whole history, runs each step exactly once.".into()),
            ..Choice::new("STANDARD", "Standard")
        },
        Choice {
            help: Some("Runs up to 5 minutes, at least once. Tasks may not wait for a callback or a job.".into()),
            ..Choice::new("EXPRESS", "Express")
        },
    ];
    let on_existing = {
        let existing = existing.clone();
        Callback::from(move |arn: AttrValue| existing.set(arn))
    };
    let mut permissions = vec![Choice {
        help: Some("Its policies allow what the definition calls, and nothing else.".into()),
        ..Choice::new(NEW_ROLE, "Create new role")
    }];
    if !roles.is_empty() {
        permissions.push(Choice {
            help: Some("Only roles that trust states.amazonaws.com are offered.".into()),
            ..Choice::new("existing", "Choose an existing role")
        });
    }
    let hint = error.as_ref().and_then(|error| hint(&error.code));
    let buttons = html! {
        <>
            <Button label="Cancel" onclick={cancel} />
            <Button label="Create state machine" kind={ButtonKind::Primary} onclick={create} />
        </>
    };
    // The definition comes first, its name and role stand below it.
    let details = use_node_ref();
    let to_details = {
        let details = details.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(heading) = details.cast::<web_sys::HtmlElement>() {
                heading.scroll_into_view();
                // A heading takes the focus only because of its tabindex; without it the view has still moved.
                let _ = heading.focus();
            }
        })
    };
    html! {
        <div class="place">
            <div class="centre-head">
                <h1>{ "Write your workflow in code" }</h1>
                <div class="actions">
                    <Button label="Next" onclick={to_details} />
                </div>
            </div>
            if error.is_some() {
                <div class="pane-padded"><Refusal error={(*error).clone()} hint={hint.map(AttrValue::from)} /></div>
            }
            <div class="pane-body workflow-page">
                <section class="workflow-stage" aria-label="Definition">
                    <WorkflowEditor {definition} on_change={draft.write.clone()} graph_label="Graph of the new state machine" />
                </section>
                <section class="pane-padded" aria-labelledby="new-machine-details">
                    <h2 id="new-machine-details" ref={details} tabindex="-1">{ "Specify details" }</h2>
                    <div class="form">
                        <TextField
                            label="State machine name" value={name.text.clone()} on_input={name.write.clone()}
                            help="1 to 80 characters; no spaces, brackets or wildcards."
                        />
                        <RadioGroup
                            label="Type" cards=true choices={types} selected={(*machine_type).clone()} on_select={on_type}
                        />
                        <RadioGroup label="Permissions" choices={permissions} selected={(*role).clone()} on_select={on_role} />
                        if new_role {
                            <div class="field">
                                <span class="field-label">{ "Role name" }</span>
                                <code>{ &plan.role_name }</code>
                                <span class="field-help">
                                    { "It will be made together with the state machine, with these policies:" }
                                </span>
                            </div>
                            { for plan.policies.iter().map(|(name, document)| html! {
                                <details key={name.clone()} class="policy">
                                    <summary>{ name }</summary>
                                    <CodeBlock label={name.clone()} text={document.to_pretty()} />
                                </details>
                            }) }
                        } else if let Some(chosen) = chosen {
                            <Select
                                label="Execution role"
                                choices={roles.iter().map(|(name, arn)| Choice::new(arn.clone(), name.clone())).collect::<Vec<_>>()}
                                selected={chosen}
                                on_select={on_existing}
                            />
                        }
                        <div class="actions">{ buttons }</div>
                    </div>
                </section>
            </div>
        </div>
    }
}

/// How to mend what AWS refused.
fn hint(code: &str) -> Option<&'static str> {
    Some(match code {
        "InvalidDefinition" => "The problems below the editor say where; some have a button that mends them.",
        "InvalidName" => "Choose a name without spaces, brackets, wildcards or other special characters.",
        "StateMachineAlreadyExists" => "Choose another name, or change the existing state machine instead.",
        "AccessDeniedException" => "Choose a role that trusts states.amazonaws.com, or let a new one be created.",
        "EntityAlreadyExists" => "A role of this name is there already; choose it, or change the state machine's name.",
        _ => return None,
    })
}
