//! Which arrows of the drawing the execution went along.

use std::collections::BTreeMap;

use sfn_engine::{StateVisit, Status, VisitOutcome};
use sim_account::{Account, ExecutionRecord};

use super::map_run::children;
use super::nesting::{Frame, frame, newest};
use crate::graph::{Edge, EdgeKind, GraphLayout, NodeKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TakenEdge {
    /// The edge's index in the layout.
    pub edge: usize,
    /// It leads to the state that is running now.
    pub active: bool,
}

#[must_use]
pub fn edges_taken(account: &Account, record: &ExecutionRecord, layout: &GraphLayout) -> Vec<TakenEdge> {
    let mut drawing = Drawing { account, layout, nodes: BTreeMap::new(), taken: Vec::new() };
    for node in &layout.nodes {
        if !matches!(node.kind, NodeKind::Start | NodeKind::End | NodeKind::Missing) {
            drawing.nodes.entry(&node.name).or_insert(node.id);
        }
    }
    if let Some(first) = record.execution.visits().first().filter(|_| record.child_of.is_none()) {
        drawing.take(|edge| edge.kind == EdgeKind::Start, is_open(first));
    }
    drawing.follow(record);
    drawing.taken
}

struct Drawing<'a> {
    account: &'a Account,
    layout: &'a GraphLayout,
    nodes: BTreeMap<&'a str, usize>,
    taken: Vec<TakenEdge>,
}

impl Drawing<'_> {
    fn follow(&mut self, record: &ExecutionRecord) {
        let visits = record.execution.visits();
        let newest = newest(visits);
        // The visit that came next in the same branch or iteration.
        let mut followers: Vec<Option<&StateVisit>> = vec![None; visits.len()];
        let mut last: BTreeMap<Frame, usize> = BTreeMap::new();
        for (index, visit) in visits.iter().enumerate() {
            let before = last.insert(frame(visit), index);
            if let Some(place) = before.and_then(|before| followers.get_mut(before)) {
                *place = Some(visit);
            }
        }
        for ((index, visit), follower) in visits.iter().enumerate().zip(followers) {
            // A loop's earlier rounds count too, unless all that is around them was entered anew.
            let stale = visit.within.is_some_and(|within| newest.get(within.visit) != Some(&true));
            let Some(from) = self.nodes.get(&*visit.state_name).copied().filter(|_| !stale) else { continue };
            match (&visit.next, follower) {
                (Some(next), Some(follower)) => {
                    let Some(to) = self.nodes.get(&**next).copied() else { continue };
                    match visit.outcome {
                        VisitOutcome::CaughtError { catcher } => {
                            let wanted = |edge: &Edge| edge.from == from && edge.kind == EdgeKind::Catch(catcher);
                            self.take(wanted, is_open(follower));
                        }
                        _ => {
                            let wanted = |edge: &Edge| {
                                edge.from == from && edge.to == to && !matches!(edge.kind, EdgeKind::Catch(_))
                            };
                            self.take(wanted, is_open(follower));
                        }
                    }
                }
                (None, None) if visit.within.is_none() && record.execution.status() == Status::Succeeded => {
                    self.take(|edge| edge.from == from && edge.kind == EdgeKind::End, false);
                }
                _ => {}
            }
            if newest.get(index) == Some(&true) {
                for child in children(self.account, visit) {
                    self.follow(child);
                }
            }
        }
    }

    fn take(&mut self, wanted: impl Fn(&Edge) -> bool, active: bool) {
        if let Some(edge) = self.layout.edges.iter().position(wanted) {
            match self.taken.iter_mut().find(|known| known.edge == edge) {
                Some(known) => known.active |= active,
                None => self.taken.push(TakenEdge { edge, active }),
            }
        }
    }
}

fn is_open(visit: &StateVisit) -> bool {
    super::RunStatus::of_visit(&visit.outcome).is_open()
}
