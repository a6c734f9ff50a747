//! "Show me": opens the place that a step is about, and points at the control by its role and name, as a screen reader
//! would find it.

use gloo_timers::callback::Timeout;
use lessons::{Control, Pointer, Spot};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};

use crate::host::session_context::SessionHandle;
use crate::host::ui::{Pane, UiActions, UiHandle};
use crate::session::{FlashKind, FunctionTab, MachineTab, Place, QueueTab};

/// The page needs a moment to show what was opened; an editor is even fetched first.
const TRIES: u32 = 40;
const PAUSE_MILLIS: u32 = 75;
/// How long the control stays marked.
const MARKED_MILLIS: u32 = 6_000;

pub fn show(session: &SessionHandle, ui: &UiHandle, pointer: &Pointer) {
    match &pointer.place {
        Some(Spot::Dock) => ui.change(|ui| {
            ui.dock_open = true;
            ui.pane = Pane::Dock;
        }),
        Some(Spot::Top) | None => {}
        Some(spot) => match place_of(session, spot) {
            Ok(place) => ui.go(place),
            Err(missing) => return session.say(FlashKind::Info, missing),
        },
    }
    look_for(session.clone(), pointer.clone(), TRIES);
}

/// The place in the page, or what is missing.
fn place_of(session: &SessionHandle, spot: &Spot) -> Result<Place, String> {
    let missing = |what: &str, name: &str| format!("There is no {what} {name} yet. An earlier step makes it.");
    session.read(|s| {
        let account = s.account();
        let machine = |name: &str| account.states().machines().find(|machine| *machine.name == *name);
        match spot {
            Spot::Welcome | Spot::Dock | Spot::Top => Ok(Place::Welcome),
            Spot::NewQueue => Ok(Place::NewQueue),
            Spot::NewMachine => Ok(Place::NewStateMachine),
            Spot::NewFunction => Ok(Place::NewFunction),
            Spot::NewRole => Ok(Place::NewRole),
            Spot::Queue(name) => account
                .queues()
                .queue(name)
                .map(|_| Place::Queue { name: name.clone(), tab: QueueTab::default() })
                .ok_or_else(|| missing("queue", name)),
            Spot::Machine(name) => machine(name)
                .map(|machine| Place::StateMachine { arn: machine.arn.to_string(), tab: MachineTab::default() })
                .ok_or_else(|| missing("state machine", name)),
            Spot::Execution(name) => {
                let newest = account.states().executions().iter().rev().find(|e| *e.state_machine_name == **name);
                newest
                    .map(|newest| Place::Execution { arn: newest.arn.to_string() })
                    .ok_or_else(|| missing("execution of", name))
            }
            Spot::Function(name) => account
                .functions()
                .function(name)
                .map(|_| Place::Function { name: name.clone(), tab: FunctionTab::default() })
                .ok_or_else(|| missing("function", name)),
            Spot::Role(name) => account
                .iam()
                .role(name)
                .map(|_| Place::Role { name: name.clone() })
                .ok_or_else(|| missing("role", name)),
        }
    })
}

/// Looks for tab and control until they are there.
fn look_for(session: SessionHandle, pointer: Pointer, tries: u32) {
    Timeout::new(PAUSE_MILLIS, move || {
        if let Some(tab) = &pointer.tab {
            match find("tab", tab, true) {
                Some(found) if found.get_attribute("aria-selected").as_deref() == Some("true") => {}
                Some(found) => {
                    // The panel is drawn after the click.
                    found.click();
                    return look_for(session, pointer, tries.saturating_sub(1));
                }
                None if tries > 0 => return look_for(session, pointer, tries - 1),
                None => {}
            }
        }
        let found = match &pointer.control {
            Some(Control { role, name }) => find(role, name, false),
            None => pointer.tab.as_ref().and_then(|tab| find("tab", tab, true)),
        };
        match (found, &pointer.control) {
            (Some(found), _) => point_at(&found),
            (None, Some(_)) if tries > 0 => look_for(session, pointer, tries - 1),
            (None, Some(Control { name, .. })) => {
                let text = format!("“{name}” is not on this page right now. Look for it where the step says.");
                session.say(FlashKind::Info, text);
            }
            (None, None) => {}
        }
    })
    .forget();
}

fn point_at(element: &HtmlElement) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
    // An element that cannot take the focus leaves it where it is; the mark shows anyway.
    let _ = element.focus();
    let _ = element.set_attribute("data-pointed", "");
    let marked = element.clone();
    Timeout::new(MARKED_MILLIS, move || {
        let _ = marked.remove_attribute("data-pointed");
    })
    .forget();
}

/// Which elements have a role.
fn selector(role: &str) -> &'static str {
    match role {
        "button" => "button:not([role]), [role=button]",
        "tab" => "[role=tab]",
        "textbox" => "input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, [role=textbox]",
        "combobox" => "select, [role=combobox]",
        "checkbox" => "input[type=checkbox]:not([role]), [role=checkbox]",
        "switch" => "[role=switch]",
        "link" => "a[href]",
        "slider" => "input[type=range], [role=slider]",
        _ => "section[aria-label], [role=region], [role=group]",
    }
}

/// The first one to be seen; what fills the centre comes before the rest of the page.
fn find(role: &str, name: &str, begins: bool) -> Option<HtmlElement> {
    let page = gloo_utils::document();
    let within = |root: &str| {
        let found = page.query_selector_all(&format!(":is({root}) :is({})", selector(role))).ok()?;
        (0..found.length())
            .filter_map(|index| found.item(index)?.dyn_into::<HtmlElement>().ok())
            .filter(|element| element.offset_parent().is_some())
            .find(|element| {
                let its = name_of(element);
                its == name || (begins && its.starts_with(name))
            })
    };
    within("main").or_else(|| within(".app-dock, .app-top, .app-explorer"))
}

/// The accessible name, as far as this page gives names.
fn name_of(element: &HtmlElement) -> String {
    let page = gloo_utils::document();
    let text = |element: Element| element.text_content().unwrap_or_default();
    let label = element.get_attribute("aria-label").or_else(|| {
        let ids = element.get_attribute("aria-labelledby")?;
        Some(text(page.get_element_by_id(ids.split_whitespace().next()?)?))
    });
    let label = label.or_else(|| {
        let id = element.id();
        if id.is_empty()
            || element.dyn_ref::<HtmlInputElement>().is_none()
                && !element.tag_name().eq_ignore_ascii_case("textarea")
                && !element.tag_name().eq_ignore_ascii_case("select")
        {
            return None;
        }
        Some(text(page.query_selector(&format!("label[for='{id}']")).ok().flatten()?))
    });
    let name = label.unwrap_or_else(|| element.text_content().unwrap_or_default());
    name.trim().trim_end_matches(" – optional").to_owned()
}
