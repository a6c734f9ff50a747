//! Where everything stands: explorer, centre, dock and side, with sizes that a person can drag and that stay.

use yew::prelude::*;

use crate::components::live_region::LiveRegion;
use crate::components::splitter::{Axis, Splitter};
use crate::dock::Dock;
use crate::embed::{Embed, options};
use crate::host::driver::Announcement;
use crate::host::receive::Receiver;
use crate::host::ui::{Pane, UiActions, use_ui};
use crate::present::Present;
use crate::shell::centre::Centre;
use crate::shell::explorer::Explorer;
use crate::shell::flashes::Flashes;
use crate::shell::footer::Footer;
use crate::shell::pane_bar::PaneBar;
use crate::shell::received_bar::ReceivedBar;
use crate::shell::top_bar::TopBar;
use crate::side::Side;

/// The workbench, the page for a class, or the frame in somebody else's page.
#[component]
pub fn Panes() -> Html {
    let ui = use_ui();
    if let Some(options) = options::of_this_page() {
        html! { <Embed options={options.clone()} /> }
    } else {
        html! {
            <>
                if ui.present { <Present /> } else { <Workbench /> }
                <Receiver />
            </>
        }
    }
}

#[component]
fn Workbench() -> Html {
    let ui = use_ui();
    let frame = use_node_ref();
    let announcement = use_context::<Announcement>().unwrap_or_default();
    {
        // Sizes go in through the style object, which the Content-Security-Policy allows.
        let frame = frame.clone();
        let sizes = (ui.explorer_width, ui.side_width, ui.dock_height);
        use_effect_with((sizes, ui.dock_open, ui.side_open), move |((explorer, side, dock), dock_open, side_open)| {
            let Some(frame) = frame.cast::<web_sys::HtmlElement>() else { return };
            let style = frame.style();
            let _ = style.set_property("--explorer-width", &format!("{explorer}px"));
            let _ = style.set_property("--side-width", &if *side_open { format!("{side}px") } else { "0px".into() });
            let _ = style.set_property("--dock-height", &if *dock_open { format!("{dock}px") } else { "38px".into() });
        });
    }
    let pane = match ui.pane {
        Pane::Explorer => "explorer",
        Pane::Centre => "centre",
        Pane::Dock => "dock",
        Pane::Side => "side",
    };
    let resize_explorer = {
        let ui = ui.clone();
        Callback::from(move |size: f64| ui.change(move |ui| ui.explorer_width = size))
    };
    let resize_side = {
        let ui = ui.clone();
        Callback::from(move |size: f64| ui.change(move |ui| ui.side_width = size))
    };
    let resize_dock = {
        let ui = ui.clone();
        Callback::from(move |size: f64| ui.change(move |ui| ui.dock_height = size))
    };
    html! {
        <div
            ref={frame}
            class="app"
            data-pane={pane}
            data-side={(!ui.side_open).then_some("collapsed")}
            data-dock={(!ui.dock_open).then_some("collapsed")}
        >
            <a class="skip-link" href="#centre">{ "Skip to the content" }</a>
            <TopBar />
            <nav class="app-explorer" aria-label="Explorer">
                <Explorer />
                <Splitter
                    label="Width of the explorer" axis={Axis::Vertical} value={ui.explorer_width}
                    min={160.0} max={420.0} on_change={resize_explorer}
                />
            </nav>
            <main id="centre" class="app-centre" tabindex="-1">
                <div class="messages"><ReceivedBar /><Flashes /></div>
                <div class="centre-page"><Centre /></div>
            </main>
            <section class="app-dock" aria-label="Dock">
                <Splitter
                    label="Height of the dock" axis={Axis::Horizontal} value={ui.dock_height} reverse=true
                    min={120.0} max={620.0} on_change={resize_dock}
                />
                <Dock />
            </section>
            <aside class="app-side" aria-label="Details">
                <Splitter
                    label="Width of the details" axis={Axis::Vertical} value={ui.side_width} reverse=true
                    min={220.0} max={560.0} on_change={resize_side}
                />
                <Side />
            </aside>
            <Footer />
            <PaneBar />
            <LiveRegion text={announcement.text.clone()} count={announcement.count} />
        </div>
    }
}
