//! A state machine as a drawing: boxes with coordinates, arrows with paths, and the same in sentences.
//!
//! It reads an [`asl::Outline`], so it draws whatever parses: states nothing leads to, and transitions to states that
//! do not exist (a ghost stands in for them). It knows nothing of runs: the screen lays statuses over it by state name.

mod layered;
mod markdown;
mod plan;
mod resource;
mod text;
mod twin;

pub use layered::Point;
pub use markdown::markdown;
pub use twin::{Sentence, list_twin};

/// All lengths are in CSS px; the drawing's upper left corner is (0, 0).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GraphLayout {
    pub width: f64,
    pub height: f64,
    /// A container stands before what it contains, so that drawing in this order puts it behind. `id` is the index.
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub id: usize,
    /// The state's whole name; empty for Start and End; the target's name for a ghost.
    pub name: String,
    /// The name as far as it fits.
    pub label: String,
    /// `sendMessage · wait for callback`, or the state's type.
    pub sublabel: String,
    /// The service a Task calls.
    pub glyph: Option<Glyph>,
    pub kind: NodeKind,
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
    /// JSON pointer into the definition, such as `/States/Check Inventory`; empty where no state is.
    pub state_path: String,
    /// The container (a Parallel or Map) it stands in.
    pub parent: Option<usize>,
    pub has_retry: bool,
    /// No way leads here from `StartAt`.
    pub unreachable: bool,
    /// Frames of a container's branches.
    pub branches: Vec<Frame>,
}

/// A branch of a Parallel, or a Map's processor.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    pub label: String,
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    Start,
    End,
    Task,
    Pass,
    Choice,
    Wait,
    Succeed,
    Fail,
    Parallel,
    Map,
    /// `Type` is absent or none of ASL's.
    Unknown,
    /// A transition names it, but no state has this name.
    Missing,
}

/// A few characters that stand for a service, and its family for the colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glyph {
    pub text: String,
    pub family: GlyphFamily,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlyphFamily {
    Queue,
    Function,
    Workflow,
    Database,
    Other,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub kind: EdgeKind,
    /// As far as it fits; empty for Next.
    pub label: String,
    /// The whole of it.
    pub full_label: String,
    /// Middle of the label, and its width with padding; its height is [`LABEL_HEIGHT`].
    pub label_x: f64,
    pub label_y: f64,
    pub label_w: f64,
    /// From the source to the tip of the arrow.
    pub points: Vec<Point>,
    /// The same way as SVG path data.
    pub path: String,
    /// Against the flow: it runs at the side.
    pub back: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EdgeKind {
    /// From Start to the first state.
    Start,
    Next,
    /// To End.
    End,
    Default,
    /// The rule's place in `Choices`.
    Choice(usize),
    /// The catcher's place in `Catch`.
    Catch(usize),
}

/// Height of an edge's label, in px.
pub const LABEL_HEIGHT: f64 = layered::LABEL_HEIGHT;

impl GraphLayout {
    /// The edge that a run took from a state to the next: the catcher's when it was caught, else the first other one.
    #[must_use]
    pub fn edge_between(&self, from: &str, to: &str, catcher: Option<usize>) -> Option<usize> {
        let named = |id: usize, name: &str| self.nodes.get(id).is_some_and(|node| node.name == name);
        self.edges.iter().position(|edge| {
            let way = match (edge.kind, catcher) {
                (EdgeKind::Catch(index), Some(catcher)) => index == catcher,
                (EdgeKind::Catch(_), None) | (_, Some(_)) => false,
                (_, None) => true,
            };
            way && named(edge.from, from) && named(edge.to, to)
        })
    }
}

/// Draws a definition. The same outline gives the same drawing.
#[must_use]
pub fn layout(outline: &asl::Outline) -> GraphLayout {
    plan::machine(outline)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn layout_of(text: &str) -> GraphLayout {
        layout(&asl::parse(text).outline)
    }

    fn node<'a>(layout: &'a GraphLayout, name: &str) -> &'a Node {
        layout.nodes.iter().find(|node| node.name == name).expect("a node of this name")
    }

    const CALLBACK: &str = r#"{"StartAt": "Ask", "States": {
        "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Retry": [{"ErrorEquals": ["States.ALL"]}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "No"}], "Next": "Yes"},
        "Yes": {"Type": "Pass", "End": true},
        "No": {"Type": "Pass", "End": true}}}"#;

    #[test]
    fn a_callback_workflow() {
        let layout = layout_of(CALLBACK);
        let names: Vec<&str> = layout.nodes.iter().map(|node| node.label.as_str()).collect();
        assert_eq!(names, ["Start", "Ask", "Yes", "No", "End"]);
        let ask = node(&layout, "Ask");
        assert_eq!(ask.sublabel, "sendMessage · wait for callback");
        assert_eq!(ask.state_path, "/States/Ask");
        assert!(ask.has_retry);
        let (yes, no) = (node(&layout, "Yes"), node(&layout, "No"));
        assert!(yes.y == no.y && yes.x < no.x, "the expected way is left of the caught one");
        let kinds: Vec<EdgeKind> = layout.edges.iter().map(|edge| edge.kind).collect();
        use EdgeKind::{Catch, End, Next, Start};
        assert_eq!(kinds, [Start, Next, Catch(0), End, End]);
        assert_eq!(layout.edges[2].full_label, "catch States.ALL");
        let between = |from, to, catcher| layout.edge_between(from, to, catcher);
        assert_eq!((between("Ask", "Yes", None), between("Ask", "No", Some(0))), (Some(1), Some(2)));
        assert_eq!((between("Ask", "No", None), between("Ask", "No", Some(1))), (None, None));
    }

    #[test]
    fn what_is_missing_or_unreachable_is_drawn() {
        let layout = layout_of(
            r#"{"StartAt": "A", "States": {
                "A": {"Type": "Task", "Next": "Gone"}, "Alone": {"Type": "Pass", "Next": "Gone"}, "Odd": 7}}"#,
        );
        let gone = node(&layout, "Gone");
        assert_eq!((gone.kind, gone.label.as_str()), (NodeKind::Missing, "missing: Gone"));
        assert_eq!(layout.nodes.iter().filter(|node| node.kind == NodeKind::Missing).count(), 1);
        assert!(!node(&layout, "A").unreachable && node(&layout, "Alone").unreachable);
        assert_eq!(node(&layout, "Odd").kind, NodeKind::Unknown);
    }

    #[test]
    fn branches_stand_in_their_container() {
        let layout = layout_of(
            r#"{"StartAt": "P", "States": {"P": {"Type": "Parallel", "End": true, "Branches": [
                {"StartAt": "L", "States": {"L": {"Type": "Wait", "Seconds": 1, "Next": "L2"}, "L2": {"Type": "Succeed"}}},
                {"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "ItemProcessor":
                    {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}}}]}}}"#,
        );
        let inside = |inner: &Node, outer: &Node| {
            inner.x > outer.x
                && inner.y > outer.y
                && inner.x + inner.w < outer.x + outer.w
                && inner.y + inner.h < outer.y + outer.h
        };
        for node in &layout.nodes {
            if let Some(parent) = node.parent {
                assert!(inside(node, &layout.nodes[parent]), "{node:?}");
                assert!(parent < node.id);
            }
        }
        assert_eq!(node(&layout, "I").state_path, "/States/P/Branches/1/States/M/ItemProcessor/States/I");
        assert_eq!(layout.nodes[node(&layout, "I").parent.unwrap_or(0)].name, "M");
        assert!(layout.nodes.iter().enumerate().all(|(index, node)| node.id == index));
    }

    #[test]
    fn a_thousand_states_are_drawn() {
        let states: Vec<String> = (0..1000)
            .map(|n| format!(r#""S{n}": {{"Type": "Pass", "Next": "S{}"}}"#, if n % 97 == 0 { n / 2 } else { n + 1 }))
            .collect();
        let layout = layout_of(&format!(r#"{{"StartAt": "S1", "States": {{{}}}}}"#, states.join(",")));
        assert_eq!(layout.nodes.iter().filter(|node| node.kind == NodeKind::Pass).count(), 1000);
        assert!(layout.width.is_finite() && layout.height.is_finite());
    }

    proptest! {
        #[test]
        fn broken_text_never_stops_the_drawing(cut in 0usize..CALLBACK.len(), junk in ".{0,6}") {
            let mut text: String = CALLBACK.chars().take(cut).collect();
            text.push_str(&junk);
            let drawn = layout_of(&text);
            prop_assert_eq!(&drawn, &layout_of(&text));
            prop_assert!(drawn.nodes.iter().all(|node| node.x.is_finite() && node.y.is_finite()));
        }
    }
}
