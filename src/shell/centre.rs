//! What fills the centre: the thing that the person chose.

use yew::prelude::*;

use crate::host::ui::use_ui;
use crate::places::differences::Differences;
use crate::places::examples::Examples;
use crate::places::execution::ExecutionPage;
use crate::places::function::FunctionPage;
use crate::places::new_function::NewFunction;
use crate::places::new_queue::NewQueue;
use crate::places::new_role::NewRole;
use crate::places::new_state_machine::NewStateMachine;
use crate::places::queue::QueuePage;
use crate::places::role::RolePage;
use crate::places::state_machine::StateMachinePage;
use crate::places::welcome::Welcome;
use crate::places::workspaces::WorkspacesPage;
use crate::session::Place;

#[component]
pub fn Centre() -> Html {
    let ui = use_ui();
    match ui.place.clone() {
        Place::Welcome => html! { <Welcome /> },
        Place::NewQueue => html! { <NewQueue /> },
        Place::Queue { name, tab } => html! { <QueuePage key={name.clone()} name={name.clone()} {tab} /> },
        Place::NewStateMachine => html! { <NewStateMachine /> },
        Place::StateMachine { arn, tab } => html! { <StateMachinePage key={arn.clone()} arn={arn.clone()} {tab} /> },
        Place::Execution { arn } => html! { <ExecutionPage key={arn.clone()} arn={arn.clone()} /> },
        Place::NewFunction => html! { <NewFunction /> },
        Place::Function { name, tab } => html! { <FunctionPage key={name.clone()} name={name.clone()} {tab} /> },
        Place::NewRole => html! { <NewRole /> },
        Place::Role { name } => html! { <RolePage key={name.clone()} name={name.clone()} /> },
        Place::Differences => html! { <Differences /> },
        Place::Workspaces => html! { <WorkspacesPage /> },
        Place::Examples => html! { <Examples /> },
    }
}
