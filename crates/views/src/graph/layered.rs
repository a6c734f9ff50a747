//! Layered drawing of one flat directed graph with sized nodes (the Sugiyama method): break cycles, give every node a
//! layer, order the layers, place the nodes, route the edges.
//!
//! It knows boxes and arrows only: nothing of states, branches or labels' words. Deterministic: the same graph gives the
//! same drawing, coordinate by coordinate.

mod layers;
mod order;
mod place;
mod route;

pub use route::Point;
pub(super) use route::path;

/// A graph to draw. Edges name nodes by index; an edge with an index out of range is drawn nowhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub nodes: Vec<Size>,
    pub edges: Vec<Arrow>,
    /// Drawn first and alone at the top.
    pub source: Option<usize>,
    /// Drawn last and alone at the bottom.
    pub sink: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub w: f64,
    pub h: f64,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Arrow {
    pub from: usize,
    pub to: usize,
    /// Width of its label in px; 0 for none.
    pub label_width: f64,
}

/// Where everything stands; x and y of nodes are their upper left corners, nothing is left of or above 0.
#[derive(Debug, Clone, Default)]
pub(super) struct Drawing {
    pub width: f64,
    pub height: f64,
    pub nodes: Vec<Point>,
    pub edges: Vec<Line>,
}

/// The way of one edge.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    pub points: Vec<Point>,
    /// Where the middle of its label stands.
    pub label: Point,
    /// It goes against the flow, so it runs at the side, by corners instead of curves.
    pub back: bool,
}

/// Height of a label's row, in px.
pub(super) const LABEL_HEIGHT: f64 = 20.0;

pub(super) fn draw(graph: &Graph) -> Drawing {
    if graph.nodes.is_empty() {
        return Drawing::default();
    }
    let layering = layers::assign(graph);
    let mut rows = order::Rows::build(graph, &layering);
    rows.reduce_crossings();
    let places = place::place(&rows);
    route::route(graph, &layering, &rows, &places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph_of(count: usize, pairs: &[(usize, usize)]) -> Graph {
        Graph {
            nodes: (0..count)
                .map(|index| Size { w: 120.0 + (index % 5) as f64 * 20.0, h: 52.0 + (index % 2) as f64 * 14.0 })
                .collect(),
            edges: pairs
                .iter()
                .enumerate()
                .map(|(index, (from, to))| Arrow { from: *from, to: *to, label_width: (index % 3) as f64 * 40.0 })
                .collect(),
            source: (count > 0).then_some(0),
            sink: (count > 1).then_some(count - 1),
        }
    }

    fn check_invariants(graph: &Graph) {
        let drawing = draw(graph);
        assert_eq!(drawing.nodes.len(), graph.nodes.len());
        assert_eq!(drawing.edges.len(), graph.edges.len());
        assert!(drawing.width.is_finite() && drawing.height.is_finite());
        for (point, size) in drawing.nodes.iter().zip(&graph.nodes) {
            assert!(point.x.is_finite() && point.y.is_finite());
            assert!(point.x >= -0.01 && point.y >= -0.01, "{point:?}");
            assert!(point.x + size.w <= drawing.width + 0.01 && point.y + size.h <= drawing.height + 0.01);
        }
        for line in &drawing.edges {
            assert!(line.points.iter().all(|point| point.x.is_finite() && point.y.is_finite()));
            let path = path(&line.points, line.back);
            assert!(!path.contains("NaN") && !path.contains("inf"), "{path}");
        }
        // Nodes of one layer share their middle line: they stand beside each other, and layers below each other.
        let mut standing: Vec<(f64, Point, Size)> = (drawing.nodes.iter().zip(&graph.nodes))
            .map(|(point, size)| (((point.y + size.h / 2.0) * 10.0).round(), *point, *size))
            .collect();
        standing.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.x.total_cmp(&b.1.x)));
        for pair in standing.windows(2) {
            let ((left_line, left, size), (right_line, right, _)) = (pair[0], pair[1]);
            if left_line == right_line {
                assert!(left.x + size.w <= right.x + 0.01, "{left:?} overlaps {right:?}");
            } else {
                assert!(left.y + size.h < right.y, "layers go down");
            }
        }
        let again = draw(graph);
        assert!(drawing.nodes.iter().zip(&again.nodes).all(|(a, b)| a == b));
        assert!(drawing.edges.iter().zip(&again.edges).all(|(a, b)| a.points == b.points));
    }

    #[test]
    fn two_ways_stand_even_around_their_origin() {
        let drawing = draw(&Graph {
            nodes: vec![
                Size { w: 36.0, h: 36.0 },
                Size { w: 240.0, h: 66.0 },
                Size { w: 168.0, h: 52.0 },
                Size { w: 168.0, h: 52.0 },
                Size { w: 36.0, h: 36.0 },
            ],
            edges: [(0, 1, 0.0), (1, 2, 0.0), (1, 3, 96.0), (2, 4, 0.0), (3, 4, 0.0)]
                .map(|(from, to, label_width)| Arrow { from, to, label_width })
                .to_vec(),
            source: Some(0),
            sink: Some(4),
        });
        let middle = |n: usize, w: f64| drawing.nodes[n].x + w / 2.0;
        assert!((middle(0, 36.0) - middle(1, 240.0)).abs() < 1.0);
        assert!((middle(1, 240.0) - middle(4, 36.0)).abs() < 1.0);
        assert!((middle(2, 168.0) + middle(3, 168.0) - 2.0 * middle(1, 240.0)).abs() < 1.0);
        assert_eq!(drawing.nodes[2].y, drawing.nodes[3].y);
    }

    #[test]
    fn a_loop_runs_at_the_side() {
        let graph = graph_of(4, &[(0, 1), (1, 2), (2, 1), (2, 3), (2, 2)]);
        let back: Vec<bool> = draw(&graph).edges.iter().map(|line| line.back).collect();
        assert_eq!(back, [false, false, true, false, true]);
        check_invariants(&graph);
    }

    #[test]
    fn a_thousand_nodes_that_all_fail_to_one() {
        let last = 999;
        let pairs: Vec<(usize, usize)> =
            (0..last).flat_map(|n| [(n, n + 1), (n, last)]).chain((0..500).map(|n| (n, n + 499))).collect();
        check_invariants(&graph_of(1000, &pairs));
        let fan: Vec<(usize, usize)> = (1..last).flat_map(|n| [(0, n), (n, last)]).collect();
        check_invariants(&graph_of(1000, &fan));
    }

    #[test]
    fn nothing_and_little() {
        check_invariants(&Graph::default());
        check_invariants(&graph_of(1, &[]));
        check_invariants(&graph_of(1, &[(0, 0)]));
        check_invariants(&graph_of(2, &[(0, 7), (9, 1)]));
        check_invariants(&graph_of(3, &[(2, 0), (1, 0)]));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn any_graph_holds_the_invariants(
            count in 1usize..24,
            pairs in proptest::collection::vec((0usize..24, 0usize..24), 0..60),
        ) {
            check_invariants(&graph_of(count, &pairs));
        }
    }
}
