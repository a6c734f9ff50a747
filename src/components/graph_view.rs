//! A state machine's drawing as SVG, with the statuses of a run laid over it, and its list twin.
//!
//! It draws what `views::graph` computed and decides nothing about workflows. Drag pans; Ctrl with the wheel, the keys
//! + and -, and the buttons zoom; arrow keys walk along the edges; Enter selects.

use std::collections::BTreeMap;
use std::rc::Rc;

use views::graph::{GraphLayout, Node, NodeKind, Sentence};
use web_sys::{Element, SvgElement};
use yew::prelude::*;

use super::button::{ButtonKind, IconButton};
use super::graph_parts::{edge, edge_label, node};
use super::icons::Icon;
use super::menu::{Menu, MenuItem};
use super::status::Status;

/// What became of a state in the run that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeStatus {
    pub status: Status,
    /// A few words below the name: `waiting 3.1 s`, `States.Timeout · 3 attempts`.
    pub note: Option<AttrValue>,
    /// How often it was retried.
    pub retries: u32,
    /// In how many iterations it was visited.
    pub count: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeStatus {
    Taken,
    /// Just now being travelled.
    Active,
}

/// A run laid over the drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunOverlay {
    /// By state name; states that are absent are not reached.
    pub states: BTreeMap<String, NodeStatus>,
    /// By the edge's index in the layout.
    pub edges: BTreeMap<usize, EdgeStatus>,
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct GraphViewProps {
    /// What is drawn: `Graph of InventoryStateMachine`.
    pub label: AttrValue,
    pub layout: Rc<GraphLayout>,
    pub twin: Rc<[Sentence]>,
    /// Without a run the bare definition is drawn.
    #[prop_or_default]
    pub run: Option<Rc<RunOverlay>>,
    /// The name of the selected state.
    #[prop_or_default]
    pub selected: Option<AttrValue>,
    #[prop_or_default]
    pub on_select: Callback<AttrValue>,
    #[prop_or(true)]
    pub legend: bool,
    /// Stands in a page that scrolls: the wheel is the page's, and Ctrl is needed to zoom.
    #[prop_or_default]
    pub framed: bool,
    /// Takes the drawing for a picture of it; without it there is no menu for that.
    #[prop_or_default]
    pub on_picture: Option<Callback<(Picture, Element)>>,
}

/// What can be made of the drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    Svg,
    Png,
    Markdown,
}

/// Shift and scale of the drawing, in its own px.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    x: f64,
    y: f64,
    zoom: f64,
}

const FITTING: View = View { x: 0.0, y: 0.0, zoom: 1.0 };
const ZOOM_STEP: f64 = 1.25;
const MAX_ZOOM: f64 = 16.0;
const KEY_PAN: f64 = 40.0;

impl View {
    /// Zooms so that the given place of the drawing stays where it is.
    fn zoomed(self, factor: f64, (x, y): (f64, f64)) -> View {
        let zoom = (self.zoom * factor).clamp(0.25, MAX_ZOOM);
        let ratio = zoom / self.zoom;
        View { x: x - (x - self.x) * ratio, y: y - (y - self.y) * ratio, zoom }
    }
}

#[component]
pub fn GraphView(props: &GraphViewProps) -> Html {
    let view = use_state(|| FITTING);
    // The pointer's place when the drag began, and the view then.
    let drag = use_state(|| None::<((f64, f64), View)>);
    let as_list = use_state(|| false);
    let focused = use_state(|| None::<usize>);
    let svg = use_node_ref();
    let layout = &props.layout;
    let middle = (layout.width / 2.0, layout.height / 2.0);

    let zoom_by = |factor: f64| {
        let view = view.clone();
        Callback::from(move |_: MouseEvent| view.set(view.zoomed(factor, middle)))
    };
    let fit = {
        let view = view.clone();
        Callback::from(move |_: MouseEvent| view.set(FITTING))
    };
    let onwheel = {
        let (view, svg, width, framed) = (view.clone(), svg.clone(), layout.width, props.framed);
        move |event: WheelEvent| {
            let zooms = event.ctrl_key() || event.meta_key();
            let Some(scale) = scale(&svg, width).filter(|_| zooms || !framed) else { return };
            event.prevent_default();
            if zooms {
                let factor = if event.delta_y() < 0.0 { ZOOM_STEP } else { 1.0 / ZOOM_STEP };
                let at = place(&svg, scale, event.client_x(), event.client_y()).unwrap_or(middle);
                view.set(view.zoomed(factor, at));
            } else {
                view.set(View { x: view.x - event.delta_x() * scale, y: view.y - event.delta_y() * scale, ..*view });
            }
        }
    };
    let onpointerdown = {
        let (view, drag) = (view.clone(), drag.clone());
        move |event: PointerEvent| {
            if event.button() == 0 {
                drag.set(Some(((f64::from(event.client_x()), f64::from(event.client_y())), *view)));
            }
        }
    };
    let onpointermove = {
        let (view, drag, svg, width) = (view.clone(), drag.clone(), svg.clone(), layout.width);
        move |event: PointerEvent| {
            let (Some(((x, y), from)), Some(scale)) = (*drag, scale(&svg, width)) else { return };
            let (dx, dy) = (f64::from(event.client_x()) - x, f64::from(event.client_y()) - y);
            // A trembling click is no drag.
            if dx.abs() + dy.abs() > 4.0 || *view != from {
                view.set(View { x: from.x + dx * scale, y: from.y + dy * scale, zoom: from.zoom });
            }
        }
    };
    let end_drag = {
        let drag = drag.clone();
        Callback::from(move |_: PointerEvent| drag.set(None))
    };

    let stop = (*focused)
        .filter(|id| *id < layout.nodes.len())
        .or_else(|| {
            let name = props.selected.as_ref()?;
            layout.nodes.iter().position(|node| node.name == name.as_str() && is_state(node))
        })
        .or_else(|| layout.nodes.iter().position(is_state));
    let onkeydown = {
        let (props, view, focused, svg) = (props.clone(), view.clone(), focused.clone(), svg.clone());
        move |event: KeyboardEvent| {
            let key = event.key();
            match key.as_str() {
                "+" | "=" => view.set(view.zoomed(ZOOM_STEP, middle)),
                "-" => view.set(view.zoomed(1.0 / ZOOM_STEP, middle)),
                "0" => view.set(FITTING),
                "ArrowDown" | "ArrowUp" | "ArrowLeft" | "ArrowRight" if event.shift_key() => {
                    let (dx, dy) = direction(&key);
                    view.set(View { x: view.x - dx * KEY_PAN, y: view.y - dy * KEY_PAN, ..*view });
                }
                "ArrowDown" | "ArrowUp" | "ArrowLeft" | "ArrowRight" => {
                    if let Some(next) = stop.and_then(|from| neighbour(&props.layout, from, &key)) {
                        focused.set(Some(next));
                        focus_node(&svg, next);
                    }
                }
                "Enter" | " " => {
                    if let Some(node) = stop.and_then(|id| props.layout.nodes.get(id)) {
                        props.on_select.emit(node.name.clone().into());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        }
    };

    let toggle_list = {
        let as_list = as_list.clone();
        Callback::from(move |_: MouseEvent| as_list.set(!*as_list))
    };
    let run = props.run.as_deref();
    let drawing = html! {
        <svg
            ref={svg.clone()}
            class="graph-canvas"
            width={layout.width.to_string()}
            height={layout.height.to_string()}
            viewBox={format!("0 0 {} {}", layout.width, layout.height)}
            role="group"
            aria-roledescription="graph"
            aria-label={props.label.clone()}
            {onkeydown}
        >
            <g transform={format!("translate({:.1} {:.1}) scale({:.3})", view.x, view.y, view.zoom)}>
                { for layout.nodes.iter().filter(|node| !node.branches.is_empty()).map(|item| {
                    draw_node(props, item, stop, &focused)
                }) }
                { for layout.edges.iter().enumerate().map(|(index, item)| edge(item, status_of(run, index))) }
                { for layout.nodes.iter().filter(|node| node.branches.is_empty()).map(|item| {
                    draw_node(props, item, stop, &focused)
                }) }
                { for layout.edges.iter().enumerate().map(|(index, item)| edge_label(item, status_of(run, index))) }
            </g>
        </svg>
    };
    let list = html! {
        <ol class={if *as_list { "graph-list" } else { "visually-hidden" }} aria-label={format!("{}, as a list", props.label)}>
            { for props.twin.iter().map(|sentence| {
                let became = run.and_then(|run| run.states.get(&sentence.name)).map(|state| match &state.note {
                    Some(note) => format!(" {}: {note}.", state.status.word()),
                    None => format!(" {}.", state.status.word()),
                });
                let current = !sentence.name.is_empty() && props.selected.as_deref() == Some(sentence.name.as_str());
                html! {
                    <li class={format!("graph-list-depth-{}", sentence.depth.min(4))} aria-current={current.then_some("true")}>
                        { &sentence.text }{ became }
                    </li>
                }
            }) }
        </ol>
    };
    html! {
        <div class={classes!("graph", run.is_some().then_some("has-run"))}>
            <div class="graph-tools" role="toolbar" aria-label="Graph view">
                if !*as_list {
                    <IconButton label="Zoom in" icon={Icon::Plus} kind={ButtonKind::Secondary} small=true onclick={zoom_by(ZOOM_STEP)} />
                    <IconButton label="Zoom out" icon={Icon::Minus} kind={ButtonKind::Secondary} small=true onclick={zoom_by(1.0 / ZOOM_STEP)} />
                    <IconButton label="Fit to view" icon={Icon::Fit} kind={ButtonKind::Secondary} small=true onclick={fit} />
                    { props.on_picture.as_ref().map(|on_picture| picture_menu(&svg, on_picture)).unwrap_or_default() }
                }
                <IconButton
                    label="Show as a list"
                    icon={Icon::List}
                    kind={ButtonKind::Secondary}
                    small=true
                    pressed={*as_list}
                    onclick={toggle_list}
                />
            </div>
            if !*as_list {
                <div
                    class={classes!("graph-stage", drag.is_some().then_some("is-dragging"), props.framed.then_some("is-framed"))}
                    {onwheel}
                    {onpointerdown}
                    {onpointermove}
                    onpointerup={end_drag.clone()}
                    onpointerleave={end_drag.clone()}
                    onpointercancel={end_drag}
                >
                    { drawing }
                </div>
            }
            { list }
            if props.legend && run.is_some() && !*as_list { { legend() } }
        </div>
    }
}

fn picture_menu(svg: &NodeRef, on_picture: &Callback<(Picture, Element)>) -> Html {
    let items = vec![
        MenuItem::new("svg", "Download as SVG"),
        MenuItem::new("png", "Download as PNG"),
        MenuItem::new("markdown", "Copy as Markdown"),
    ];
    let (svg, on_picture) = (svg.clone(), on_picture.clone());
    let on_choose = Callback::from(move |item: AttrValue| {
        let picture = match item.as_str() {
            "svg" => Picture::Svg,
            "png" => Picture::Png,
            _ => Picture::Markdown,
        };
        if let Some(drawing) = svg.cast::<Element>() {
            on_picture.emit((picture, drawing));
        }
    });
    html! { <Menu label="Picture" icon={Some(Icon::Share)} {items} {on_choose} /> }
}

fn draw_node(
    props: &GraphViewProps,
    item: &Node,
    stop: Option<usize>,
    focused: &UseStateHandle<Option<usize>>,
) -> Html {
    let run = props.run.as_deref();
    let passed = run.is_some_and(|run| match item.kind {
        NodeKind::Start => !run.states.is_empty(),
        _ => run.edges.keys().any(|edge| props.layout.edges.get(*edge).is_some_and(|edge| edge.to == item.id)),
    });
    let onclick = {
        let (focused, on_select, id) = (focused.clone(), props.on_select.clone(), item.id);
        let name = AttrValue::from(item.name.clone());
        Callback::from(move |_: MouseEvent| {
            focused.set(Some(id));
            on_select.emit(name.clone());
        })
    };
    let selected = props.selected.as_deref() == Some(item.name.as_str());
    node(item, run, passed, selected, stop == Some(item.id), onclick)
}

fn status_of(run: Option<&RunOverlay>, edge: usize) -> Option<EdgeStatus> {
    run?.edges.get(&edge).copied()
}

fn is_state(node: &Node) -> bool {
    !matches!(node.kind, NodeKind::Start | NodeKind::End | NodeKind::Missing)
}

/// Down and up follow an edge; left and right go to the nearest node beside.
fn neighbour(layout: &GraphLayout, from: usize, key: &str) -> Option<usize> {
    let state = |id: &usize| layout.nodes.get(*id).is_some_and(is_state);
    let here = layout.nodes.get(from)?;
    match key {
        "ArrowDown" => layout.edges.iter().filter(|edge| edge.from == from).map(|edge| edge.to).find(state),
        "ArrowUp" => layout.edges.iter().filter(|edge| edge.to == from).map(|edge| edge.from).find(state),
        _ => {
            let right = key == "ArrowRight";
            let beside = |node: &&Node| {
                let overlaps = node.y < here.y + here.h && here.y < node.y + node.h;
                is_state(node) && overlaps && node.id != from && (node.x > here.x) == right
            };
            let distance = |node: &&Node| (node.x - here.x).abs();
            layout.nodes.iter().filter(beside).min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|node| node.id)
        }
    }
}

fn direction(key: &str) -> (f64, f64) {
    match key {
        "ArrowRight" => (1.0, 0.0),
        "ArrowLeft" => (-1.0, 0.0),
        "ArrowDown" => (0.0, 1.0),
        _ => (0.0, -1.0),
    }
}

fn focus_node(svg: &NodeRef, id: usize) {
    use wasm_bindgen::JsCast;
    let found = svg.cast::<Element>().and_then(|svg| svg.query_selector(&format!("[data-node='{id}']")).ok().flatten());
    if let Some(node) = found.as_ref().and_then(|node| node.dyn_ref::<SvgElement>()) {
        // A node that cannot take the focus leaves it where it is.
        let _ = node.focus();
    }
}

/// Drawing px in one screen px.
fn scale(svg: &NodeRef, width: f64) -> Option<f64> {
    let shown = svg.cast::<Element>()?.get_bounding_client_rect().width();
    (shown > 0.0).then_some(width / shown)
}

/// A place on the screen as a place of the drawing.
fn place(svg: &NodeRef, scale: f64, x: i32, y: i32) -> Option<(f64, f64)> {
    let shown = svg.cast::<Element>()?.get_bounding_client_rect();
    Some(((f64::from(x) - shown.left()) * scale, (f64::from(y) - shown.top()) * scale))
}

fn legend() -> Html {
    let shown = [Status::Succeeded, Status::InProgress, Status::Failed, Status::CaughtError, Status::NotStarted];
    html! {
        <ul class="graph-legend" role="list" aria-label="Legend">
            { for shown.iter().map(|status| html! { <li class={status.class()}>{ status.icon() }{ status.word() }</li> }) }
        </ul>
    }
}
