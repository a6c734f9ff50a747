//! Below the centre: what happens in the whole account, whatever place is open.

pub mod activity;
pub mod callbacks;
pub mod command_line;
pub mod documents;
pub mod logs;
pub mod problems;
pub mod queues;
pub mod timeline;

use yew::prelude::*;

use crate::components::button::IconButton;
use crate::components::icons::Icon;
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::{DockTab, UiActions, use_ui};

const TABS: [(DockTab, &str, &str); 7] = [
    (DockTab::Timeline, "dock-timeline", "Timeline"),
    (DockTab::Activity, "dock-activity", "Activity"),
    (DockTab::Queues, "dock-queues", "Queues"),
    (DockTab::Logs, "dock-logs", "Logs"),
    (DockTab::Callbacks, "dock-callbacks", "Pending callbacks"),
    (DockTab::Problems, "dock-problems", "Problems"),
    (DockTab::CommandLine, "dock-command-line", "Command line"),
];

#[component]
pub fn Dock() -> Html {
    let session = use_session();
    let ui = use_ui();
    let counts = session.read(|s| {
        let account = s.account();
        let messages = account.queues().queues().map(|q| q.available_count() + q.in_flight_count() + q.delayed_count());
        (messages.sum::<usize>(), views::logs::count(account), account.states().pending_callbacks().count())
    });
    let tabs = TABS.iter().map(|(tab, id, label)| {
        let count = match tab {
            DockTab::Queues => Some(counts.0),
            DockTab::Logs => Some(counts.1),
            DockTab::Callbacks => Some(counts.2),
            DockTab::Timeline | DockTab::Activity | DockTab::Problems | DockTab::CommandLine => None,
        };
        let tab = Tab::new(*id, *label);
        count.into_iter().fold(tab, Tab::with_count)
    });
    let (current, selected) = TABS
        .iter()
        .find(|(tab, _, _)| *tab == ui.dock_tab)
        .map_or((DockTab::Timeline, "dock-timeline"), |t| (t.0, t.1));
    let on_select = {
        let ui = ui.clone();
        Callback::from(move |id: AttrValue| {
            if let Some((tab, _, _)) = TABS.iter().find(|(_, each, _)| *each == id.as_str()) {
                let tab = *tab;
                ui.change(move |ui| {
                    ui.dock_tab = tab;
                    ui.dock_open = true;
                });
            }
        })
    };
    let toggle = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.change(|ui| ui.dock_open = !ui.dock_open))
    };
    let tools = html! {
        <IconButton
            label={if ui.dock_open { "Collapse the dock" } else { "Open the dock" }}
            icon={if ui.dock_open { Icon::Minus } else { Icon::Plus }} small=true onclick={toggle}
        />
    };
    html! {
        <>
            <Tabs label="Dock" tabs={tabs.collect::<Vec<_>>()} {selected} {on_select} {tools} collapsed={!ui.dock_open} />
            if ui.dock_open {
                <TabPanel id={selected}>
                    { match current {
                        DockTab::Queues => html! { <queues::Queues /> },
                        DockTab::Logs => html! { <logs::Logs /> },
                        DockTab::Callbacks => html! { <callbacks::Callbacks /> },
                        DockTab::Timeline => html! { <timeline::Timeline /> },
                        DockTab::Activity => html! { <activity::Activity /> },
                        DockTab::Problems => html! { <problems::Problems /> },
                        DockTab::CommandLine => html! { <command_line::CommandLine /> },
                    } }
                </TabPanel>
            }
        </>
    }
}
