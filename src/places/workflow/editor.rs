//! A definition's text beside its graph. Selecting a state in one shows it in the other; every keystroke is drawn,
//! also while the text is broken.

use std::collections::BTreeMap;
use std::rc::Rc;

use views::definition::Definition;
use views::problems::{Facts, Problem, Severity, TextEdit, facts};
use yew::prelude::*;

use super::pictures::use_pictures;
use super::problem_list::ProblemList;
use crate::bindings::editor::{self as bindings, Language};
use crate::components::code_editor::{CodeEditor, EditorRef};
use crate::components::graph_view::GraphView;
use crate::components::split_pane::SplitPane;
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};

/// Reads a text once for all that is drawn of it.
#[hook]
pub fn use_definition(text: &AttrValue) -> Rc<Definition> {
    let session = use_session();
    let known: Rc<Facts> = use_memo(session.revision(), |_| session.read(|session| facts(session.account())));
    use_memo((text.clone(), (*known).clone()), |(text, known)| Definition::read(text, known))
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct WorkflowEditorProps {
    pub definition: Rc<Definition>,
    pub on_change: Callback<AttrValue>,
    pub graph_label: AttrValue,
}

#[component]
pub fn WorkflowEditor(props: &WorkflowEditorProps) -> Html {
    let ui = use_ui();
    let definition = &props.definition;
    let editor = use_memo((), |()| EditorRef::default());
    // The lines are marked only for a state chosen in the graph: marking scrolls, which would disturb typing.
    let from_graph = use_state_eq(|| false);
    let highlight = ui.selected_state.as_deref().filter(|_| *from_graph).and_then(|name| definition.state_range(name));
    let diagnostics = use_memo(definition.problems.clone(), |problems| {
        problems.rows.iter().enumerate().map(|(index, problem)| diagnostic(index, problem)).collect::<Rc<[_]>>()
    });
    let on_cursor = {
        let (ui, definition, from_graph) = (ui.clone(), definition.clone(), from_graph.clone());
        Callback::from(move |offset: u32| {
            from_graph.set(false);
            let name = definition.state_at(offset).map(str::to_owned);
            if name.is_some() && name != ui.selected_state {
                ui.change(move |ui| ui.selected_state = name);
            }
        })
    };
    let on_select = {
        let (ui, from_graph) = (ui.clone(), from_graph.clone());
        Callback::from(move |name: AttrValue| {
            from_graph.set(true);
            ui.change(move |ui| ui.select_state(name.to_string(), None));
        })
    };
    let on_fix = {
        let editor = editor.clone();
        Callback::from(move |edits: Vec<TextEdit>| editor.apply_edits(&to_editor(&edits)))
    };
    let on_action = {
        let (definition, on_fix) = (definition.clone(), on_fix.clone());
        Callback::from(move |id: AttrValue| {
            let place = id
                .split_once(':')
                .and_then(|(row, fix)| Some((row.parse::<usize>().ok()?, fix.parse::<usize>().ok()?)));
            let fix = place.and_then(|(row, fix)| definition.problems.rows.get(row)?.fixes.get(fix));
            if let Some(fix) = fix {
                on_fix.emit(fix.edits.clone());
            }
        })
    };
    let on_go = {
        let editor = editor.clone();
        Callback::from(move |(from, to): (u32, u32)| editor.select(from, to))
    };
    let on_split = {
        let ui = ui.clone();
        Callback::from(move |share: f64| ui.change(move |ui| ui.centre_split = share))
    };
    let text = html! {
        <CodeEditor
            text={AttrValue::from(definition.text.clone())}
            language={Language::Json}
            aria_label="State machine definition"
            diagnostics={(*diagnostics).clone()}
            {highlight}
            on_change={props.on_change.clone()}
            {on_cursor}
            {on_action}
            editor={(*editor).clone()}
        />
    };
    let on_picture = use_pictures(&props.graph_label, &definition.twin, BTreeMap::default());
    let graph = html! {
        <GraphView
            label={props.graph_label.clone()}
            layout={definition.layout.clone()}
            twin={definition.twin.clone()}
            selected={ui.selected_state.clone().map(AttrValue::from)}
            {on_select}
            {on_picture}
        />
    };
    html! {
        <div class="workflow-editor">
            <SplitPane label="Width of the editor" share={ui.centre_split} on_change={on_split} first={text} second={graph} />
            <div class="workflow-problems">
                <ProblemList problems={definition.problems.clone()} {on_go} {on_fix} />
            </div>
        </div>
    }
}

fn to_editor(edits: &[TextEdit]) -> Vec<bindings::Edit> {
    edits.iter().map(|edit| bindings::Edit { from: edit.from, to: edit.to, insert: edit.insert.clone() }).collect()
}

fn diagnostic(row: usize, problem: &Problem) -> bindings::Diagnostic {
    let action = |(index, fix): (usize, &views::problems::ProblemFix)| bindings::DiagnosticAction {
        name: fix.title.clone(),
        id: format!("{row}:{index}"),
    };
    bindings::Diagnostic {
        from: problem.from,
        to: problem.to,
        severity: match problem.severity {
            Severity::Error => bindings::Severity::Error,
            Severity::Warning => bindings::Severity::Warning,
            Severity::Info => bindings::Severity::Info,
        },
        message: match &problem.help {
            Some(help) => format!("{}\n{help}", problem.message),
            None => problem.message.clone(),
        },
        actions: problem.fixes.iter().enumerate().map(action).collect(),
    }
}
