//! A lesson's text as nodes. Whatever stands in a file becomes text, never markup.

use lessons::{Block, Inline, Lesson, Source};
use shared_json::Value;
use yew::prelude::*;

use crate::host::session_context::SessionHandle;
use crate::places::parts::CodeBlock;

/// Blocks of a lesson, with placeholders filled in from the account.
pub fn blocks(session: &SessionHandle, lesson: &Lesson, blocks: &[Block]) -> Html {
    html! { { for blocks.iter().map(|block| one(session, lesson, block)) } }
}

fn one(session: &SessionHandle, lesson: &Lesson, block: &Block) -> Html {
    match block {
        Block::Paragraph(inlines) => html! { <p>{ words(inlines) }</p> },
        Block::List { ordered, items } => {
            let items = items.iter().map(|item| html! { <li>{ words(item) }</li> });
            if *ordered {
                html! { <ol>{ for items }</ol> }
            } else {
                html! { <ul>{ for items }</ul> }
            }
        }
        Block::Note(inlines) => {
            html! { <aside class="lesson-note" aria-label="Note"><p>{ words(inlines) }</p></aside> }
        }
        Block::Code { name, text } => {
            let label = name.as_ref().map_or_else(|| "Code".to_owned(), |name| format!("Code: {name}"));
            let shown = session.read(|s| Source { account: s.account(), lesson, answer: &Value::Null }.shown(text));
            html! { <CodeBlock {label} text={shown} /> }
        }
    }
}

fn words(inlines: &[Inline]) -> Html {
    html! {
        { for inlines.iter().map(|inline| match inline {
            Inline::Text(text) => html! { { text } },
            Inline::Strong(text) => html! { <strong>{ text }</strong> },
            Inline::Emphasis(text) => html! { <em>{ text }</em> },
            Inline::Code(text) => html! { <code>{ text }</code> },
        }) }
    }
}
