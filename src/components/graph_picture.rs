//! A state machine's graph as a small picture: shapes and arrows without words, for lists.

use views::graph::{self, EdgeKind, NodeKind};
use yew::prelude::*;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct GraphPictureProps {
    /// The definition's text.
    pub definition: AttrValue,
}

/// The text beside it says what it shows, so screen readers pass it by.
#[component]
pub fn GraphPicture(props: &GraphPictureProps) -> Html {
    let layout = use_memo(props.definition.clone(), |text| graph::layout(&asl::parse(text).outline));
    html! {
        <svg class="graph-picture" viewBox={format!("0 0 {:.0} {:.0}", layout.width, layout.height)} aria-hidden="true" focusable="false">
            { for layout.nodes.iter().map(|node| {
                let round = matches!(node.kind, NodeKind::Start | NodeKind::End);
                let class = match node.kind {
                    NodeKind::Start | NodeKind::End => "picture-end",
                    NodeKind::Fail => "picture-fail",
                    NodeKind::Choice => "picture-choice",
                    NodeKind::Task => "picture-task",
                    _ if !node.branches.is_empty() => "picture-frame",
                    _ => "picture-state",
                };
                let radius = if round { node.h / 2.0 } else { 10.0 };
                html! {
                    <rect
                        {class} x={format!("{:.0}", node.x)} y={format!("{:.0}", node.y)}
                        width={format!("{:.0}", node.w)} height={format!("{:.0}", node.h)} rx={format!("{radius:.0}")}
                    />
                }
            }) }
            { for layout.edges.iter().map(|edge| {
                let class = if matches!(edge.kind, EdgeKind::Catch(_)) { "picture-catch" } else { "picture-edge" };
                html! { <path {class} d={edge.path.clone()} /> }
            }) }
        </svg>
    }
}
