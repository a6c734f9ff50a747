//! A code editor as a component.
//!
//! The text is the parent's: what the person types arrives by `on_change`, and a `text` that differs from the editor's
//! replaces only what differs. Handing the same text back leaves cursor and undo history alone.

use std::cell::RefCell;
use std::rc::Rc;

use yew::platform::spawn_local;
use yew::prelude::*;

use crate::bindings::editor::{Completions, Diagnostic, Edit, Editor, Events, Hover, Language};

/// Lets a parent act on its editor: show a place, apply a fix. Calls before the editor has loaded do nothing.
#[derive(Clone, Debug, Default)]
pub struct EditorRef(Rc<RefCell<Option<Editor>>>);

impl PartialEq for EditorRef {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl EditorRef {
    fn with(&self, act: impl FnOnce(&Editor)) {
        if let Ok(editor) = self.0.try_borrow()
            && let Some(editor) = editor.as_ref()
        {
            act(editor);
        }
    }

    pub fn apply_edits(&self, edits: &[Edit]) {
        self.with(|editor| editor.apply_edits(edits));
    }

    /// Selects a range (UTF-16 code units), shows it and takes the focus.
    pub fn select(&self, from: u32, to: u32) {
        self.with(|editor| editor.select(from, to));
    }

    pub fn scroll_to(&self, offset: u32) {
        self.with(|editor| editor.scroll_to(offset));
    }

    pub fn focus(&self) {
        self.with(Editor::focus);
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CodeEditorProps {
    pub text: AttrValue,
    pub language: Language,
    pub aria_label: AttrValue,
    #[prop_or_default]
    pub read_only: bool,
    #[prop_or_default]
    pub diagnostics: Rc<[Diagnostic]>,
    /// The lines of this range (UTF-16 code units) are highlighted and scrolled into view.
    #[prop_or_default]
    pub highlight: Option<(u32, u32)>,
    #[prop_or_default]
    pub on_change: Callback<AttrValue>,
    /// The cursor's offset in UTF-16 code units, when the person moved it.
    #[prop_or_default]
    pub on_cursor: Callback<u32>,
    /// The id of a diagnostic's action that was chosen.
    #[prop_or_default]
    pub on_action: Callback<AttrValue>,
    /// What may be typed at an offset. Whether there is one is fixed when the editor is first shown.
    #[prop_or_default]
    pub complete: Option<Callback<u32, Option<Completions>>>,
    /// What to say about the text at an offset. Fixed like `complete`.
    #[prop_or_default]
    pub hover: Option<Callback<u32, Option<Hover>>>,
    #[prop_or_default]
    pub editor: Option<EditorRef>,
}

#[derive(Clone, Copy, PartialEq)]
enum Load {
    Waiting,
    Ready,
    Failed,
}

#[component]
pub fn CodeEditor(props: &CodeEditorProps) -> Html {
    let place = use_node_ref();
    let load = use_state_eq(|| Load::Waiting);
    let own = use_memo((), |()| EditorRef::default());
    let editor = props.editor.clone().unwrap_or_else(|| (*own).clone());
    // The editor is created once; what it calls is looked up here, so that it never calls an outdated callback.
    let latest = use_mut_ref(|| props.clone());
    *latest.borrow_mut() = props.clone();

    {
        let (place, load, editor) = (place.clone(), load.clone(), editor.clone());
        use_effect_with((), move |()| {
            let gone = Rc::new(RefCell::new(false));
            if let Some(parent) = place.cast::<web_sys::Element>() {
                let (gone, editor) = (Rc::clone(&gone), editor.clone());
                spawn_local(async move {
                    let first = latest.borrow().clone();
                    let created = Editor::create(
                        &parent,
                        &first.text,
                        first.language,
                        first.read_only,
                        &first.aria_label,
                        events(&latest),
                    )
                    .await;
                    if *gone.borrow() {
                        return;
                    }
                    load.set(match created {
                        Ok(created) => {
                            *editor.0.borrow_mut() = Some(created);
                            Load::Ready
                        }
                        Err(_) => Load::Failed,
                    });
                });
            }
            move || {
                *gone.borrow_mut() = true;
                editor.0.borrow_mut().take();
            }
        });
    }
    use_effect_with((props.text.clone(), *load), {
        let editor = editor.clone();
        move |(text, _)| editor.with(|editor| editor.set_text(text))
    });
    use_effect_with((props.read_only, props.aria_label.clone(), *load), {
        let editor = editor.clone();
        move |(read_only, aria_label, _)| editor.with(|editor| editor.set_settings(*read_only, aria_label))
    });
    // After the text: the ranges are those of the new text.
    use_effect_with((props.text.clone(), Rc::clone(&props.diagnostics), *load), {
        let editor = editor.clone();
        move |(_, diagnostics, _)| editor.with(|editor| editor.set_diagnostics(diagnostics))
    });
    use_effect_with((props.highlight, *load), {
        let editor = editor.clone();
        move |(range, _)| {
            editor.with(|editor| {
                editor.highlight(*range);
                if let Some((from, _)) = range {
                    editor.scroll_to(*from);
                }
            });
        }
    });

    html! {
        <>
            <div ref={place} class="code-editor" aria-busy={(*load == Load::Waiting).then_some("true")} />
            if *load == Load::Failed {
                <p role="alert">{ "The code editor could not be loaded. Reload the page to try again." }</p>
            }
        </>
    }
}

/// The editor's events, each led to the callback of the latest props.
fn events(latest: &Rc<RefCell<CodeEditorProps>>) -> Events {
    // Cloned out first: what it leads to may render this component again.
    fn from<T: 'static, R: 'static>(
        latest: &Rc<RefCell<CodeEditorProps>>,
        choose: fn(&CodeEditorProps) -> Option<Callback<T, R>>,
    ) -> impl Fn(T) -> Option<R> + 'static {
        let latest = Rc::clone(latest);
        move |value| {
            let callback = choose(&latest.borrow());
            callback.map(|callback| callback.emit(value))
        }
    }
    let on_change = from(latest, |props| Some(props.on_change.clone()));
    let on_cursor = from(latest, |props| Some(props.on_cursor.clone()));
    let on_action = from(latest, |props| Some(props.on_action.clone()));
    let (complete, hover) = {
        let props = latest.borrow();
        (props.complete.is_some(), props.hover.is_some())
    };
    Events {
        on_change: Rc::new(move |text| {
            on_change(text.into());
        }),
        on_cursor: Rc::new(move |offset| {
            on_cursor(offset);
        }),
        on_action: Rc::new(move |id| {
            on_action(id.into());
        }),
        complete: complete.then(|| {
            let complete = from(latest, |props| props.complete.clone());
            Rc::new(move |offset| complete(offset).flatten()) as _
        }),
        hover: hover.then(|| {
            let hover = from(latest, |props| props.hover.clone());
            Rc::new(move |offset| hover(offset).flatten()) as _
        }),
    }
}
