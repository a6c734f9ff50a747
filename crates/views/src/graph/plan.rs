//! From an outline to a flat graph with sized boxes, one per level, and back to one drawing: the inner levels of
//! Parallel and Map states are drawn first, because their size is their container's.

use std::collections::{BTreeMap, BTreeSet};

use asl::{Outline, OutlineState, TransitionKind};

use super::layered::{self, Arrow, Graph, Size};
use super::{Edge, EdgeKind, Frame, GraphLayout, Node, NodeKind, resource, text};

const NAME_SIZE: f64 = 13.0;
const SMALL_SIZE: f64 = 11.0;
const MAX_NODE: f64 = 300.0;
const MIN_NODE: f64 = 168.0;
const NODE_HEIGHT: f64 = 52.0;
/// A Task has a glyph at its left, and a third line for what it is doing.
const MIN_TASK: f64 = 240.0;
const TASK_HEIGHT: f64 = 66.0;
const GLYPH_ROOM: f64 = 60.0;
const TERMINAL: f64 = 36.0;
const MAX_LABEL: f64 = 170.0;
const CONTAINER_PAD: f64 = 16.0;
const CONTAINER_HEAD: f64 = 48.0;
const FRAME_PAD: f64 = 18.0;
const FRAME_HEAD: f64 = 24.0;
/// Around the whole drawing, so that strokes and focus rings are not cut.
const MARGIN: f64 = 8.0;

pub(super) fn machine(outline: &Outline) -> GraphLayout {
    let mut layout = level(outline, "", true);
    for node in &mut layout.nodes {
        node.x += MARGIN;
        node.y += MARGIN;
        for frame in &mut node.branches {
            frame.x += MARGIN;
            frame.y += MARGIN;
        }
    }
    shift_edges(&mut layout.edges, MARGIN, MARGIN);
    for edge in &mut layout.edges {
        edge.path = layered::path(&edge.points, edge.back);
    }
    layout.width += 2.0 * MARGIN;
    layout.height += 2.0 * MARGIN;
    layout
}

/// One level: ids start at 0, coordinates at (0, 0).
fn level(outline: &Outline, path: &str, outermost: bool) -> GraphLayout {
    let mut level = Level::collect(outline, path, outermost);
    level.mark_unreachable();
    level.draw()
}

struct Level {
    boxes: Vec<Node>,
    /// Drawings of the branches of each box.
    inner: Vec<Vec<GraphLayout>>,
    edges: Vec<Edge>,
    start: Option<usize>,
    end: Option<usize>,
    /// Where an edge from outside, or from Start, arrives.
    first: Option<usize>,
}

impl Level {
    fn collect(outline: &Outline, path: &str, outermost: bool) -> Level {
        let mut level =
            Level { boxes: Vec::new(), inner: Vec::new(), edges: Vec::new(), start: None, end: None, first: None };
        if outermost {
            level.start = Some(level.push(terminal("Start", NodeKind::Start), Vec::new()));
        }
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        for state in &outline.states {
            let state_path = format!("{path}/States/{}", escape(&state.name));
            let inner = inner_levels(state, &state_path);
            let id = level.push(state_box(state, state_path, &inner), inner);
            // Of two states with one name the first is the target.
            by_name.entry(&state.name).or_insert(id);
        }
        let target = |level: &mut Level, name: &str| match by_name.get(name) {
            Some(id) => *id,
            None => match level.boxes.iter().position(|node| node.kind == NodeKind::Missing && node.name == name) {
                Some(id) => id,
                None => level.push(missing(name), Vec::new()),
            },
        };
        if let Some((name, _)) = &outline.start_at {
            let first = target(&mut level, name);
            level.first = Some(first);
            if let Some(start) = level.start {
                level.edges.push(edge(start, first, EdgeKind::Start, ""));
            }
        }
        let offset = usize::from(outermost);
        for (index, state) in outline.states.iter().enumerate() {
            let from = index + offset;
            for transition in &state.transitions {
                let (kind, label) = match &transition.kind {
                    TransitionKind::Next => (EdgeKind::Next, String::new()),
                    TransitionKind::Default => (EdgeKind::Default, "Default".to_owned()),
                    TransitionKind::Choice { index, label } => (EdgeKind::Choice(*index), label.clone()),
                    TransitionKind::Catch { index, errors } => {
                        (EdgeKind::Catch(*index), format!("catch {}", errors.join(", ")).trim_end().to_owned())
                    }
                };
                let to = target(&mut level, &transition.target);
                level.edges.push(edge(from, to, kind, &label));
            }
        }
        if outermost {
            let end = level.push(terminal("End", NodeKind::End), Vec::new());
            level.end = Some(end);
            for (index, state) in outline.states.iter().enumerate() {
                if state.end {
                    level.edges.push(edge(index + offset, end, EdgeKind::End, ""));
                }
            }
        }
        level
    }

    fn push(&mut self, mut node: Node, inner: Vec<GraphLayout>) -> usize {
        node.id = self.boxes.len();
        self.boxes.push(node);
        self.inner.push(inner);
        self.boxes.len() - 1
    }

    fn mark_unreachable(&mut self) {
        let mut out: Vec<Vec<usize>> = vec![Vec::new(); self.boxes.len()];
        for edge in &self.edges {
            out[edge.from].push(edge.to);
        }
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<usize> = self.start.into_iter().chain(self.first).collect();
        while let Some(node) = waiting.pop() {
            if reached.insert(node) {
                waiting.extend(&out[node]);
            }
        }
        for node in &mut self.boxes {
            let state = !matches!(node.kind, NodeKind::Start | NodeKind::End | NodeKind::Missing);
            node.unreachable = state && !reached.contains(&node.id);
        }
    }

    fn draw(self) -> GraphLayout {
        let drawing = layered::draw(&Graph {
            nodes: self.boxes.iter().map(|node| Size { w: node.w, h: node.h }).collect(),
            edges: self
                .edges
                .iter()
                .map(|edge| Arrow { from: edge.from, to: edge.to, label_width: edge.label_w })
                .collect(),
            source: self.start.or(self.first),
            sink: self.end,
        });
        let mut layout =
            GraphLayout { width: drawing.width, height: drawing.height, nodes: Vec::new(), edges: Vec::new() };
        let mut new_id = vec![0; self.boxes.len()];
        for ((mut node, inner), corner) in self.boxes.into_iter().zip(self.inner).zip(&drawing.nodes) {
            (node.x, node.y) = (corner.x, corner.y);
            let id = layout.nodes.len();
            new_id[node.id] = id;
            node.id = id;
            place_branches(&mut node, inner, &mut layout);
        }
        for (mut edge, line) in self.edges.into_iter().zip(drawing.edges) {
            edge.from = new_id[edge.from];
            edge.to = new_id[edge.to];
            (edge.label_x, edge.label_y) = (line.label.x, line.label.y);
            (edge.points, edge.back) = (line.points, line.back);
            layout.edges.push(edge);
        }
        layout
    }
}

/// Puts a container and then what it contains into the layout.
fn place_branches(node: &mut Node, inner: Vec<GraphLayout>, layout: &mut GraphLayout) {
    let container = node.id;
    let (mut x, y) = (node.x + CONTAINER_PAD, node.y + CONTAINER_HEAD);
    let height = node.h - CONTAINER_HEAD - CONTAINER_PAD;
    let numbered = node.kind == NodeKind::Parallel;
    for (index, branch) in inner.iter().enumerate() {
        let w = frame_width(branch);
        let label = if numbered { format!("Branch {index}") } else { "for each item".to_owned() };
        node.branches.push(Frame { label, x, y, w, h: height });
        x += w + CONTAINER_PAD;
    }
    let frames: Vec<(f64, f64)> = node.branches.iter().map(|frame| (frame.x, frame.y)).collect();
    layout.nodes.push(node.clone());
    for (branch, (x, y)) in inner.into_iter().zip(frames) {
        let (dx, dy, offset) = (x + FRAME_PAD, y + FRAME_HEAD, layout.nodes.len());
        for mut node in branch.nodes {
            node.id += offset;
            node.x += dx;
            node.y += dy;
            node.parent = Some(node.parent.map_or(container, |parent| parent + offset));
            for frame in &mut node.branches {
                frame.x += dx;
                frame.y += dy;
            }
            layout.nodes.push(node);
        }
        let mut edges = branch.edges;
        shift_edges(&mut edges, dx, dy);
        layout.edges.extend(edges.into_iter().map(|mut edge| {
            edge.from += offset;
            edge.to += offset;
            edge
        }));
    }
}

fn frame_width(branch: &GraphLayout) -> f64 {
    branch.width.max(80.0) + 2.0 * FRAME_PAD
}

fn inner_levels(state: &OutlineState, path: &str) -> Vec<GraphLayout> {
    let is_map = state.state_type.as_deref() == Some("Map");
    let at = |index: usize| if is_map { format!("{path}/ItemProcessor") } else { format!("{path}/Branches/{index}") };
    state.branches.iter().enumerate().map(|(index, branch)| level(branch, &at(index), false)).collect()
}

fn state_box(state: &OutlineState, state_path: String, inner: &[GraphLayout]) -> Node {
    let kind = kind(state.state_type.as_deref());
    let (glyph, sublabel) = match (kind, &state.resource) {
        (NodeKind::Task, Some(text)) => resource::describe(text),
        (NodeKind::Unknown, _) => (None, state.state_type.clone().unwrap_or_else(|| "no Type".to_owned())),
        _ => (None, state.state_type.clone().unwrap_or_default()),
    };
    let (least, before) = if glyph.is_some() { (MIN_TASK, GLYPH_ROOM) } else { (MIN_NODE, 16.0) };
    let wanted = text::width(&state.name, NAME_SIZE).max(text::width(&sublabel, SMALL_SIZE)) + before + 16.0;
    let mut w = wanted.clamp(least, MAX_NODE).ceil();
    let mut h = if glyph.is_some() { TASK_HEIGHT } else { NODE_HEIGHT };
    if !inner.is_empty() {
        let frames: f64 = inner.iter().map(|branch| frame_width(branch) + CONTAINER_PAD).sum();
        w = w.max(frames + CONTAINER_PAD);
        let tallest = inner.iter().map(|branch| branch.height.max(20.0)).fold(0.0, f64::max);
        h = CONTAINER_HEAD + FRAME_HEAD + tallest + FRAME_PAD + CONTAINER_PAD;
    }
    let room = w - before - 12.0;
    Node {
        label: text::truncate(&state.name, NAME_SIZE, room),
        sublabel: text::truncate(&sublabel, SMALL_SIZE, room),
        name: state.name.clone(),
        glyph,
        w,
        h,
        state_path,
        has_retry: state.has_retry,
        ..blank(kind)
    }
}

fn kind(state_type: Option<&str>) -> NodeKind {
    match state_type {
        Some("Task") => NodeKind::Task,
        Some("Pass") => NodeKind::Pass,
        Some("Choice") => NodeKind::Choice,
        Some("Wait") => NodeKind::Wait,
        Some("Succeed") => NodeKind::Succeed,
        Some("Fail") => NodeKind::Fail,
        Some("Parallel") => NodeKind::Parallel,
        Some("Map") => NodeKind::Map,
        _ => NodeKind::Unknown,
    }
}

fn terminal(label: &str, kind: NodeKind) -> Node {
    Node { label: label.to_owned(), w: TERMINAL, h: TERMINAL, ..blank(kind) }
}

fn missing(name: &str) -> Node {
    let label = format!("missing: {name}");
    let w = (text::width(&label, NAME_SIZE) + 28.0).clamp(MIN_NODE, MAX_NODE).ceil();
    Node {
        label: text::truncate(&label, NAME_SIZE, w - 24.0),
        sublabel: "no state has this name".to_owned(),
        name: name.to_owned(),
        w,
        h: NODE_HEIGHT,
        ..blank(NodeKind::Missing)
    }
}

fn blank(kind: NodeKind) -> Node {
    Node {
        id: 0,
        name: String::new(),
        label: String::new(),
        sublabel: String::new(),
        glyph: None,
        kind,
        x: 0.0,
        y: 0.0,
        w: 0.0,
        h: 0.0,
        state_path: String::new(),
        parent: None,
        has_retry: false,
        unreachable: false,
        branches: Vec::new(),
    }
}

fn edge(from: usize, to: usize, kind: EdgeKind, full_label: &str) -> Edge {
    let label = text::truncate(full_label, SMALL_SIZE, MAX_LABEL);
    let label_w = if label.is_empty() { 0.0 } else { (text::width(&label, SMALL_SIZE) + 16.0).ceil() };
    Edge {
        from,
        to,
        kind,
        label,
        full_label: full_label.to_owned(),
        label_x: 0.0,
        label_y: 0.0,
        label_w,
        points: Vec::new(),
        path: String::new(),
        back: false,
    }
}

fn shift_edges(edges: &mut [Edge], dx: f64, dy: f64) {
    for edge in edges {
        edge.label_x += dx;
        edge.label_y += dy;
        for point in &mut edge.points {
            point.x += dx;
            point.y += dy;
        }
    }
}

/// A name as a step of a JSON pointer (RFC 6901).
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
