//! A definition's graph with an execution laid over it.

use std::rc::Rc;

use views::definition::Definition;
use views::execution;
use yew::prelude::*;

use crate::components::graph_view::{EdgeStatus, GraphView, NodeStatus, RunOverlay};
use crate::host::session_context::{use_now, use_session};
use crate::host::ui::{UiActions, use_ui};
use crate::places::workflow::pictures::use_pictures;
use crate::places::workflow::status_of;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RunGraphProps {
    pub label: AttrValue,
    pub definition: Rc<Definition>,
    /// The execution's ARN; of none the graph is shown as it is written.
    pub execution: AttrValue,
    /// In a page that scrolls.
    #[prop_or_default]
    pub framed: bool,
}

/// Goes on with the clock, as its notes count seconds.
#[component]
pub fn RunGraph(props: &RunGraphProps) -> Html {
    let (session, ui, now) = (use_session(), use_ui(), use_now());
    let run = session.read(|session| {
        let account = session.account();
        let record = account.states().execution(&props.execution)?;
        let mut run = RunOverlay::default();
        for mark in execution::marks(account, record, now.max(account.now())) {
            let note = Some(AttrValue::from(mark.note)).filter(|note| !note.is_empty());
            let status = NodeStatus { status: status_of(mark.status), note, retries: mark.retries, count: mark.count };
            run.states.insert(mark.name.to_string(), status);
        }
        for taken in execution::edges_taken(account, record, &props.definition.layout) {
            run.edges.insert(taken.edge, if taken.active { EdgeStatus::Active } else { EdgeStatus::Taken });
        }
        Some(Rc::new(run))
    });
    let on_select = {
        let ui = ui.clone();
        Callback::from(move |name: AttrValue| ui.change(move |ui| ui.select_state(name.to_string(), None)))
    };
    let became = run.as_deref().map(|run: &RunOverlay| {
        run.states.iter().map(|(name, state)| (name.clone(), state.status.word().to_owned())).collect()
    });
    let on_picture = use_pictures(&props.label, &props.definition.twin, became.unwrap_or_default());
    html! {
        <GraphView
            label={props.label.clone()}
            layout={props.definition.layout.clone()}
            twin={props.definition.twin.clone()}
            {run}
            selected={ui.selected_state.clone().map(AttrValue::from)}
            {on_select}
            // A frame may not download.
            on_picture={(!props.framed).then_some(on_picture)}
            framed={props.framed}
        />
    }
}
