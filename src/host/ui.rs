//! What only this browser remembers: the theme, the panes, and where the person is.

use std::rc::Rc;

use serde::{Deserialize, Serialize};
use yew::prelude::*;

use crate::embed::options;
use crate::host::prefs;
use crate::session::Place;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DockTab {
    #[default]
    Timeline,
    Activity,
    Queues,
    Logs,
    Callbacks,
    Problems,
    CommandLine,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SideTab {
    #[default]
    Why,
    Learn,
}

/// At narrow widths one pane is shown at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pane {
    Explorer,
    #[default]
    Centre,
    Dock,
    Side,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Ui {
    pub theme: Theme,
    pub place: Place,
    pub dock_tab: DockTab,
    pub side_tab: SideTab,
    pub pane: Pane,
    /// In CSS pixels.
    pub explorer_width: f64,
    pub side_width: f64,
    pub dock_height: f64,
    /// The centre's left part, in percent.
    pub centre_split: f64,
    pub side_open: bool,
    pub dock_open: bool,
    /// The whole page is for a class now.
    #[serde(skip)]
    pub present: bool,
    /// A state chosen in a graph, by name.
    #[serde(skip)]
    pub selected_state: Option<String>,
    /// One of its visits, by its place in the execution; without one the visit that matters most is shown.
    #[serde(skip)]
    pub selected_visit: Option<usize>,
    /// During a visit to somebody else's work: where the person was in their own.
    #[serde(skip)]
    pub home_place: Option<Place>,
}

impl Ui {
    pub fn go_to(&mut self, place: Place) {
        self.place = place;
        self.pane = Pane::Centre;
        self.selected_state = None;
        self.selected_visit = None;
    }

    pub fn select_state(&mut self, name: String, visit: Option<usize>) {
        self.selected_state = Some(name);
        self.selected_visit = visit;
    }
}

impl Default for Ui {
    fn default() -> Self {
        Ui {
            theme: Theme::Auto,
            place: Place::Welcome,
            dock_tab: DockTab::Timeline,
            side_tab: SideTab::Why,
            pane: Pane::Centre,
            explorer_width: 220.0,
            side_width: 320.0,
            dock_height: 260.0,
            centre_split: 50.0,
            side_open: true,
            dock_open: true,
            present: false,
            selected_state: None,
            selected_visit: None,
            home_place: None,
        }
    }
}

/// A change of [`Ui`].
pub enum UiChange {
    Go(Place),
    Change(Box<dyn FnOnce(&mut Ui)>),
}

impl std::fmt::Debug for UiChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UiChange")
    }
}

impl Reducible for Ui {
    type Action = UiChange;

    fn reduce(self: Rc<Self>, change: UiChange) -> Rc<Self> {
        let mut ui = (*self).clone();
        match change {
            UiChange::Go(place) => ui.go_to(place),
            UiChange::Change(change) => change(&mut ui),
        }
        Rc::new(ui)
    }
}

/// The place that this browser remembers is in another workspace than the one that is opened next.
pub fn forget_place() {
    if let Some(ui) = prefs::load::<Ui>("ui") {
        prefs::save("ui", &Ui { place: Place::Welcome, ..ui });
    }
}

pub type UiHandle = UseReducerHandle<Ui>;

/// Convenience for views.
pub trait UiActions {
    fn go(&self, place: Place);
    fn change(&self, change: impl FnOnce(&mut Ui) + 'static);
}

impl UiActions for UiHandle {
    fn go(&self, place: Place) {
        self.dispatch(UiChange::Go(place));
    }

    fn change(&self, change: impl FnOnce(&mut Ui) + 'static) {
        self.dispatch(UiChange::Change(Box::new(change)));
    }
}

#[derive(Debug, PartialEq, Properties)]
pub struct UiProviderProps {
    pub children: Children,
}

/// Loads, provides and keeps the settings.
#[component]
pub fn UiProvider(props: &UiProviderProps) -> Html {
    let ui = use_reducer(|| {
        let asked = options::of_this_page().map(|options| Ui { theme: options.theme, ..Ui::default() });
        asked.or_else(|| prefs::load("ui")).unwrap_or_default()
    });
    use_effect_with(ui.clone(), |ui| {
        // A reload ends a visit.
        let place = ui.home_place.clone().unwrap_or_else(|| ui.place.clone());
        prefs::save("ui", &Ui { place, ..(**ui).clone() });
        let root = web_sys::window().and_then(|w| w.document()).and_then(|d| d.document_element());
        if let Some(root) = root {
            let _ = match ui.theme {
                Theme::Auto => root.remove_attribute("data-theme"),
                Theme::Light => root.set_attribute("data-theme", "light"),
                Theme::Dark => root.set_attribute("data-theme", "dark"),
            };
        }
    });
    html! { <ContextProvider<UiHandle> context={ui}>{ props.children.clone() }</ContextProvider<UiHandle>> }
}

/// The settings of this browser. Inside [`UiProvider`] only.
#[hook]
pub fn use_ui() -> UiHandle {
    use_context::<UiHandle>().expect("every view stands inside UiProvider")
}
