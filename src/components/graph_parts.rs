//! One node, one edge, one label of the graph, as SVG.

use views::graph::{Edge, EdgeKind, Glyph, GlyphFamily, LABEL_HEIGHT, Node, NodeKind};
use yew::prelude::*;

use super::graph_view::{EdgeStatus, NodeStatus, RunOverlay};
use super::icons::Icon;
use super::status::Status;

pub(super) fn node(
    node: &Node,
    run: Option<&RunOverlay>,
    passed: bool,
    selected: bool,
    tab_stop: bool,
    onclick: Callback<MouseEvent>,
) -> Html {
    if matches!(node.kind, NodeKind::Start | NodeKind::End) {
        return terminal(node, passed);
    }
    let state = run.and_then(|run| run.states.get(&node.name));
    let status = match (run, state) {
        (_, Some(state)) => Some(state.status),
        (Some(_), None) => Some(Status::NotStarted),
        (None, None) => None,
    };
    let class = classes!(
        "graph-node",
        status.map(Status::class),
        selected.then_some("is-selected"),
        node.unreachable.then_some("is-unreachable"),
        (node.kind == NodeKind::Missing).then_some("graph-missing"),
        (!node.branches.is_empty()).then_some("graph-container")
    );
    let mut spoken = format!("{}, {}", node.name, node.sublabel);
    if let Some(status) = status {
        spoken = format!("{spoken}, {}", status.word());
    }
    if let Some(count) = state.map(|state| state.count).filter(|count| *count > 1) {
        spoken = format!("{spoken}, {count} times");
    }
    if node.unreachable {
        spoken.push_str(", not reachable");
    }
    html! {
        <g
            {class}
            data-node={node.id.to_string()}
            tabindex={if tab_stop { "0" } else { "-1" }}
            role="button"
            aria-label={spoken}
            aria-pressed={selected.to_string()}
            {onclick}
        >
            <title>{ if node.label == node.name { &node.sublabel } else { &node.name } }</title>
            { shape(node) }
            { for node.branches.iter().map(|frame| html! {
                <>
                    <rect
                        class="graph-branch"
                        x={px(frame.x)}
                        y={px(frame.y)}
                        width={px(frame.w)}
                        height={px(frame.h)}
                        rx="8"
                    />
                    <text class="graph-branch-label" x={px(frame.x + 10.0)} y={px(frame.y + 15.0)}>{ &frame.label }</text>
                </>
            }) }
            { words(node, state, status) }
            if node.has_retry { { retry_mark(node, state.map_or(0, |state| state.retries)) } }
            if let Some(status) = status.filter(|status| *status != Status::NotStarted) { { status_mark(node, status) } }
            { outline(node, "focus-ring", 4.0) }
        </g>
    }
}

fn terminal(node: &Node, passed: bool) -> Html {
    let (x, y, r) = (node.x + node.w / 2.0, node.y + node.h / 2.0, node.w / 2.0 - 1.0);
    html! {
        <g class={classes!("graph-node", "graph-terminal", passed.then_some("is-passed"))} aria-hidden="true">
            <circle class="shape" cx={px(x)} cy={px(y)} r={px(r)} />
            <text class="label" x={px(x)} y={px(y + 4.0)}>{ &node.label }</text>
        </g>
    }
}

/// A Choice has pointed sides, everything else rounded corners.
fn shape(node: &Node) -> Html {
    if node.kind != NodeKind::Choice {
        return outline(node, "shape", 0.0);
    }
    let (left, right, top, bottom) = (node.x, node.x + node.w, node.y, node.y + node.h);
    let (middle, cut) = (node.y + node.h / 2.0, 16.0);
    let d = format!(
        "M{} {top}H{}L{right} {middle}L{} {bottom}H{}L{left} {middle}Z",
        left + cut,
        right - cut,
        right - cut,
        left + cut
    );
    html! { <path class="shape" stroke-linejoin="round" {d} /> }
}

fn outline(node: &Node, class: &'static str, out: f64) -> Html {
    html! {
        <rect
            {class}
            x={px(node.x - out)}
            y={px(node.y - out)}
            width={px(node.w + 2.0 * out)}
            height={px(node.h + 2.0 * out)}
            rx={px(10.0 + out)}
        />
    }
}

fn words(node: &Node, state: Option<&NodeStatus>, status: Option<Status>) -> Html {
    let note = state.and_then(|state| state.note.clone());
    let not_reached = status == Some(Status::NotStarted);
    if let Some(glyph) = &node.glyph {
        let (x, y) = (node.x + 60.0, node.y + 26.0);
        // With a third line the block stands higher.
        let shift = if note.is_some() { 0.0 } else { 7.0 };
        return html! {
            <>
                { tile(node, glyph) }
                <text class="label" x={px(x)} y={px(y + shift)}>{ &node.label }</text>
                <text class="sublabel" x={px(x)} y={px(y + 17.0 + shift)}>{ &node.sublabel }</text>
                if let Some(note) = note { <text class="note" x={px(x)} y={px(y + 32.0)}>{ note }</text> }
            </>
        };
    }
    if !node.branches.is_empty() {
        let below = note.map_or_else(|| node.sublabel.clone(), |note| format!("{} · {note}", node.sublabel));
        return html! {
            <>
                <text class="label" x={px(node.x + 16.0)} y={px(node.y + 22.0)}>{ &node.label }</text>
                <text class="sublabel" x={px(node.x + 16.0)} y={px(node.y + 38.0)}>{ below }</text>
            </>
        };
    }
    let (x, y) = (node.x + node.w / 2.0, node.y + node.h / 2.0);
    let below = match (note, not_reached) {
        (Some(note), _) => format!("{} · {note}", node.sublabel),
        (None, true) => "not reached".to_owned(),
        (None, false) => node.sublabel.clone(),
    };
    html! {
        <>
            <text class="label centred" x={px(x)} y={px(y - 3.0)}>{ &node.label }</text>
            <text class={if state.is_some() { "note centred" } else { "sublabel centred" }} x={px(x)} y={px(y + 14.0)}>
                { below }
            </text>
        </>
    }
}

fn tile(node: &Node, glyph: &Glyph) -> Html {
    const SIDE: f64 = 38.0;
    let (x, y) = (node.x + 12.0, node.y + (node.h - SIDE) / 2.0);
    let family = match glyph.family {
        GlyphFamily::Queue => Some("glyph-queue"),
        GlyphFamily::Function => Some("glyph-function"),
        GlyphFamily::Workflow => Some("glyph-workflow"),
        GlyphFamily::Database => Some("glyph-database"),
        GlyphFamily::Other => None,
    };
    html! {
        <>
            <rect
                class={classes!("glyph-tile", family)}
                x={px(x)}
                y={px(y)}
                width={px(SIDE)}
                height={px(SIDE)}
                rx="8"
            />
            <text class="glyph-text" x={px(x + SIDE / 2.0)} y={px(y + SIDE / 2.0 + 4.0)}>{ &glyph.text }</text>
        </>
    }
}

/// At the lower left corner: it has retriers; with a number once they were used.
fn retry_mark(node: &Node, retries: u32) -> Html {
    let (x, y) = (node.x + 4.0, node.y + node.h - 4.0);
    html! {
        <g class="retry-mark">
            <title>{ "Retries errors" }</title>
            <circle cx={px(x)} cy={px(y)} r="10" />
            <g class="retry-icon" transform={format!("translate({} {}) scale(0.75)", px(x - 6.0), px(y - 6.0))}>
                { Icon::Retry.shapes() }
            </g>
            if retries > 0 {
                <text class="note" x={px(x + 14.0)} y={px(y + 20.0)}>
                    { if retries == 1 { "1 retry".to_owned() } else { format!("{retries} retries") } }
                </text>
            }
        </g>
    }
}

/// At the upper right corner: the status's icon on its colour.
fn status_mark(node: &Node, status: Status) -> Html {
    let (x, y) = (node.x + node.w - 4.0, node.y + 4.0);
    html! {
        <g class="status-mark">
            <title>{ status.word() }</title>
            <circle cx={px(x)} cy={px(y)} r="10" />
            <g class="icon status-mark-icon" transform={format!("translate({} {}) scale(0.72)", px(x - 5.8), px(y - 5.8))}>
                { status.icon().shapes() }
            </g>
        </g>
    }
}

pub(super) fn edge(edge: &Edge, status: Option<EdgeStatus>) -> Html {
    let [.., before, tip] = edge.points.as_slice() else { return Html::default() };
    let (x, y) = (tip.x, tip.y);
    let head = if edge.back && before.y == y { format!("M{x} {y}l8 -4.5v9z") } else { format!("M{x} {y}l-4.5 -8h9z") };
    html! {
        <g class={edge_class("graph-edge", edge, status)} aria-hidden="true">
            <path d={edge.path.clone()} />
            <path class="arrow" d={head} />
        </g>
    }
}

pub(super) fn edge_label(edge: &Edge, status: Option<EdgeStatus>) -> Html {
    if edge.label.is_empty() {
        return Html::default();
    }
    html! {
        <g class={edge_class("graph-edge-label", edge, status)} aria-hidden="true">
            <title>{ &edge.full_label }</title>
            <rect
                x={px(edge.label_x - edge.label_w / 2.0)}
                y={px(edge.label_y - LABEL_HEIGHT / 2.0)}
                width={px(edge.label_w)}
                height={px(LABEL_HEIGHT)}
                rx="10"
            />
            <text x={px(edge.label_x)} y={px(edge.label_y + 4.0)}>{ &edge.label }</text>
        </g>
    }
}

fn edge_class(base: &'static str, edge: &Edge, status: Option<EdgeStatus>) -> Classes {
    let kind = matches!(edge.kind, EdgeKind::Catch(_)).then_some("graph-edge-catch");
    let status = status.map(|status| match status {
        EdgeStatus::Taken => "is-taken",
        EdgeStatus::Active => "is-active",
    });
    classes!(base, kind, status)
}

fn px(value: f64) -> String {
    format!("{:.1}", value)
}
