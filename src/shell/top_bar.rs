//! Workspace, transport, theme.

use sim_account::LimitProfile;
use workspace::Project;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind, IconButton};
use crate::components::icons::Icon;
use crate::components::menu::{Menu, MenuItem};
use crate::host::files::pick_text_file;
use crate::host::keeping::SaveState;
use crate::host::session_context::use_session;
use crate::host::ui::{Theme, UiActions, use_ui};
use crate::host::workspaces::use_workspaces;
use crate::session::{Place, WorkspaceDeed};
use crate::shell::share::ShareButton;
use crate::shell::transport::Transport;

#[component]
pub fn TopBar() -> Html {
    let ui = use_ui();
    let session = use_session();
    let workspaces = use_workspaces();
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
        let (workspaces, ui) = (workspaces.clone(), ui.clone());
        Callback::from(move |item: AttrValue| match item.as_str() {
            "all" => ui.go(Place::Workspaces),
            "tutorial" => workspaces.open_new(workspace::tutorial(), "The tutorial's workspace is open.", true),
            "empty" => workspaces.open_new(Project::empty("My workspace"), "An empty workspace is open.", true),
            "empty-2023" => {
                let empty = Project::empty_with("My workspace", LimitProfile::Aws2023);
                workspaces.open_new(empty, "An empty workspace with the limits of aws-2023 is open.", true);
            }
            "file" => {
                let workspaces = workspaces.clone();
                pick_text_file(move |text| {
                    let workspaces = workspaces.clone();
                    spawn_local(async move { workspaces.take_in(&text).await });
                });
            }
            _ => workspaces.perform(WorkspaceDeed::Download),
        })
    };
    let items = vec![
        MenuItem::new("all", "All workspaces…"),
        MenuItem::new("empty", "Start with an empty workspace"),
        MenuItem::new("empty-2023", "Start empty, with the limits of 2023"),
        MenuItem::new("tutorial", "Start with the tutorial's workspace"),
        MenuItem::new("file", "Open a file…"),
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
                <a href="./" onclick={go(Place::Workspaces)} title="All workspaces">
                    { session.read(|session| session.name().to_owned()) }
                </a>
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
