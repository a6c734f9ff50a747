//! Documents that a command can name as `file://…`: pasted ones, and those of the account.

use yew::prelude::*;

use crate::components::button::{Button, ButtonKind, IconButton};
use crate::components::dialog::Dialog;
use crate::components::form::{TextArea, TextField};
use crate::components::icons::Icon;
use crate::host::session_context::use_session;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DocumentsProps {
    pub open: bool,
    pub on_close: Callback<()>,
}

#[component]
pub fn Documents(props: &DocumentsProps) -> Html {
    let session = use_session();
    let name = use_state(AttrValue::default);
    let text = use_state(AttrValue::default);
    let documents = if props.open { session.read(crate::session::Session::documents) } else { Vec::new() };
    let set = |state: &UseStateHandle<AttrValue>| {
        let state = state.clone();
        Callback::from(move |text: AttrValue| state.set(text))
    };
    let wrong = (!name.is_empty() && name.contains(char::is_whitespace))
        .then(|| AttrValue::from("A name without blanks needs no quotation marks in a command."));
    let onsubmit = {
        let (session, name, text) = (session.clone(), name.clone(), text.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if name.trim().is_empty() {
                return;
            }
            session.change(|s| s.keep_document(name.trim(), Some(text.to_string())));
            name.set(AttrValue::default());
            text.set(AttrValue::default());
        })
    };
    let row = |(document, pasted): &(String, bool)| {
        let edit = {
            let (session, name, text, document) = (session.clone(), name.clone(), text.clone(), document.clone());
            Callback::from(move |_: MouseEvent| {
                text.set(session.read(|s| s.document(&document)).unwrap_or_default().into());
                name.set(document.clone().into());
            })
        };
        let remove = {
            let (session, document) = (session.clone(), document.clone());
            Callback::from(move |_: MouseEvent| session.change(|s| s.keep_document(&document, None)))
        };
        html! {
            <li key={document.clone()}>
                <code>{ format!("file://{document}") }</code>
                <Button label={if *pasted { format!("Edit {document}") } else { format!("Copy {document}") }} kind={ButtonKind::Quiet} small=true onclick={edit} />
                if *pasted { <IconButton label={format!("Remove {document}")} icon={Icon::Trash} small=true onclick={remove} /> }
            </li>
        }
    };
    html! {
        <Dialog title="Documents" open={props.open} on_close={props.on_close.clone()} wide=true>
            <form class="form" {onsubmit}>
                <p>{ "A command reads them as files: " }<code>{ "--definition file://flow.asl.json" }</code>{ "." }</p>
                <TextField label="Document name" value={(*name).clone()} on_input={set(&name)} placeholder="policy.json" error={wrong} mono=true />
                <TextArea label="Document text" value={(*text).clone()} on_input={set(&text)} rows=8 />
                <div class="button-row">
                    <Button label="Keep document" kind={ButtonKind::Primary} submit=true disabled={name.trim().is_empty()} />
                </div>
                if !documents.is_empty() {
                    <h3>{ "What there is" }</h3>
                    <ul class="document-list">{ for documents.iter().map(row) }</ul>
                }
            </form>
        </Dialog>
    }
}
