//! Workspace, transport, theme.

use sim_account::LimitProfile;
use workspace::Project;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind, IconButton};
use crate::components::icons::Icon;
use crate::components::menu::{Menu, MenuItem};
use crate::host::driver::SaveState;
use crate::host::files::{download, pick_text_file};
use crate::host::session_context::{SessionHandle, use_session};
use crate::host::ui::{Theme, UiActions, UiHandle, use_ui};
use crate::session::{Action, FlashKind, Place, Session};
use crate::shell::share::ShareButton;
use crate::shell::transport::Transport;

#[component]
pub fn TopBar() -> Html {
    let ui = use_ui();
    let session = use_session();
    let saved = use_context::<SaveState>().unwrap_or(SaveState::Saved);
    let go = |place: Place| {
        let ui = ui.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            ui.go(place.clone());
        })
    };
    let (theme_icon, next_theme, theme_label) = match ui.theme {
        Theme::Auto => (Icon::Theme, Theme::Light, "Theme: as the system. Switch to light"),
        Theme::Light => (Icon::Theme, Theme::Dark, "Theme: light. Switch to dark"),
        Theme::Dark => (Icon::Theme, Theme::Auto, "Theme: dark. Switch to the system's"),
    };
    let switch_theme = {
        let ui = ui.clone();
        Callback::from(move |_| ui.change(move |ui| ui.theme = next_theme))
    };
    let present = {
        let ui = ui.clone();
        Callback::from(move |_| ui.change(|ui| ui.present = true))
    };
    let visiting = session.read(|session| session.visiting().is_some());
    let save_state = match saved {
        _ if visiting => "not kept",
        SaveState::Saved => "saved",
        SaveState::Saving => "saving…",
        SaveState::Unsaved => "not saved",
    };
    let choose = {
        let (session, ui) = (session.clone(), ui.clone());
        Callback::from(move |item: AttrValue| match item.as_str() {
            "tutorial" => match Session::open(workspace::tutorial()) {
                Ok(tutorial) => open(&session, &ui, tutorial, "The tutorial's workspace is open."),
                Err(failed) => session.say(FlashKind::Error, failed.1.to_string()),
            },
            "empty" => open(&session, &ui, Session::empty("My workspace"), "An empty workspace is open."),
            "empty-2023" => {
                let empty = Session::empty_with("My workspace", LimitProfile::Aws2023);
                open(&session, &ui, empty, "An empty workspace with the limits of aws-2023 is open.");
            }
            "file" => {
                let (session, ui) = (session.clone(), ui.clone());
                pick_text_file(move |text| {
                    let opened = Project::from_json(&text)
                        .map_err(|error| error.to_string())
                        .and_then(|project| Session::open(project).map_err(|failed| failed.1.to_string()));
                    match opened {
                        // A project from elsewhere runs nothing until its reader says so.
                        Ok(project) => {
                            session.change(|current| {
                                current.replace_with(project, "The project is open. Time is paused.")
                            });
                            ui.go(Place::Welcome);
                        }
                        Err(why) => session.say(FlashKind::Error, why),
                    }
                });
            }
            _ => {
                let text = session.read(|session| session.project().to_json());
                download("project.stepyard.json", "application/json", &text);
            }
        })
    };
    let items = vec![
        MenuItem::new("tutorial", "Start over with the tutorial's workspace"),
        MenuItem::new("empty", "Start with an empty workspace"),
        MenuItem::new("empty-2023", "Start empty, with the limits of 2023"),
        MenuItem::new("file", "Open a project file…"),
        MenuItem::new("download", "Download this project"),
    ];
    html! {
        <header class="app-top">
            <a class="brand" href="./" onclick={go(Place::Welcome)} aria-label="Stepyard, start page">
                <span class="brand-mark" aria-hidden="true"></span>
                <span class="brand-name">{ "Stepyard" }</span>
            </a>
            <a class="sim-badge" href="./" onclick={go(Place::Differences)} title="A simulation. What differs from AWS?">
                { "SIM" }
            </a>
            <div class="workspace-name">
                <strong>{ session.read(|session| session.name().to_owned()) }</strong>
                <span class="save-state">{ format!("· {save_state}") }</span>
            </div>
            <Transport />
            <div class="top-actions">
                <ShareButton />
                <Button label="Examples" kind={ButtonKind::Quiet} onclick={go(Place::Examples)} />
                <Menu label="Workspace" {items} on_choose={choose} />
                <IconButton label="Present" icon={Icon::Present} onclick={present} />
                <IconButton label={theme_label} icon={theme_icon} onclick={switch_theme} />
            </div>
        </header>
    }
}

fn open(session: &SessionHandle, ui: &UiHandle, other: Session, said: &str) {
    session.change(|current| current.replace_with(other, said));
    session.dispatch(Action::Play);
    ui.go(Place::Welcome);
}
