//! The code editor of `www/js/editor.js`.
//!
//! Its bundle `editor.js` is imported at run time (`www/js/later.js`), so that a native build needs no npm.
//! All offsets are UTF-16 code units from the start of the text.

use std::rc::Rc;

use js_sys::{Array, Function, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/www/js/later.js")]
extern "C" {
    #[wasm_bindgen(js_name = importEditor)]
    fn import_editor() -> js_sys::Promise;

    type Module;

    #[wasm_bindgen(method, catch)]
    fn create(this: &Module, parent: &web_sys::Element, options: &Object) -> Result<Handle, JsValue>;

    type Handle;

    #[wasm_bindgen(method, js_name = getText)]
    fn get_text(this: &Handle) -> String;
    #[wasm_bindgen(method, js_name = setText)]
    fn set_text(this: &Handle, text: &str);
    #[wasm_bindgen(method, js_name = setSettings)]
    fn set_settings(this: &Handle, read_only: bool, aria_label: &str);
    #[wasm_bindgen(method, js_name = setDiagnostics)]
    fn set_diagnostics(this: &Handle, diagnostics: JsValue);
    #[wasm_bindgen(method, js_name = highlightRange)]
    fn highlight_range(this: &Handle, from: Option<u32>, to: Option<u32>);
    #[wasm_bindgen(method, js_name = scrollTo)]
    fn scroll_to(this: &Handle, offset: u32);
    #[wasm_bindgen(method)]
    fn select(this: &Handle, from: u32, to: u32);
    #[wasm_bindgen(method, catch, js_name = applyEdits)]
    fn apply_edits(this: &Handle, edits: JsValue) -> Result<(), JsValue>;
    #[wasm_bindgen(method)]
    fn focus(this: &Handle);
    #[wasm_bindgen(method)]
    fn destroy(this: &Handle);
}

/// What the editor colours and folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Json,
    JavaScript,
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Language::Json => "json",
            Language::JavaScript => "javascript",
        }
    }
}

/// How a diagnostic is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

/// A mark under the text, with its message and what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    pub from: u32,
    pub to: u32,
    pub severity: Severity,
    pub message: String,
    pub actions: Vec<DiagnosticAction>,
}

/// A button in a diagnostic's tooltip. Pressing it calls [`Events::on_action`] with the `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiagnosticAction {
    pub name: String,
    pub id: String,
}

/// Replaces `from..to` by `insert`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub from: u32,
    pub to: u32,
    pub insert: String,
}

/// What may be typed at the cursor: each option replaces the text from `from` to the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completions {
    pub from: u32,
    pub options: Vec<Completion>,
}

/// One offer of a completion list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completion {
    pub label: String,
    /// Shown small, after the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Shown beside the list while this offer is chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<String>,
    /// CodeMirror's icon names: `property`, `constant`, `function`, …
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What is inserted, if not the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply: Option<String>,
}

/// What the pointer's place says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hover {
    pub from: u32,
    pub to: u32,
    pub text: String,
}

/// A way from an offset to something that may be there.
pub type Lookup<T> = Rc<dyn Fn(u32) -> Option<T>>;

/// What the editor tells and asks. `on_change` and `on_cursor` only tell what the person did.
#[derive(Clone)]
pub struct Events {
    pub on_change: Rc<dyn Fn(String)>,
    pub on_cursor: Rc<dyn Fn(u32)>,
    pub on_action: Rc<dyn Fn(String)>,
    pub complete: Option<Lookup<Completions>>,
    pub hover: Option<Lookup<Hover>>,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

/// An editor in the page. Dropping it takes it out.
pub struct Editor {
    handle: Handle,
    /// Kept for as long as JavaScript may call them.
    _callbacks: Vec<Box<dyn std::any::Any>>,
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Editor").finish_non_exhaustive()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.handle.destroy();
    }
}

impl Editor {
    /// Loads the editor's bundle, the first time, and puts an editor into `parent`.
    ///
    /// # Errors
    /// What JavaScript threw: the bundle could not be loaded.
    pub async fn create(
        parent: &web_sys::Element,
        text: &str,
        language: Language,
        read_only: bool,
        aria_label: &str,
        events: Events,
    ) -> Result<Editor, JsValue> {
        let module: Module = JsFuture::from(import_editor()).await?.unchecked_into();
        let mut callbacks: Vec<Box<dyn std::any::Any>> = Vec::new();
        let options = Object::new();
        let set = |key: &str, value: JsValue| Reflect::set(&options, &key.into(), &value).map(|_| ());
        set("text", text.into())?;
        set("language", language.name().into())?;
        set("readOnly", read_only.into())?;
        set("ariaLabel", aria_label.into())?;

        let on_change = Closure::<dyn Fn(String)>::new(move |text| (events.on_change)(text));
        set("onChange", keep(on_change, &mut callbacks))?;
        let on_cursor = Closure::<dyn Fn(u32)>::new(move |offset| (events.on_cursor)(offset));
        set("onCursor", keep(on_cursor, &mut callbacks))?;
        let on_action = Closure::<dyn Fn(String)>::new(move |id| (events.on_action)(id));
        set("onAction", keep(on_action, &mut callbacks))?;
        if let Some(complete) = events.complete {
            set("onComplete", keep(lookup(complete), &mut callbacks))?;
        }
        if let Some(hover) = events.hover {
            set("onHover", keep(lookup(hover), &mut callbacks))?;
        }
        Ok(Editor { handle: module.create(parent, &options)?, _callbacks: callbacks })
    }

    pub fn text(&self) -> String {
        self.handle.get_text()
    }

    /// Replaces what differs; cursor, folds and scroll position stay. Not reported as a change.
    pub fn set_text(&self, text: &str) {
        self.handle.set_text(text);
    }

    pub fn set_settings(&self, read_only: bool, aria_label: &str) {
        self.handle.set_settings(read_only, aria_label);
    }

    pub fn set_diagnostics(&self, diagnostics: &[Diagnostic]) {
        self.handle.set_diagnostics(to_js(diagnostics));
    }

    /// Highlights the lines of a range; `None`: no line.
    pub fn highlight(&self, range: Option<(u32, u32)>) {
        self.handle.highlight_range(range.map(|(from, _)| from), range.map(|(_, to)| to));
    }

    pub fn scroll_to(&self, offset: u32) {
        self.handle.scroll_to(offset);
    }

    /// Selects a range, shows it and takes the focus.
    pub fn select(&self, from: u32, to: u32) {
        self.handle.select(from, to);
    }

    /// One step of undo, reported as a change. Edits out of range or overlapping do nothing.
    pub fn apply_edits(&self, edits: &[Edit]) {
        // CodeMirror refuses edits that do not fit the text as it is by now; then there is nothing to do.
        let _ = self.handle.apply_edits(to_js(edits));
    }

    pub fn focus(&self) {
        self.handle.focus();
    }
}

fn to_js<T: Serialize + ?Sized>(value: &T) -> JsValue {
    // Plain data of our own types: it always converts.
    serde_wasm_bindgen::to_value(value).unwrap_or_else(|_| Array::new().into())
}

fn lookup<T: Serialize + 'static>(find: Lookup<T>) -> Closure<dyn Fn(u32) -> JsValue> {
    Closure::new(move |offset| find(offset).map_or(JsValue::UNDEFINED, |found| to_js(&found)))
}

fn keep<F: ?Sized + 'static>(closure: Closure<F>, callbacks: &mut Vec<Box<dyn std::any::Any>>) -> JsValue {
    let function: Function = closure.as_ref().unchecked_ref::<Function>().clone();
    callbacks.push(Box::new(closure));
    function.into()
}
