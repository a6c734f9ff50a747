//! Rows of nodes, labels and bends, ordered so that few edges cross.
//!
//! Row 2k holds the nodes of layer k and the bends of edges that pass it; row 2k+1 holds one knot for each edge that
//! leaves layer k: room for its label.

use super::layers::{Course, Layering};
use super::{Graph, LABEL_HEIGHT, route};

/// A place in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Knot {
    pub row: usize,
    pub w: f64,
    pub h: f64,
    /// The node it is, if it is one.
    pub node: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub upper: usize,
    pub lower: usize,
    /// How strongly it pulls (upper knot, lower knot) into line.
    pub pull: (f64, f64),
}

#[derive(Debug)]
pub(super) struct Rows {
    /// Knots 0..n are the nodes.
    pub knots: Vec<Knot>,
    pub links: Vec<Link>,
    pub rows: Vec<Vec<usize>>,
    /// Per edge: the knots between its ends, from top to bottom; empty unless it goes forward.
    pub bends: Vec<Vec<usize>>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
}

const SWEEPS: usize = 8;

impl Rows {
    pub(super) fn build(graph: &Graph, layering: &Layering) -> Rows {
        let mut knots: Vec<Knot> = graph
            .nodes
            .iter()
            .zip(&layering.layer)
            .enumerate()
            .map(|(index, (size, layer))| Knot { row: layer * 2, w: size.w, h: size.h, node: Some(index) })
            .collect();
        for (index, edge) in graph.edges.iter().enumerate() {
            if layering.course[index] == Course::Itself {
                // Room on both sides keeps the node in the middle of its own.
                let knot = &mut knots[edge.from];
                knot.w = knot.w.max(graph.nodes[edge.from].w + 2.0 * route::loop_room(edge.label_width));
            }
        }
        let mut rows = vec![Vec::new(); layering.count * 2];
        let mut links = Vec::new();
        let mut bends = vec![Vec::new(); graph.edges.len()];
        let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
        for (index, edge) in graph.edges.iter().enumerate() {
            if layering.course[index] == Course::Forward {
                leaving[edge.from].push(index);
            }
        }
        // One chain of bends for all edges with the same target, indexed from the target upwards.
        let mut trunk: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
        for &node in &layering.walk {
            rows[knots[node].row].push(node);
            for &edge in &leaving[node] {
                let (to, label_width) = (graph.edges[edge].to, graph.edges[edge].label_width);
                let (top, bottom) = (knots[node].row + 1, knots[to].row);
                let (w, h) = if label_width > 0.0 { (label_width, LABEL_HEIGHT) } else { (8.0, 0.0) };
                let short = top + 1 == bottom;
                let exit = push(&mut knots, &mut rows, Knot { row: top, w, h, node: None });
                links.push(Link { upper: node, lower: exit, pull: if short { (1.0, 1.0) } else { (0.1, 1.0) } });
                while trunk[to].len() < bottom - top - 1 {
                    let row = bottom - 1 - trunk[to].len();
                    let bend = push(&mut knots, &mut rows, Knot { row, w: 10.0, h: 0.0, node: None });
                    if let Some(&lower) = trunk[to].last() {
                        links.push(Link { upper: bend, lower, pull: (8.0, 8.0) });
                    } else {
                        links.push(Link { upper: bend, lower: to, pull: (1.0, 0.3) });
                    }
                    trunk[to].push(bend);
                }
                if short {
                    links.push(Link { upper: exit, lower: to, pull: (1.0, 1.0) });
                    bends[edge] = vec![exit];
                } else {
                    let shared = &trunk[to][..bottom - top - 1];
                    if let Some(&lower) = shared.last() {
                        links.push(Link { upper: exit, lower, pull: (4.0, 0.3) });
                    }
                    bends[edge] = std::iter::once(exit).chain(shared.iter().rev().copied()).collect();
                }
            }
        }
        let (mut above, mut below) = (vec![Vec::new(); knots.len()], vec![Vec::new(); knots.len()]);
        for (index, link) in links.iter().enumerate() {
            above[link.lower].push(index);
            below[link.upper].push(index);
        }
        Rows { knots, links, rows, bends, above, below }
    }

    /// Links to the row above.
    pub(super) fn above(&self, knot: usize) -> impl Iterator<Item = &Link> {
        self.above[knot].iter().map(|link| &self.links[*link])
    }

    /// Links to the row below.
    pub(super) fn below(&self, knot: usize) -> impl Iterator<Item = &Link> {
        self.below[knot].iter().map(|link| &self.links[*link])
    }

    /// Sweeps down and up, sorting each row by the mean place of its neighbours, and keeps the best order seen.
    pub(super) fn reduce_crossings(&mut self) {
        let mut place = self.places();
        let mut fewest = self.crossings(&place);
        let mut best = self.rows.clone();
        for sweep in 0..SWEEPS {
            if fewest == 0 {
                break;
            }
            let down = sweep % 2 == 0;
            let last = self.rows.len() - 1;
            for step in 1..self.rows.len() {
                let row = if down { step } else { last - step };
                let mut knots = std::mem::take(&mut self.rows[row]);
                let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(knots.len());
                for knot in knots.drain(..) {
                    let (mut sum, mut count) = (0.0, 0.0);
                    for &link in if down { &self.above[knot] } else { &self.below[knot] } {
                        let other = if down { self.links[link].upper } else { self.links[link].lower };
                        sum += place[other] as f64;
                        count += 1.0;
                    }
                    // A knot without neighbours there keeps its place.
                    keyed.push((if count > 0.0 { sum / count } else { place[knot] as f64 }, knot));
                }
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.rows[row] = keyed.into_iter().map(|(_, knot)| knot).collect();
                for (index, knot) in self.rows[row].iter().enumerate() {
                    place[*knot] = index;
                }
            }
            let crossings = self.crossings(&place);
            if crossings < fewest {
                fewest = crossings;
                best.clone_from(&self.rows);
            }
        }
        self.rows = best;
    }

    fn places(&self) -> Vec<usize> {
        let mut place = vec![0; self.knots.len()];
        for row in &self.rows {
            for (index, knot) in row.iter().enumerate() {
                place[*knot] = index;
            }
        }
        place
    }

    /// Counts inversions with a Fenwick tree: n log n for each pair of rows.
    fn crossings(&self, place: &[usize]) -> usize {
        let mut total = 0;
        let mut ends: Vec<(usize, usize)> = Vec::new();
        let mut tree: Vec<usize> = Vec::new();
        for (row, next) in self.rows.iter().zip(self.rows.iter().skip(1)) {
            ends.clear();
            for knot in row {
                ends.extend(self.below(*knot).map(|link| (place[link.upper], place[link.lower])));
            }
            ends.sort_unstable();
            tree.clear();
            tree.resize(next.len() + 1, 0);
            for (seen, (_, lower)) in ends.iter().enumerate() {
                let mut at = lower + 1;
                let mut not_right = 0;
                while at > 0 {
                    not_right += tree[at];
                    at &= at - 1;
                }
                total += seen - not_right;
                let mut at = lower + 1;
                while at < tree.len() {
                    tree[at] += 1;
                    at += at & at.wrapping_neg();
                }
            }
        }
        total
    }
}

fn push(knots: &mut Vec<Knot>, rows: &mut [Vec<usize>], knot: Knot) -> usize {
    let index = knots.len();
    rows[knot.row].push(index);
    knots.push(knot);
    index
}
