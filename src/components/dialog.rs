//! The browser's own dialog: focus moves in and back, Esc closes, the page behind is inert.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::button::{Button, ButtonKind, IconButton};
use super::form::TextField;
use super::icons::Icon;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct DialogProps {
    pub title: AttrValue,
    pub open: bool,
    /// Esc, the cross, or a click on the backdrop.
    pub on_close: Callback<()>,
    #[prop_or_default]
    pub wide: bool,
    pub children: Html,
    /// The buttons at the bottom.
    #[prop_or_default]
    pub footer: Html,
}

#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.open, move |open| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                if *open && !dialog.open() {
                    // It fails only for a dialog that is not in the page, which then is not seen either.
                    let _ = dialog.show_modal();
                    // What is to be typed comes before the cross.
                    let field = dialog.query_selector(".dialog-body input, .dialog-body textarea").ok().flatten();
                    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
                        let _ = field.focus();
                    }
                } else if !*open && dialog.open() {
                    dialog.close();
                }
            }
        });
    }
    let oncancel = {
        let on_close = props.on_close.clone();
        move |event: Event| {
            // The parent decides whether it is open; the browser must not close it by itself.
            event.prevent_default();
            on_close.emit(());
        }
    };
    let onclick = {
        let (on_close, node) = (props.on_close.clone(), node.clone());
        move |event: MouseEvent| {
            let on_backdrop = event.target().map(Into::into) == node.get().map(wasm_bindgen::JsValue::from);
            if on_backdrop {
                on_close.emit(());
            }
        }
    };
    let close = props.on_close.reform(|_: MouseEvent| ());
    let heading = use_memo((), |()| next_id("dialog"));
    html! {
        <dialog
            ref={node}
            class={classes!("dialog", props.wide.then_some("dialog-wide"))}
            aria-labelledby={(*heading).clone()}
            {oncancel}
            {onclick}
        >
            if props.open {
                <div class="dialog-head">
                    <h2 id={(*heading).clone()}>{ &props.title }</h2>
                    <IconButton label="Close" icon={Icon::Close} onclick={close} />
                </div>
                <div class="dialog-body">{ props.children.clone() }</div>
                if props.footer != Html::default() { <div class="dialog-foot">{ props.footer.clone() }</div> }
            }
        </dialog>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ConfirmDialogProps {
    pub title: AttrValue,
    pub open: bool,
    /// What will be lost.
    pub children: Html,
    /// The word to type, such as `delete`; without one a button is enough.
    #[prop_or_default]
    pub typed_word: Option<AttrValue>,
    /// The name of the deed: `Delete`.
    pub action: AttrValue,
    pub on_confirm: Callback<()>,
    pub on_close: Callback<()>,
}

/// For what cannot be undone.
#[component]
pub fn ConfirmDialog(props: &ConfirmDialogProps) -> Html {
    let typed = use_state(AttrValue::default);
    {
        let typed = typed.clone();
        use_effect_with(props.open, move |_| typed.set(AttrValue::default()));
    }
    let ready = props.typed_word.as_ref().is_none_or(|word| *word == *typed);
    let confirm = props.on_confirm.clone();
    let onsubmit = move |event: SubmitEvent| {
        event.prevent_default();
        if ready {
            confirm.emit(());
        }
    };
    let on_input = {
        let typed = typed.clone();
        move |text| typed.set(text)
    };
    let form = use_memo((), |()| next_id("confirm"));
    let confirm = props.on_confirm.reform(|_: MouseEvent| ());
    let footer = html! {
        <>
            <Button label="Cancel" onclick={props.on_close.reform(|_| ())} />
            <Button label={props.action.clone()} kind={ButtonKind::Danger} disabled={!ready} onclick={confirm} />
        </>
    };
    html! {
        <Dialog title={props.title.clone()} open={props.open} on_close={props.on_close.clone()} {footer}>
            <form class="form" id={(*form).clone()} {onsubmit}>
                <div>{ props.children.clone() }</div>
                if let Some(word) = &props.typed_word {
                    <TextField
                        label={format!("To confirm, type {word}")}
                        value={(*typed).clone()}
                        placeholder={word.clone()}
                        {on_input}
                    />
                }
            </form>
        </Dialog>
    }
}

/// An id no other element of the page has.
pub(super) fn next_id(prefix: &str) -> AttrValue {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed)).into()
}

/// The text of the field an event comes from.
pub(super) fn input_value(event: &InputEvent) -> AttrValue {
    event.target_dyn_into::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default().into()
}
