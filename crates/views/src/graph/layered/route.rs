//! The edges' ways: smooth curves through the knots, rounded lanes beside the layers for what goes against the flow.

use std::fmt::Write;

use super::layers::{Course, Layering};
use super::order::Rows;
use super::place::Places;
use super::{Drawing, Graph, LABEL_HEIGHT, Line};

/// A place in the drawing, in px from its upper left corner.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

/// Room for the tip of an arrow.
const TIP: f64 = 2.0;
const LANE_GAP: f64 = 16.0;
const CORNER: f64 = 10.0;
/// How far a loop to itself reaches out, and a side lane's way into the space between two layers.
const LOOP: f64 = 26.0;
const STUB: f64 = 12.0;

pub(super) fn route(graph: &Graph, layering: &Layering, rows: &Rows, places: &Places) -> Drawing {
    let mut drawing = Drawing::default();
    for (node, size) in graph.nodes.iter().enumerate() {
        let row = layering.layer[node] * 2;
        let middle = (places.top[row] + places.bottom[row]) / 2.0;
        drawing.nodes.push(Point { x: places.x[node] - size.w / 2.0, y: middle - size.h / 2.0 });
    }
    let exits = exits(graph, layering, rows, places);
    let mut lanes = Lanes::beside(rows, places);
    for (index, edge) in graph.edges.iter().enumerate() {
        let ends =
            || (Extent::of(graph, &drawing, layering, edge.from), Extent::of(graph, &drawing, layering, edge.to));
        let line = match layering.course[index] {
            Course::Nowhere => Line::default(),
            Course::Itself => itself(&ends().0, edge.label_width),
            Course::Side => {
                let (from, to) = ends();
                lanes.route(&from, &to, edge.label_width)
            }
            Course::Forward => {
                let (from, to) = ends();
                let bends = &rows.bends[index];
                let label = bends.first().map(|knot| middle(rows, places, *knot)).unwrap_or_default();
                let mut points = vec![Point { x: exits[index], y: from.bottom }];
                for (at, &knot) in bends.iter().enumerate() {
                    let (x, row) = (places.x[knot], rows.knots[knot].row);
                    if at > 0 {
                        points.push(Point { x, y: places.top[row] });
                        if places.bottom[row] > places.top[row] {
                            points.push(Point { x, y: places.bottom[row] });
                        }
                    } else if edge.label_width > 0.0 {
                        // An exit without a label is only room; leaving it out makes a calmer curve.
                        points.push(label);
                    }
                }
                points.push(Point { x: places.x[edge.to], y: to.top - TIP });
                Line { points, label, ..Line::default() }
            }
        };
        drawing.edges.push(line);
    }
    enclose(graph, &mut drawing);
    drawing
}

/// A drawn node.
struct Extent {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    row: usize,
}

impl Extent {
    fn of(graph: &Graph, drawing: &Drawing, layering: &Layering, node: usize) -> Extent {
        let (point, size) = (drawing.nodes[node], graph.nodes[node]);
        Extent {
            left: point.x,
            right: point.x + size.w,
            top: point.y,
            bottom: point.y + size.h,
            row: layering.layer[node] * 2,
        }
    }

    fn middle(&self) -> f64 {
        (self.top + self.bottom) / 2.0
    }
}

fn middle(rows: &Rows, places: &Places, knot: usize) -> Point {
    let row = rows.knots[knot].row;
    Point { x: places.x[knot], y: (places.top[row] + places.bottom[row]) / 2.0 }
}

/// Where each forward edge leaves its node: spread along the lower side in the order of their first knots.
fn exits(graph: &Graph, layering: &Layering, rows: &Rows, places: &Places) -> Vec<f64> {
    let mut leaving: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for (index, edge) in graph.edges.iter().enumerate() {
        if layering.course[index] == Course::Forward {
            leaving[edge.from].push(index);
        }
    }
    let mut exits = vec![0.0; graph.edges.len()];
    for (node, edges) in leaving.iter_mut().enumerate() {
        let first = |edge: &usize| rows.bends[*edge].first().map_or(0.0, |knot| places.x[*knot]);
        edges.sort_by(|a, b| first(a).total_cmp(&first(b)));
        let count = edges.len() as f64;
        let step = (graph.nodes[node].w * 0.7 / count).min(64.0);
        for (place, &edge) in edges.iter().enumerate() {
            exits[edge] = places.x[node] + (place as f64 - (count - 1.0) / 2.0) * step;
        }
    }
    exits
}

/// Room that a loop from a node to itself takes at its right.
pub(super) fn loop_room(label_width: f64) -> f64 {
    LOOP + label_width
}

fn itself(node: &Extent, label_width: f64) -> Line {
    let quarter = (node.bottom - node.top) / 4.0;
    let (upper, lower, out) = (node.top + quarter, node.bottom - quarter, node.right + LOOP - 4.0);
    let points = vec![
        Point { x: node.right, y: lower },
        Point { x: out, y: lower },
        Point { x: out, y: upper },
        Point { x: node.right + TIP, y: upper },
    ];
    Line { points, label: Point { x: out + label_width / 2.0, y: node.middle() }, back: true }
}

/// Lanes to the right of the layers, each beyond what it passes and beyond the lanes drawn before it.
struct Lanes {
    /// Right end of the knots in each row, and of the lanes beside it.
    content: Vec<f64>,
    taken: Vec<f64>,
}

impl Lanes {
    fn beside(rows: &Rows, places: &Places) -> Lanes {
        let end = |knot: &usize| places.x[*knot] + rows.knots[*knot].w / 2.0;
        let content: Vec<f64> =
            rows.rows.iter().map(|row| row.iter().map(end).fold(f64::NEG_INFINITY, f64::max)).collect();
        Lanes { taken: content.clone(), content }
    }

    fn route(&mut self, from: &Extent, to: &Extent, label_width: f64) -> Line {
        let beside = &mut self.taken[from.row.min(to.row)..=from.row.max(to.row)];
        let lane = beside.iter().copied().fold(from.right.max(to.right), f64::max) + LANE_GAP + label_width / 2.0;
        beside.fill(lane + label_width / 2.0);
        let mut points = Vec::with_capacity(6);
        if from.right + 1.0 >= self.content[from.row] {
            points.push(Point { x: from.right, y: from.middle() });
        } else {
            let x = from.right - (from.right - from.left).min(40.0) / 2.0;
            points.push(Point { x, y: from.bottom });
            points.push(Point { x, y: from.bottom + STUB });
        }
        points.push(Point { x: lane, y: points.last().map_or(0.0, |point| point.y) });
        let straight_in = to.right + 1.0 >= self.content[to.row];
        let entry = if straight_in { to.middle() } else { to.top - STUB };
        points.push(Point { x: lane, y: entry });
        if straight_in {
            points.push(Point { x: to.right + TIP, y: entry });
        } else {
            let x = to.right - (to.right - to.left).min(40.0) / 2.0;
            points.push(Point { x, y: entry });
            points.push(Point { x, y: to.top - TIP });
        }
        let label = Point { x: lane, y: (from.middle() + to.middle()) / 2.0 };
        Line { points, label, back: true }
    }
}

/// Shifts everything to start at 0, and measures it.
fn enclose(graph: &Graph, drawing: &mut Drawing) {
    let (mut left, mut top, mut right, mut bottom) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
    let mut include = |x0: f64, y0: f64, x1: f64, y1: f64| {
        left = left.min(x0);
        top = top.min(y0);
        right = right.max(x1);
        bottom = bottom.max(y1);
    };
    for (point, size) in drawing.nodes.iter().zip(&graph.nodes) {
        include(point.x, point.y, point.x + size.w, point.y + size.h);
    }
    for (line, edge) in drawing.edges.iter().zip(&graph.edges) {
        for point in &line.points {
            include(point.x, point.y, point.x, point.y);
        }
        if edge.label_width > 0.0 && !line.points.is_empty() {
            let (half, y) = (edge.label_width / 2.0, line.label.y);
            include(line.label.x - half, y - LABEL_HEIGHT / 2.0, line.label.x + half, y + LABEL_HEIGHT / 2.0);
        }
    }
    let shift = |point: &mut Point| {
        point.x -= left;
        point.y -= top;
    };
    drawing.nodes.iter_mut().for_each(shift);
    for line in &mut drawing.edges {
        line.points.iter_mut().for_each(shift);
        shift(&mut line.label);
    }
    (drawing.width, drawing.height) = (right - left, bottom - top);
}

/// SVG path data of an edge.
pub(crate) fn path(points: &[Point], back: bool) -> String {
    if back { corners(points) } else { curve(points) }
}

/// A curve down through the points that never overshoots them sideways: cubic Hermite pieces over y whose slopes are
/// limited as in Fritsch and Carlson, "Monotone Piecewise Cubic Interpolation" (1980); vertical at both ends.
fn curve(points: &[Point]) -> String {
    let mut path = String::new();
    let Some(first) = points.first() else { return path };
    let _ = write!(path, "M{} {}", tenth(first.x), tenth(first.y));
    let secant = |index: usize| match points.get(index..index + 2) {
        Some([a, b]) if b.y > a.y => (b.x - a.x) / (b.y - a.y),
        _ => 0.0,
    };
    let slope = |index: usize| {
        if index == 0 || index + 1 >= points.len() {
            return 0.0;
        }
        let (before, after) = (secant(index - 1), secant(index));
        if before * after <= 0.0 { 0.0 } else { 2.0 * before * after / (before + after) }
    };
    for (index, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        if (a.x - b.x).abs() < 0.05 {
            let _ = write!(path, "V{}", tenth(b.y));
            continue;
        }
        // Pieces with a vertical end get longer handles there, which rounds the S.
        let height = b.y - a.y;
        let (from, to) = (slope(index), slope(index + 1));
        let handle = |slope: f64| if slope == 0.0 { height * 0.5 } else { height / 3.0 };
        let (h1, h2) = (handle(from), handle(to));
        let _ = write!(
            path,
            "C{} {} {} {} {} {}",
            tenth(a.x + from * h1),
            tenth(a.y + h1),
            tenth(b.x - to * h2),
            tenth(b.y - h2),
            tenth(b.x),
            tenth(b.y)
        );
    }
    path
}

/// Straight pieces with rounded corners.
fn corners(points: &[Point]) -> String {
    let mut path = String::new();
    let Some(first) = points.first() else { return path };
    let _ = write!(path, "M{} {}", tenth(first.x), tenth(first.y));
    for triple in points.windows(3) {
        let (a, b, c) = (triple[0], triple[1], triple[2]);
        let (into, out) = (towards(b, a), towards(b, c));
        let _ = write!(
            path,
            "L{} {}Q{} {} {} {}",
            tenth(into.x),
            tenth(into.y),
            tenth(b.x),
            tenth(b.y),
            tenth(out.x),
            tenth(out.y)
        );
    }
    if let Some(last) = points.last() {
        let _ = write!(path, "L{} {}", tenth(last.x), tenth(last.y));
    }
    path
}

/// The point on the way from a corner to its neighbour where rounding starts.
fn towards(corner: Point, other: Point) -> Point {
    let (dx, dy) = (other.x - corner.x, other.y - corner.y);
    let length = (dx * dx + dy * dy).sqrt();
    let part = if length > 0.0 { (CORNER / length).min(0.5) } else { 0.0 };
    Point { x: corner.x + dx * part, y: corner.y + dy * part }
}

/// Tenths of a pixel are fine enough and keep the path short.
fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
