//! The icon set: line drawings on a 16 × 16 grid in the colour of the text beside them. Icons never speak alone, so
//! they are hidden from screen readers.

use yew::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    Aborted,
    Activity,
    BackToStart,
    Branch,
    Bug,
    Check,
    Chevron,
    ChevronLeft,
    Circle,
    Clock,
    Close,
    Copy,
    Cross,
    External,
    Fit,
    Function,
    Gear,
    Info,
    Key,
    List,
    Log,
    Menu,
    Minus,
    NextTimer,
    Pause,
    Play,
    Plus,
    Poll,
    Present,
    Progress,
    Queue,
    Retry,
    Search,
    Send,
    Share,
    StateMachine,
    Step,
    StepBack,
    Stop,
    Theme,
    Trash,
    Waiting,
    Warning,
}

impl Icon {
    /// Every icon, for a page that shows them.
    pub const ALL: [Icon; 42] = [
        Icon::Aborted,
        Icon::Activity,
        Icon::BackToStart,
        Icon::Branch,
        Icon::Bug,
        Icon::Check,
        Icon::Chevron,
        Icon::ChevronLeft,
        Icon::Circle,
        Icon::Clock,
        Icon::Close,
        Icon::Copy,
        Icon::Cross,
        Icon::External,
        Icon::Fit,
        Icon::Function,
        Icon::Gear,
        Icon::Info,
        Icon::Key,
        Icon::List,
        Icon::Log,
        Icon::Menu,
        Icon::Minus,
        Icon::NextTimer,
        Icon::Pause,
        Icon::Play,
        Icon::Plus,
        Icon::Poll,
        Icon::Progress,
        Icon::Queue,
        Icon::Retry,
        Icon::Search,
        Icon::Send,
        Icon::Share,
        Icon::StateMachine,
        Icon::Step,
        Icon::StepBack,
        Icon::Stop,
        Icon::Theme,
        Icon::Trash,
        Icon::Waiting,
        Icon::Warning,
    ];

    /// What is drawn as lines, and what is filled.
    fn paths(self) -> (&'static str, &'static str) {
        match self {
            Icon::Aborted => ("M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M4 4l8 8", ""),
            Icon::Activity => ("M1.8 8.5h2.6l2-5 3 9.5 2-4.5h2.8", ""),
            Icon::BackToStart => ("M3.5 3v10M13 3.2 6 8l7 4.8z", ""),
            Icon::Branch => (
                "M4 5.2v5.6M5.8 4H9a3 3 0 0 1 3 3v.4M4 2.2a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3M4 10.8a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3M12 7.4a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0-3",
                "",
            ),
            Icon::Bug => (
                "M5 6.5a3 3 0 0 1 6 0V10a3 3 0 0 1-6 0zM5.8 4.2 4.4 2.6M10.2 4.2l1.4-1.6M5 8H2M14 8h-3M5 11l-2.4 1.8M11 11l2.4 1.8M5 6.2 2.8 4.8M11 6.2l2.2-1.4",
                "",
            ),
            Icon::Check => ("M3 8.6 6.4 12 13 4.6", ""),
            Icon::Chevron => ("M6 3.5 10.5 8 6 12.5", ""),
            Icon::ChevronLeft => ("M10 3.5 5.5 8 10 12.5", ""),
            Icon::Circle => ("M8 2.8a5.2 5.2 0 1 0 0 10.4a5.2 5.2 0 1 0 0-10.4", ""),
            Icon::Clock => ("M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M8 4.8V8l2.2 1.6", ""),
            Icon::Close | Icon::Cross => ("M4 4l8 8M12 4l-8 8", ""),
            Icon::Copy => (
                "M6 5.5h6.5a1 1 0 0 1 1 1V13a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zM3.5 10.5H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1h6.5a1 1 0 0 1 1 1",
                "",
            ),
            Icon::External => (
                "M9.5 2.5h4v4M13.2 2.8 7.5 8.5M11.5 9.5V12a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 12V6A1.5 1.5 0 0 1 4 4.5h2.5",
                "",
            ),
            Icon::Fit => (
                "M2.5 6V3.5a1 1 0 0 1 1-1H6M10 2.5h2.5a1 1 0 0 1 1 1V6M13.5 10v2.5a1 1 0 0 1-1 1H10M6 13.5H3.5a1 1 0 0 1-1-1V10",
                "",
            ),
            Icon::Function => ("M5.5 13.3c2.2 0 2.3-2.2 2.6-5.3s.6-5.3 2.9-5.3M5 7.3h6", ""),
            Icon::Gear => (
                "M8 5.8a2.2 2.2 0 1 0 0 4.4a2.2 2.2 0 1 0 0-4.4M8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4",
                "",
            ),
            Icon::Info => (
                "M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M8 7.4v3.4",
                "M8 4.3a.9.9 0 1 0 0 1.8a.9.9 0 1 0 0-1.8",
            ),
            Icon::Key => ("M5 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 8h6.5M12 8v2.6", ""),
            Icon::List => (
                "M6 4h7.5M6 8h7.5M6 12h7.5",
                "M3 3.1a.9.9 0 1 0 0 1.8a.9.9 0 1 0 0-1.8M3 7.1a.9.9 0 1 0 0 1.8a.9.9 0 1 0 0-1.8M3 11.1a.9.9 0 1 0 0 1.8a.9.9 0 1 0 0-1.8",
            ),
            Icon::Log => ("M4 2.2h5.5L12.5 5v8.8H4zM6.2 7h4M6.2 9.3h4M6.2 11.6h2.4", ""),
            Icon::Menu => ("M2.5 4h11M2.5 8h11M2.5 12h11", ""),
            Icon::Minus => ("M3 8h10", ""),
            Icon::NextTimer => ("M12.5 3v10M3 3.2 10 8l-7 4.8z", ""),
            Icon::Pause => ("", "M4.2 3h2.6v10H4.2zM9.2 3h2.6v10H9.2z"),
            Icon::Play => ("", "M4.5 2.6 13 8l-8.5 5.4z"),
            Icon::Plus => ("M8 3v10M3 8h10", ""),
            Icon::Poll => ("M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.5 10.5v3h11v-3", ""),
            Icon::Present => ("M1.8 3h12.4M2.8 3v7.5h10.4V3M8 10.5V12M5.2 14.2 8 12l2.8 2.2", ""),
            Icon::Progress => ("M8 2.2a5.8 5.8 0 1 0 5.8 5.8", ""),
            Icon::Queue => (
                "M2.5 4h1.4a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H2.5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM7.3 4h1.4a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1H7.3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM12 4v8M14.5 4v8",
                "",
            ),
            Icon::Retry => ("M3.2 6.2A5.3 5.3 0 1 1 2.8 9M3 2.6v3.7h3.7", ""),
            Icon::Search => ("M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M10.4 10.4l3.4 3.4", ""),
            Icon::Send => ("M2 3l12 5-12 5 2-5zM4 8h5", ""),
            Icon::Share => ("M8 9.8V2M5 4.6 8 1.8l3 2.8M3.5 7.5v6h9v-6", ""),
            Icon::StateMachine => (
                "M3 2.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M13 2.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M8 10.3a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M4.7 4h6.6M3.8 5.5 7 10.5M12.2 5.5 9 10.5",
                "",
            ),
            Icon::Step => ("M5 3.2 12 8l-7 4.8z", ""),
            Icon::StepBack => ("M11 3.2 4 8l7 4.8z", ""),
            Icon::Stop => ("", "M4 4h8v8H4z"),
            Icon::Theme => ("M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11", "M8 2.5v11A5.5 5.5 0 0 0 8 2.5z"),
            Icon::Trash => ("M2.8 4.2h10.4M6.2 4V2.5h3.6V4M4.2 4.5l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4", ""),
            Icon::Waiting => ("M8 2.2a5.8 5.8 0 1 0 0 11.6a5.8 5.8 0 1 0 0-11.6M6.4 6v4M9.6 6v4", ""),
            Icon::Warning => ("M8 2.3 14.3 13.3H1.7zM8 6.5v3.2", "M8 10.7a.8.8 0 1 0 0 1.6a.8.8 0 1 0 0-1.6"),
        }
    }

    /// The drawing alone, for use inside another SVG.
    pub fn shapes(self) -> Html {
        let (lines, solid) = self.paths();
        html! {
            <>
                if !lines.is_empty() { <path d={lines} /> }
                if !solid.is_empty() { <path class="solid" d={solid} /> }
            </>
        }
    }

    pub fn html(self) -> Html {
        html! { <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">{ self.shapes() }</svg> }
    }
}

impl yew::html::IntoPropValue<Html> for Icon {
    fn into_prop_value(self) -> Html {
        self.html()
    }
}

impl From<Icon> for Html {
    fn from(icon: Icon) -> Html {
        icon.html()
    }
}
