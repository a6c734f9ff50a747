//! Which edges go against the flow, and which layer each node stands in.

use super::Graph;

#[derive(Debug)]
pub(super) struct Layering {
    /// The layer of each node, from 0 at the top.
    pub layer: Vec<usize>,
    pub count: usize,
    /// Per edge: how it is drawn.
    pub course: Vec<Course>,
    /// Nodes in the order in which a walk from the source first meets them.
    pub walk: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Down through the layers.
    Forward,
    /// Against the flow, or too long for rows of bends: beside the layers.
    Side,
    /// From a node to itself.
    Itself,
    /// An end of it is not in the graph.
    Nowhere,
}

/// Longest way from the top decides the layer, so that every forward edge points down.
pub(super) fn assign(graph: &Graph) -> Layering {
    let count = graph.nodes.len();
    let mut course = vec![Course::Forward; graph.edges.len()];
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, edge) in graph.edges.iter().enumerate() {
        if edge.from >= count || edge.to >= count {
            course[index] = Course::Nowhere;
        } else if edge.from == edge.to {
            course[index] = Course::Itself;
        } else if Some(edge.to) == graph.source || Some(edge.from) == graph.sink {
            course[index] = Course::Side;
        } else {
            out[edge.from].push(index);
        }
    }
    let (walk, finished) = walk_and_break_cycles(graph, &out, &mut course);

    // Reverse order of finishing is topological once the cycles are broken.
    let below_source = usize::from(graph.source.is_some());
    let first_layer = |node| if Some(node) == graph.source { 0 } else { below_source };
    let mut layer: Vec<usize> = (0..count).map(first_layer).collect();
    for &node in finished.iter().rev() {
        for &edge in &out[node] {
            if course[edge] == Course::Forward {
                let to = graph.edges[edge].to;
                layer[to] = layer[to].max(layer[node] + 1);
            }
        }
    }
    let deepest = layer.iter().copied().max().unwrap_or(0);
    if let Some(sink) = graph.sink {
        let alone = (0..count).filter(|node| *node != sink).map(|node| layer[node] + 1).max().unwrap_or(0);
        layer[sink] = alone.max(deepest.min(alone));
    }
    let layers = layer.iter().copied().max().unwrap_or(0) + 1;
    limit_bends(graph, &layer, &mut course);
    Layering { layer, count: layers, course, walk }
}

fn walk_and_break_cycles(graph: &Graph, out: &[Vec<usize>], course: &mut [Course]) -> (Vec<usize>, Vec<usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Closed,
    }
    let count = graph.nodes.len();
    let mut mark = vec![Mark::New; count];
    let (mut walk, mut finished) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for root in graph.source.into_iter().filter(|source| *source < count).chain(0..count) {
        if mark[root] != Mark::New {
            continue;
        }
        mark[root] = Mark::Open;
        walk.push(root);
        stack.push((root, 0));
        while let Some((node, next)) = stack.last_mut() {
            let node = *node;
            if let Some(&edge) = out[node].get(*next) {
                *next += 1;
                let to = graph.edges[edge].to;
                match mark[to] {
                    Mark::New => {
                        mark[to] = Mark::Open;
                        walk.push(to);
                        stack.push((to, 0));
                    }
                    Mark::Open => course[edge] = Course::Side,
                    Mark::Closed => {}
                }
            } else {
                mark[node] = Mark::Closed;
                finished.push(node);
                stack.pop();
            }
        }
    }
    (walk, finished)
}

/// Long edges bend once a layer (edges with one target share bends). A definition made of long jumps only would need
/// a number of bends that grows with the square of its size: those beyond the budget go beside the layers.
fn limit_bends(graph: &Graph, layer: &[usize], course: &mut [Course]) {
    let mut budget = 4 * graph.nodes.len() + 2000;
    let mut reach: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    for (index, edge) in graph.edges.iter().enumerate() {
        if course[index] != Course::Forward {
            continue;
        }
        let top = layer[edge.from] + 1;
        let known = reach[edge.to].unwrap_or(layer[edge.to]);
        let cost = known.saturating_sub(top);
        if cost > budget {
            course[index] = Course::Side;
        } else {
            budget -= cost;
            reach[edge.to] = Some(known.min(top));
        }
    }
}
