//! Which arrows of the drawing the execution went along.

use sfn_engine::{Status, VisitOutcome};
use sim_account::ExecutionRecord;

use crate::graph::{Edge, EdgeKind, GraphLayout, NodeKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenEdge {
    /// The edge's index in the layout.
    pub edge: usize,
    /// It leads to the state that is running now.
    pub active: bool,
}

#[must_use]
pub fn edges_taken(record: &ExecutionRecord, layout: &GraphLayout) -> Vec<TakenEdge> {
    let visits = record.execution.visits();
    let node = |name: &str| {
        let named = |node: &&crate::graph::Node| {
            node.parent.is_none() && node.name == name && !matches!(node.kind, NodeKind::Start | NodeKind::End)
        };
        layout.nodes.iter().find(named).map(|node| node.id)
    };
    let mut taken: Vec<TakenEdge> = Vec::new();
    let mut take = |edge: Option<usize>, active: bool| {
        if let Some(edge) = edge {
            match taken.iter_mut().find(|known| known.edge == edge) {
                Some(known) => known.active |= active,
                None => taken.push(TakenEdge { edge, active }),
            }
        }
    };
    let find = |wanted: &dyn Fn(&Edge) -> bool| layout.edges.iter().position(wanted);
    let open =
        |index: usize| visits.get(index).is_some_and(|visit| super::RunStatus::of_visit(&visit.outcome).is_open());
    if !visits.is_empty() {
        take(find(&|edge| edge.kind == EdgeKind::Start), open(0));
    }
    for (index, visit) in visits.iter().enumerate() {
        let Some(from) = node(&visit.state_name) else { continue };
        match (&visit.next, visits.get(index + 1)) {
            (Some(next), Some(_)) => {
                let Some(to) = node(next) else { continue };
                let edge = match visit.outcome {
                    VisitOutcome::CaughtError { catcher } => {
                        find(&|edge| edge.from == from && edge.kind == EdgeKind::Catch(catcher))
                    }
                    _ => find(&|edge| edge.from == from && edge.to == to && !matches!(edge.kind, EdgeKind::Catch(_))),
                };
                take(edge, open(index + 1));
            }
            (None, None) if record.execution.status() == Status::Succeeded => {
                take(find(&|edge| edge.from == from && edge.kind == EdgeKind::End), false);
            }
            _ => {}
        }
    }
    taken
}
